//===- Half.h - numbers of 16 bits ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <bit>
#include <cstdint>

namespace nir {

/// IEEE 754's binary16 as its bits: a sign, 5 bits of exponent with bias 15, 10 bits of fraction.
/// Not every compiler has it as a type of its own: clang has no _Float16 for WebAssembly.
struct Half {
  uint16_t bits = 0;

  /// The nearest one; of two that are equally near the even one. What is 65520 or more becomes
  /// infinite, and a NaN stays one.
  static Half of(double value) {
    auto wide = std::bit_cast<uint64_t>(value);
    auto sign = static_cast<uint16_t>(wide >> 48 & 0x8000);
    auto exponent = static_cast<int>(wide >> 52 & 0x7ff) - 1023;
    uint64_t fraction = wide & ((uint64_t(1) << 52) - 1);
    if (exponent == 1024) {
      uint64_t quiet = fraction == 0 ? 0 : 0x200 | fraction >> 42;
      return {static_cast<uint16_t>(sign | 0x7c00 | quiet)};
    }
    if (exponent > 15) {
      return {static_cast<uint16_t>(sign | 0x7c00)};
    }
    if (exponent >= -14) {
      uint64_t whole = static_cast<uint64_t>(exponent + 15) << 52 | fraction;
      return {static_cast<uint16_t>(sign | shifted(whole, 42))};
    }
    // Below 2^-14 the fraction has its leading bit, and all have one exponent.
    int shift = 42 - 14 - exponent;
    uint64_t whole = shift > 53 ? 0 : shifted(fraction | uint64_t(1) << 52, shift);
    return {static_cast<uint16_t>(sign | whole)};
  }

  /// Exactly; a NaN is quiet.
  operator double() const {
    uint64_t sign = static_cast<uint64_t>(bits & 0x8000) << 48;
    uint64_t exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    if (exponent == 0) { // 0, and what is below 2^-14
      double value = static_cast<double>(fraction) * 0x1p-24;
      return sign != 0 ? -value : value;
    }
    uint64_t quiet = exponent == 31 && fraction != 0 ? uint64_t(1) << 51 : 0;
    uint64_t wide = exponent == 31 ? 0x7ff : exponent - 15 + 1023;
    return std::bit_cast<double>(sign | wide << 52 | fraction << 42 | quiet);
  }

private:
  /// value / 2^shift, rounded to the nearest whole number, ties to the even one. A carry goes into
  /// the exponent, which is then the right one.
  static uint64_t shifted(uint64_t value, int shift) {
    uint64_t rest = value & ((uint64_t(1) << shift) - 1), half = uint64_t(1) << (shift - 1);
    uint64_t whole = value >> shift;
    return whole + (rest > half || (rest == half && (whole & 1)) ? 1 : 0);
  }
};

static_assert(sizeof(Half) == 2);

} // namespace nir
