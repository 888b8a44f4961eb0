//===- ExpandBodies.cpp - ops of bodies that LLVM has in another form -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Ops of integers that neither LLVM nor C has, as those that both have: divisions that round down
// or up, and |x|. math.ctlz becomes LLVM's own, since what is left of `math` becomes calls of libm.
//
// What LLVM and C leave undefined gets the meaning that it has in the interpreter
// (dialects/snn/interpreter/InterpreterBody.cpp), since a network may come from outside: a division
// by 0 gives 0 and one by -1 wraps, a shift by the width or more shifts everything out, a float
// beyond an integer's range becomes its nearest end. Where the numbers are known to be harmless, as
// in all that quantize writes, nothing is added.

#include "backends/cpu/lower/Emitter.h"

#include "dialects/Elements.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

using namespace mlir;
using namespace nirc::cpu;

/// |x| = max(x, 0 - x), which is the lowest number for itself, as math.absi has it.
static LogicalResult expandAbsI(math::AbsIOp op, PatternRewriter &rewriter) {
  Value x = op.getOperand();
  Value zero = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getZeroAttr(x.getType()));
  Value negated = arith::SubIOp::create(rewriter, op.getLoc(), zero, x);
  rewriter.replaceOpWithNewOp<arith::MaxSIOp>(op, x, negated);
  return success();
}

static LogicalResult expandCtlz(math::CountLeadingZerosOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<LLVM::CountLeadingZerosOp>(op, op.getType(), op.getOperand(),
                                                         /*is_zero_poison=*/false);
  return success();
}

//===----------------------------------------------------------------------===//
// What is undefined
//===----------------------------------------------------------------------===//

/// Whether all that the value can be is known, and none of it `isHarmful`: of a constant, and of a
/// parameter.
static bool isHarmless(Value value, llvm::function_ref<bool(int64_t)> isHarmful) {
  while (auto wider = value.getDefiningOp<arith::ExtSIOp>()) {
    value = wider.getIn();
  }
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number))) {
    return !isHarmful(number.getSExtValue());
  }
  auto argument = dyn_cast<BlockArgument>(value);
  auto population =
      argument ? dyn_cast<snn::PopulationOp>(argument.getOwner()->getParentOp()) : nullptr;
  if (!population) {
    return false;
  }
  size_t first = 1 + population.getStates().size(), at = argument.getArgNumber();
  if (at < first) {
    return false;
  }
  auto values = cast<ElementsAttr>(population.getParams()[at - first]);
  return values.getElementType().isSignlessInteger() &&
         llvm::none_of(nir::numbersOf<int64_t>(values), isHarmful);
}

namespace {
/// Writes around one op.
struct Guard {
  Guard(Operation *op) : op(op), builder(op), loc(op->getLoc()) {}

  Value integer(Type type, const APInt &value) {
    return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, value));
  }
  Value integer(Type type, int64_t value) {
    return integer(type, APInt(type.getIntOrFloatBitWidth(), static_cast<uint64_t>(value),
                               /*isSigned=*/true, /*implicitTrunc=*/true));
  }
  Value is(arith::CmpIPredicate how, Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, how, a, b);
  }
  Value is(arith::CmpFPredicate how, Value a, Value b) {
    return arith::CmpFOp::create(builder, loc, how, a, b);
  }
  Value pick(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }

  void division(bool isSigned, bool isRest);
  void shift();
  void toInteger(bool isSigned);

private:
  /// What all who read the op read from now on, but for `made`, which is made of it.
  void replace(Value made, const SmallPtrSetImpl<Operation *> &own) {
    op->getResult(0).replaceAllUsesExcept(made, own);
  }

  Operation *op;
  OpBuilder builder;
  Location loc;
};
} // namespace

/// a / b with a divisor of 1 where b is 0 or -1, and then 0 or 0 - a.
void Guard::division(bool isSigned, bool isRest) {
  Value a = op->getOperand(0), b = op->getOperand(1);
  Type type = b.getType();
  Value zero = integer(type, 0), one = integer(type, 1);
  Value isZero = is(arith::CmpIPredicate::eq, b, zero), isMinus, isOdd = isZero;
  if (isSigned) {
    isMinus = is(arith::CmpIPredicate::eq, b, integer(type, -1));
    isOdd = arith::OrIOp::create(builder, loc, isZero, isMinus);
  }
  op->setOperand(1, pick(isOdd, one, b));
  builder.setInsertionPointAfter(op);
  Value result = op->getResult(0);
  SmallPtrSet<Operation *, 2> own;
  if (isRest) { // by 1 there is none
    return;
  }
  if (isMinus) {
    Value negated = arith::SubIOp::create(builder, loc, zero, a);
    result = pick(isMinus, negated, result);
    own.insert(result.getDefiningOp());
  }
  result = pick(isZero, zero, result);
  own.insert(result.getDefiningOp());
  replace(result, own);
}

