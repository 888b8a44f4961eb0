//===- Registers.cpp - numbers that a compartment can hold ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/Registers.h"

#include <algorithm>
#include <cstdlib>

using namespace nirc::loihi2;

std::optional<BiasFields> nirc::loihi2::biasFields(int64_t bias) {
  for (int exponent = 0; exponent <= largestBiasExponent; ++exponent) {
    int64_t mantissa = bias >> exponent;
    if (mantissa << exponent == bias && mantissa >= leastBias && mantissa <= largestBias) {
      return BiasFields{static_cast<int32_t>(mantissa), exponent};
    }
  }
  return std::nullopt;
}

/// Of states from 0 on what is kept is 0 and then each number, because the next keeps at most one
/// more.
std::optional<int32_t> nirc::loihi2::stateBefore(int64_t want, int64_t keep) {
  if (std::abs(want) > (stateLimit - 1) * keep / wholeDecay) {
    return std::nullopt;
  }
  int64_t size = want == 0 ? 0 : (std::abs(want) * wholeDecay + keep - 1) / keep;
  return static_cast<int32_t>(want < 0 ? -size : size);
}

/// At drive 4096 / decay as much is lost as comes.
int64_t nirc::loihi2::mostOfState(int64_t drive, int64_t decay) {
  if (drive <= 0) {
    return 0;
  }
  return decay == 0 ? endless : std::min(endless, drive * wholeDecay / decay);
}
