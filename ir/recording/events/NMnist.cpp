//===- NMnist.cpp - N-MNIST and ATIS .bin files ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No header. Five bytes an event: x, y, then polarity in the highest bit of byte 2 and the time in
// the 23 bits below it and after, in µs, big-endian. y = 240 is not an event: the clock wrapped,
// and all later times are 2^13 µs later. Source: Orchard et al. 2015, doi:10.3389/fnins.2015.00437,
// and its reader Read_Ndataset. Nothing marks such a file, so a part of an event at its end is
// taken as a sign that the file is something else.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/recording/events/Bytes.h"
#include "ir/recording/events/EventFormats.h"

#include <fmt/format.h>

namespace nir {

Result<EventList> readNMnist(std::span<const std::byte> data, const EventOptions &) {
  constexpr uint64_t eventSize = 5;
  constexpr uint8_t overflowRow = 240;
  Bytes bytes(data);
  if (bytes.size() % eventSize != 0) {
    return Error(Cause::DamagedInput,
                 fmt::format("found {}, expected a multiple of 5: an N-MNIST event has 5 bytes",
                             counted(bytes.size(), "byte")));
  }
  EventList list;
  list.events.reserve(bytes.size() / eventSize);
  for (uint64_t at = 0; at < bytes.size(); at += eventSize) {
    if (bytes[at + 1] == overflowRow) {
      ++list.wraps;
      continue;
    }
    int64_t time = int64_t(bytes[at + 2] & 0x7F) << 16 | bytes.big<uint16_t>(at + 3);
    list.add({time + (list.wraps << 13), bytes[at], bytes[at + 1], uint8_t(bytes[at + 2] >> 7)});
  }
  return list;
}

} // namespace nir
