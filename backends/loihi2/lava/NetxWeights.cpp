//===- NetxWeights.cpp - what lava-dl makes of weights --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/NetxWeights.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace nirc;

namespace {

/// All that the reader looks at.
struct Extent {
  int64_t least = 0, most = 0;
  int zeros = 15; ///< binary, at the end of every weight

  explicit Extent(std::span<const int16_t> weights)
      : least(*std::min_element(weights.begin(), weights.end())),
        most(*std::max_element(weights.begin(), weights.end())) {
    for (int16_t weight : weights) {
      while (weight % (1 << zeros) != 0) {
        --zeros;
      }
    }
  }
};

} // namespace

/// Whether the synapse's clipping leaves weights that were shifted to the left as they are. It
/// takes its sign from its own weights.
static bool clippingKeeps(const Extent &extent, int shift) {
  int64_t least = extent.least * (1 << shift), most = extent.most * (1 << shift);
  if (least >= 0) {
    return most <= 255;
  }
  return most <= 0 ? least >= -255 : least >= -256 && most <= 255;
}

bool loihi2::netxKeeps(std::span<const int16_t> weights, std::span<const int16_t> recurrent) {
  Extent own(weights), all = own;
  if (!recurrent.empty()) {
    Extent other(recurrent);
    all.least = std::min(all.least, other.least);
    all.most = std::max(all.most, other.most);
    all.zeros = std::min(all.zeros, other.zeros);
  }
  if (all.least == 0 && all.most == 0) {
    return false; // a division by 0
  }
  // Weights of 0 beside negative ones are a mixed sign here, but not in the synapse.
  bool isMixed = all.least < 0 && all.most >= 0;
  constexpr double none = std::numeric_limits<double>::infinity();
  double scale =
      isMixed ? std::min(all.most > 0 ? 127.0 / double(all.most) : none, -128.0 / double(all.least))
      : all.least < 0 ? -256.0 / double(all.least)
                      : 255.0 / double(all.most);
  int shift = static_cast<int>(std::floor(std::log2(scale))) + (isMixed ? 1 : 0);
  int zeros = std::min(all.zeros, 8) - (isMixed ? 1 : 0);
  int bits = 8 - shift - zeros;
  if (shift < 0 || bits < 1 || bits > 8) {
    return false; // a shift to the left by less than 0 gives 0; the chip has no more than 8 bits
  }
  // What is cut off is no more than `bits` say, which is nothing. The exponent, -shift, moves sums
  // of multiples of 2^shift back.
  return clippingKeeps(own, shift) &&
         (recurrent.empty() || clippingKeeps(Extent(recurrent), shift));
}
