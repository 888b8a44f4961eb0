//===- NumberFormat.cpp - how numbers become integers ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/NumberFormat.h"

#include "ir/GrowingTable.h"
#include "ir/Wording.h"
#include "ir/choices/Presets.h"
#include "ir/choices/Stored.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace nir {

namespace {

template <typename T>
std::optional<T> numberOf(std::string_view text) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

/// A field whose values are the enumerators of `Member`.
template <auto Member>
FormatField named(std::string_view name, std::string_view summary,
                  std::vector<FormatField::Value> values) {
  using Field = std::decay_t<decltype(std::declval<NumberFormat>().*Member)>;
  std::vector<std::string_view> names;
  for (const FormatField::Value &value : values) {
    names.push_back(value.name);
  }
  auto get = [names](const NumberFormat &format) {
    return std::string(names[static_cast<size_t>(format.*Member)]);
  };
  auto set = [names](NumberFormat &format, std::string_view text) {
    auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) {
      format.*Member = static_cast<Field>(found - names.begin());
    }
    return found != names.end();
  };
  std::string expected = fmt::format("one of {}", fmt::join(names, ", "));
  return {name, summary, std::move(values), expected, get, set};
}

/// A whole number from `least` to `most`.
template <auto Member>
FormatField whole(std::string_view name, std::string_view summary, int least, int most) {
  auto get = [](const NumberFormat &format) { return fmt::format("{}", format.*Member); };
  auto set = [least, most](NumberFormat &format, std::string_view text) {
    std::optional<int> value = numberOf<int>(text);
    bool fits = value && *value >= least && *value <= most;
    if (fits) {
      format.*Member = *value;
    }
    return fits;
  };
  return {name, summary, {}, fmt::format("a whole number from {} to {}", least, most), get, set};
}

/// A number that is not there as `absent`.
template <auto Member, typename Number>
FormatField open(std::string_view name, std::string_view summary, std::string_view absent,
                 Number least, Number most) {
  auto get = [absent](const NumberFormat &format) {
    const std::optional<Number> &value = format.*Member;
    return value ? fmt::format("{}", *value) : std::string(absent);
  };
  auto set = [=](NumberFormat &format, std::string_view text) {
    if (text == absent) {
      format.*Member = std::nullopt;
      return true;
    }
    std::optional<Number> value = numberOf<Number>(text);
    bool fits = value && *value >= least && *value <= most;
    if (fits) {
      format.*Member = value;
    }
    return fits;
  };
  return {name,
          summary,
          {{absent, "found by nirc"}},
          fmt::format("{} or a number from {} to {}", absent, least, most),
          get,
          set};
}

/// `max`, `mse` or `percentile:P`.
template <auto Rule, auto Percentile>
FormatField range(std::string_view name, std::string_view summary) {
  auto get = [](const NumberFormat &format) -> std::string {
    switch (format.*Rule) {
    case RangeRule::Max:
      return "max";
    case RangeRule::Mse:
      return "mse";
    case RangeRule::Percentile:
      break;
    }
    return fmt::format("percentile:{}", format.*Percentile);
  };
  auto set = [](NumberFormat &format, std::string_view text) {
    constexpr std::string_view prefix = "percentile:";
    if (text == "max" || text == "mse") {
      format.*Rule = text == "max" ? RangeRule::Max : RangeRule::Mse;
      return true;
    }
    if (!text.starts_with(prefix)) {
      return false;
    }
    std::optional<double> value = numberOf<double>(text.substr(prefix.size()));
    bool fits = value && *value > 50.0 && *value <= 100.0;
    if (fits) {
      format.*Rule = RangeRule::Percentile;
      format.*Percentile = *value;
    }
    return fits;
  };
  return {name,
          summary,
          {{"max", "the largest absolute value"},
           {"mse", "the range with the least mean squared error"},
           {"percentile:P", "what P percent of the absolute values are within"}},
          "max, mse or percentile:P with P above 50, at most 100",
          get,
          set};
}

std::vector<FormatField::Value> overflows() {
  return {{"saturate", "the nearest number of the range, which is symmetric"},
          {"wrap", "modulo 2^bits"},
          {"wrap-loihi", "minus or plus 2^bits, once; the range ends with +2^(bits-1)"}};
}

std::vector<FormatField::Value> roundings() {
  return {{"floor", "down, as a shift does"},
          {"toward-zero", "the digits are dropped"},
          {"nearest-even", "to the nearest; a half to the even one"}};
}

FormatField seedField() {
  return {"seed",
          "of rounding=stochastic",
          {},
          "a whole number",
          [](const NumberFormat &format) { return fmt::format("{}", format.seed); },
          [](NumberFormat &format, std::string_view text) {
            std::optional<uint64_t> value = numberOf<uint64_t>(text);
            format.seed = value.value_or(format.seed);
            return value.has_value();
          }};
}

