//===- Aedat2.cpp - AEDAT 2.0, as jAER writes it --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines that start with '#', then records of 8 bytes, big-endian: u32 address, i32 time in µs. What
// an address means depends on the chip. Sources: inivation's page "AEDAT 2.0", and jAER's DVS128,
// DavisChip and DavisBaseCamera.
//
//   DVS128  bit 0 polarity (0 = brighter), 7..1 x, 14..8 y, 15 external event, 31 special event
//   DAVIS   bit 31 frames and IMU, 30..22 y, 21..12 x, 11 polarity (1 = brighter), 10 special event
//
// jAER turns the axes: x = width - 1 - raw, and rows count from below, so that row height - 1 - raw
// is that of an image. Inivation's page knows of neither, and of the opposite polarity for the
// DVS128; jAER's is read here, and EventOptions::storedAxes leaves the axes as they are.
//
// The time is signed and wraps after 2^31 µs to -2^31. A fall by less than half of the range is a
// step backward: it is counted and kept.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/AedatHeader.h"
#include "ir/recording/events/EventFormats.h"

#include <fmt/format.h>

namespace nir {

namespace {
struct Chip {
  Sensor sensor;
  bool isDavis = false;
  bool keepsSpecial = false; ///< v2e marks events of noise with the bit of special events
};
} // namespace

constexpr uint64_t recordSize = 8;

/// Without a name: addresses of 16 bits are those of a DVS128; a DAVIS has its rows above them.
static bool hasShortAddresses(Bytes bytes, uint64_t from) {
  for (uint64_t at = from; bytes.has(at, recordSize); at += recordSize) {
    auto address = bytes.big<uint32_t>(at);
    if ((address & 0x7FFF0000U) != 0) {
      return false;
    }
  }
  return true;
}

static Result<Chip> chipOf(Bytes bytes, const AedatHeader &header, const EventOptions &options) {
  std::string_view name = header.after("# AEChip:");
  Chip chip;
  chip.keepsSpecial = header.text.find("v2e") != std::string_view::npos;
  if (name.empty()) {
    Sensor given{options.width, options.height};
    bool isShort = hasShortAddresses(bytes, header.end);
    chip.isDavis = !isShort;
    bool fits = (given.width == 240 && given.height == 180) ||
                (given.width == 346 && given.height == 260) ||
                (given.width == 640 && given.height == 480);
    chip.sensor = isShort ? Sensor{128, 128} : given;
    if (!isShort && !fits) {
      return Error(Cause::InputFormat,
                   "the header has no line '# AEChip:' and addresses have more than 16 bits, "
                   "expected the chip")
          .note("write the line '# AEChip: DAVIS346' (or DAVIS240, DAVIS640) behind the first one");
    }
    return chip;
  }
  chip.sensor = sensorCalled(name);
  chip.isDavis = chip.sensor.width != 128;
  if (chip.sensor.width == 0) {
    return Error(Cause::InputFormat,
                 fmt::format("found the chip '{}', expected DVS128, DAVIS240, DAVIS346 or DAVIS640",
                             name.substr(0, 100)))
        .note("convert the file to AEDAT 4 or to a table t,x,y,p with the program that wrote it");
  }
  return chip;
}

/// The event of an address, at time 0; none where it is not a change of brightness.
static std::optional<Event> eventOf(uint32_t address, const Chip &chip) {
  auto bits = [&](int high, int low) {
    return static_cast<uint16_t>(address >> low & ((1U << (high - low + 1)) - 1));
  };
  if (bits(31, 31)) {
    return std::nullopt;
  }
  if (chip.isDavis) {
    bool isSpecial = bits(10, 10) && !chip.keepsSpecial;
    return isSpecial ? std::nullopt
                     : std::optional(Event{0, bits(21, 12), bits(30, 22), uint8_t(bits(11, 11))});
  }
  return bits(15, 15) ? std::nullopt
                      : std::optional(Event{0, bits(7, 1), bits(14, 8), uint8_t(!bits(0, 0))});
}

Result<EventList> readAedat2(std::span<const std::byte> data, const EventOptions &options) {
  Bytes bytes(data);
  if (!bytes.startsWith("#!AER-DAT2")) {
    return Error(Cause::InputFormat, "expected '#!AER-DAT2.0' at the start of a file of AEDAT 2.0")
        .note("files of AEDAT 1.0 have no such line; jAER reads them and writes AEDAT 2.0");
  }
  AedatHeader header = readAedatHeader(bytes, "#End Of ASCII Header");
  Result<Chip> chip = chipOf(bytes, header, options);
  if (!chip) {
    return chip.takeError();
  }
  auto [width, height] = chip->sensor;
  EventList list;
  list.width = width;
  list.height = height;
  int64_t before = INT32_MIN;
  uint64_t at = header.end;
  for (; bytes.has(at, recordSize); at += recordSize) {
    int64_t time = bytes.big<int32_t>(at + 4);
    list.wraps += before - time > INT32_MAX;
    before = time;
    std::optional<Event> event = eventOf(bytes.big<uint32_t>(at), *chip);
    if (!event) {
      continue;
    }
    if (!list.holds(event->x, event->y)) {
      return Error(
                 Cause::InputValue,
                 fmt::format("found an event at x {}, y {} in byte {}, expected a sensor of {}x{} "
                             "as the header says",
                             event->x, event->y, at, width, height))
          .note("the line '# AEChip:' of the header names the chip: correct it");
    }
    event->microseconds = time + (list.wraps << 32);
    if (!options.storedAxes) {
      event->x = static_cast<uint16_t>(width - 1 - event->x);
      event->y = static_cast<uint16_t>(height - 1 - event->y);
    }
    list.add(*event);
  }
  list.cutBytes = bytes.size() - at;
  return list;
}

} // namespace nir
