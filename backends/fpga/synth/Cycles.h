//===- Cycles.h - how long a step takes --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/plan/Plan.h"

#include <string>
#include <vector>

namespace nirc::fpga {

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