FormatField fixedPointField() {
  return {"multiplier",
          "where the digits of a constant that multiplies start",
          {{"floating", "at its first one: a shift of its own"},
           {"fixed", "all have the unit 2^-multiplier-bits"}},
          "one of floating, fixed",
          [](const NumberFormat &format) { return format.fixedPoint ? "fixed" : "floating"; },
          [](NumberFormat &format, std::string_view text) {
            format.fixedPoint = text == "fixed";
            return text == "fixed" || text == "floating";
          }};
}

FormatField thresholdStepField() {
  return {"threshold-step",
          "thresholds are multiples of this",
          {},
          "a power of two from 1 to 65536",
          [](const NumberFormat &format) { return fmt::format("{}", format.thresholdStep); },
          [](NumberFormat &format, std::string_view text) {
            std::optional<int> value = numberOf<int>(text);
            bool fits = value && *value >= 1 && *value <= 65536 && (*value & (*value - 1)) == 0;
            format.thresholdStep = fits ? *value : format.thresholdStep;
            return fits;
          }};
}

FormatField keptBitsField() {
  return {"kept-bits",
          "bits in which states are kept between steps",
          {{"all", "as they are computed"}},
          "all or a whole number from 4 to 16",
          [](const NumberFormat &format) {
            return format.keptBits == 0 ? std::string("all") : fmt::format("{}", format.keptBits);
          },
          [](NumberFormat &format, std::string_view text) {
            std::optional<int> value = text == "all" ? std::optional(0) : numberOf<int>(text);
            bool fits = value && (*value == 0 ? text == "all" : *value >= 4 && *value <= 16);
            format.keptBits = fits ? *value : format.keptBits;
            return fits;
          }};
}

std::vector<FormatField> makeFields() {
  std::vector<FormatField::Value> ofProducts = roundings();
  ofProducts.push_back({"stochastic", "up or down, the nearer the likelier; `seed`"});
  return {
      whole<&NumberFormat::weightBits>("weight-bits", "bits of a weight, its sign included", 1, 16),
      named<&NumberFormat::weightCode>(
          "weight-code", "the integers that weights can be",
          {{"symmetric", "-(2^(bits-1) - 1) to 2^(bits-1) - 1"},
           {"loihi", "of one sign 0 to 2^bits - 1; of both, multiples of 2 in twice the range"}}),
      named<&NumberFormat::granularity>(
          "granularity", "which weights share a scale",
          {{"tensor", "all that drive a population"}, {"channel", "those of an output channel"}}),
      named<&NumberFormat::scales>("scales", "what scales of weights can be",
                                   {{"free", "any number"}, {"power-of-two", "powers of two"}}),
      open<&NumberFormat::scale, double>(
          "scale", "weight units to a unit of what is driven, of every population", "auto", 1e-12,
          1e12),
      range<&NumberFormat::weightRange, &NumberFormat::weightPercentile>(
          "weight-range", "the weights that a scale has to hold"),
      named<&NumberFormat::constants>("constants", "rounding of weights, thresholds and decays",
                                      roundings()),
      whole<&NumberFormat::accumulatorBits>("accumulator-bits",
                                            "bits of the sum of a neuron's inputs", 8, 32),
      named<&NumberFormat::accumulatorOverflow>("accumulator-overflow",
                                                "what becomes of a sum beyond them", overflows()),
      whole<&NumberFormat::signalBits>("signal-bits", "bits of a number that weights multiply", 2,
                                       16),
      range<&NumberFormat::signalRange, &NumberFormat::signalPercentile>(
          "signal-range", "the numbers of a calibration that a scale has to hold"),
      named<&NumberFormat::states>("states", "what states are computed in",
                                   {{"integer", "integers"}, {"float32", "float32"}}),
      whole<&NumberFormat::stateBits>("state-bits", "bits in which states are computed", 4, 32),
      named<&NumberFormat::currentOverflow>(
          "current-overflow", "what becomes of a synaptic current beyond them", overflows()),
      named<&NumberFormat::membraneOverflow>(
          "membrane-overflow", "what becomes of a membrane potential beyond them", overflows()),
      open<&NumberFormat::fractionBits, int>(
          "fraction-bits", "bits of a state below the unit of the sums", "auto", 0, 24),
      whole<&NumberFormat::multiplierBits>("multiplier-bits", "bits of a constant that multiplies",
                                           2, 24),
      fixedPointField(),
      named<&NumberFormat::rounding>("rounding", "of a product with such a constant",
                                     std::move(ofProducts)),
      seedField(),
      whole<&NumberFormat::biasBits>(
          "bias-bits", "bits of a constant that is added to a state, 0 for all", 0, 32),
      thresholdStepField(),
      keptBitsField(),
      named<&NumberFormat::keptLevels>(
          "kept-levels", "the numbers that a kept state can be",
          {{"uniform", "equally far apart"},
           {"dense", "denser towards the threshold, by powers of two"}})};
}

