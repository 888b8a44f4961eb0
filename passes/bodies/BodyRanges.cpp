//===- BodyRanges.cpp - the integers of a population's body ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/bodies/BodyRanges.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/Utils/InferIntRangeCommon.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

Value BodyRanges::bare(Value value) {
  while (Operation *def = value.getDefiningOp()) {
    if (!isa<arith::ExtSIOp>(def) && !(isa<arith::TruncIOp>(def) && of(value))) {
      break;
    }
    value = def->getOperand(0);
  }
  return value;
}

std::optional<std::vector<int64_t>> BodyRanges::constantOf(Value value) {
  if (!value.getType().isInteger()) {
    return std::nullopt;
  }
  while (auto cast = value.getDefiningOp<arith::ExtSIOp>()) {
    value = cast.getIn();
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned first = 1 + op.getStates().size();
    if (argument.getArgNumber() < first) {
      return std::nullopt;
    }
    auto values = cast<ElementsAttr>(op.getParams()[argument.getArgNumber() - first]);
    auto numbers = nir::doublesOf(values);
    std::vector<int64_t> whole(numbers.begin(), numbers.end());
    whole.resize(neurons(), whole.empty() ? 0 : whole.front()); // one may stand for all
    return whole;
  }
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : nullptr;
  return number ? std::optional(std::vector<int64_t>(neurons(), number.getInt())) : std::nullopt;
}

bool BodyRanges::isConstant(Value value, int64_t number) {
  std::optional<std::vector<int64_t>> constant = constantOf(value);
  return constant && llvm::all_of(*constant, [&](int64_t c) { return c == number; });
}

std::optional<BodyRanges::Share> BodyRanges::shareOf(Value value) {
  auto shift = value.getDefiningOp<arith::ShRSIOp>();
  auto sum = shift ? shift.getLhs().getDefiningOp<arith::AddIOp>() : nullptr;
  auto digits = sum ? sum.getRhs().getDefiningOp<arith::AndIOp>() : nullptr;
  auto sign = digits ? digits.getLhs().getDefiningOp<arith::ShRSIOp>() : nullptr;
  if (!sign || sign.getLhs() != sum.getLhs()) {
    return std::nullopt;
  }
  constexpr int64_t mostShift = 62;
  std::optional<std::vector<int64_t>> by = constantOf(shift.getRhs());
  if (!by || !llvm::all_equal(*by) || by->front() < 1 || by->front() > mostShift ||
      !isConstant(digits.getRhs(), (int64_t{1} << by->front()) - 1) ||
      !isConstant(sign.getRhs(), sign.getType().getIntOrFloatBitWidth() - 1) || !of(sum)) {
    return std::nullopt;
  }
  return Share{sum.getLhs(), static_cast<int>(by->front())};
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

static ConstantIntRanges signedRange(unsigned bits, int64_t least, int64_t most) {
  return ConstantIntRanges::fromSigned(APInt(bits, least, /*isSigned=*/true),
                                       APInt(bits, most, /*isSigned=*/true));
}

/// All that the type holds; of no bits where it is not one of integers.
static ConstantIntRanges everything(Type type) {
  APInt none = APInt::getZeroWidth();
  return type.isInteger() ? ConstantIntRanges::maxRange(type.getIntOrFloatBitWidth())
                          : ConstantIntRanges(none, none, none, none);
}

static Interval asInterval(const ConstantIntRanges &range) {
  return {range.smin().getSExtValue(), range.smax().getSExtValue()};
}

std::optional<Interval> BodyRanges::of(Value value) {
  const Known &found = know(value);
  return found.isExact ? std::optional(asInterval(found.range)) : std::nullopt;
}

Interval BodyRanges::boundsOf(Value value) {
  assert(value.getType().isInteger() && "only integers have bounds");
  return asInterval(know(value).range);
}

const BodyRanges::Known &BodyRanges::know(Value value) {
  if (auto found = known.find(value); found != known.end()) {
    return found->second;
  }
  constexpr int depth = 3; // of what a select's condition is carried into
  Known result{everything(value.getType())};
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    result = ofArgument(argument);
  } else if (value.getType().isInteger()) {
    Operation *def = value.getDefiningOp();
    if (Range range = ofOperation(def, [&](Value v) { return Range(know(v).range); }, depth)) {
      result.range = *range;
      result.isExact = isExact(def, *range);
    }
  }
  return known.try_emplace(value, std::move(result)).first->second;
}

