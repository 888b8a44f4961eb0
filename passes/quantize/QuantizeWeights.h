//===- QuantizeWeights.h - weights as integers ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"
#include "passes/Quantization.h"
#include "passes/quantize/FixedPoint.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <span>
#include <vector>

namespace nirc {

/// Weights on their way to integers: [outputs, inputs], where outputs that lie together share a
/// channel.
class Weights {
public:
  /// `channels` divides `outputs`.
  Weights(mlir::ElementsAttr values, int64_t outputs, int64_t channels);

  int64_t channels() const { return channelCount; }
  /// The scale that holds the weights of each channel, or of all together, as the format says; 0
  /// where they are all 0.
  std::vector<double> freeScales(const nir::NumberFormat &format, bool byChannel) const;
  /// The weights in these scales: one, or one a channel.
  void quantize(const nir::NumberFormat &format, std::span<const double> scales);

  /// Of what `quantize` lost, with a scale for each channel or one: what would keep more.
  WeightsReport::Cures cures(const nir::NumberFormat &format, bool byChannel) const;

  /// What the sum of an output can be, over all outputs, for inputs of that range, each of which
  /// the output takes at most once.
  Interval sums(Interval input) const;
  /// As the smallest of i8, i16 and i32 that holds them, in the shape of the float weights.
  mlir::ElementsAttr attribute() const;
  const WeightsReport &report() const { return told; }

private:
  std::span<const double> ofChannel(int64_t channel) const;

  mlir::RankedTensorType type;
  std::vector<double> values;
  std::vector<int32_t> integers;
  int64_t outputs = 1, channelCount = 1;
  WeightsReport told;
};

} // namespace nirc
