//===- NumberFormat.h - how numbers become integers -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A semantics says in which steps a network computes; a number format says in which integers.
// docs/formats.md gives the rule behind each field. A format is a text, as a semantics is:
// "int8,weight-bits=6,rounding=floor".
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// What becomes of the digits behind the last one.
enum class Rounding { Floor, TowardZero, NearestEven, Stochastic };
/// What becomes of a number beyond the range.
enum class Overflow {
  Saturate,  ///< the nearest number of the range, -(2^(bits-1) - 1) ... 2^(bits-1) - 1
  Wrap,      ///< modulo 2^bits, into -2^(bits-1) ... 2^(bits-1) - 1
  WrapLoihi, ///< minus or plus 2^bits once, into -2^(bits-1) + 1 ... 2^(bits-1), as Loihi's current
};
/// Which weights share a scale.
enum class Granularity { Tensor, Channel };
/// What scales of weights can be.
enum class Scales { Free, PowerOfTwo };
/// The integers that weights can be.
enum class WeightCode {
  Symmetric, ///< -(2^(bits-1) - 1) ... 2^(bits-1) - 1
  Loihi,     ///< of one sign 0 ... 2^bits - 1, else even (at 8 bits) in -2^bits ... 2^bits - 1
};
/// How the largest number that a scale has to hold is found, from weights or from a calibration.
enum class RangeRule { Max, Percentile, Mse };
/// What the states of a neuron are kept as between steps.
enum class StateLevels { Uniform, Dense };
/// What states are computed in.
enum class StateArithmetic { Integer, Float32 };

/// Every choice. The default is the preset "int8".
struct NumberFormat {
  std::string preset = "int8";
  int weightBits = 8; ///< 1 ... 16; 1: -1, 0 and 1
  WeightCode weightCode = WeightCode::Symmetric;
  Granularity granularity = Granularity::Tensor;
  Scales scales = Scales::Free;
  /// Weight units that one unit of the driven quantity is worth; none: from the weights.
  std::optional<double> scale;
  RangeRule weightRange = RangeRule::Max;
  double weightPercentile = 99.9; ///< of |w|, for RangeRule::Percentile
  /// How weights, thresholds, biases and decays become integers.
  Rounding constants = Rounding::NearestEven;

  int accumulatorBits = 32; ///< 8 ... 32, of the sum that drives a neuron
  Overflow accumulatorOverflow = Overflow::Saturate;
  int signalBits = 8; ///< 2 ... 16, of numbers that are multiplied by weights
  RangeRule signalRange = RangeRule::Max;
  double signalPercentile = 99.9;

  StateArithmetic states = StateArithmetic::Integer;
  int stateBits = 24;                             ///< 4 ... 32, in which states are computed
  Overflow currentOverflow = Overflow::Saturate;  ///< of what drives a membrane
  Overflow membraneOverflow = Overflow::Saturate; ///< of what fires or is passed on
  /// States have 2^-fractionBits of the unit of the sums; none: as many as fit and are of use.
  std::optional<int> fractionBits;
  int multiplierBits = 16; ///< 2 ... 24, of a constant that multiplies, with a shift
  /// Constants that multiply are whole numbers of 2^-multiplierBits, as Loihi's decays; else they
  /// have multiplierBits from their first digit on.
  bool fixedPoint = false;
  Rounding rounding = Rounding::NearestEven; ///< of each such product
  uint64_t seed = 0;                         ///< of Rounding::Stochastic

  /// Digits of a constant that is added to a state, with an exponent; 0: all.
  int biasBits = 0;
  int thresholdStep = 1; ///< thresholds are multiples of this: a power of two
  int keptBits = 0;      ///< 4 ... 16: states are kept in so many bits between steps; 0: in all
  StateLevels keptLevels = StateLevels::Uniform;

  NumberFormat();
  /// The preset and what differs from it: "int8,weight-bits=6". `numberFormatOf` reads it.
  std::string text() const;
  /// As files hold it, "int8,weight-bits=6[v1,weight-bits=6]": the name, then every field, so that
  /// a preset can change without them (ir/choices/Stored.h). `numberFormatOf` reads it.
  std::string stored() const;
  bool operator==(const NumberFormat &) const = default;
};

/// One field of a format and its values; `values` is empty for a number.
struct FormatField {
  struct Value {
    std::string_view name, meaning;
  };
  std::string_view name;    ///< "weight-bits", as in `int8,weight-bits=6`
  std::string_view summary; ///< one line
  std::vector<Value> values;
  std::string expected; ///< "a whole number from 1 to 16"
  std::function<std::string(const NumberFormat &)> get;
  /// Whether the value was understood.
  std::function<bool(NumberFormat &, std::string_view)> set;
};

/// All fields, in the order in which tables show them.
const std::vector<FormatField> &formatFields();

/// The fields of a platform or a use.
struct FormatPreset {
  std::string_view name;    ///< "loihi2"
  std::string_view summary; ///< one line
  std::string_view fields;  ///< what differs from "int8"
  std::string_view source;  ///< where the numbers are from; may be empty
};
/// "int8" first, and those that backends brought last. Beside them `q<m>.<n>` is a format: weights
/// and states of 1 + m + n bits, n of them behind the point. A reference stays valid; another
/// thread may add in the meantime.
const std::vector<FormatPreset> &formatPresets();

/// Adds a preset, whose texts are copied. An error, and nothing added, where its name is taken or
/// is not one (ir/choices/Presets.h), or its fields cannot be read or contradict each other.
Status addFormatPreset(const FormatPreset &preset);
/// The same error, and nothing else.
Status checkNewFormatPreset(const FormatPreset &preset);

/// For tests: while it lives, `formatPresets()` is another table, as a later nirc may have it. One
/// at a time, and no other thread looks.
class OtherFormatPresets {
public:
  explicit OtherFormatPresets(std::vector<FormatPreset> table);
  ~OtherFormatPresets();
  OtherFormatPresets(const OtherFormatPresets &) = delete;
  OtherFormatPresets &operator=(const OtherFormatPresets &) = delete;

private:
  std::vector<FormatPreset> table;
};

/// Sets each field of "weight-bits=6,rounding=floor". The error lists the names that exist.
Status chooseAll(NumberFormat &format, std::string_view fields);

/// ",weight-bits=6,rounding=floor": what differs from `base`, each with a comma before it.
std::string differences(const NumberFormat &format, const NumberFormat &base);

/// Reads "loihi2,scale=256": a preset's name and then fields, or the form in which files hold it.
/// The error lists the names that exist.
Result<NumberFormat> numberFormatOf(std::string_view text);

/// Fields that contradict each other.
Status checkNumberFormat(const NumberFormat &format);

/// The largest |weight| in weight units where weights have both signs: 127 at 8 bits.
int64_t largestWeight(const NumberFormat &format);

} // namespace nir
