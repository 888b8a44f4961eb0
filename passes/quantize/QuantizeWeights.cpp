//===- QuantizeWeights.cpp - weights as integers --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/QuantizeWeights.h"

#include "passes/Values.h"
#include "passes/quantize/Observed.h"

#include "mlir/IR/BuiltinTypes.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace nirc;

namespace {
/// The integers that weights of a matrix can be: multiples of `step` in the range.
struct Codes {
  int64_t least = 0, most = 0, step = 1;
  /// That a range is mapped to: both signs reach it, where there are both.
  int64_t largest() const {
    return least < 0 && most > 0 ? std::min(-least, most) : std::max(-least, most);
  }
};
} // namespace

/// Loihi's codes depend on the signs that there are.
static Codes codesOf(const nir::NumberFormat &format, std::span<const double> values) {
  if (format.weightCode == nir::WeightCode::Symmetric) {
    int64_t most = nir::largestWeight(format);
    return {-most, most, 1};
  }
  bool hasPositive = std::any_of(values.begin(), values.end(), [](double w) { return w > 0; });
  bool hasNegative = std::any_of(values.begin(), values.end(), [](double w) { return w < 0; });
  int64_t step = int64_t{1} << (8 - format.weightBits);
  if (hasPositive && hasNegative) {
    return {-256, 256 - 2 * step, 2 * step};
  }
  return hasNegative ? Codes{-(256 - step), 0, step} : Codes{0, 256 - step, step};
}

Weights::Weights(ElementsAttr attribute, int64_t outputs, int64_t channels)
    : type(cast<RankedTensorType>(attribute.getShapedType())), outputs(outputs),
      channelCount(channels) {
  auto numbers = nir::allDoublesOf(attribute);
  values.assign(numbers.begin(), numbers.end());
}

std::span<const double> Weights::ofChannel(int64_t channel) const {
  size_t each = values.size() / static_cast<size_t>(channelCount);
  return std::span(values).subspan(static_cast<size_t>(channel) * each, each);
}

std::vector<double> Weights::freeScales(const nir::NumberFormat &format, bool byChannel) const {
  Codes codes = codesOf(format, values);
  auto scaleOf = [&](std::span<const double> some) {
    double range = rangeFor(format.weightRange, format.weightPercentile, some, codes.largest());
    double scale = range / static_cast<double>(codes.largest());
    bool isPower = format.scales == nir::Scales::PowerOfTwo && scale > 0;
    return isPower ? std::exp2(std::ceil(std::log2(scale) - 1e-12)) : scale;
  };
  if (!byChannel) {
    return {scaleOf(values)};
  }
  std::vector<double> scales;
  for (int64_t channel = 0; channel < channelCount; ++channel) {
    scales.push_back(scaleOf(ofChannel(channel)));
  }
  return scales;
}

/// What would keep more of the weights.
WeightsReport::Cures Weights::cures(const nir::NumberFormat &format, bool byChannel) const {
  WeightsReport::Cures cures;
  if (format.weightCode != nir::WeightCode::Symmetric) {
    return cures; // a platform's code has the scales and bits that it has
  }
  auto largest = static_cast<double>(codesOf(format, values).largest());
  constexpr double margin = 0.99; // what is half of a step may be rounded to 0
  std::vector<double> sizes;
  sizes.reserve(values.size());
  for (double w : values) {
    sizes.push_back(std::abs(w));
  }
  if (!byChannel && channelCount > 1) {
    size_t each = values.size() / static_cast<size_t>(channelCount);
    int64_t lost = 0;
    for (size_t begin = 0; each > 0 && begin < sizes.size(); begin += each) {
      std::span<const double> own = std::span(sizes).subspan(begin, each);
      double step = *std::max_element(own.begin(), own.end()) / largest;
      lost += std::count_if(own.begin(), own.end(),
                            [&](double w) { return w > 0.0 && 2 * margin * w < step; });
    }
    if (2 * lost < told.vanished) {
      cures.vanishedByChannel = lost;
    }
  }
  std::sort(sizes.begin(), sizes.end());
  auto present = std::upper_bound(sizes.begin(), sizes.end(), 0.0);
  double middle = *(present + (sizes.end() - present) / 2);
  constexpr int mostBits = 16;
  for (int bits = format.weightBits + 1; bits <= mostBits && !cures.bits; ++bits) {
    if (2 * margin * middle * (std::exp2(bits - 1) - 1) >= sizes.back()) {
      cures.bits = bits;
    }
  }
  double range = 2 * margin * middle * largest;
  auto within = std::upper_bound(sizes.begin(), sizes.end(), range) - sizes.begin();
  double share = static_cast<double>(within) / static_cast<double>(sizes.size());
  double percentile = std::floor(share * 1e4) / 100.0;
  bool helps = percentile > 50.0 && within < std::ssize(sizes) && !cures.vanishedByChannel &&
               format.weightRange != nir::RangeRule::Percentile && !byChannel;
  if (helps) {
    cures.percentile = percentile;
    cures.cut = std::ssize(sizes) - within;
    cures.cutFrom = sizes.back();
    cures.cutTo = sizes[static_cast<size_t>(within) - 1];
  }
  return cures;
}

