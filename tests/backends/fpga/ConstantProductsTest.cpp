//===- ConstantProductsTest.cpp - products as shifts and sums -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/ConstantProducts.h"

#include "tests/backends/fpga/Bodies.h"

using namespace nirc::fpga;
using namespace nirc::fpga::test;
using nir::test::Random;

namespace {

/// "+2^4 -2^0"
std::string digitsOf(int64_t number) {
  std::string text;
  for (const SignedDigit &digit : signedDigitsOf(number)) {
    text = fmt::format("{}2^{}{}{}", digit.isNegative ? "-" : "+", digit.shift,
                       text.empty() ? "" : " ", text);
  }
  return text;
}

TEST(ConstantProducts, DigitsAreCanonical) {
  EXPECT_EQ(digitsOf(0), "");
  EXPECT_EQ(digitsOf(1), "+2^0");
  EXPECT_EQ(digitsOf(15), "+2^4 -2^0");
  EXPECT_EQ(digitsOf(-15), "-2^4 +2^0");
  EXPECT_EQ(digitsOf(11), "+2^4 -2^2 -2^0");
  EXPECT_EQ(digitsOf(61604), "+2^16 -2^12 +2^7 +2^5 +2^2");
}

TEST(ConstantProducts, DigitsAddUpAndHaveNoNeighbours) {
  Random random(1);
  for (int run = 0; run < 2000; ++run) {
    auto bits = random.between(1, 64);
    int64_t number = random.between(INT64_MIN / 2, INT64_MAX / 2) >> (64 - bits);
    number = run == 0 ? INT64_MIN : run == 1 ? INT64_MAX : number;
    uint64_t sum = 0;
    int before = -2;
    for (const SignedDigit &digit : signedDigitsOf(number)) {
      uint64_t power = uint64_t{1} << digit.shift;
      sum += digit.isNegative ? 0 - power : power;
      EXPECT_GT(digit.shift, before + 1) << number;
      before = digit.shift;
    }
    ASSERT_EQ(sum, static_cast<uint64_t>(number));
  }
}

/// x * factor in `bits`, after the rule: the products that are left, the sums, and whether random x
/// give the product.
struct Expanded {
  int products = 0, sums = 0;
  bool operator==(const Expanded &) const = default;
};
void PrintTo(const Expanded &found, std::ostream *out) {
  *out << found.products << " products, " << found.sums << " sums";
}

Expanded expanded(int64_t factor, unsigned bits, const ProductRule &rule, bool swapped = false) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<mlir::arith::ArithDialect, mlir::func::FuncDialect>();
  mlir::OpBuilder builder(&context);
  mlir::Type type = builder.getIntegerType(bits);
  mlir::Location loc = builder.getUnknownLoc();
  mlir::OwningOpRef<mlir::func::FuncOp> function =
      mlir::func::FuncOp::create(loc, "f", builder.getFunctionType({type}, {type}));
  mlir::Block *block = function->addEntryBlock();
  builder.setInsertionPointToStart(block);
  mlir::Value c = mlir::arith::ConstantOp::create(
      builder, loc, builder.getIntegerAttr(type, llvm::APInt(64, factor, true).trunc(bits)));
  mlir::Value x = block->getArgument(0);
  mlir::Value product = mlir::arith::MulIOp::create(builder, loc, swapped ? c : x, swapped ? x : c);
  mlir::func::ReturnOp::create(builder, loc, product);
  expandConstantProducts(*block, rule);
  Random random(factor);
  for (int run = 0; run < 50; ++run) {
    int64_t number = random.between(INT32_MIN, INT32_MAX);
    int64_t want = llvm::APInt(64, number * factor, true).trunc(bits).getSExtValue();
    EXPECT_EQ(Evaluator(*function)({number}), std::vector{want}) << number << " * " << factor;
  }
  Expanded found;
  function->walk([&](mlir::arith::MulIOp) { ++found.products; });
  function->walk([&](mlir::arith::AddIOp) { ++found.sums; });
  function->walk([&](mlir::arith::SubIOp) { ++found.sums; });
  return found;
}

TEST(ConstantProducts, FollowTheRule) {
  EXPECT_EQ(expanded(11, 20, {2, true}), (Expanded{1, 0})) << "three terms";
  EXPECT_EQ(expanded(11, 20, {3, true}), (Expanded{0, 2}));
  EXPECT_EQ(expanded(11, 20, {3, true}, true), (Expanded{0, 2})) << "the constant is first";
  EXPECT_EQ(expanded(12, 20, {2, true}), (Expanded{0, 1}));
  EXPECT_EQ(expanded(64, 20, {1, true}), (Expanded{0, 0}));
  EXPECT_EQ(expanded(61604, 40, {2, false}), (Expanded{0, 4})) << "there is no multiplier";
  EXPECT_EQ(expanded(-61604, 40, {2, false}), (Expanded{0, 4}));
  EXPECT_EQ(expanded(-4, 20, {2, true}), (Expanded{0, 1}));
  EXPECT_EQ(expanded(0, 20, {2, true}), (Expanded{0, 0}));
  EXPECT_EQ(expanded(1664525, 16, {2, false}).products, 0) << "what is beyond the width is 0";
}

TEST(ConstantProducts, AreTheSameNumbers) {
  Random random(2);
  for (int run = 0; run < 300; ++run) {
    auto factor = random.between(-(1 << 24), 1 << 24) >> random.below(24);
    auto bits = static_cast<unsigned>(random.between(2, 60));
    EXPECT_EQ(expanded(factor, bits, {0, false}).products, 0);
    ASSERT_FALSE(HasFailure()) << factor << " in " << bits << " bits";
  }
}

} // namespace
