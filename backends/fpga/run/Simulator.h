//===- Simulator.h - a design as a program ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "backends/run/Workplace.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc::fpga {

/// A design and what it is simulated from.
struct Simulated {
  Design design;
  std::vector<Artifact::File> files; ///< of rtl/ and mem/; others are not looked at
};

struct SimulatorOptions {
  std::optional<CacheOptions> cache = {}; ///< where the simulator is kept for the next process
  bool isTraced = false;                  ///< it can write waves
  int threads = 0;                        ///< to build with; 0: one a core
};

/// tb of sim/tb.cpp with the design in it, in a folder with all that it reads.
class Simulator {
public:
  /// Checks every file and builds the program, or takes it from the cache. An error where Verilator
  /// or a compiler is missing or refuses the design; and where a file is missing, was cut or
  /// edited.
  static nir::Result<std::shared_ptr<Simulator>> build(const Simulated &simulated,
                                                       const SimulatorOptions &options);

  /// `name`: of what it is told to write, in the folder that it runs in.
  std::string pathOf(const std::string &name) const { return place->pathOf("sim/" + name); }
  Workplace &workplace() { return *place; }
  /// Starts it with these options of tb, and its streams as they are given.
  nir::Result<std::unique_ptr<Child>> start(std::vector<std::string> options, int in, int out,
                                            int err);
  const CodeOrigin &origin() const { return code; }

private:
  explicit Simulator(std::unique_ptr<Workplace> place) : place(std::move(place)) {}
  nir::Status make(const Simulated &simulated, const SimulatorOptions &options);

  std::unique_ptr<Workplace> place;
  CodeOrigin code;
};

/// Refuses a memory image that is not the one that the design was made with, and a file that is not
/// there. The error names it.
nir::Status checkFiles(const Simulated &simulated);

} // namespace nirc::fpga
