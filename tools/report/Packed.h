//===- Packed.h - arrays of numbers in JSON ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace nirc {

/// An array as JSON holds it without making each number a word:
/// {"type": "u8" | "u16" | "u32" | "f32", "size", "data"}. `data` is base64 of zlib's format
/// (RFC 1950) of the bytes in planes: the lowest byte of every number, then the next of every one,
/// little-endian. So neighbours that are alike become runs. web/report/unpack.js reads it. The same
/// numbers give the same text with one version of zlib.

/// In the narrowest type that holds all of them.
Json packed(std::span<const uint32_t> numbers);
Json packed(std::span<const float> numbers);
/// Bytes, as u8.
Json packed(std::string_view bytes);

} // namespace nirc
