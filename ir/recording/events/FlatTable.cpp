//===- FlatTable.cpp - a table of a FlatBuffer, checked -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/FlatTable.h"

namespace nir {

std::optional<FlatTable> FlatTable::root(Bytes buffer, std::string_view identifier) {
  if (buffer.text(4, 4) != identifier) {
    return std::nullopt;
  }
  FlatTable table(buffer);
  table.table = buffer.little<uint32_t>(0);
  if (!buffer.has(table.table, 4)) {
    return std::nullopt;
  }
  // The table starts with the way back to its list of slots: u16 size of the list, u16 size of the
  // table, and for each slot the offset of its field in the table.
  int64_t list = static_cast<int64_t>(table.table) - buffer.little<int32_t>(table.table);
  if (list < 0 || !buffer.has(static_cast<uint64_t>(list), 4)) {
    return std::nullopt;
  }
  auto start = static_cast<uint64_t>(list);
  auto listSize = buffer.little<uint16_t>(start);
  table.tableSize = buffer.little<uint16_t>(start + 2);
  if (listSize < 4 || listSize % 2 != 0 || !buffer.has(start, listSize) ||
      !buffer.has(table.table, table.tableSize)) {
    return std::nullopt;
  }
  table.slots = start + 4;
  table.slotCount = (listSize - 4) / 2;
  return table;
}

std::optional<uint64_t> FlatTable::field(uint32_t slot, uint64_t size) const {
  uint64_t offset = slot < slotCount ? buffer.little<uint16_t>(slots + uint64_t(2) * slot) : 0;
  if (offset == 0) {
    return 0;
  }
  if (offset < 4 || offset + size > tableSize) {
    return std::nullopt;
  }
  return table + offset;
}

std::optional<FlatTable::Vector> FlatTable::vector(uint32_t slot, uint64_t elementSize) const {
  std::optional<uint64_t> at = field(slot, 4);
  if (!at || *at == 0) {
    return at ? std::optional(Vector{}) : std::nullopt;
  }
  uint64_t start = *at + buffer.little<uint32_t>(*at);
  uint64_t count = buffer.little<uint32_t>(start);
  if (!buffer.has(start, 4) || !buffer.has(start + 4, count * elementSize)) {
    return std::nullopt;
  }
  return Vector{start + 4, count};
}

} // namespace nir
