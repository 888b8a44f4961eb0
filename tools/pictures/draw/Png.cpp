//===- Png.cpp - pixels as PNG --------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Writers.h"

#include <zlib.h>

namespace nirc {

static std::string bigEndian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift);
  }
  return bytes;
}

static uint32_t checksum(const std::string &bytes) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// PNG (ISO/IEC 15948), 5.3: length, type, data, and the checksum of type and data.
static std::string chunk(const std::string &type, const std::string &data) {
  return bigEndian(static_cast<uint32_t>(data.size())) + type + data +
         bigEndian(checksum(type + data));
}

std::string pngOf(const Pixels &pixels) {
  std::string rows;
  for (int32_t y = 0; y < pixels.height; ++y) {
    rows += '\0'; // no filter
    for (int32_t x = 0; x < pixels.width; ++x) {
      Color color = pixels.colors[static_cast<size_t>(y) * static_cast<size_t>(pixels.width) +
                                  static_cast<size_t>(x)];
      rows += static_cast<char>(color.red);
      rows += static_cast<char>(color.green);
      rows += static_cast<char>(color.blue);
    }
  }
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef *>(packed.data()), &size,
            reinterpret_cast<const Bytef *>(rows.data()), rows.size(), Z_BEST_COMPRESSION);
  packed.resize(size);
  // Eight bits of red, green and blue; compression, filter and interlace as always.
  std::string header = bigEndian(static_cast<uint32_t>(pixels.width)) +
                       bigEndian(static_cast<uint32_t>(pixels.height)) +
                       std::string("\x08\x02\x00\x00\x00", 5);
  return std::string("\x89PNG\r\n\x1A\n") + chunk("IHDR", header) + chunk("IDAT", packed) +
         chunk("IEND", "");
}

} // namespace nirc
