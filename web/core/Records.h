//===- Records.h - what is kept of a run, and where two differ --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "web/core/Lane.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::web {

/// Spikes as events, or the numbers of a few elements at every step.
struct KeptQuantity {
  size_t quantity = 0; ///< of the lane
  bool isEvents = false;
  std::vector<uint32_t> steps, elements; ///< of each event, by step, then element
  std::vector<double> values;            ///< [T, kept], of the first elements
  int64_t kept = 0;
  double total = 0.0; ///< spikes, also those that were not kept
  bool isCut = false; ///< more events than `mostEvents`
};
inline constexpr size_t mostEvents = size_t(1) << 24;

/// The quantities that a page shows: spikes; states of neurons; what Inputs and Outputs carry.
/// `inputsWithSpikes`: Inputs whose numbers are 0 and 1. At most `mostTraces` elements of each.
std::vector<KeptQuantity>
chooseKept(const Lane &lane, const std::vector<std::string> &inputsWithSpikes, int64_t mostTraces);

/// Takes what the lane holds after step `step`.
void keep(const Lane &lane, int64_t step, std::vector<KeptQuantity> &kept,
          std::vector<double> &scratch);

/// Where two runs first differ.
struct Difference {
  int64_t step = 0, element = 0;
  std::string node, observable;
  double first = 0.0, second = 0.0;
};

/// The first quantity that differs in this step, in the order of the first lane; of spikes alone
/// where `onlySpikes`. Both lanes run the same graph.
std::optional<Difference> differenceOf(const Lane &first, const Lane &second, int64_t step,
                                       bool onlySpikes);

} // namespace nirc::web
