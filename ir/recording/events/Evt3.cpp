//===- Evt3.cpp - Prophesee EVT 3.0 ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Words of 16 bits, little-endian, with the type in bits 15..12; each changes a state:
//
//   0  the row: y 10..0              1  a row of another kind: no events until the next 0
//   2  an event: x 10..0, polarity 11
//   3  where a vector starts: as 2, without an event
//   4, 5  a vector: bit k of 12 or 8 is an event at x + k; then x moves on by 12 or 8
//   6, 8  the lower and the upper 12 bits of the time
//   7, A, D, E, F  triggers, IMU and what belongs to them: not read
//
// Time in µs = turns << 24 | upper << 12 | lower. As in openeb a turn is a fall of the upper bits
// by half of their range or more, and new upper bits set the lower ones to 0; the lower ones never
// carry. Events before the first time and row are left out, and so are the bits of a vector past
// the last column and rows past the last one. Sources: Prophesee's page "EVT 3.0 format" and
// openeb's evt3_decoder.h.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/PropheseeHeader.h"

#include "ir/Wording.h"

#include <bit>
#include <fmt/format.h>

namespace nir {

namespace {
class Decoder {
public:
  explicit Decoder(EventList &list) : list(list) {}

  /// False for a word of no known type.
  bool take(uint16_t word) {
    uint16_t content = word & 0xFFF;
    switch (word >> 12) {
    case 0x0:
      y = content & 0x7FF;
      hasRow = true;
      break;
    case 0x1:
      hasRow = false;
      break;
    case 0x2:
      add(content & 0x7FF, content >> 11);
      break;
    case 0x3:
      x = content & 0x7FF;
      polarity = static_cast<uint8_t>(content >> 11);
      hasBase = true;
      break;
    case 0x4:
      addVector(content, 12);
      break;
    case 0x5:
      addVector(content & 0xFF, 8);
      break;
    case 0x6:
      lower = content;
      hasLower = true;
      break;
    case 0x8:
      setUpper(content);
      break;
    default:
      return word >> 12 != 0x9 && word >> 12 != 0xB && word >> 12 != 0xC;
    }
    return true;
  }

private:
  void setUpper(int64_t value) {
    if (hasUpper && value == upper) {
      return;
    }
    list.wraps += hasUpper && upper - value >= 2048;
    upper = value;
    lower = 0;
    hasUpper = true;
  }

  void add(uint32_t column, uint32_t on) {
    if (!hasUpper || !hasLower || !hasRow || !list.holds(column, y)) {
      ++list.leftOut;
      return;
    }
    list.add({list.wraps << 24 | upper << 12 | lower, static_cast<uint16_t>(column), y,
              static_cast<uint8_t>(on)});
  }

  void addVector(uint32_t mask, uint32_t width) {
    if (!hasBase) {
      list.leftOut += std::popcount(mask);
      return;
    }
    for (; mask != 0; mask &= mask - 1) {
      uint32_t column = x + static_cast<uint32_t>(std::countr_zero(mask));
      if (column <= UINT16_MAX) {
        add(column, polarity);
      }
    }
    x = std::min<uint32_t>(x + width, UINT16_MAX + 1U);
  }

  EventList &list;
  int64_t upper = 0, lower = 0;
  bool hasUpper = false, hasLower = false, hasRow = false, hasBase = false;
  uint16_t y = 0;
  uint32_t x = 0;
  uint8_t polarity = 0;
};
} // namespace

/// How many events the words can hold: memory is taken once.
static uint64_t mostEventsIn(Bytes bytes, uint64_t from) {
  uint64_t events = 0;
  for (uint64_t at = from; bytes.has(at, 2); at += 2) {
    auto word = bytes.little<uint16_t>(at);
    switch (word >> 12) {
    case 0x2:
      ++events;
      break;
    case 0x4:
      events += std::popcount(static_cast<uint16_t>(word & 0xFFF));
      break;
    case 0x5:
      events += std::popcount(static_cast<uint16_t>(word & 0xFF));
      break;
    default:
      break;
    }
  }
  return events;
}

Result<EventList> readEvt3(std::span<const std::byte> data, const EventOptions &options) {
  Bytes bytes(data);
  Result<RawHeader> header = readRawHeader(bytes, EventFormat::Evt3);
  if (!header) {
    return header.takeError();
  }
  uint64_t most = mostEventsIn(bytes, header->end);
  if (most > options.mostEvents) {
    return Error(Cause::Limit, fmt::format("found {}, expected at most {}", counted(most, "event"),
                                           options.mostEvents));
  }
  EventList list;
  list.width = header->width;
  list.height = header->height;
  list.events.reserve(most);
  Decoder decoder(list);
  uint64_t at = header->end;
  for (; bytes.has(at, 2); at += 2) {
    auto word = bytes.little<uint16_t>(at);
    if (!decoder.take(word)) {
      return Error(
                 Cause::InputFormat,
                 fmt::format("found a word of type {:x} at byte {}, expected 0 to 8, a, d, e or f",
                             word >> 12, at))
          .note("the file is damaged, or its header names another encoding than the data has");
    }
  }
  list.cutBytes = bytes.size() - at;
  return list;
}

} // namespace nir
