//===- Framing.cpp - from events to the steps of a run --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A voxel grid is that of Zhu et al. 2019, doi:10.1109/CVPR.2019.00108: an event at t* steps, a
// number with a fraction f, adds 1 - f to step floor(t*) and f to the next. Over N steps the first
// event is at t* = 0 and the last at N - 1; in steps of dt, t* = t / dt.
//
//===----------------------------------------------------------------------===//

#include "api/io/Framing.h"

#include "ir/Wording.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

namespace {
/// The signal as the image that events fall on.
struct Plane {
  int64_t channels = 1, height = 1, width = 1;

  int64_t size() const { return channels * height * width; }
};

/// Where in time an event goes: to step `first` with 1 - rest, to the next one with `rest`.
struct Place {
  int64_t first = 0;
  double rest = 0.0;
};
} // namespace

//===----------------------------------------------------------------------===//
// The part of the sensor
//===----------------------------------------------------------------------===//

nir::Result<SensorArea> cropEvents(const EventFraming &framing, int32_t width, int32_t height,
                                   std::vector<nir::Event> &events) {
  SensorArea sensor{width, height};
  if (const std::optional<SensorArea> &stated = framing.sensor) {
    bool isKnown = width > 0 && height > 0;
    if (isKnown && (stated->width != width || stated->height != height)) {
      return nir::Error(nir::Cause::Sensor,
                        fmt::format("found a sensor of {}x{}, expected {}x{} as --sensor says",
                                    width, height, stated->width, stated->height))
          .note("leave out --sensor; --crop takes a part");
    }
    sensor = *stated;
  }
  if (!framing.crop) {
    return sensor;
  }
  const SensorArea &crop = *framing.crop;
  bool isInside = sensor.width == 0 || (crop.left + crop.width <= sensor.width &&
                                        crop.top + crop.height <= sensor.height);
  if (!isInside) {
    return nir::Error(nir::Cause::Sensor,
                      fmt::format("found a sensor of {}x{}, expected one that holds --crop "
                                  "{}x{}+{}+{}",
                                  sensor.width, sensor.height, crop.width, crop.height, crop.left,
                                  crop.top));
  }
  std::erase_if(events, [&](const nir::Event &event) {
    return event.x < crop.left || event.x >= crop.left + crop.width || event.y < crop.top ||
           event.y >= crop.top + crop.height;
  });
  for (nir::Event &event : events) {
    event.x = static_cast<uint16_t>(event.x - crop.left);
    event.y = static_cast<uint16_t>(event.y - crop.top);
  }
  return SensorArea{crop.width, crop.height};
}

/// The signal as an image of the sensor.
static nir::Result<Plane> planeOf(const nir::Shape &signal, const SensorArea &sensor) {
  Plane plane;
  bool isKnown = sensor.width > 0 && sensor.height > 0;
  int64_t pixels = isKnown ? int64_t(sensor.width) * sensor.height : 0;
  if (signal.size() == 3) {
    plane = {signal[0], signal[1], signal[2]};
  } else if (signal.size() == 2) {
    plane = {1, signal[0], signal[1]};
  } else if (signal.size() == 1 && isKnown && (signal[0] == pixels || signal[0] == 2 * pixels)) {
    plane = {signal[0] / pixels, sensor.height, sensor.width};
  } else if (signal.size() == 1 && !isKnown) {
    plane = {1, 1, signal[0]};
  } else {
    plane = {0, 0, 0};
  }
  if (plane.channels < 1 || plane.channels > 2) {
    return nir::Error(nir::Cause::Sensor,
                      fmt::format("events of a camera do not fit an input of shape {}, expected "
                                  "[2, height, width] or [1, height, width]",
                                  nir::str(signal)));
  }
  if (isKnown && (plane.width != sensor.width || plane.height != sensor.height)) {
    return nir::Error(
               nir::Cause::Sensor,
               fmt::format("found a sensor of {} and {}, expected {} and {} as the input has",
                           nir::counted(sensor.height, "row"), nir::counted(sensor.width, "column"),
                           nir::counted(plane.height, "row"), nir::counted(plane.width, "column")))
        .note(fmt::format("--crop {}x{}+0+0 takes a part of it, from column 0 and row 0 on",
                          plane.width, plane.height));
  }
  return plane;
}

