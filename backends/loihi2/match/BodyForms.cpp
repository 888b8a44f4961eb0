//===- BodyForms.cpp - the forms of Loihi's arithmetic in a body ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/BodyForms.h"

#include "backends/loihi2/Limits.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

/// (x c + (2^k - 1 where that is negative)) >> k.
std::optional<std::vector<int64_t>> BodyForms::decayOf(Value value, Value state) {
  value = bare(value);
  if (value == state) {
    return std::vector<int64_t>(neurons(), wholeDecay);
  }
  constexpr int mostShift = 30;
  std::optional<Share> share = shareOf(value);
  if (!share || share->shift > mostShift) {
    return std::nullopt;
  }
  std::vector<int64_t> factors(neurons(), 1);
  Value product = bare(share->of);
  if (product != state) {
    auto mul = product.getDefiningOp<arith::MulIOp>();
    std::optional<std::vector<int64_t>> constant = mul ? constantOf(mul.getRhs()) : std::nullopt;
    if (!constant || bare(mul.getLhs()) != state) {
      return std::nullopt;
    }
    factors = *constant;
  }
  for (int64_t &factor : factors) {
    int64_t scaled = factor * wholeDecay;
    if (scaled % (int64_t{1} << share->shift) != 0) {
      return std::nullopt;
    }
    factor = scaled >> share->shift;
  }
  return factors;
}

Value BodyForms::wrappedBy(Value value) {
  auto high = bare(value).getDefiningOp<arith::SelectOp>();
  auto low = high ? high.getFalseValue().getDefiningOp<arith::SelectOp>() : nullptr;
  if (!low) {
    return {};
  }
  Value x = low.getFalseValue();
  auto above = high.getCondition().getDefiningOp<arith::CmpIOp>();
  auto below = low.getCondition().getDefiningOp<arith::CmpIOp>();
  auto less = high.getTrueValue().getDefiningOp<arith::SubIOp>();
  auto more = low.getTrueValue().getDefiningOp<arith::AddIOp>();
  bool isWrap = above && below && less && more && above.getLhs() == x && below.getLhs() == x &&
                less.getLhs() == x && more.getLhs() == x &&
                above.getPredicate() == arith::CmpIPredicate::sgt &&
                below.getPredicate() == arith::CmpIPredicate::sle &&
                isConstant(above.getRhs(), stateLimit) && isConstant(below.getRhs(), -stateLimit) &&
                isConstant(less.getRhs(), 2 * stateLimit) &&
                isConstant(more.getRhs(), 2 * stateLimit);
  return isWrap && of(less) && of(more) ? bare(x) : Value();
}
