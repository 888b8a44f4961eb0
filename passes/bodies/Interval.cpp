//===- Interval.cpp - ranges of whole numbers -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/bodies/Interval.h"

#include "llvm/Support/ErrorHandling.h"

using namespace nirc;

int nirc::neededBits(Interval range) {
  int bits = 1;
  while (!range.fits(bits)) {
    ++bits;
  }
  return bits;
}

Interval nirc::rangeOf(int bits, nir::Overflow overflow) {
  int64_t half = int64_t{1} << (bits - 1);
  switch (overflow) {
  case nir::Overflow::Saturate:
    return {-half + 1, half - 1};
  case nir::Overflow::Wrap:
    return {-half, half - 1};
  case nir::Overflow::WrapLoihi:
    return {-half + 1, half};
  }
  llvm_unreachable("all overflows are dealt with");
}
