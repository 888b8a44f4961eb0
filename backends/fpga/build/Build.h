//===- Build.h - units as circuits ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "backends/fpga/datapath/Datapath.h"
#include "backends/fpga/hdl/Circuit.h"
#include "backends/fpga/plan/Plan.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nirc::fpga {

/// A memory file: words as hexadecimal digits, one a line.
struct Image {
  std::string file; ///< "lif1_fc1.hex"
  int64_t words = 0;
  int bits = 0;
  std::string text;
};

/// A datapath that stands in a design, for those who prove it.
struct Proven {
  snn::PopulationOp population;
  Datapath datapath;
};

struct BuildOptions {
  bool hasMultipliers = true; ///< whether the device has DSPs
};

/// All circuits of a design, and what they are filled with.
struct Circuits {
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< of hdl.modules, each behind those in it
  Design design;                            ///< without `info`, which its ports lack too
  std::vector<Image> images;
  std::vector<Proven> datapaths;
  std::string
      streams; ///< a line for each module that passes beats on, as proof/streams.py reads it
  hdl::WireOp buildId; ///< what reads as Register::BuildId, 0 yet
};

/// A stream in a circuit: a beat is taken where valid and ready hold. Data is, from bit 0 on, an
/// address, a number, and whether it is the end of a step.
struct StreamSignals {
  hdl::Signal valid, data;
  int addressBits = 0, valueBits = 0;

  static int bitsOf(const Stream &stream) { return stream.addressBits() + stream.valueBits() + 1; }
  hdl::Signal isEnd() const { return data.top(); }
  /// Of one bit, 0, where there is only one address.
  hdl::Signal address() const;
  /// The coordinate of a dimension of the stream, of one bit at least.
  hdl::Signal coordinate(const Stream &stream, size_t dim) const;
  /// With its sign, or 1, in that many bits.
  hdl::Signal value(int bits) const;
};

/// A unit as a module. Its ports: rst; inK_valid, inK_data for each term; out_ready; tick; with
/// states peek and peek_place; and, of outputs, inK_ready; with states peek_data; out_valid,
/// out_data, tick_ready, idle, clearing.
struct UnitCircuit {
  hdl::CircuitOp module;
  bool hasStates = false;
  std::vector<int> stateLow, stateBits; ///< of each state in peek_data, one cycle after peek
  hdl::Signal tick, peeks, peekPlace;   ///< for the unit's own builder
};

/// The beat that ends a step, in as many bits.
inline hdl::Signal endOfStep(hdl::Circuit &c, int bits) {
  return bits == 1 ? c.high() : hdl::concat({c.high(), c.zero(bits - 1)});
}

/// What the parts of a design share while it is built.
class Workshop {
public:
  Workshop(const Plan &plan, mlir::MLIRContext *context, const BuildOptions &options);

  const Plan &plan;
  const BuildOptions &options;
  Circuits made;

  /// Of the number of steps that have entered the design and not left a part of it: each part can
  /// be a step ahead of the next one.
  int tickBits() const { return indexBits(static_cast<int64_t>(plan.units.size()) + 4); }

  /// A name for a module or a memory file that has none yet.
  std::string moduleName(llvm::StringRef node);
  std::string fileName(llvm::StringRef name);
  /// Adds a memory file of words of `bits`, which are 0 before `fill` sets them.
  void addImage(const std::string &file, int bits, int64_t words,
                const std::function<void(int64_t word, llvm::APInt &bits)> &fill);

  /// Two places, each a register: the end of every stream into a unit.
  hdl::CircuitOp streamBuffer(int bits);
  /// `depth` places in a memory, after `marks` ends of steps that it starts with. Events of the
  /// first `start` steps are dropped.
  hdl::CircuitOp delayLine(const Stream &stream, int64_t depth, int64_t steps, int64_t start);
  /// Element by element, the shortest of the steps being 0.
  hdl::CircuitOp delayRing(const std::string &name, const std::vector<int64_t> &steps,
                           const Stream &stream);
  /// The datapath of a population as a module of its own.
  llvm::FailureOr<std::pair<hdl::CircuitOp, Datapath>> datapath(snn::PopulationOp population);
  /// Its stages, which then are in place of it.
  std::vector<hdl::CircuitOp> stagesOf(hdl::CircuitOp datapath);
  llvm::FailureOr<UnitCircuit> unit(const Unit &unit);
  mlir::ModuleOp module() { return *made.module; }

private:
  std::map<int, hdl::CircuitOp> buffers; ///< by their bits
  /// Names of modules, in lower case: files may lie where case does not count. sim/ and syn/ have
  /// modules of their own.
  std::set<std::string> taken = {"tb", "pins"};
};

/// The design of a plan. Fails with a diagnostic where a body has no form in hardware.
llvm::FailureOr<Circuits> buildCircuits(const Plan &plan, llvm::StringRef top,
                                        mlir::MLIRContext *context, const BuildOptions &options);

} // namespace nirc::fpga