/// What --polarity means for a number of channels.
static nir::Result<Polarity> polarityFor(const EventFraming &framing, int64_t channels) {
  if (framing.polarity == Polarity::Auto) {
    return channels == 2 ? Polarity::Both : Polarity::Merged;
  }
  if ((framing.polarity == Polarity::Both) == (channels == 2)) {
    return framing.polarity;
  }
  return nir::Error(nir::Cause::Sensor,
                    fmt::format("found an input of {}, expected {} as {} needs",
                                nir::counted(channels, "channel"), channels == 1 ? "two" : "one",
                                text({.polarity = framing.polarity})));
}

//===----------------------------------------------------------------------===//
// Time
//===----------------------------------------------------------------------===//

static nir::Status checkEvents(const std::vector<nir::Event> &events, const Plane &plane) {
  for (const nir::Event &event : events) {
    if (event.y >= plane.height || event.x >= plane.width) {
      return nir::Error(
                 nir::Cause::Sensor,
                 fmt::format(
                     "found an event at row {}, column {}, expected {} and {} as the input has",
                     event.y, event.x, nir::counted(plane.height, "row"),
                     nir::counted(plane.width, "column")))
          .note("--crop WIDTHxHEIGHT+LEFT+TOP takes a part of the sensor");
    }
    if (event.microseconds < 0) {
      return nir::Error(
                 nir::Cause::Sensor,
                 fmt::format("found an event at {} µs, expected none before 0", event.microseconds))
          .note("--time-zero first starts the run at the first event");
    }
  }
  return std::nullopt;
}

/// Where each event goes. Steps may be as many as INT64_MAX: they are not memory yet.
static std::vector<Place> placesOf(const std::vector<nir::Event> &events,
                                   const EventFraming &framing, double dtSeconds) {
  std::vector<Place> places;
  places.reserve(events.size());
  auto [first, last] = std::minmax_element(
      events.begin(), events.end(),
      [](const nir::Event &a, const nir::Event &b) { return a.microseconds < b.microseconds; });
  auto span = static_cast<double>(last->microseconds - first->microseconds);
  for (size_t i = 0; i < events.size(); ++i) {
    double seconds = static_cast<double>(events[i].microseconds) * 1e-6;
    double since = static_cast<double>(events[i].microseconds - first->microseconds);
    if (framing.frames == Frames::Count) {
      places.push_back({static_cast<int64_t>(i) / framing.number, 0.0});
    } else if (framing.frames == Frames::Time) {
      places.push_back(
          {static_cast<int64_t>(std::min(nir::stepOf(seconds, dtSeconds, nir::DType::F64), 9e18)),
           0.0});
    } else {
      double at = framing.number == 0 ? std::min(seconds / dtSeconds, 9e18)
                  : span > 0.0        ? since / span * static_cast<double>(framing.number - 1)
                                      : 0.0;
      places.push_back({static_cast<int64_t>(std::floor(at)), at - std::floor(at)});
    }
  }
  return places;
}

static int64_t stepsOf(const std::vector<Place> &places, const EventFraming &framing) {
  int64_t last = 0;
  for (const Place &place : places) {
    last = std::max(last, place.first + (place.rest > 0.0));
  }
  return framing.frames == Frames::Voxel && framing.number > 0 ? framing.number : last + 1;
}

