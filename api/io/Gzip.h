//===- Gzip.h - compressed files --------------------------------*- C++ -*-===//
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

namespace nirc {

/// Whether the bytes begin as a gzip file does (RFC 1952).
bool isGzip(std::span<const std::byte> bytes);

/// What a gzip file holds, of all its members in a row. Its checksums are tested. Never more memory
/// than about `maxBytes` (a small file can hold a large one); more is an error, with `fix` as its
/// note.
nir::Result<std::vector<std::byte>> gunzip(std::span<const std::byte> bytes,
                                           const std::string &file, uint64_t maxBytes,
                                           const std::string &fix = {});

/// The first `count` bytes of what a gzip file holds, or fewer where it ends or is damaged.
std::vector<std::byte> gunzipHead(std::span<const std::byte> bytes, size_t count);

} // namespace nirc
