//===- NpyHeader.cpp - what stands before the elements of an array --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A magic string, u8 major, u8 minor, the length of the header (u16, from version 2 on u32), the
// text of a Python dict, and the elements. Source:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/NpyHeader.h"

#include "ir/Wording.h"

#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace nir {

/// Where the value of a key starts: behind "'descr':".
static std::optional<NpyText> valueOf(std::string_view dict, std::string_view key) {
  for (std::string_view quote : {"'", "\""}) {
    std::string quoted = fmt::format("{}{}{}", quote, key, quote);
    size_t at = dict.find(quoted);
    if (at != dict.npos) {
      NpyText text{dict.substr(at + quoted.size())};
      return text.take(":") ? std::optional(text) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// "(3,)".
static std::optional<uint64_t> countIn(NpyText text) {
  size_t end = text.take("(") ? text.rest.find(')') : text.rest.npos;
  if (end == text.rest.npos) {
    return std::nullopt;
  }
  std::string_view inner = trimmed(text.rest.substr(0, end));
  if (inner.ends_with(',')) {
    inner.remove_suffix(1);
  }
  return integerIn<uint64_t>(trimmed(inner));
}

Result<NpyHeader> readNpyHeader(Bytes bytes) {
  if (!bytes.startsWith("\x93NUMPY")) {
    return Error(Cause::InputFormat, "expected '\\x93NUMPY' at the start of a .npy file");
  }
  bool isShort = bytes[6] < 2;
  uint64_t start = isShort ? 10 : 12;
  uint64_t length = isShort ? bytes.little<uint16_t>(8) : bytes.little<uint32_t>(8);
  if (!bytes.has(start, length)) {
    return Error(Cause::DamagedInput, fmt::format("found {}, expected a header of {}",
                                                  counted(bytes.size(), "byte"), length))
        .note("the file was cut: copy it again");
  }
  std::string_view dict = bytes.text(start, length);
  std::optional<NpyText> descr = valueOf(dict, "descr"), shape = valueOf(dict, "shape");
  if (!descr || !shape) {
    return Error(Cause::DamagedInput, "the header lacks 'descr' or 'shape', expected both");
  }
  std::optional<uint64_t> count = countIn(*shape);
  if (!count) {
    return Error(Cause::InputFormat, fmt::format("found the shape {}, expected one dimension, (N,)",
                                                 trimmed(shape->rest.substr(0, 30))));
  }
  return NpyHeader{*descr, start + length, *count};
}

Status checkNpySize(Bytes bytes, const NpyHeader &header, uint64_t elementSize) {
  uint64_t have = bytes.size() - header.start;
  if (elementSize == 0 || have / elementSize != header.count || have % elementSize != 0) {
    return Error(Cause::DamagedInput,
                 fmt::format("found {} of data, expected {} of {}", counted(have, "byte"),
                             counted(header.count, "element"), counted(elementSize, "byte")))
        .note("the file was cut: copy it again");
  }
  return std::nullopt;
}

std::optional<NpyNumber> NpyNumber::of(std::string_view dtype) {
  auto size = dtype.size() < 3 ? std::nullopt : integerIn<uint64_t>(dtype.substr(2));
  char kind = dtype.size() < 3 ? ' ' : dtype[1];
  bool isInteger = kind == 'b' || kind == 'i' || kind == 'u';
  bool fits = size && (*size == 2 || *size == 4 || *size == 8 || (isInteger && *size == 1));
  if (!fits || !(isInteger || kind == 'f')) {
    return std::nullopt;
  }
  return NpyNumber{kind, *size, dtype[0] == '>'};
}

std::optional<int64_t> NpyNumber::integerAt(Bytes bytes, uint64_t from) const {
  uint64_t value = 0;
  for (uint64_t i = 0; i < size; ++i) {
    value = value << 8 | bytes[from + (isBig ? i : size - 1 - i)];
  }
  if (kind == 'i') {
    uint64_t shift = 64 - 8 * size;
    return static_cast<int64_t>(value << shift) >> shift;
  }
  bool fits = kind == 'f' || value <= INT64_MAX;
  return fits ? std::optional(static_cast<int64_t>(value)) : std::nullopt;
}

/// IEEE's half: sign, 5 bits of exponent, 10 of fraction.
static double halfOf(uint64_t bits) {
  double sign = bits >> 15 & 1 ? -1.0 : 1.0;
  auto exponent = static_cast<int>(bits >> 10 & 31);
  auto fraction = static_cast<double>(bits & 1023);
  if (exponent == 31) {
    return fraction == 0.0 ? sign * INFINITY : NAN;
  }
  return exponent == 0 ? sign * std::ldexp(fraction, -24)
                       : sign * std::ldexp(1024.0 + fraction, exponent - 25);
}

double NpyNumber::realAt(Bytes bytes, uint64_t at) const {
  std::optional<int64_t> integer = integerAt(bytes, at);
  if (kind != 'f') {
    return integer ? static_cast<double>(*integer) : NAN;
  }
  auto bits = static_cast<uint64_t>(*integer);
  return size == 2   ? halfOf(bits)
         : size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits)))
                     : std::bit_cast<double>(bits);
}

} // namespace nir
