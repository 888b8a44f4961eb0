//===- Dat.cpp - Prophesee .dat files -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines "% key value", then a byte with the type, a byte with the size of a record, 8, and records,
// little-endian. Types 0 and 12 are changes of brightness; 14 are triggers, which are no input.
//
//   version 2  u32 time in µs; u32: x 13..0, y 27..14, polarity 31..28
//   version 1  u32 time in µs; u32: x 8..0, y 16..9, polarity 17
//
// The time wraps after 2^32 µs; a fall by less than half of that is a step backward. The size of
// the sensor is in the lines Width and Height, where there are such. Sources: Prophesee's page "DAT
// file format", and openeb's dat_event_file_reader.cpp and event2d.h.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/PropheseeHeader.h"

#include <fmt/format.h>

namespace nir {

constexpr uint64_t recordSize = 8;

/// The width or height; 0 where the header has none.
static Result<int32_t> extent(const PropheseeHeader &header, std::string_view key) {
  std::string_view text = header.value(key);
  auto value = text.empty() ? std::optional(0) : integerIn<int32_t>(text);
  if (!value || *value < 0 || *value > 1 << 14) {
    return Error(Cause::DamagedInput,
                 fmt::format("found '{}' for {} in the header, expected 1 to 16384",
                             text.substr(0, 50), key));
  }
  return *value;
}

/// The list without events, once all that the header says is as expected.
static Result<EventList> emptyList(Bytes bytes, const PropheseeHeader &header) {
  std::string_view version = header.value("Version");
  if (header.end == 0) {
    return Error(Cause::InputFormat,
                 "expected lines '% key value' at the start of a Prophesee .dat file");
  }
  if (version != "1" && version != "2") {
    return Error(Cause::InputFormat,
                 fmt::format("found version '{}' in the header, expected '% Version 1' or 2",
                             version.substr(0, 50)));
  }
  uint8_t type = bytes[header.end], size = bytes[header.end + 1];
  if (!bytes.has(header.end, 2)) {
    return Error(Cause::DamagedInput,
                 "the file ends with its header, expected the type and the size of its records");
  }
  if (type == 14) {
    return Error(Cause::InputFormat,
                 "found triggers (type 14), expected changes of brightness (type 0 or 12)")
        .note(
            "the events of the recording are in the file whose name ends with _cd.dat or _td.dat");
  }
  if ((type != 0 && type != 12) || size != recordSize) {
    return Error(Cause::DamagedInput,
                 fmt::format("found records of type {} and size {}, expected type 0 or 12 and size "
                             "{}",
                             type, size, recordSize));
  }
  Result<int32_t> width = extent(header, "Width"), height = extent(header, "Height");
  if (!width || !height) {
    return width ? height.takeError() : width.takeError();
  }
  EventList list;
  list.width = *width;
  list.height = *height;
  return list;
}

Result<EventList> readDat(std::span<const std::byte> data, const EventOptions &) {
  Bytes bytes(data);
  PropheseeHeader header = readPropheseeHeader(bytes);
  Result<EventList> list = emptyList(bytes, header);
  if (!list) {
    return list;
  }
  bool isOld = header.value("Version") == "1";
  int64_t before = 0;
  uint64_t at = header.end + 2;
  list->events.reserve((bytes.size() - at) / recordSize);
  for (; bytes.has(at, recordSize); at += recordSize) {
    int64_t time = bytes.little<uint32_t>(at);
    auto word = bytes.little<uint32_t>(at + 4);
    auto bits = [&](int low, uint32_t mask) { return static_cast<uint16_t>(word >> low & mask); };
    uint16_t x = isOld ? bits(0, 0x1FF) : bits(0, 0x3FFF);
    uint16_t y = isOld ? bits(9, 0xFF) : bits(14, 0x3FFF);
    list->wraps += before - time > int64_t(1) << 31;
    before = time;
    if (!list->holds(x, y)) {
      return Error(
          Cause::InputValue,
          fmt::format("found an event at x {}, y {} in byte {}, expected a sensor of {}x{} "
                      "as the header says",
                      x, y, at, list->width, list->height));
    }
    list->add({time + (list->wraps << 32), x, y,
               static_cast<uint8_t>(isOld ? bits(17, 1) : bits(28, 1))});
  }
  list->cutBytes = bytes.size() - at;
  return list;
}

} // namespace nir
