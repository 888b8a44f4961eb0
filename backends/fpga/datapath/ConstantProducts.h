//===- ConstantProducts.h - products as shifts and sums ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/Block.h"

#include <vector>

namespace nirc::fpga {

/// Which products with a constant stay products. A constant is a sum of signed powers of two, its
/// terms; t terms take t - 1 adders, of as many LUTs as the product has bits, and no multiplier.
/// One adder costs less than a multiplier is worth. A chain of them is slower than a DSP block, and
/// without such a block synthesis builds a product from more adders than there are terms. The
/// number of bits decides nothing: states have 16 to 32, for which one product takes one to four
/// blocks, and devices that lack them lack them at every width.
struct ProductRule {
  int mostTerms = 2;          ///< of a constant that is shifted and added on a device with DSPs
  bool hasMultipliers = true; ///< whether the device has DSPs; else all constants are

  /// Whether a product of `bits` with that constant is a sum of its terms.
  bool isSum(int64_t factor, int bits) const;
};

/// A term of a constant: + or - 2^shift.
struct SignedDigit {
  int shift = 0;
  bool isNegative = false;
  bool operator==(const SignedDigit &) const = default;
};

/// The canonical signed digits of a number modulo 2^64, from the lowest on: no two are neighbours,
/// and no sum of signed powers of two has fewer (Reitwiesner 1960,
/// doi:10.1016/S0065-2458(08)60610-5).
std::vector<SignedDigit> signedDigitsOf(int64_t number);

/// Replaces each `arith.muli` by a constant for which the rule says so. Of the same bits.
void expandConstantProducts(mlir::Block &block, const ProductRule &rule);

} // namespace nirc::fpga