void Weights::quantize(const nir::NumberFormat &format, std::span<const double> scales) {
  Codes codes = codesOf(format, values);
  integers.resize(values.size());
  told = WeightsReport();
  told.bits = format.weightBits;
  told.count = std::ssize(values);
  told.scales.assign(scales.begin(), scales.end());
  size_t each = values.size() / static_cast<size_t>(channelCount);
  double squares = 0.0;
  for (size_t i = 0; i < values.size(); ++i) {
    double scale = scales[scales.size() == 1 ? 0 : i / each];
    double units = scale > 0 ? values[i] / scale : 0.0;
    int64_t whole =
        roundedTo(units / static_cast<double>(codes.step), format.constants) * codes.step;
    int64_t code = std::clamp(whole, codes.least, codes.most);
    told.clipped += code != whole;
    told.present += values[i] != 0;
    told.vanished += values[i] != 0 && code == 0;
    told.least = std::min(told.least, code);
    told.most = std::max(told.most, code);
    double error = values[i] - static_cast<double>(code) * scale;
    squares += error * error;
    integers[i] = static_cast<int32_t>(code);
  }
  size_t row = values.size() / static_cast<size_t>(std::max<int64_t>(outputs, 1));
  for (size_t begin = 0; row > 0 && begin < values.size(); begin += row) {
    bool isPresent = false, isLeft = false;
    for (size_t i = begin; i < begin + row; ++i) {
      isPresent |= values[i] != 0;
      isLeft |= integers[i] != 0;
    }
    told.emptied += isPresent && !isLeft;
  }
  if ((2 * told.vanished >= told.present && told.vanished > 0) || told.emptied > 0) {
    told.cures = cures(format, scales.size() > 1);
  }
  told.rootMeanSquareError =
      values.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(values.size()));
}

Interval Weights::sums(Interval input) const {
  Interval all;
  size_t each = integers.size() / static_cast<size_t>(outputs);
  for (int64_t output = 0; output < outputs; ++output) {
    int64_t positive = 0, negative = 0;
    for (size_t i = 0; i < each; ++i) {
      int64_t w = integers[static_cast<size_t>(output) * each + i];
      (w > 0 ? positive : negative) += w;
    }
    // An input that is missing, as in a padding, counts as 0.
    int64_t least = std::min<int64_t>(input.least, 0), most = std::max<int64_t>(input.most, 0);
    all = all.join({positive * least + negative * most, positive * most + negative * least});
  }
  return all;
}

/// The integers as T.
template <typename T>
static ElementsAttr narrowed(RankedTensorType shape, const std::vector<int32_t> &integers) {
  std::vector<T> values(integers.begin(), integers.end());
  auto element = IntegerType::get(shape.getContext(), 8 * sizeof(T));
  return denseOf<T>(RankedTensorType::get(shape.getShape(), element), values);
}

ElementsAttr Weights::attribute() const {
  Interval range{told.least, told.most};
  return range.fits(8)    ? narrowed<int8_t>(type, integers)
         : range.fits(16) ? narrowed<int16_t>(type, integers)
                          : narrowed<int32_t>(type, integers);
}
