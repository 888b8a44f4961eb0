//===- Framing.h - from events to the steps of a run ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"
#include "ir/recording/events/Events.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What a step of the run has of the events.
enum class Frames {
  Time,  ///< their number in a step of dt
  Count, ///< the next N of them, in the order of their times
  Voxel, ///< each event shared by the two steps around its time, the closer the more
};

/// What becomes of the polarity, 0 for darker (off) and 1 for brighter (on).
enum class Polarity {
  Auto,   ///< Both for an input of two channels, Merged for one
  Both,   ///< channel 0 off, channel 1 on
  On,     ///< only those
  Off,    ///< only those
  Signed, ///< on counts 1, off -1
  Merged, ///< both count 1
};

/// Time 0 of the run. Auto: the file's own, unless the first event comes before it or more than a
/// second after it, as with clocks that run since 1970 or since a camera was switched on.
enum class TimeZero { Auto, File, First };

/// Columns and rows of a sensor: an event at (x, y) goes to (x - left, y - top).
struct SensorArea {
  int32_t width = 0, height = 0, left = 0, top = 0;
};

/// How events become steps.
struct EventFraming {
  Frames frames = Frames::Time;
  int64_t number = 0; ///< events a step; of Voxel the steps of a recording, 0 for steps of dt
  Polarity polarity = Polarity::Auto;
  TimeZero timeZero = TimeZero::Auto;
  std::optional<SensorArea> sensor = {}; ///< its size, for files that do not say it
  std::optional<SensorArea> crop = {};   ///< the part that the input sees
};

/// "time", "count:5000", "voxel", "voxel:5"; "both", "on", "off", "signed", "merged"; "first",
/// "file"; "346x260"; "128x128+10+20". Errors list what there is.
nir::Status takeFrames(std::string_view text, EventFraming &framing);
nir::Status takePolarity(std::string_view text, EventFraming &framing);
nir::Status takeTimeZero(std::string_view text, EventFraming &framing);
nir::Status takeSensor(std::string_view text, EventFraming &framing);
nir::Status takeCrop(std::string_view text, EventFraming &framing);
/// "frames count:5000, polarity signed": what differs from the default; else empty.
std::string text(const EventFraming &framing);

/// The sensor that the events are of, once --sensor and --crop are applied to what the file says;
/// 0x0 where nothing says it. Leaves the events of the crop, in its coordinates. An error where
/// the file and --sensor differ, or the crop leaves the sensor.
nir::Result<SensorArea> cropEvents(const EventFraming &framing, int32_t width, int32_t height,
                                   std::vector<nir::Event> &events);

/// The events as steps [T, signal...]. `signal` is [C, H, W] with C = 1 or 2 channels, [H, W], or
/// flat: [N] where the sensor is known and N its pixels, once or for both polarities, or else
/// channels of a cochlea. Counts are int32, voxels float64. The last step is that of the last
/// event. An event outside of the signal or before time 0 is an error.
nir::Result<nir::Tensor> frameEvents(const std::vector<nir::Event> &events,
                                     const EventFraming &framing, const SensorArea &sensor,
                                     double dtSeconds, const nir::Shape &signal,
                                     const std::string &file,
                                     uint64_t maxBytes = uint64_t(1) << 36);

/// Counts of events as uint8 0 and 1: whether there is any.
nir::Tensor atMostOne(const nir::Tensor &counts);

} // namespace nirc
