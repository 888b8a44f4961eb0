//===- Writers.h - files of events, byte by byte ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/EventFormats.h"

#include <ostream>
#include <string>
#include <vector>

/// Writes the formats from their published descriptions, and shares no code with the readers.
namespace nir::events {

class Writer {
public:
  Writer &text(std::string_view text) {
    for (char c : text) {
      bytes.push_back(static_cast<std::byte>(c));
    }
    return *this;
  }
  Writer &little(int size, uint64_t value) {
    for (int i = 0; i < size; ++i) {
      bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
    return *this;
  }
  Writer &big(int size, uint64_t value) {
    for (int i = size - 1; i >= 0; --i) {
      bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
    return *this;
  }
  Writer &add(const Writer &other) {
    bytes.insert(bytes.end(), other.bytes.begin(), other.bytes.end());
    return *this;
  }

  std::vector<std::byte> bytes;
};

inline Writer aedat2(std::string_view chip) {
  Writer file;
  file.text("#!AER-DAT2.0\r\n# This is a raw AE data file - do not edit\r\n");
  file.text("# AEChip: ").text(chip).text("\r\n#End Of ASCII Header\r\n");
  return file;
}

inline Writer aedat3(std::string_view device = "DVS128") {
  Writer file;
  file.text("#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: ").text(device);
  file.text("\r\n#Start-Time: 2015-11-20 16:22:30\r\n#!END-HEADER\r\n");
  return file;
}

inline Writer aedat3Packet(int type, int eventSize, int turns, int number, int capacity) {
  Writer packet;
  packet.little(2, static_cast<uint64_t>(type)).little(2, 1);
  for (int word : {eventSize, 4, turns, capacity, number, number}) {
    packet.little(4, static_cast<uint64_t>(word));
  }
  return packet;
}

inline Writer &aedat3Event(Writer &file, bool valid, bool on, uint32_t x, uint32_t y, uint32_t t) {
  return file.little(4, uint64_t(valid) | uint64_t(on) << 1 | y << 2 | x << 17).little(4, t);
}

inline const std::string &aedat4Xml() {
  static const std::string xml =
      R"(<dv version="2.0"><node name="outInfo" path="/outInfo/">)"
      R"(<node name="0" path="/outInfo/0/"><attr key="typeIdentifier" type="string">EVTS</attr>)"
      R"(<node name="info" path="/outInfo/0/info/"><attr key="sizeX" type="int">346</attr>)"
      R"(<attr key="sizeY" type="int">260</attr></node></node>)"
      R"(<node name="2" path="/outInfo/2/"><attr key="typeIdentifier" type="string">IMUS</attr>)"
      R"(</node></node></dv>)";
  return xml;
}

/// The first line and the header: a table with three slots.
inline Writer aedat4(uint32_t compression, int64_t tablePosition = -1,
                     const std::string &xml = aedat4Xml()) {
  Writer header;
  header.little(4, 20).text("IOHE");
  header.little(2, 10).little(2, 20).little(2, 4).little(2, 8).little(2, 16).little(2, 0);
  header.little(4, 12).little(4, compression).little(8, static_cast<uint64_t>(tablePosition));
  header.little(4, 4).little(4, xml.size()).text(xml).little(1, 0);
  Writer file;
  file.text("#!AER-DAT4.0\r\n").little(4, header.bytes.size()).add(header);
  return file;
}

inline Writer aedat4Body(const std::vector<Event> &events) {
  Writer table;
  table.little(4, 16).text("EVTS").little(2, 6).little(2, 8).little(2, 4).little(2, 0);
  table.little(4, 8).little(4, 4).little(4, events.size());
  for (const Event &event : events) {
    table.little(8, static_cast<uint64_t>(event.microseconds)).little(2, event.x);
    table.little(2, event.y).little(1, event.polarity).little(3, 0);
  }
  Writer body;
  return body.little(4, table.bytes.size()).add(table);
}

inline Writer aedat4Packet(int32_t stream, const Writer &body) {
  Writer packet;
  packet.little(4, static_cast<uint64_t>(stream)).little(4, body.bytes.size());
  return packet.add(body);
}

/// One frame: a block that is stored, and one of literals alone.
inline Writer lz4(const Writer &body) {
  size_t half = body.bytes.size() / 2, rest = body.bytes.size() - half;
  Writer first, second;
  first.bytes.assign(body.bytes.begin(), body.bytes.begin() + static_cast<ptrdiff_t>(half));
  second.bytes.assign(body.bytes.begin() + static_cast<ptrdiff_t>(half), body.bytes.end());
  Writer block;
  if (rest < 15) {
    block.little(1, rest << 4);
  } else {
    block.little(1, 0xF0);
    for (rest -= 15; rest >= 255; rest -= 255) {
      block.little(1, 255);
    }
    block.little(1, rest);
  }
  block.add(second);
  Writer frame;
  frame.little(4, 0x184D2204).little(1, 0x40).little(1, 0x40).little(1, 0xC0);
  frame.little(4, half | 0x80000000U).add(first);
  return frame.little(4, block.bytes.size()).add(block).little(4, 0);
}

inline Writer raw(std::string_view lines) {
  Writer file;
  return file.text("% Date 2020-09-14 09:03:25\n").text(lines).text("% end\n");
}

inline Writer npy(std::string_view descr, size_t count, const Writer &data) {
  std::string dict = "{'descr': " + std::string(descr) + ", 'fortran_order': False, 'shape': (" +
                     std::to_string(count) + ",), }\n";
  Writer file;
  return file.text("\x93NUMPY")
      .little(1, 1)
      .little(1, 0)
      .little(2, dict.size())
      .text(dict)
      .add(data);
}

/// A plain array of one dimension.
inline Writer npyColumn(std::string_view dtype, size_t count, const Writer &data) {
  return npy("'" + std::string(dtype) + "'", count, data);
}

/// CRC-32 of a zip, bit by bit.
inline uint32_t crc32Of(const Writer &data) {
  uint32_t crc = ~0U;
  for (std::byte byte : data.bytes) {
    crc ^= std::to_integer<uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0U);
    }
  }
  return ~crc;
}

/// A zip of stored members: a header before each, a directory of all, and its end.
inline Writer zip(const std::vector<std::pair<std::string, Writer>> &members) {
  Writer file, directory;
  for (const auto &[name, data] : members) {
    Writer common; // version, flags, method, time, date, CRC, sizes, length of the name and extras
    common.little(2, 20).little(2, 0).little(2, 0).little(2, 0).little(2, 0x21);
    common.little(4, crc32Of(data)).little(4, data.bytes.size()).little(4, data.bytes.size());
    common.little(2, name.size()).little(2, 0);
    directory.text("PK\1\2").little(2, 20).add(common);
    directory.little(2, 0).little(2, 0).little(2, 0).little(4, 0).little(4, file.bytes.size());
    directory.text(name);
    file.text("PK\3\4").add(common).text(name).add(data);
  }
  uint64_t at = file.bytes.size();
  file.add(directory).text("PK\5\6").little(4, 0);
  file.little(2, members.size()).little(2, members.size()).little(4, directory.bytes.size());
  return file.little(4, at).little(2, 0);
}

} // namespace nir::events

namespace nir {
inline void PrintTo(const Event &event, std::ostream *out) {
  *out << event.microseconds << " us, x " << event.x << ", y " << event.y << ", p "
       << int(event.polarity);
}
} // namespace nir
