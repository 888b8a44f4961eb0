//===- Evt2.cpp - Prophesee EVT 2.0 and EVT 2.1 ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// EVT 2.0 has words of 32 bits, little-endian, with the type in bits 31..28:
//
//   0, 1  darker, brighter: time 27..22, x 21..11, y 10..0
//   8     the upper bits of the time, 27..0
//   A, D, E, F  triggers, IMU and what belongs to them: not read
//
// EVT 2.1 has words of 64 bits. Its upper half is as in EVT 2.0 (x in 53..43, y in 42..32); the
// lower one is a mask: bit k is an event at x + k. Some cameras store the upper half first.
//
// Time in µs = upper bits << 6 | lower ones, 34 bits. As in openeb the time wraps only where it
// falls by nearly all of its range; any other fall is a step backward. Events before the first
// upper bits have no time and are left out. Sources: Prophesee's pages "EVT 2.0 format" and
// "EVT 2.1 format", and openeb's evt2_decoder.h and evt21_decoder.h.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/PropheseeHeader.h"

#include "ir/Wording.h"

#include <bit>
#include <fmt/format.h>

namespace nir {

namespace {
/// The upper bits of the time, with the wraps undone.
struct UpperTime {
  bool known = false;
  int64_t microseconds = 0, turns = 0;

  void set(uint32_t bits) {
    constexpr int64_t range = int64_t(1) << 34, slack = 10000;
    int64_t now = int64_t(bits & 0x0FFFFFFFU) << 6;
    turns += known && microseconds - now >= range - slack ? range : 0;
    microseconds = now;
    known = true;
  }
};
} // namespace

static Error unknownWord(uint32_t type, uint64_t at) {
  return Error(Cause::InputFormat,
               fmt::format("found a word of type {:x} at byte {}, expected 0, 1, 8, a, d, e or f",
                           type, at))
      .note("the file is damaged, or its header names another encoding than the data has");
}

static Error outside(uint64_t x, uint64_t y, uint64_t at, const EventList &list) {
  return Error(Cause::InputValue,
               fmt::format("found an event at x {}, y {} in byte {}, expected a sensor of {}x{} as "
                           "the header says",
                           x, y, at, list.width, list.height))
      .note("the file is damaged, or the line '% geometry' of its header is wrong");
}

/// Adds the events that a word of EVT 2.0, or the upper half of one of EVT 2.1, and a mask stand
/// for.
static Status addWord(uint32_t word, uint32_t mask, uint64_t at, UpperTime &upper,
                      EventList &list) {
  uint32_t type = word >> 28;
  if (type == 8) {
    upper.set(word);
    return std::nullopt;
  }
  if (type > 1) {
    bool isKnown = type == 0xA || type >= 0xD;
    return isKnown ? std::nullopt : Status(unknownWord(type, at));
  }
  if (!upper.known) {
    list.leftOut += std::popcount(mask);
    return std::nullopt;
  }
  int64_t time = upper.turns + upper.microseconds + (word >> 22 & 0x3F);
  uint32_t x = word >> 11 & 0x7FF, y = word & 0x7FF;
  for (; mask != 0; mask &= mask - 1) {
    uint32_t column = x + static_cast<uint32_t>(std::countr_zero(mask));
    if (!list.holds(column, y)) {
      return outside(column, y, at, list);
    }
    list.add({time, static_cast<uint16_t>(column), static_cast<uint16_t>(y),
              static_cast<uint8_t>(type)});
  }
  return std::nullopt;
}

Result<EventList> readEvt2(std::span<const std::byte> data, const EventOptions &) {
  Bytes bytes(data);
  Result<RawHeader> header = readRawHeader(bytes, EventFormat::Evt2);
  if (!header) {
    return header.takeError();
  }
  EventList list;
  list.width = header->width;
  list.height = header->height;
  UpperTime upper;
  uint64_t at = header->end;
  for (; bytes.has(at, 4); at += 4) {
    if (Status failed = addWord(bytes.little<uint32_t>(at), 1, at, upper, list)) {
      return std::move(*failed);
    }
  }
  list.cutBytes = bytes.size() - at;
  list.wraps = upper.turns >> 34;
  return list;
}

Result<EventList> readEvt21(std::span<const std::byte> data, const EventOptions &options) {
  Bytes bytes(data);
  Result<RawHeader> header = readRawHeader(bytes, EventFormat::Evt21);
  if (!header) {
    return header.takeError();
  }
  uint64_t upperHalf = header->upperHalfFirst ? 0 : 4;
  uint64_t events = 0, at = header->end;
  for (; bytes.has(at, 8); at += 8) {
    bool holdsEvents = bytes.little<uint32_t>(at + upperHalf) >> 28 <= 1;
    events += holdsEvents ? std::popcount(bytes.little<uint32_t>(at + 4 - upperHalf)) : 0;
  }
  if (events > options.mostEvents) {
    return Error(Cause::Limit, fmt::format("found {}, expected at most {}",
                                           counted(events, "event"), options.mostEvents));
  }
  EventList list;
  list.width = header->width;
  list.height = header->height;
  list.events.reserve(events);
  UpperTime upper;
  for (at = header->end; bytes.has(at, 8); at += 8) {
    uint32_t mask = bytes.little<uint32_t>(at + 4 - upperHalf);
    if (Status failed = addWord(bytes.little<uint32_t>(at + upperHalf), mask, at, upper, list)) {
      return std::move(*failed);
    }
  }
  list.cutBytes = bytes.size() - at;
  list.wraps = upper.turns >> 34;
  return list;
}

} // namespace nir