std::optional<std::string> fieldsOf(std::string_view preset) {
  for (const FormatPreset &each : formatPresets()) {
    if (each.name == preset) {
      return std::string(each.fields);
    }
  }
  // q<m>.<n>
  size_t dot = preset.find('.');
  if (!preset.starts_with('q') || dot == std::string_view::npos) {
    return std::nullopt;
  }
  std::optional<int> before = numberOf<int>(preset.substr(1, dot - 1));
  std::optional<int> behind = numberOf<int>(preset.substr(dot + 1));
  if (!before || !behind || *before < 0 || *behind < 0 || *before + *behind > 15 ||
      *before + *behind < 1) {
    return std::nullopt;
  }
  int bits = 1 + *before + *behind;
  return fmt::format("weight-bits={},signal-bits={},scale={},constants=nearest-even,"
                     "fraction-bits=0,state-bits={},multiplier=fixed,rounding=floor",
                     bits, bits, int64_t{1} << *behind, std::max(bits, 4));
}

Status choose(NumberFormat &format, std::string_view name, std::string_view value) {
  std::vector<std::string> known;
  for (const FormatField &field : formatFields()) {
    if (field.name == name) {
      if (field.set(format, value)) {
        return {};
      }
      return Error(Cause::BadOption,
                   fmt::format("{} is '{}', expected {}", name, value, field.expected));
    }
    known.emplace_back(field.name);
  }
  Error error(Cause::UnknownName,
              fmt::format("no field of a number format is called '{}', there are {}", name,
                          fmt::join(known, ", ")));
  std::string meant = nearest(name, known);
  return meant.empty() ? std::move(error)
                       : std::move(error).note(fmt::format("did you mean '{}'?", meant));
}

Result<NumberFormat> presetFormat(std::string_view name) {
  std::optional<std::string> fields = fieldsOf(name);
  if (!fields) {
    std::vector<std::string> names;
    for (const FormatPreset &preset : formatPresets()) {
      names.emplace_back(preset.name);
    }
    Error error(Cause::UnknownName,
                fmt::format("no number format is called '{}', there are {} and q<m>.<n>, as q3.4",
                            name, fmt::join(names, ", ")));
    std::string meant = nearest(name, names);
    return meant.empty() ? std::move(error)
                         : std::move(error).note(fmt::format("did you mean '{}'?", meant));
  }
  NumberFormat format;
  if (Status bad = chooseAll(format, *fields)) {
    return std::move(*bad);
  }
  format.preset = name;
  return format;
}

} // namespace

NumberFormat::NumberFormat() = default;

Status chooseAll(NumberFormat &format, std::string_view text) {
  while (!text.empty()) {
    size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    size_t equal = item.find('=');
    if (equal == std::string_view::npos) {
      return Error(Cause::BadOption,
                   fmt::format("found '{}', expected FIELD=VALUE: only the first word is the name "
                               "of a preset",
                               item));
    }
    if (Status bad = choose(format, item.substr(0, equal), item.substr(equal + 1))) {
      return bad;
    }
  }
  return {};
}

const std::vector<FormatField> &formatFields() {
  static const std::vector<FormatField> all = makeFields();
  return all;
}

static const std::vector<FormatPreset> *other = nullptr;

OtherFormatPresets::OtherFormatPresets(std::vector<FormatPreset> table) : table(std::move(table)) {
  assert(!other && "one other table at a time");
  other = &this->table;
}

OtherFormatPresets::~OtherFormatPresets() { other = nullptr; }

static const std::vector<FormatPreset> &builtIn() {
  static const std::vector<FormatPreset> all = {
      {"int8", "8-bit weights, states of 24 bits: microcontrollers and CPUs", "", ""},
      {"int4", "4-bit weights with scales by channel, states of 16 bits",
       "weight-bits=4,granularity=channel,weight-range=mse,state-bits=16,multiplier-bits=12", ""},
      {"int16", "16-bit weights, states of 32 bits",
       "weight-bits=16,signal-bits=12,state-bits=32,multiplier-bits=20", ""},
      {"loihi2", "Loihi 2 and Lava: 12-bit decays, u and v of 24 bits, truncation toward zero",
       "weight-code=loihi,accumulator-overflow=wrap,current-overflow=wrap-loihi,fraction-bits=6,"
       "multiplier-bits=12,multiplier=fixed,rounding=toward-zero,bias-bits=13,threshold-step=64",
       "Lava b6822fb, PyLifModelBitAcc and PyDenseModelBitAcc"},
      {"spinnaker2", "SpiNNaker2: weights of 8 bits without delays, states in float32",
       "states=float32", "s2_nir of the NIR paper: lif_no_delay, lif_curr_exp_no_delay"},
      {"spinnaker2-delay", "SpiNNaker2: weights of 5 bits, for synapses with delays",
       "weight-bits=5,states=float32", "s2_nir of the NIR paper: lif, lif_curr_exp"}};
  return all;
}

