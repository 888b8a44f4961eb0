//===- Events.h - what an event camera saw ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// Pixel (x, y) became brighter (polarity 1) or darker (0) at a time. Row 0 is the upper one, as in
/// an image. A cochlea has channels x, and y = 0.
struct Event {
  int64_t microseconds = 0; ///< on the clock of the file, with the wraps of its counter undone
  uint16_t x = 0, y = 0;
  uint8_t polarity = 0;

  bool operator==(const Event &) const = default;
};

/// What the times of a file are counted in.
enum class EventUnit { Seconds, Milliseconds, Microseconds, Nanoseconds };

/// "s", "ms", "µs", "ns".
std::string_view name(EventUnit unit);

/// The events of a file, in its order: never sorted.
struct EventList {
  std::vector<Event> events;
  int32_t width = 0, height = 0; ///< of the sensor; 0 where the file does not say
  int64_t backward = 0;          ///< events that are earlier than the one before them
  int64_t leftOut = 0;           ///< events that are marked invalid, or outside of the sensor
  int64_t wraps = 0;             ///< how often the counter of the time started again
  int64_t skippedPackets = 0;    ///< of other data, such as images
  uint64_t cutBytes = 0;         ///< at the end of the file, too few for a record
  EventUnit unit = EventUnit::Microseconds; ///< of the file's times, which are µs in `events`
  std::vector<std::string> notes;           ///< what else a reader decided

  void add(const Event &event) {
    backward += !events.empty() && event.microseconds < events.back().microseconds;
    events.push_back(event);
  }
  bool holds(int64_t x, int64_t y) const {
    return (width == 0 || x < width) && (height == 0 || y < height);
  }
};

} // namespace nir
