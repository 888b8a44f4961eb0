//===- ConstantProducts.cpp - products as shifts and sums -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/ConstantProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"

#include <algorithm>

using namespace mlir;
using namespace nirc::fpga;

std::vector<SignedDigit> nirc::fpga::signedDigitsOf(int64_t number) {
  std::vector<SignedDigit> digits;
  // An odd number takes the digit that leaves a multiple of 4. Unsigned, as -2^63 has no negative.
  auto rest = static_cast<uint64_t>(number);
  for (int shift = 0; rest != 0 && shift < 64; ++shift) {
    if (rest & 1) {
      bool isNegative = (rest & 2) != 0 && shift < 63;
      digits.push_back({shift, isNegative});
      rest = isNegative ? rest + 1 : rest - 1;
    }
    rest = static_cast<uint64_t>(static_cast<int64_t>(rest) >> 1);
  }
  return digits;
}

/// The terms of a constant in a product of `bits`: those beyond them are 0 in it.
static std::vector<SignedDigit> termsOf(int64_t factor, int bits) {
  std::vector<SignedDigit> digits = signedDigitsOf(factor);
  std::erase_if(digits, [&](const SignedDigit &digit) { return digit.shift >= bits; });
  return digits;
}

bool ProductRule::isSum(int64_t factor, int bits) const {
  return !hasMultipliers || static_cast<int>(termsOf(factor, bits).size()) <= mostTerms;
}

/// The sum of the terms, in the bits of x: it begins with one that is added, if there is one.
static Value sumOf(OpBuilder &builder, Location loc, Value x, std::vector<SignedDigit> digits) {
  auto constant = [&](int64_t number) {
    return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(x.getType(), number));
  };
  auto shifted = [&](const SignedDigit &digit) -> Value {
    return digit.shift == 0 ? x : arith::ShLIOp::create(builder, loc, x, constant(digit.shift));
  };
  std::ranges::sort(digits, {}, [](const SignedDigit &digit) {
    return std::pair(digit.isNegative, digit.shift);
  });
  Value sum;
  for (const SignedDigit &digit : digits) {
    if (!sum && !digit.isNegative) {
      sum = shifted(digit);
      continue;
    }
    Value before = sum ? sum : constant(0), term = shifted(digit);
    sum = digit.isNegative ? arith::SubIOp::create(builder, loc, before, term).getResult()
                           : arith::AddIOp::create(builder, loc, before, term).getResult();
  }
  return sum ? sum : constant(0);
}

void nirc::fpga::expandConstantProducts(Block &block, const ProductRule &rule) {
  for (auto product : llvm::make_early_inc_range(block.getOps<arith::MulIOp>())) {
    APInt number;
    Value x = product.getLhs();
    if (!matchPattern(product.getRhs(), m_ConstantInt(&number))) {
      x = product.getRhs();
      if (!matchPattern(product.getLhs(), m_ConstantInt(&number))) {
        continue;
      }
    }
    std::optional<int64_t> factor = number.trySExtValue();
    int bits = static_cast<int>(number.getBitWidth());
    if (!factor || !rule.isSum(*factor, bits)) {
      continue;
    }
    OpBuilder builder(product);
    product.replaceAllUsesWith(sumOf(builder, product.getLoc(), x, termsOf(*factor, bits)));
    product.erase();
  }
}
