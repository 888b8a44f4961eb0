//===- LavaConnections.h - synapses as Lava's processes ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"

namespace nirc::loihi2 {

/// Lava's Sparse or DelaySparse, from one input or population to a population. Its bit-accurate
/// model gives the sum of these weights, times 2^exponent, to the last digit.
struct LavaConnection {
  enum class Sign : uint8_t { Mixed, Excitatory, Inhibitory };
  int from = 0; ///< inputs come first, then populations
  int to = 0;   ///< a population
  Sign sign = Sign::Mixed;
  int exponent = 0;
  std::vector<int32_t> rows, columns; ///< of the target, of the source
  /// Excitatory: 0 to 255. Inhibitory: -255 to 0. Mixed: even, -256 to 254, as Lava takes the last
  /// bit for the sign.
  std::vector<int16_t> weights;
  std::vector<uint8_t> delays; ///< one a weight, or none where all are 0
};

/// All synapses of the model; several connections where one cannot hold them. By target, then by
/// source.
std::vector<LavaConnection> lavaConnections(const Model &model);

} // namespace nirc::loihi2
