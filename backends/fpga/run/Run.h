//===- Run.h - recordings through a design ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/run/Simulator.h"

#include <memory>
#include <optional>
#include <string>

namespace nirc::fpga {

struct ExecutableOptions {
  std::optional<CacheOptions> cache = {}; ///< where simulators are kept for the next process
  std::string trace = {};                 ///< where a run writes its waves (FST); empty: nowhere
  std::string file = {};                  ///< for errors
  double compileSeconds = 0.0;            ///< what making the design took
};

/// Runs the design in Verilator, which is needed from the first run on: the simulator is built
/// there, and kept as long as the executable.
std::unique_ptr<Executable> executableOf(Simulated simulated, ExecutableOptions options);

/// The same of an artifact on disk, by the path of its report.json; rtl/ and mem/ lie beside it.
nir::Result<std::unique_ptr<Executable>> loadDesign(const std::string &report,
                                                    ExecutableOptions options);

/// The files that were written with a report.json, by what it says; none where it was changed.
std::vector<std::string> filesWith(const std::string &report);

} // namespace nirc::fpga
