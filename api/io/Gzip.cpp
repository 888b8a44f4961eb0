//===- Gzip.cpp - compressed files, by zlib -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Gzip.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <new>
#include <zlib.h>

namespace nirc {

bool isGzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte(0x1F) && bytes[1] == std::byte(0x8B);
}

namespace {
/// A stream of zlib that takes gzip and frees what it allocated.
struct Inflation {
  Inflation() {
    // 15: the largest window, which every file fits; 16 more: gzip, not zlib's own frame.
    if (inflateInit2(&stream, 15 + 16) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  Inflation(const Inflation &) = delete;
  Inflation &operator=(const Inflation &) = delete;
  ~Inflation() { inflateEnd(&stream); }

  z_stream stream{};
};
} // namespace

/// What zlib says of the stream, in the words of this project.
static nir::Error damaged(const Inflation &inflation, int code, size_t at) {
  if (code == Z_BUF_ERROR || code == Z_OK) {
    return nir::Error(
        nir::Cause::DamagedInput,
        fmt::format("the gzip file ends after {}, within its data", nir::counted(at, "byte")));
  }
  const char *why = inflation.stream.msg ? inflation.stream.msg : "unknown reason";
  return nir::Error(nir::Cause::DamagedInput,
                    fmt::format("the gzip file is damaged near byte {}: {}", at, why));
}

nir::Result<std::vector<std::byte>> gunzip(std::span<const std::byte> bytes,
                                           const std::string &file, uint64_t maxBytes,
                                           const std::string &fix) {
  constexpr size_t chunk = size_t(1) << 20; // zlib counts in 32 bits
  Inflation inflation;
  z_stream &stream = inflation.stream;
  std::vector<std::byte> out;
  size_t filled = 0, taken = 0;
  while (true) {
    if (filled == out.size()) {
      out.resize(std::min<uint64_t>(std::max(2 * out.size(), chunk), maxBytes + 1));
    }
    size_t room = std::min(out.size() - filled, chunk);
    size_t offered = std::min(bytes.size() - taken, chunk);
    // zlib's interface lacks the const that it keeps to.
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(bytes.data() + taken));
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef *>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(room);
    int code = inflate(&stream, Z_NO_FLUSH);
    taken += offered - stream.avail_in;
    filled += room - stream.avail_out;
    if (code != Z_OK && code != Z_STREAM_END) {
      return damaged(inflation, code, taken).in(file);
    }
    if (filled > maxBytes) {
      nir::Error error(nir::Cause::Limit, fmt::format("holds more than the limit of {}",
                                                      nir::counted(maxBytes, "byte")));
      if (!fix.empty()) {
        error.notes.push_back({{}, fix});
      }
      return std::move(error).in(file);
    }
    if (code == Z_STREAM_END) {
      if (taken == bytes.size()) {
        out.resize(filled);
        return out;
      }
      if (inflateReset(&stream) != Z_OK) {
        return damaged(inflation, Z_STREAM_ERROR, taken).in(file);
      }
    }
  }
}

std::vector<std::byte> gunzipHead(std::span<const std::byte> bytes, size_t count) {
  Inflation inflation;
  z_stream &stream = inflation.stream;
  std::vector<std::byte> out(count);
  constexpr size_t enough = size_t(1) << 16;
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min(bytes.size(), enough));
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(count);
  inflate(&stream, Z_NO_FLUSH); // what it has given counts, whatever comes after it
  out.resize(count - stream.avail_out);
  return out;
}

} // namespace nirc
