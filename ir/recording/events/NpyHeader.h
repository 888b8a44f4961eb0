//===- NpyHeader.h - what stands before the elements of an array -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/events/Bytes.h"

namespace nir {

/// A walk over the text of the dict.
struct NpyText {
  std::string_view rest;

  bool take(std::string_view token) {
    size_t from = std::min(rest.find_first_not_of(" \n\r\t"), rest.size());
    if (!rest.substr(from).starts_with(token)) {
      return false;
    }
    rest.remove_prefix(from + token.size());
    return true;
  }
  std::optional<std::string_view> takeQuoted() {
    std::string_view quote = take("'") ? "'" : take("\"") ? "\"" : "";
    size_t end = quote.empty() ? rest.npos : rest.find(quote);
    if (end == rest.npos) {
      return std::nullopt;
    }
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return text;
  }
};

/// A file of NumPy with one dimension.
struct NpyHeader {
  NpyText descr;                 ///< from the value of the key 'descr' on
  uint64_t start = 0, count = 0; ///< of the elements
};
Result<NpyHeader> readNpyHeader(Bytes bytes);
/// Whether the elements, of so many bytes each, are there and end the file.
Status checkNpySize(Bytes bytes, const NpyHeader &header, uint64_t elementSize);

/// The type of a number, "<i8".
struct NpyNumber {
  char kind = 0; ///< 'b', 'i', 'u' or 'f'
  uint64_t size = 0;
  bool isBig = false;

  /// None where it is another type, or one of another size.
  static std::optional<NpyNumber> of(std::string_view dtype);
  /// The number at a byte; none where it is past int64. Of floats the bits.
  std::optional<int64_t> integerAt(Bytes bytes, uint64_t at) const;
  /// The same of any kind.
  double realAt(Bytes bytes, uint64_t at) const;
};

} // namespace nir