/// A shift by at most the width less one; what was shifted further is 0, or the sign.
void Guard::shift() {
  Value by = op->getOperand(1);
  Type type = by.getType();
  Value last = integer(type, static_cast<int64_t>(type.getIntOrFloatBitWidth()) - 1);
  Value isFar = is(arith::CmpIPredicate::ugt, by, last);
  op->setOperand(1, pick(isFar, last, by));
  if (isa<arith::ShRSIOp>(op)) {
    return;
  }
  builder.setInsertionPointAfter(op);
  Value result = pick(isFar, integer(type, 0), op->getResult(0));
  SmallPtrSet<Operation *, 1> own{result.getDefiningOp()};
  replace(result, own);
}

/// Toward zero, of a float within the range; the nearest end of it for others, and 0 for NaN.
void Guard::toInteger(bool isSigned) {
  Value x = op->getOperand(0);
  Type type = op->getResult(0).getType();
  unsigned width = type.getIntOrFloatBitWidth();
  auto number = [&](double value) {
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(x.getType(), value));
  };
  // Powers of two, which every float has. Below -1 an unsigned number would be negative.
  double end = std::ldexp(1.0, static_cast<int>(isSigned ? width - 1 : width));
  Value isLow = isSigned ? is(arith::CmpFPredicate::OLT, x, number(-end))
                         : is(arith::CmpFPredicate::OLE, x, number(-1));
  Value isHigh = is(arith::CmpFPredicate::OGE, x, number(end));
  Value isNumber = is(arith::CmpFPredicate::ORD, x, x);
  Value isIn = pick(arith::OrIOp::create(builder, loc, isLow, isHigh),
                    integer(builder.getI1Type(), 0), isNumber);
  op->setOperand(0, pick(isIn, x, number(0)));
  builder.setInsertionPointAfter(op);
  APInt least = isSigned ? APInt::getSignedMinValue(width) : APInt::getMinValue(width);
  APInt most = isSigned ? APInt::getSignedMaxValue(width) : APInt::getMaxValue(width);
  Value result = pick(isLow, integer(type, least), op->getResult(0));
  SmallPtrSet<Operation *, 2> own{result.getDefiningOp()};
  result = pick(isHigh, integer(type, most), result);
  replace(result, own);
}

/// What may be undefined of the bodies' ops, with a meaning.
static void defineAll(snn::NetworkOp network) {
  auto divides = [](int64_t value) { return value == 0 || value == -1; };
  SmallVector<Operation *> ops;
  network.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    if (isa<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp, arith::CeilDivSIOp, arith::DivUIOp,
            arith::RemUIOp, arith::CeilDivUIOp>(op)) {
      bool isUnsigned = isa<arith::DivUIOp, arith::RemUIOp, arith::CeilDivUIOp>(op);
      if (!isHarmless(op->getOperand(1), divides)) {
        Guard(op).division(!isUnsigned, isa<arith::RemSIOp, arith::RemUIOp>(op));
      }
    } else if (isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(op)) {
      int64_t width = op->getOperand(1).getType().getIntOrFloatBitWidth();
      if (!isHarmless(op->getOperand(1), [&](int64_t by) { return by < 0 || by >= width; })) {
        Guard(op).shift();
      }
    } else if (isa<arith::FPToSIOp, arith::FPToUIOp>(op)) {
      Guard(op).toInteger(isa<arith::FPToSIOp>(op));
    }
  }
}

LogicalResult nirc::cpu::expandBodies(snn::NetworkOp network) {
  defineAll(network);
  SmallVector<Operation *> ops;
  network.walk([&](Operation *op) {
    if (isa<arith::FloorDivSIOp, arith::CeilDivSIOp, math::AbsIOp, math::CountLeadingZerosOp>(op)) {
      ops.push_back(op);
    }
  });
  if (ops.empty()) {
    return success();
  }
  RewritePatternSet patterns(network.getContext());
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  patterns.add(expandAbsI).add(expandCtlz);
  return applyOpPatternsGreedily(
      ops, std::move(patterns),
      GreedyRewriteConfig().setStrictness(GreedyRewriteStrictness::ExistingAndNewOps));
}
