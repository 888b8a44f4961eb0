//===- QuantizeTerms.cpp - a neuron's arithmetic, operation by operation --===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/QuantizeBody.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

StringRef BodyQuantizer::nameOf(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  unsigned first = 1 + stateCount();
  if (argument && argument.getArgNumber() >= first) {
    return cast<StringAttr>(op.getParamNames()[argument.getArgNumber() - first]).getValue();
  }
  return "constant";
}

Fixed BodyQuantizer::wholeConstant(const PerNeuron &real, const PerNeuron &scale, int step,
                                   StringRef name) {
  PerNeuron units = real / scale;
  if (format.states == nir::StateArithmetic::Integer) {
    auto whole = [&](double x) {
      double most = 2147483647.0;
      return std::clamp(static_cast<double>(roundedTo(x / step, format.constants)) * step, -most,
                        most);
    };
    units = map(whole, units);
  }
  return fixed->constant(units, scale, name);
}

/// Counts the thresholds that are 0 in their integers.
void BodyQuantizer::noteVanished(const PerNeuron &threshold, const PerNeuron &scale) {
  vanished = 0;
  for (int64_t n = 0; n < neurons.count; ++n) {
    double units = threshold[n] / scale[n] / format.thresholdStep;
    vanished += threshold[n] != 0 && roundedTo(units, format.constants) == 0;
  }
}

/// What is added to a state in every step.
Fixed BodyQuantizer::bias(const PerNeuron &real, const PerNeuron &scale, StringRef name) {
  if (format.biasBits == 0 || format.states != nir::StateArithmetic::Integer) {
    return wholeConstant(real, scale, 1, name);
  }
  auto shorten = [&](double x) {
    return static_cast<double>(roundedToBits(roundedTo(x, format.constants), format.biasBits));
  };
  return fixed->constant(map(shorten, real / scale), scale, name);
}

/// The value in that scale, of that state or -1.
Fixed BodyQuantizer::number(Value value, const PerNeuron &scale, int state) {
  if (std::optional<PerNeuron> constant = constantOf(value)) {
    return wholeConstant(*constant, scale, 1, nameOf(value));
  }
  const Term &term = terms[value];
  Fixed x = *term.number;
  bool decays = state >= 0 && term.atom == state + 1;
  StringRef name = decays ? "keep" : "factor";
  Fixed out = x.scale == scale ? x : fixed->inScale(x, scale, decays, name);
  // What drives a membrane is a current, whether or not it is a state.
  if (state >= 0 && planned[state].isMembrane && term.atom == 0) {
    return fixed->bounded(out, format.stateBits, format.currentOverflow);
  }
  return out;
}

/// The value in the scale that it has.
Fixed BodyQuantizer::operand(Value value) { return *terms[value].number; }

/// Whether others than sums of the same state read this sum: it is then brought into its range.
bool BodyQuantizer::isRoot(Operation *def) {
  int state = targets.lookup_or(def->getResult(0), -1);
  return state >= 0 && llvm::any_of(def->getUsers(), [&](Operation *user) {
           return !isa<arith::AddFOp, arith::SubFOp>(user) ||
                  targets.lookup_or(user->getResult(0), -1) != state;
         });
}

BodyQuantizer::Term BodyQuantizer::sum(Operation *def, bool minus) {
  Value a = def->getOperand(0), b = def->getOperand(1);
  int state = targets.lookup_or(def->getResult(0), -1);
  PerNeuron scale = state >= 0 ? planned[state].scale : operand(constantOf(a) ? b : a).scale;
  Fixed left = number(a, scale, state);
  std::optional<PerNeuron> added = constantOf(b);
  Fixed out = left; // 0 is not added
  if (!added || !added->is(0)) {
    Fixed right = added && state >= 0 ? bias(*added, scale, nameOf(b)) : number(b, scale, state);
    out = minus ? fixed->sub(left, right) : fixed->add(left, right);
  }
  if (isRoot(def)) {
    nir::Overflow overflow =
        planned[state].isMembrane ? format.membraneOverflow : format.currentOverflow;
    reached[state] = reached[state] || !out.range.isWithin(rangeOf(format.stateBits, overflow));
    out = fixed->bounded(out, format.stateBits, overflow);
  }
  return {out, {}, {}};
}

