//===- Aedat4.cpp - AEDAT 4, as DV writes it ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// "#!AER-DAT4.0\r\n"; u32 size of the header; the header, a FlatBuffer (compression, position of a
// table, XML); packets: i32 stream, i32 size, a body. A body is a FlatBuffer after its size, u32,
// packed as one LZ4 or ZSTD frame where the header says so. Events are a vector of structs of 16
// bytes: i64 time, i16 x, i16 y, u8 polarity, 3 bytes unused. Little-endian; time is Unix time in
// µs; rows count from above. Sources: inivation's page "AEDAT 4.0" and its FlatBuffers schemas.
//
// The table at the end, of where each packet lies, is not needed and not read. A recording that was
// not closed has none and ends anywhere: a part of a packet is left out. Of several streams of
// events the one with the lowest number is read.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/recording/events/Aedat4Streams.h"
#include "ir/recording/events/EventFormats.h"
#include "ir/recording/events/FlatTable.h"
#include "ir/recording/events/Lz4.h"
#include "ir/recording/events/Zstd.h"

#include <fmt/format.h>

namespace nir {

namespace {
enum class Packing { None, Lz4, Zstd };

struct Header {
  Packing packing = Packing::None;
  uint64_t end = 0, packetsEnd = 0;
  int32_t stream = 0; ///< the one to read
  EventList list;     ///< without events
};
} // namespace

static Error damaged(std::string what) {
  return Error(Cause::DamagedInput, std::move(what)).note("the file is damaged: copy it again");
}

/// Which stream to read, and its sensor.
static Status chooseStream(std::string_view xml, Header &header) {
  std::string types;
  bool found = false;
  for (const auto &[id, stream] : aedat4Streams(xml)) {
    types += (types.empty() ? "" : ", ") + stream.type;
    if (stream.type != "EVTS") {
      continue;
    }
    if (found) {
      header.list.notes.push_back(
          fmt::format("stream {} has events too: only stream {} is read", id, header.stream));
      continue;
    }
    found = true;
    header.stream = id;
    header.list.width = stream.width;
    header.list.height = stream.height;
  }
  if (!found) {
    return Error(Cause::InputFormat,
                 fmt::format("found {} in the header, expected a stream of events (EVTS)",
                             types.empty() ? "no streams" : "streams of " + types.substr(0, 100)))
        .note("DV records events where the output 'events' of the camera is connected");
  }
  return std::nullopt;
}

static Result<Header> readHeader(Bytes bytes) {
  constexpr std::string_view magic = "#!AER-DAT4.0\r\n";
  if (!bytes.startsWith(magic)) {
    return Error(Cause::InputFormat, "expected '#!AER-DAT4.0' at the start of a file of AEDAT 4");
  }
  uint64_t start = magic.size() + 4, size = bytes.little<uint32_t>(magic.size());
  if (!bytes.has(start, size)) {
    return damaged(fmt::format("found {} behind the first line, expected a header of {}",
                               counted(bytes.size() - magic.size(), "byte"), size));
  }
  Bytes buffer = bytes.part(start, size);
  std::optional<FlatTable> table = FlatTable::root(buffer, "IOHE");
  auto compression = table ? table->number<int32_t>(0, 0) : std::nullopt;
  auto tablePosition = table ? table->number<int64_t>(1, -1) : std::nullopt;
  auto xml = table ? table->vector(2, 1) : std::nullopt;
  if (!compression || !tablePosition || !xml) {
    return damaged("found a header whose offsets lead out of it, expected a FlatBuffer");
  }
  if (*compression < 0 || *compression > 4) {
    return damaged(fmt::format("found the compression {}, expected 0 to 4", *compression));
  }
  Header header;
  header.packing = *compression == 0   ? Packing::None
                   : *compression <= 2 ? Packing::Lz4
                                       : Packing::Zstd;
  header.end = start + size;
  bool hasTable = *tablePosition >= 0 && bytes.has(static_cast<uint64_t>(*tablePosition), 0) &&
                  static_cast<uint64_t>(*tablePosition) >= header.end;
  header.packetsEnd = hasTable ? static_cast<uint64_t>(*tablePosition) : bytes.size();
  if (Status failed = chooseStream(buffer.text(xml->start, xml->count), header)) {
    return std::move(*failed);
  }
  return header;
}

static Status addEvents(Bytes body, uint64_t packetAt, const EventOptions &options,
                        EventList &list) {
  std::optional<FlatTable::Vector> events;
  Bytes buffer = body.part(4, body.size());
  if (body.has(0, 4) && body.little<uint32_t>(0) == body.size() - 4) {
    std::optional<FlatTable> table = FlatTable::root(buffer, "EVTS");
    events = table ? table->vector(0, 16) : std::nullopt;
  }
  if (!events) {
    return damaged(fmt::format("the packet at byte {} is not a list of events", packetAt));
  }
  if (events->count > options.mostEvents - list.events.size()) {
    return Error(Cause::Limit, fmt::format("found more than {}, expected at most so many",
                                           counted(options.mostEvents, "event")));
  }
  for (uint64_t i = 0; i < events->count; ++i) {
    uint64_t at = events->start + 16 * i;
    auto x = buffer.little<int16_t>(at + 8), y = buffer.little<int16_t>(at + 10);
    if (x < 0 || y < 0 || !list.holds(x, y)) {
      return Error(Cause::InputValue,
                   fmt::format("found an event at x {}, y {} in the packet at byte {}, expected a "
                               "sensor of {}x{} as the header says",
                               x, y, packetAt, list.width, list.height));
    }
    list.add({buffer.little<int64_t>(at), static_cast<uint16_t>(x), static_cast<uint16_t>(y),
              static_cast<uint8_t>(buffer[at + 12] != 0)});
  }
  return std::nullopt;
}

static Status addPacket(Bytes body, uint64_t packetAt, Packing packing, const EventOptions &options,
                        EventList &list) {
  if (packing == Packing::None) {
    return addEvents(body, packetAt, options, list);
  }
  // Events do not pack better than this; a frame that holds more was made to fill memory.
  constexpr uint64_t mostRatio = 64, least = 4096;
  uint64_t most = std::max(least, mostRatio * body.size());
  Result<std::vector<std::byte>> unpacked =
      packing == Packing::Lz4 ? unpackLz4(body, most) : unpackZstd(body, most);
  if (!unpacked) {
    return damaged(fmt::format("packet at byte {}: {}", packetAt, unpacked.error().message));
  }
  return addEvents(Bytes(*unpacked), packetAt, options, list);
}

Result<EventList> readAedat4(std::span<const std::byte> data, const EventOptions &options) {
  Bytes bytes(data);
  Result<Header> header = readHeader(bytes);
  if (!header) {
    return header.takeError();
  }
  Bytes packets = bytes.part(0, header->packetsEnd);
  uint64_t at = header->end;
  while (packets.has(at, 8)) {
    auto stream = packets.little<int32_t>(at), size = packets.little<int32_t>(at + 4);
    if (size < 0 || stream < 0) {
      return damaged(
          fmt::format("found a packet of stream {} with {} at byte {}, expected none below 0",
                      stream, counted(size, "byte"), at));
    }
    auto count = static_cast<uint64_t>(size);
    if (!packets.has(at + 8, count)) {
      break;
    }
    if (stream == header->stream) {
      if (Status failed =
              addPacket(packets.part(at + 8, count), at, header->packing, options, header->list)) {
        return std::move(*failed);
      }
    } else {
      ++header->list.skippedPackets;
    }
    at += 8 + count;
  }
  header->list.cutBytes = packets.size() - at;
  return std::move(header->list);
}

} // namespace nir
