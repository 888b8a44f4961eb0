//===- CsvOrder.h - which column is which, by the values --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <array>
#include <string_view>

namespace nir {

/// The columns of a table without names, by EventColumn: t, x, y and p stand in columns [0], [1],
/// [2] and [3]. x comes before y; apart from that any order is possible. A time is sorted and
/// grows, a pixel is a whole number from 0 to 65535, and a polarity is 0 or 1, or -1 or 1, in all
/// lines. The order is the only one that fits all values; an error where none or several do.
/// `text`: the lines from the first event on, the first of number `firstLine`.
Result<std::array<size_t, 4>> csvColumnOrder(std::string_view text, uint64_t firstLine);

} // namespace nir
