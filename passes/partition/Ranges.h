//===- Ranges.h - neurons in an order as ranges -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nirc {

/// Adds a neuron behind the others: to the last range, if it is the next one there.
inline void append(std::vector<Mapping::Range> &ranges, int32_t neuron) {
  if (ranges.empty() || ranges.back().end != neuron) {
    ranges.push_back({neuron, neuron});
  }
  ++ranges.back().end;
}

inline std::vector<Mapping::Range> rangesOf(std::span<const int32_t> neurons) {
  std::vector<Mapping::Range> ranges;
  for (int32_t neuron : neurons) {
    append(ranges, neuron);
  }
  return ranges;
}

} // namespace nirc
