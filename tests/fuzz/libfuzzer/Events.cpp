//===- Events.cpp - files of events, of every format ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The first byte picks the format, and the second how the events become steps.

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/EventFile.h"
#include "api/io/Framing.h"
#include "ir/recording/events/EventFormats.h"

using namespace nir;
using fuzz::require;

static void frame(const nirc::EventRecording &recording, uint8_t choice) {
  nirc::EventFraming framing;
  framing.frames = static_cast<nirc::Frames>(choice % 3);
  framing.number = choice / 3 % 8 + (framing.frames == nirc::Frames::Count ? 1 : 0);
  framing.polarity = static_cast<nirc::Polarity>(choice % 6);
  constexpr uint64_t most = uint64_t{1} << 20;
  for (const Shape &signal : {Shape{2, 34, 34}, Shape{34, 34}, Shape{1, 8, 8}, Shape{2312}}) {
    Result<Tensor> steps =
        nirc::frameEvents(recording.events, framing, recording.sensor, 1e-3, signal, "x", most);
    if (fuzz::isValue(steps)) {
      require(steps->sizeInBytes() <= 2 * most, "no more memory is taken than is allowed");
      (void)nirc::atMostOne(*steps);
    }
  }
}

NIRC_FUZZER(input) {
  static const std::vector<EventFormat> formats = allEventFormats();
  uint8_t kind = input.byte(), choice = input.byte();
  size_t at = kind % (formats.size() + 2);
  EventOptions options{.width = kind % 5 * 16, .height = kind % 5 * 16, .storedAxes = kind > 128};
  std::string format;
  if (at < formats.size()) {
    Result<EventList> list = readEvents(input.bytes(), formats[at], "x", options);
    if (fuzz::isValue(list)) {
      for (const Event &event : list->events) {
        require(list->holds(event.x, event.y), "an event is inside of the sensor");
        require(event.polarity <= 1, "a polarity is 0 or 1");
      }
    }
    format = name(formats[at]);
  } else {
    (void)fuzz::isValue(recogniseEvents(input.bytes(), at == formats.size() ? "x.bin" : "x.csv"));
  }
  (void)nirc::looksLikeEventTable(input.text());
  (void)nirc::isArrayOfFields(input.bytes());
  nirc::EventFraming framing;
  framing.timeZero = static_cast<nirc::TimeZero>(choice % 3);
  Result<nirc::EventRecording> recording =
      nirc::readEventFile(input.bytes(), format, "x", {2, 34, 34}, uint64_t{1} << 24, framing);
  if (fuzz::isValue(recording)) {
    frame(*recording, choice);
  }
}
