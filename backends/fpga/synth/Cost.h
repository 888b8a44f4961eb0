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

} // namespace nirc::fpga
