//===- FramingText.cpp - the options of events, as text -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Framing.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

namespace {
template <typename T>
struct Named {
  std::string_view name;
  T value;
};
} // namespace

constexpr std::array<Named<Polarity>, 5> polarities = {{{"both", Polarity::Both},
                                                        {"on", Polarity::On},
                                                        {"off", Polarity::Off},
                                                        {"signed", Polarity::Signed},
                                                        {"merged", Polarity::Merged}}};
constexpr std::array<Named<TimeZero>, 2> timeZeros = {
    {{"first", TimeZero::First}, {"file", TimeZero::File}}};

template <typename T, size_t count>
static nir::Status choose(std::string_view text, const std::array<Named<T>, count> &names,
                          T &value) {
  std::vector<std::string_view> all;
  for (const Named<T> &named : names) {
    if (named.name == text) {
      value = named.value;
      return std::nullopt;
    }
    all.push_back(named.name);
  }
  return nir::Error(nir::Cause::BadOption, fmt::format("found '{}', expected one of {}",
                                                       text.substr(0, 50), fmt::join(all, ", ")));
}

template <typename T, size_t count>
static std::string_view nameOf(T value, const std::array<Named<T>, count> &names) {
  for (const Named<T> &named : names) {
    if (named.value == value) {
      return named.name;
    }
  }
  return {};
}

/// A whole number from 1 on, taken off the front of `text`; 0 may be allowed.
static std::optional<int64_t> takeNumber(std::string_view &text, int64_t least, int64_t most) {
  int64_t value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || value < least || value > most) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

static bool takeSign(std::string_view &text, char sign) {
  bool has = text.starts_with(sign);
  text.remove_prefix(has);
  return has;
}

static std::optional<SensorArea> areaOf(std::string_view text, bool hasPlace) {
  constexpr int64_t most = 65536;
  SensorArea area;
  auto width = takeNumber(text, 1, most);
  auto height = width && takeSign(text, 'x') ? takeNumber(text, 1, most) : std::nullopt;
  auto left = hasPlace && takeSign(text, '+') ? takeNumber(text, 0, most) : std::nullopt;
  auto top = hasPlace && takeSign(text, '+') ? takeNumber(text, 0, most) : std::nullopt;
  if (!height || (hasPlace && !(left && top)) || !text.empty()) {
    return std::nullopt;
  }
  area.width = static_cast<int32_t>(*width);
  area.height = static_cast<int32_t>(*height);
  area.left = static_cast<int32_t>(left.value_or(0));
  area.top = static_cast<int32_t>(top.value_or(0));
  return area;
}

nir::Status takeFrames(std::string_view text, EventFraming &framing) {
  std::string_view name = text.substr(0, text.find(':'));
  bool hasNumber = name.size() < text.size();
  std::string_view rest = hasNumber ? text.substr(name.size() + 1) : "";
  std::optional<int64_t> number =
      hasNumber ? takeNumber(rest, 1, int64_t(1) << 40) : std::optional<int64_t>(0);
  bool isKnown =
      (name == "time" && !hasNumber) || (name == "count" && hasNumber) || name == "voxel";
  if (!isKnown || !number || !rest.empty()) {
    return nir::Error(nir::Cause::BadOption,
                      fmt::format("found '{}', expected time, count:EVENTS, voxel or voxel:STEPS",
                                  text.substr(0, 50)));
  }
  framing.frames = name == "time" ? Frames::Time : name == "count" ? Frames::Count : Frames::Voxel;
  framing.number = *number;
  return std::nullopt;
}

nir::Status takePolarity(std::string_view text, EventFraming &framing) {
  return choose(text, polarities, framing.polarity);
}

nir::Status takeTimeZero(std::string_view text, EventFraming &framing) {
  return choose(text, timeZeros, framing.timeZero);
}

nir::Status takeSensor(std::string_view text, EventFraming &framing) {
  framing.sensor = areaOf(text, false);
  return framing.sensor
             ? std::nullopt
             : nir::Status(nir::Error(nir::Cause::BadOption,
                                      fmt::format("found '{}', expected WIDTHxHEIGHT as 346x260",
                                                  text.substr(0, 50))));
}

nir::Status takeCrop(std::string_view text, EventFraming &framing) {
  framing.crop = areaOf(text, true);
  return framing.crop
             ? std::nullopt
             : nir::Status(nir::Error(
                   nir::Cause::BadOption,
                   fmt::format("found '{}', expected WIDTHxHEIGHT+LEFT+TOP as 128x128+10+20",
                               text.substr(0, 50))));
}

std::string text(const EventFraming &framing) {
  std::vector<std::string> parts;
  if (framing.frames == Frames::Count) {
    parts.push_back(fmt::format("--frames count:{}", framing.number));
  } else if (framing.frames == Frames::Voxel) {
    parts.push_back(framing.number > 0 ? fmt::format("--frames voxel:{}", framing.number)
                                       : "--frames voxel");
  }
  if (framing.polarity != Polarity::Auto) {
    parts.push_back(fmt::format("--polarity {}", nameOf(framing.polarity, polarities)));
  }
  if (framing.timeZero != TimeZero::Auto) {
    parts.push_back(fmt::format("--time-zero {}", nameOf(framing.timeZero, timeZeros)));
  }
  if (framing.sensor) {
    parts.push_back(fmt::format("--sensor {}x{}", framing.sensor->width, framing.sensor->height));
  }
  if (const std::optional<SensorArea> &crop = framing.crop) {
    parts.push_back(
        fmt::format("--crop {}x{}+{}+{}", crop->width, crop->height, crop->left, crop->top));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

} // namespace nirc
