//===- FlatTable.h - a table of a FlatBuffer, checked -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/Bytes.h"

#include <optional>
#include <string_view>

namespace nir {

/// Reads the root table of a FlatBuffer, and checks each offset before it follows it. The format:
/// https://flatbuffers.dev/internals.
class FlatTable {
public:
  /// None where the buffer is damaged, or its identifier is another one.
  static std::optional<FlatTable> root(Bytes buffer, std::string_view identifier);

  /// The number in a slot, or `absent` where the table leaves it out. None where it is damaged.
  template <std::integral T>
  std::optional<T> number(uint32_t slot, T absent) const {
    std::optional<uint64_t> at = field(slot, sizeof(T));
    return !at ? std::nullopt : std::optional(*at ? buffer.little<T>(*at) : absent);
  }

  struct Vector {
    uint64_t start = 0, count = 0; ///< of its elements in the buffer
  };
  /// The vector or text in a slot, empty where the table leaves it out. None where it is damaged.
  std::optional<Vector> vector(uint32_t slot, uint64_t elementSize) const;

private:
  explicit FlatTable(Bytes buffer) : buffer(buffer) {}
  /// Where the field lies; 0 where the table leaves it out.
  std::optional<uint64_t> field(uint32_t slot, uint64_t size) const;

  Bytes buffer;
  uint64_t table = 0, tableSize = 0, slots = 0, slotCount = 0;
};

} // namespace nir
