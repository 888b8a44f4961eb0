//===- Rest.cpp - neurons that stay at rest without input -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// RealInterval arithmetic over the body of a population, so that one pass over it speaks for all of
// its neurons. Rounding is monotone: the bounds of a sum or product are those of the rounded
// numbers.

#include "passes/bodies/Rest.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace nirc;

namespace {

/// All values of all neurons lie from low to high; a truth value is 0 or 1. NaN is in no interval
/// but `anything`.
struct RealInterval {
  double low = -INFINITY, high = INFINITY;
  bool isOnly(double value) const { return low == value && high == value; }
};

constexpr RealInterval anything, eitherTruth{0.0, 1.0}, zero{0.0, 0.0}, always{1.0, 1.0};

using Intervals = llvm::DenseMap<Value, RealInterval>;

} // namespace

/// The interval of these corners; of anything where one is NaN.
static RealInterval hull(std::initializer_list<double> corners) {
  bool isNumber = std::none_of(corners.begin(), corners.end(), [](double x) { return x != x; });
  return isNumber ? RealInterval{std::min(corners), std::max(corners)} : anything;
}

static RealInterval ofValues(ElementsAttr values) {
  auto numbers = nir::doublesOf(values);
  bool isFinite = llvm::all_of(numbers, [](double x) { return std::isfinite(x); });
  return numbers.empty() || !isFinite
             ? anything
             : RealInterval{*llvm::min_element(numbers), *llvm::max_element(numbers)};
}

static RealInterval multiply(RealInterval a, RealInterval b) {
  return hull({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
}

static RealInterval divide(RealInterval a, RealInterval b) {
  bool mayBeZero = b.low <= 0.0 && b.high >= 0.0;
  return mayBeZero ? anything
                   : hull({a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high});
}

/// a > b, or a >= b; other tests are not written in bodies.
static RealInterval compare(arith::CmpFPredicate predicate, RealInterval a, RealInterval b) {
  bool orEqual = predicate == arith::CmpFPredicate::OGE;
  if (predicate != arith::CmpFPredicate::OGT && !orEqual) {
    return eitherTruth;
  }
  if (orEqual ? a.low >= b.high : a.low > b.high) {
    return always;
  }
  return (orEqual ? a.high < b.low : a.high <= b.low) ? zero : eitherTruth;
}

static RealInterval select(RealInterval condition, RealInterval a, RealInterval b) {
  if (condition.isOnly(0.0)) {
    return b;
  }
  return condition.isOnly(1.0) ? a : RealInterval{std::min(a.low, b.low), std::max(a.high, b.high)};
}

static RealInterval evaluate(Operation &op, const Intervals &known) {
  auto at = [&](unsigned i) { return known.lookup(op.getOperand(i)); };
  return llvm::TypeSwitch<Operation *, RealInterval>(&op)
      .Case([&](arith::ConstantOp constant) {
        auto number = dyn_cast<FloatAttr>(constant.getValue());
        double value = number ? number.getValueAsDouble() : NAN;
        return hull({value, value});
      })
      .Case([&](arith::AddFOp) { return hull({at(0).low + at(1).low, at(0).high + at(1).high}); })
      .Case([&](arith::SubFOp) { return hull({at(0).low - at(1).high, at(0).high - at(1).low}); })
      .Case([&](arith::NegFOp) { return hull({-at(0).high, -at(0).low}); })
      .Case([&](arith::MulFOp) { return multiply(at(0), at(1)); })
      .Case([&](arith::DivFOp) { return divide(at(0), at(1)); })
      .Case([&](arith::MaximumFOp) {
        return hull({std::max(at(0).low, at(1).low), std::max(at(0).high, at(1).high)});
      })
      .Case([&](arith::CmpFOp test) { return compare(test.getPredicate(), at(0), at(1)); })
      .Case([&](arith::AndIOp) {
        return RealInterval{std::min(at(0).low, at(1).low), std::min(at(0).high, at(1).high)};
      })
      .Case([&](arith::SelectOp) { return select(at(0), at(1), at(2)); })
      .Default([&](Operation *other) {
        bool isTruth = other->getResult(0).getType().isInteger(1);
        return isTruth ? eitherTruth : anything;
      });
}

bool nirc::staysAtRest(snn::PopulationOp population) {
  Block &body = population.getBody().front();
  Intervals known;
  size_t first = 1 + population.getStates().size(); // before the parameters: u and the states
  for (BlockArgument argument : body.getArguments()) {
    size_t number = argument.getArgNumber();
    known[argument] = number < first
                          ? zero
                          : ofValues(cast<ElementsAttr>(population.getParams()[number - first]));
  }
  for (Operation &op : body.without_terminator()) {
    if (op.getNumResults() != 1) {
      return false;
    }
    known[op.getResult(0)] = evaluate(op, known);
  }
  auto yield = cast<snn::YieldOp>(body.getTerminator());
  return llvm::all_of(yield.getValues(),
                      [&](Value value) { return known.lookup(value).isOnly(0.0); });
}