BodyRanges::Known BodyRanges::ofArgument(BlockArgument argument) {
  Known unknown{everything(argument.getType())};
  if (!argument.getType().isInteger()) {
    return unknown;
  }
  Interval range{0, 0};
  unsigned number = argument.getArgNumber(), states = op.getStates().size();
  if (std::optional<std::vector<int64_t>> parameter = constantOf(argument)) {
    auto [least, most] = std::minmax_element(parameter->begin(), parameter->end());
    range = {*least, *most};
  } else if (number >= 1 && number <= states) {
    snn::IntegerRange of =
        snn::integerRange(cast<TypeAttr>((*op.getStateTypes())[number - 1]).getValue());
    range = {of.least, of.most};
  } else {
    for (Value input : op.getInputs()) {
      snn::IntegerRange of = snn::integerRange(input.getType());
      range = range + Interval{of.least, of.most};
    }
  }
  unsigned bits = argument.getType().getIntOrFloatBitWidth();
  return range.fits(bits) ? Known{signedRange(bits, range.least, range.most), true} : unknown;
}

/// The rule of an op in MLIR.
static std::optional<ConstantIntRanges> inferred(Operation *def,
                                                 ArrayRef<ConstantIntRanges> operands) {
  std::optional<ConstantIntRanges> range;
  if (auto rule = dyn_cast<InferIntRangeInterface>(def)) {
    rule.inferResultRanges(operands, [&](Value, const ConstantIntRanges &found) { range = found; });
  }
  return range;
}

BodyRanges::Range BodyRanges::ofOperation(Operation *def, Lookup operand, int depth) {
  if (isa<arith::SelectOp>(def)) {
    return ofSelect(def, operand, depth);
  }
  if (std::optional<Share> share = shareOf(def->getResult(0))) {
    Range y = operand(share->of);
    if (!y) {
      return std::nullopt;
    }
    auto divided = [&](const APInt &number) {
      APInt size = (number.isNegative() ? -number : number).lshr(share->shift);
      return number.isNegative() ? -size : size;
    };
    return ConstantIntRanges::fromSigned(divided(y->smin()), divided(y->smax()));
  }
  SmallVector<ConstantIntRanges> operands;
  for (Value value : def->getOperands()) {
    Range range = operand(value);
    if (!range) {
      return std::nullopt;
    }
    operands.push_back(*range);
  }
  std::optional<ConstantIntRanges> range = inferred(def, operands);
  return range ? range : everything(def->getResult(0).getType());
}

//===----------------------------------------------------------------------===//
// Selects
//===----------------------------------------------------------------------===//

/// x where x `predicate` y.
static std::optional<ConstantIntRanges>
limited(const ConstantIntRanges &x, arith::CmpIPredicate predicate, const ConstantIntRanges &y) {
  APInt least = x.smin(), most = x.smax();
  switch (predicate) {
  case arith::CmpIPredicate::sgt:
    if (y.smin().isMaxSignedValue()) {
      return std::nullopt;
    }
    least = llvm::APIntOps::smax(least, y.smin() + 1);
    break;
  case arith::CmpIPredicate::sge:
    least = llvm::APIntOps::smax(least, y.smin());
    break;
  case arith::CmpIPredicate::slt:
    if (y.smax().isMinSignedValue()) {
      return std::nullopt;
    }
    most = llvm::APIntOps::smin(most, y.smax() - 1);
    break;
  case arith::CmpIPredicate::sle:
    most = llvm::APIntOps::smin(most, y.smax());
    break;
  default:
    return x;
  }
  return least.sle(most) ? std::optional(ConstantIntRanges::fromSigned(least, most)) : std::nullopt;
}