template <typename Number>
static nir::Tensor fill(const std::vector<nir::Event> &events, const std::vector<Place> &places,
                        Polarity polarity, const Plane &plane, const nir::Shape &shape) {
  constexpr bool isReal = std::is_floating_point_v<Number>;
  auto [tensor, memory] = nir::Tensor::allocate(isReal ? nir::DType::F64 : nir::DType::I32, shape);
  auto *values = reinterpret_cast<Number *>(memory);
  for (size_t i = 0; i < events.size(); ++i) {
    const nir::Event &event = events[i];
    bool isOn = event.polarity != 0;
    if ((polarity == Polarity::On && !isOn) || (polarity == Polarity::Off && isOn)) {
      continue;
    }
    Number weight = polarity == Polarity::Signed && !isOn ? Number(-1) : Number(1);
    int64_t channel = polarity == Polarity::Both ? event.polarity : 0;
    int64_t pixel = (channel * plane.height + event.y) * plane.width + event.x;
    Number *value = values + places[i].first * plane.size() + pixel;
    if constexpr (isReal) {
      *value += weight * (1.0 - places[i].rest);
      if (places[i].rest > 0.0) {
        value[plane.size()] += weight * places[i].rest;
      }
    } else {
      *value += weight;
    }
  }
  return tensor;
}

static nir::Result<nir::Tensor> frame(const std::vector<nir::Event> &events,
                                      const EventFraming &framing, const SensorArea &sensor,
                                      double dtSeconds, const nir::Shape &signal,
                                      uint64_t maxBytes) {
  nir::Result<Plane> plane = planeOf(signal, sensor);
  if (!plane) {
    return plane.takeError();
  }
  nir::Result<Polarity> polarity = polarityFor(framing, plane->channels);
  if (!polarity) {
    return polarity.takeError();
  }
  if (events.empty()) {
    return nir::Error(nir::Cause::EmptyInput,
                      framing.crop ? "the crop holds no events" : "the file holds no events");
  }
  if (nir::Status failed = checkEvents(events, *plane)) {
    return std::move(*failed);
  }
  std::vector<Place> places = placesOf(events, framing, dtSeconds);
  int64_t steps = stepsOf(places, framing);
  bool isReal = framing.frames == Frames::Voxel;
  double most =
      static_cast<double>(maxBytes) / (isReal ? 8 : 4) / static_cast<double>(plane->size());
  if (static_cast<double>(steps) > most) {
    return nir::Error(nir::Cause::NoMemory,
                      fmt::format("{} of shape {} are too many", nir::counted(steps, "step"),
                                  nir::str(signal)))
        .note(framing.frames == Frames::Count ? "--frames takes more events a step"
                                              : "--bin takes a longer bin, such as 1ms");
  }
  nir::Shape shape{steps};
  shape.insert(shape.end(), signal.begin(), signal.end());
  return isReal ? fill<double>(events, places, *polarity, *plane, shape)
                : fill<int32_t>(events, places, *polarity, *plane, shape);
}

/// The events by their times; those of one time in the order of the file.
static std::vector<nir::Event> byTime(const std::vector<nir::Event> &events) {
  std::vector<std::pair<int64_t, size_t>> order;
  order.reserve(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    order.emplace_back(events[i].microseconds, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<nir::Event> sorted;
  sorted.reserve(events.size());
  for (const auto &[time, i] : order) {
    sorted.push_back(events[i]);
  }
  return sorted;
}

nir::Result<nir::Tensor> frameEvents(const std::vector<nir::Event> &events,
                                     const EventFraming &framing, const SensorArea &sensor,
                                     double dtSeconds, const nir::Shape &signal,
                                     const std::string &file, uint64_t maxBytes) {
  nir::Result<nir::Tensor> frames =
      framing.frames == Frames::Count
          ? frame(byTime(events), framing, sensor, dtSeconds, signal, maxBytes)
          : frame(events, framing, sensor, dtSeconds, signal, maxBytes);
  return frames ? std::move(frames) : frames.takeError().in(file);
}

nir::Tensor atMostOne(const nir::Tensor &counts) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, counts.shape());
  for (int64_t i = 0; i < counts.size(); ++i) {
    bytes[i] = std::byte(counts.intAt(i) != 0);
  }
  return tensor;
}

} // namespace nirc
