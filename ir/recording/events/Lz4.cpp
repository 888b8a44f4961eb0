//===- Lz4.cpp - LZ4 frames, unpacked -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A frame: u32 magic; a byte of flags (7..6 version 1, 4 checksums of blocks, 3 size of the
// content, 0 a dictionary); a byte with the largest block; the size, u64, where flagged; a byte of
// checksum; blocks; u32 0. A block: u32 size, whose highest bit says that it is stored as it is;
// its bytes; a checksum of 4 bytes where flagged.
//
// A packed block is a row of sequences: a byte with the count of literals (7..4) and of bytes to
// repeat less 4 (3..0), where 15 goes on in the next bytes; the literals; u16 how far back to
// repeat from. The last sequence ends with its literals. Blocks repeat what blocks before them
// hold. Source: lz4_Frame_format.md and lz4_Block_format.md of github.com/lz4/lz4.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Lz4.h"

#include "ir/Wording.h"

#include <fmt/format.h>

namespace nir {

/// A count of 4 bits, which goes on in the bytes at `at` where it is 15. None past the end.
static std::optional<uint64_t> countAt(Bytes block, uint64_t &at, uint64_t count) {
  if (count < 15) {
    return count;
  }
  uint8_t more = 255;
  while (more == 255) {
    if (!block.has(at, 1)) {
      return std::nullopt;
    }
    more = block[at++];
    count += more;
  }
  return count;
}

static void append(Bytes bytes, std::vector<std::byte> &out) {
  for (uint64_t i = 0; i < bytes.size(); ++i) {
    out.push_back(std::byte(bytes[i]));
  }
}

/// Appends what a packed block holds. False where it is damaged or holds too much.
static bool unpackBlock(Bytes block, uint64_t most, std::vector<std::byte> &out) {
  uint64_t at = 0;
  while (block.has(at, 1)) {
    uint8_t token = block[at++];
    std::optional<uint64_t> literals = countAt(block, at, token >> 4);
    if (!literals || !block.has(at, *literals) || *literals > most - out.size()) {
      return false;
    }
    append(block.part(at, *literals), out);
    at += *literals;
    if (at == block.size()) {
      return true;
    }
    auto back = block.little<uint16_t>(at);
    bool hasBack = block.has(at, 2);
    at += 2;
    std::optional<uint64_t> repeated = countAt(block, at, token & 0xF);
    if (!hasBack || !repeated || back == 0 || back > out.size() ||
        *repeated + 4 > most - out.size()) {
      return false;
    }
    for (uint64_t i = 0; i < *repeated + 4; ++i) {
      out.push_back(out[out.size() - back]);
    }
  }
  return block.size() == 0;
}

Result<std::vector<std::byte>> unpackLz4(Bytes frame, uint64_t most) {
  constexpr uint32_t magic = 0x184D2204;
  uint8_t flags = frame[4];
  if (frame.little<uint32_t>(0) != magic || flags >> 6 != 1) {
    return Error(Cause::InputFormat, "expected an LZ4 frame");
  }
  if ((flags & 1) != 0) {
    return Error(Cause::InputFormat,
                 "found an LZ4 frame that needs a dictionary, expected one without");
  }
  bool hasSize = (flags >> 3 & 1) != 0;
  uint64_t checksum = (flags >> 4 & 1) != 0 ? 4 : 0;
  uint64_t at = 4 + 2 + (hasSize ? 8 : 0) + 1;
  std::vector<std::byte> out;
  while (frame.has(at, 4)) {
    auto word = frame.little<uint32_t>(at);
    uint64_t size = word & 0x7FFFFFFFU;
    at += 4;
    if (word == 0) {
      return out;
    }
    bool isStored = word >> 31 != 0;
    if (!frame.has(at, size + checksum) || (isStored && size > most - out.size()) ||
        (!isStored && !unpackBlock(frame.part(at, size), most, out))) {
      return Error(
          Cause::DamagedInput,
          fmt::format("found a damaged LZ4 block at byte {} of a frame, or more than {} in it", at,
                      counted(most, "byte")));
    }
    if (isStored) {
      append(frame.part(at, size), out);
    }
    at += size + checksum;
  }
  return Error(Cause::DamagedInput, "found the end of an LZ4 frame at byte " +
                                        std::to_string(frame.size()) + ", expected its last block");
}

} // namespace nir