/// The range of `value` where x is in `range`; all other values are as `otherwise` has them.
BodyRanges::Range BodyRanges::under(Value value, Value x, const ConstantIntRanges &range,
                                    Lookup otherwise, int depth) {
  if (value == x) {
    return range;
  }
  Operation *def = value.getDefiningOp();
  Range before = otherwise(value);
  if (!def || depth == 0 || !before || !value.getType().isInteger()) {
    return before;
  }
  Range now = ofOperation(
      def, [&](Value v) { return under(v, x, range, otherwise, depth - 1); }, depth - 1);
  if (!now) {
    return std::nullopt;
  }
  APInt least = llvm::APIntOps::smax(before->smin(), now->smin());
  APInt most = llvm::APIntOps::smin(before->smax(), now->smax());
  return least.sle(most) ? Range(ConstantIntRanges::fromSigned(least, most)) : std::nullopt;
}

/// Both arms, each with what the condition says of the number that it compares.
BodyRanges::Range BodyRanges::ofSelect(Operation *def, Lookup operand, int depth) {
  auto select = cast<arith::SelectOp>(def);
  auto test = select.getCondition().getDefiningOp<arith::CmpIOp>();
  auto arm = [&](Value value, bool holds) -> Range {
    if (!test) {
      return operand(value);
    }
    arith::CmpIPredicate predicate =
        holds ? test.getPredicate() : arith::invertPredicate(test.getPredicate());
    Range x = operand(test.getLhs()), y = operand(test.getRhs());
    x = x && y ? limited(*x, predicate, *y) : std::nullopt;
    return x ? under(value, test.getLhs(), *x, operand, depth) : std::nullopt;
  };
  Range a = arm(select.getTrueValue(), true), b = arm(select.getFalseValue(), false);
  return a && b ? Range(a->rangeUnion(*b)) : a ? a : b;
}

//===----------------------------------------------------------------------===//
// Overflow
//===----------------------------------------------------------------------===//

/// Whether an op whose operands are exact is exact: taken in twice as many bits it gives the same.
bool BodyRanges::isExact(Operation *def, const ConstantIntRanges &range) {
  auto operands = isa<arith::SelectOp>(def) ? def->getOperands().drop_front() : def->getOperands();
  SmallVector<ConstantIntRanges> wide;
  unsigned bits = range.smin().getBitWidth();
  for (Value operand : operands) {
    const Known &each = know(operand);
    if (!each.isExact) {
      return false;
    }
    unsigned width = each.range.smin().getBitWidth();
    wide.push_back(intrange::extSIRange(each.range, 2 * std::max(bits, width)));
  }
  auto same = [&](const ConstantIntRanges &whole) {
    unsigned width = whole.smin().getBitWidth();
    return whole.smin() == range.smin().sext(width) && whole.smax() == range.smax().sext(width);
  };
  return llvm::TypeSwitch<Operation *, bool>(def)
      .Case([&](arith::AddIOp) { return same(intrange::inferAdd(wide)); })
      .Case([&](arith::SubIOp) { return same(intrange::inferSub(wide)); })
      .Case([&](arith::MulIOp) { return same(intrange::inferMul(wide)); })
      .Case([&](arith::ShLIOp) {
        return wide[1].smin().isNonNegative() && wide[1].smax().ult(bits) &&
               same(intrange::inferShl(wide));
      })
      .Case([&](arith::ShRSIOp) {
        return wide[1].smin().isNonNegative() && wide[1].smax().ult(bits);
      })
      .Case([&](arith::TruncIOp) { return same(wide[0]); })
      .Case<arith::CeilDivSIOp, arith::FloorDivSIOp, arith::DivSIOp, arith::RemSIOp>(
          [&](Operation *) { return wide[1].smin().isStrictlyPositive(); })
      .Case<arith::ConstantOp, arith::ExtSIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp,
            arith::MaxSIOp, arith::MinSIOp, arith::SelectOp>([](Operation *) { return true; })
      .Default([](Operation *) { return false; });
}