static GrowingTable<FormatPreset> &table() {
  static GrowingTable<FormatPreset> all(builtIn());
  return all;
}

const std::vector<FormatPreset> &formatPresets() { return other ? *other : table().now(); }

Status checkNewFormatPreset(const FormatPreset &preset) {
  if (Status bad = checkNewName(preset.name, "a number format")) {
    return bad;
  }
  if (fieldsOf(preset.name)) {
    return Error(Cause::UnknownName,
                 fmt::format("there is a number format '{}' already", preset.name));
  }
  NumberFormat format;
  Status bad = chooseAll(format, preset.fields);
  if (!bad) {
    bad = checkNumberFormat(format);
  }
  if (bad) {
    bad->message = fmt::format("number format '{}': {}", preset.name, bad->message);
  }
  return bad;
}

Status addFormatPreset(const FormatPreset &preset) {
  if (Status bad = checkNewFormatPreset(preset)) {
    return bad;
  }
  GrowingTable<FormatPreset> &all = table();
  FormatPreset kept{all.keep(preset.name), all.keep(preset.summary), all.keep(preset.fields),
                    all.keep(preset.source)};
  all.extend([&](std::vector<FormatPreset> &next) { next.push_back(kept); });
  return {};
}

std::string differences(const NumberFormat &format, const NumberFormat &base) {
  std::string out;
  for (const FormatField &field : formatFields()) {
    std::string value = field.get(format);
    if (value != field.get(base)) {
      out += fmt::format(",{}={}", field.name, value);
    }
  }
  return out;
}

std::string NumberFormat::text() const {
  NumberFormat base;
  if (Result<NumberFormat> known = presetFormat(preset)) {
    base = *known;
  }
  return preset + differences(*this, base);
}

static Result<NumberFormat> formatByName(std::string_view text) {
  size_t end = std::min(text.find(','), text.size());
  bool isPreset = !text.empty() && text.substr(0, end).find('=') == std::string_view::npos;
  Result<NumberFormat> format = isPreset ? presetFormat(text.substr(0, end)) : NumberFormat();
  if (!format) {
    return format;
  }
  std::string_view fields = !isPreset ? text : text.substr(std::min(end + 1, text.size()));
  Status bad = chooseAll(*format, fields);
  return bad ? Result<NumberFormat>(std::move(*bad)) : std::move(format);
}

Result<NumberFormat> numberFormatOf(std::string_view text) {
  Result<NumberFormat> format = isByName(text) ? formatByName(text) : storedFormat(text);
  if (!format) {
    return format;
  }
  if (Status bad = checkNumberFormat(*format)) {
    return std::move(*bad);
  }
  return format;
}

Status checkNumberFormat(const NumberFormat &format) {
  if (format.weightCode == WeightCode::Loihi && format.weightBits > 8) {
    return Error(Cause::ChoiceConflict,
                 fmt::format("weight-code=loihi has weights of at most 8 bits, found {}",
                             format.weightBits));
  }
  if (format.scale && format.scales == Scales::PowerOfTwo &&
      std::exp2(std::round(std::log2(*format.scale))) != *format.scale) {
    return Error(Cause::ChoiceConflict,
                 fmt::format("scale={} does not go with scales=power-of-two", *format.scale));
  }
  if (format.keptBits > format.stateBits) {
    return Error(Cause::ChoiceConflict,
                 fmt::format("kept-bits={} does not go with state-bits={}: states are computed in "
                             "at least as many bits as they are kept in",
                             format.keptBits, format.stateBits));
  }
  if (format.states == StateArithmetic::Float32 && format.keptBits != 0) {
    return Error(Cause::ChoiceConflict, "kept-bits does not go with states=float32");
  }
  if (format.scale && format.granularity == Granularity::Channel) {
    return Error(Cause::ChoiceConflict,
                 "a scale of every population does not go with granularity=channel");
  }
  return {};
}

int64_t largestWeight(const NumberFormat &format) {
  if (format.weightCode == WeightCode::Loihi) {
    return (int64_t{1} << 8) - (int64_t{1} << (9 - format.weightBits));
  }
  return format.weightBits == 1 ? 1 : (int64_t{1} << (format.weightBits - 1)) - 1;
}

} // namespace nir
