//===- Aedat3.cpp - AEDAT 3.0 and 3.1, as cAER writes it ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines that start with '#', then packets, little-endian: 28 bytes of header (i16 type, i16 source,
// i32 size of an event, offset of its time, turns of the clock, capacity, number, valid ones), and
// the events. Sources: inivation's page "AEDAT 3.1" and libcaer's events/common.h, polarity.h and
// special.h.
//
//   polarity  u32 (bit 0 valid, 1 polarity, 16..2 y, 31..17 x), i32 time
//   special   u32 (bit 0 valid, 7..1 kind: 1 is a reset of the clock), i32 time
//
// Time in µs = turns << 31 | time. Version 3.1 counts rows from above, 3.0 from below and has no
// line that ends its header. Other packets are skipped; events that are marked invalid are left
// out.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/recording/events/AedatHeader.h"
#include "ir/recording/events/EventFormats.h"

#include <fmt/format.h>

namespace nir {

namespace {
struct Packet {
  int16_t type = 0;
  uint64_t start = 0; ///< of its events
  int64_t eventSize = 0, turns = 0, number = 0;

  uint64_t end() const { return start + static_cast<uint64_t>(eventSize * number); }
};
} // namespace

constexpr uint64_t headerSize = 28;
constexpr int16_t specialType = 0, polarityType = 1;

static Result<Packet> packetAt(Bytes bytes, uint64_t at) {
  auto word = [&](uint64_t offset) { return int64_t(bytes.little<int32_t>(at + offset)); };
  Packet packet{bytes.little<int16_t>(at), at + headerSize, word(4), word(12), word(20)};
  int64_t capacity = word(16);
  bool hasEvents = packet.type == specialType || packet.type == polarityType;
  if (packet.type < 0 || packet.type > 13) {
    return Error(
        Cause::DamagedInput,
        fmt::format("found a packet of type {} at byte {}, expected 0 to 13", packet.type, at));
  }
  if (packet.eventSize < 0 || packet.turns < 0 || packet.number < 0 || packet.number != capacity) {
    return Error(
        Cause::DamagedInput,
        fmt::format(
            "found a packet with room for {} and {} of them at byte {}, expected the same of both",
            counted(capacity, "event"), packet.number, at));
  }
  if (hasEvents && packet.number > 0 && (packet.eventSize != 8 || word(8) != 4)) {
    return Error(Cause::DamagedInput,
                 fmt::format("found events of {} with the time at {} at byte {}, expected 8 and 4",
                             counted(packet.eventSize, "byte"), word(8), at));
  }
  return packet;
}

/// Whether the packet sets the clock back to 0.
static bool resetsClock(Bytes bytes, const Packet &packet) {
  if (packet.type != specialType) {
    return false;
  }
  for (uint64_t at = packet.start; at < packet.end(); at += 8) {
    auto info = bytes.little<uint32_t>(at);
    if ((info & 1) != 0 && (info >> 1 & 0x7F) == 1) {
      return true;
    }
  }
  return false;
}

static Status addEvents(Bytes bytes, const Packet &packet, bool turned, EventList &list) {
  for (uint64_t at = packet.start; at < packet.end(); at += 8) {
    auto info = bytes.little<uint32_t>(at);
    auto time = bytes.little<int32_t>(at + 4);
    if ((info & 1) == 0) {
      ++list.leftOut;
      continue;
    }
    auto x = static_cast<uint16_t>(info >> 17), y = static_cast<uint16_t>(info >> 2 & 0x7FFF);
    if (time < 0 || !list.holds(x, y)) {
      return Error(Cause::InputValue,
                   fmt::format("found an event at x {}, y {} and {} µs in byte {}, expected a time "
                               "that is not negative and a sensor of {}x{}",
                               x, y, time, at, list.width, list.height));
    }
    y = turned ? static_cast<uint16_t>(list.height - 1 - y) : y;
    list.add({packet.turns << 31 | time, x, y, static_cast<uint8_t>(info >> 1 & 1)});
  }
  return std::nullopt;
}

/// What the header says of the sensor. The name follows the number of the source.
static Result<EventList> emptyList(const AedatHeader &header, const EventOptions &options,
                                   bool turned) {
  std::string_view format = header.after("#Format:");
  if (!format.empty() && format != "RAW") {
    return Error(Cause::InputFormat,
                 fmt::format("found the format '{}', expected RAW", format.substr(0, 100)))
        .note("cAER and DV write the file as RAW when compression is switched off");
  }
  Sensor sensor = sensorCalled(header.after("#Source"));
  EventList list;
  list.width = sensor.width ? sensor.width : turned ? options.width : 0;
  list.height = sensor.height ? sensor.height : turned ? options.height : 0;
  if (turned && list.height <= 0) {
    return Error(Cause::InputFormat,
                 "'#Source' names a sensor that nirc does not know, expected DVS128, "
                 "DAVIS240, DAVIS346 or DAVIS640")
        .note(
            "rows of version 3.0 count from below, so the height is needed: correct '#Source 1:'");
  }
  return list;
}

Result<EventList> readAedat3(std::span<const std::byte> data, const EventOptions &options) {
  Bytes bytes(data);
  if (!bytes.startsWith("#!AER-DAT3")) {
    return Error(Cause::InputFormat, "expected '#!AER-DAT3.1' at the start of a file of AEDAT 3");
  }
  bool turned = bytes.startsWith("#!AER-DAT3.0") && !options.storedAxes;
  AedatHeader header = readAedatHeader(bytes, "#!END-HEADER");
  if (!bytes.startsWith("#!AER-DAT3.0") &&
      header.text.find("#!END-HEADER") == std::string_view::npos) {
    return Error(
               Cause::DamagedInput,
               "the line '#!END-HEADER' is missing, expected at the end of the header of AEDAT 3.1")
        .note("the file is damaged or was cut: copy it again");
  }
  Result<EventList> list = emptyList(header, options, turned);
  uint64_t at = header.end;
  while (list && bytes.has(at, headerSize)) {
    Result<Packet> packet = packetAt(bytes, at);
    if (!packet) {
      return packet.takeError().note("the file is damaged: copy it again");
    }
    if (!bytes.has(packet->start, packet->end() - packet->start)) {
      break;
    }
    if (resetsClock(bytes, *packet) && !list->events.empty()) {
      return Error(Cause::DamagedInput,
                   fmt::format("found a reset of the clock at byte {} after {}, expected one clock",
                               at, counted(list->events.size(), "event")))
          .note("cut the recording there: each part is a recording of its own");
    }
    if (packet->type == polarityType) {
      if (Status failed = addEvents(bytes, *packet, turned, *list)) {
        return std::move(*failed);
      }
    }
    list->skippedPackets += packet->type != polarityType && packet->type != specialType;
    at = packet->end();
  }
  if (list) {
    list->cutBytes = bytes.size() - at;
  }
  return list;
}

} // namespace nir
