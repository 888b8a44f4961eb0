//===- Cost.h - what a design needs, before synthesis -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/plan/Plan.h"
#include "backends/fpga/synth/Devices.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace nirc::fpga {

struct Resources {
  double luts = 0; ///< those that hold memories are among them
  double flipFlops = 0, blocks = 0, multipliers = 0;

  Resources &operator+=(const Resources &other);
};

struct ResourcePrediction {
  struct Part {
    std::string name; ///< of a unit, or of another instance in the top module
    bool isUnit = false;
    Resources needs;
  };
  Resources total;
  std::vector<Part> parts; ///< units, buffers, delays; the largest first
};

/// Of circuits after hdl::simplify, on a family. `usesMultipliers`: products go to DSP blocks.
/// `plan`: whose units they are; empty for an unrolled design.
ResourcePrediction predictResources(mlir::ModuleOp circuits, llvm::StringRef top, const Plan &plan,
                                    Family family, bool usesMultipliers);

/// Cycles of a step.
struct CyclePrediction {
  struct Part {
    std::string name; ///< of a unit
    double cycles = 0;
  };
  double interval = 0;     ///< from step to step: that of the slowest part
  double latency = 0;      ///< from a step's first beat to its answer's last, alone in the design
  std::vector<Part> parts; ///< in the order of the plan, behind the input
};

/// `events`: of each stream in a step, in the mean or at most.
CyclePrediction predictCycles(const Plan &plan, llvm::ArrayRef<double> events);
/// Where that share of the elements of every stream sends an event.
CyclePrediction predictCycles(const Plan &plan, double share);

} // namespace nirc::fpga