/// A product with a constant is the same integer in another scale.
BodyQuantizer::Term BodyQuantizer::product(Operation *def) {
  bool first = constantOf(def->getOperand(0)).has_value();
  PerNeuron factor = *constantOf(def->getOperand(first ? 0 : 1));
  Value other = def->getOperand(first ? 1 : 0);
  Fixed x = operand(other);
  x.scale = x.scale * factor;
  auto argument = dyn_cast<BlockArgument>(other);
  return {x, {}, {}, argument ? static_cast<int>(argument.getArgNumber()) : -1};
}

BodyQuantizer::Term BodyQuantizer::comparison(arith::CmpFOp compare) {
  arith::CmpIPredicate predicate = arith::CmpIPredicate::sgt;
  switch (compare.getPredicate()) {
  case arith::CmpFPredicate::OGT:
    break;
  case arith::CmpFPredicate::OGE:
    predicate = arith::CmpIPredicate::sge;
    break;
  case arith::CmpFPredicate::OLT:
    predicate = arith::CmpIPredicate::slt;
    break;
  default:
    predicate = arith::CmpIPredicate::sle;
    break;
  }
  Value a = compare.getLhs(), b = compare.getRhs();
  std::optional<PerNeuron> constant = constantOf(b);
  Fixed left = operand(a);
  Fixed right = constant ? wholeConstant(*constant, left.scale, format.thresholdStep, nameOf(b))
                         : number(b, left.scale, -1);
  if (constant && format.states == nir::StateArithmetic::Integer) {
    noteVanished(*constant, left.scale);
  }
  Term out;
  out.truth = fixed->compared(predicate, left, right);
  return out;
}

BodyQuantizer::Term BodyQuantizer::selection(arith::SelectOp select) {
  Value a = select.getTrueValue(), b = select.getFalseValue();
  int state = targets.lookup_or(select.getResult(), -1);
  PerNeuron scale = 1.0;
  if (state >= 0) {
    scale = planned[state].scale;
  } else if (!constantOf(a) || !constantOf(b)) {
    scale = operand(constantOf(a) ? b : a).scale;
  }
  Fixed x = number(a, scale, state), y = number(b, scale, state);
  // Where v is not above its threshold it is at most that.
  auto compare = select.getCondition().getDefiningOp<arith::CmpFOp>();
  std::optional<PerNeuron> limit =
      compare && compare.getLhs() == b ? constantOf(compare.getRhs()) : std::nullopt;
  if (limit && (compare.getPredicate() == arith::CmpFPredicate::OGT ||
                compare.getPredicate() == arith::CmpFPredicate::OGE)) {
    int64_t most =
        roundedTo((*limit / y.scale).largest(), nir::Rounding::Floor) + format.thresholdStep;
    y.range.most = std::clamp(most, y.range.least, y.range.most);
  }
  return {fixed->selected(terms[select.getCondition()].truth, x, y), {}, {}};
}

BodyQuantizer::Term BodyQuantizer::maximum(Operation *def, bool isMaximum) {
  Value a = def->getOperand(0), b = def->getOperand(1);
  int state = targets.lookup_or(def->getResult(0), -1);
  PerNeuron scale = state >= 0 ? planned[state].scale : operand(constantOf(a) ? b : a).scale;
  Fixed x = number(a, scale, state), y = number(b, scale, state);
  Value greater = fixed->compared(arith::CmpIPredicate::sgt, x, y);
  Fixed out = isMaximum ? fixed->selected(greater, x, y) : fixed->selected(greater, y, x);
  out.range =
      isMaximum
          ? Interval{std::max(x.range.least, y.range.least), std::max(x.range.most, y.range.most)}
          : Interval{std::min(x.range.least, y.range.least), std::min(x.range.most, y.range.most)};
  return {out, {}, {}};
}

