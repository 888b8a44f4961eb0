//===- NpyBytes.cpp - an array as numpy's file ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. A magic
// string, a version, the length of the header, and the header: the text of a Python dict.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/NpyBytes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

std::string npyBytes(const Tensor &tensor) {
  const Shape &shape = tensor.shape();
  size_t width = sizeOf(tensor.dtype());
  char kind = name(tensor.dtype()).front(); // b, i, u or f
  std::string header = fmt::format(
      "{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}{}), }}", width > 1 ? '<' : '|',
      kind, width, fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  header.append(63 - (10 + header.size()) % 64, ' '); // data starts at a multiple of 64
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char *>(tensor.bytes()), tensor.sizeInBytes());
  return bytes;
}

} // namespace nir
