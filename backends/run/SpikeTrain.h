//===- SpikeTrain.h - an input as lists of spikes ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/RunInput.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nirc {

/// Which elements of an input spike, in each step of each sample.
class SpikeTrain {
public:
  /// A number other than 0 and 1 is an error, which names the platform.
  static nir::Result<SpikeTrain> of(const nir::Drive &drive, const nir::Extent &extent,
                                    std::string_view platform);

  /// In ascending order; none past the input's end.
  std::span<const uint32_t> at(int64_t sample, int64_t step) const {
    if (step >= steps) {
      return {};
    }
    int64_t row = sample * steps + step;
    return std::span(elements).subspan(first[row], first[row + 1] - first[row]);
  }

private:
  template <typename Number>
  nir::Status read(const nir::Drive &drive, std::span<const Number> values, int64_t samples,
                   int64_t stepsOfFile, std::string_view platform);

  int64_t steps = 0; ///< of a sample
  std::vector<size_t> first{0};
  std::vector<uint32_t> elements;
};

} // namespace nirc