BodyQuantizer::Term BodyQuantizer::translate(Operation *def) {
  return llvm::TypeSwitch<Operation *, Term>(def)
      .Case([&](arith::AddFOp) { return sum(def, false); })
      .Case([&](arith::SubFOp) { return sum(def, true); })
      .Case([&](arith::MulFOp) { return product(def); })
      .Case([&](arith::CmpFOp compare) { return comparison(compare); })
      .Case([&](arith::SelectOp select) { return selection(select); })
      .Case([&](arith::MaximumFOp) { return maximum(def, true); })
      .Case([&](arith::MinimumFOp) { return maximum(def, false); })
      .Case([&](arith::NegFOp) {
        Fixed x = operand(def->getOperand(0));
        return Term{fixed->sub(fixed->constant(0.0, x.scale, "zero"), x), {}, {}};
      })
      .Case([&](arith::DivFOp) {
        Fixed x = operand(def->getOperand(0));
        PerNeuron drop = *constantOf(def->getOperand(1));
        Fixed divisor = wholeConstant(drop, x.scale, 1, nameOf(def->getOperand(1)));
        return Term{x, fixed->clamped(divisor, {1, INT32_MAX}), {}};
      })
      .Case<math::CeilOp, math::FloorOp>([&](Operation *) {
        const Term &of = terms[def->getOperand(0)];
        return of.divisor
                   ? Term{fixed->divided(*of.number, *of.divisor, isa<math::CeilOp>(def)), {}, {}}
                   : of;
      })
      .Default([&](Operation *) { return Term(); });
}

//===----------------------------------------------------------------------===//
// What is kept between steps
//===----------------------------------------------------------------------===//

/// A state in fewer bits: `uniform` to multiples of a power of two. `dense` does so with the
/// distance to the threshold, whose last digits fall away with its size, as a floating-point number
/// of kept-bits with 3 bits of exponent does.
Fixed BodyQuantizer::kept(const Fixed &x, unsigned state) {
  if (format.keptBits == 0 || format.states != nir::StateArithmetic::Integer) {
    return x;
  }
  double span = std::max(seenLargest[state], 2 * thresholds[state]);
  double units = span > 0 ? (PerNeuron(span) / planned[state].scale).largest()
                          : static_cast<double>(x.range.magnitude());
  auto bitsOf = [](double n) { // a state has 32 at most
    return static_cast<int>(std::ceil(std::log2(std::clamp(n, 1.0, 4294967296.0))));
  };
  if (format.keptLevels == nir::StateLevels::Uniform || !thresholdOf[state]) {
    int drop = std::max(0, bitsOf(units + 1) - (format.keptBits - 1));
    Fixed code = fixed->shiftedRight(x, drop, nir::Rounding::NearestEven);
    code = fixed->clamped(code, rangeOf(format.keptBits, nir::Overflow::Saturate));
    return fixed->bounded(fixed->shiftedLeft(code, drop), 32, nir::Overflow::Saturate);
  }
  // d = threshold - v. In [2^(m + e), 2^(m + e + 1)) its last e digits are 0, m the mantissa's
  // bits.
  Fixed threshold =
      wholeConstant(*thresholdOf[state], planned[state].scale, format.thresholdStep, "v_threshold");
  int mantissa = format.keptBits - 4, octaves = 7;
  int drop = std::max(0, bitsOf(2 * units + 1) - (mantissa + octaves));
  Fixed distance = fixed->sub(threshold, x);
  int64_t most = (int64_t{1} << (mantissa + octaves + drop)) - 1;
  distance = fixed->clamped(distance, {-most, most});
  Fixed out =
      fixed->shiftedLeft(fixed->shiftedRight(distance, drop, nir::Rounding::TowardZero), drop);
  for (int octave = 1; octave < octaves; ++octave) {
    int digits = drop + octave;
    Fixed coarse = fixed->shiftedLeft(
        fixed->shiftedRight(distance, digits, nir::Rounding::TowardZero), digits);
    int64_t from = int64_t{1} << (mantissa + digits);
    Value above = fixed->compared(arith::CmpIPredicate::sge, distance,
                                  fixed->constant(static_cast<double>(from), 1.0, "octave"));
    Value below = fixed->compared(arith::CmpIPredicate::sle, distance,
                                  fixed->constant(-static_cast<double>(from), 1.0, "octave"));
    out = fixed->selected(above, coarse, fixed->selected(below, coarse, out));
  }
  Fixed back = fixed->sub(threshold, out);
  return fixed->bounded(back, 32, nir::Overflow::Saturate);
}
