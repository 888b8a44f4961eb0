//===- Zip.h - the members of a zip, by libzip ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nir {

/// Whether the bytes start as a zip does, which a file of numpy.savez is.
bool isZip(std::span<const std::byte> bytes);

struct ZipMember {
  std::string name;
  std::vector<std::byte> bytes;
};

/// The names of all members, at most 1000, and what the first starts with.
struct ZipHead {
  std::vector<std::string> names;
  std::vector<std::byte> first; ///< at most 256 bytes
};
Result<ZipHead> zipHead(std::span<const std::byte> bytes);
/// The same of a file, of which no more is read than that takes.
Result<ZipHead> zipHead(const std::string &path);

/// All members, unpacked, of at most `most` bytes together. Their checksums are right.
Result<std::vector<ZipMember>> unzip(std::span<const std::byte> bytes, uint64_t most);

enum class ZipPacking { Stored, Deflated };

/// The members in one archive, all of one day, so that the same members give the same bytes;
/// packed, those of one zlib.
Result<std::vector<std::byte>> zipped(const std::vector<ZipMember> &members,
                                      ZipPacking packing = ZipPacking::Stored);

} // namespace nir
