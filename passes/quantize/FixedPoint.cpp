//===- FixedPoint.cpp - integers that stand for numbers -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/FixedPoint.h"

#include "passes/Values.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// A number that is whole but for the last digits of a float64 is whole.
static double settled(double number) {
  double whole = std::round(number);
  return std::abs(number - whole) <= 1e-9 * std::max(1.0, std::abs(whole)) ? whole : number;
}

int64_t nirc::roundedTo(double number, nir::Rounding rounding) {
  constexpr double most = 4.0e18; // what is larger is refused or clipped by who asks
  number = std::isnan(number) ? 0.0 : std::clamp(settled(number), -most, most);
  switch (rounding) {
  case nir::Rounding::Floor:
    return static_cast<int64_t>(std::floor(number));
  case nir::Rounding::TowardZero:
    return static_cast<int64_t>(std::trunc(number));
  case nir::Rounding::NearestEven:
  case nir::Rounding::Stochastic:
    return static_cast<int64_t>(std::nearbyint(number));
  }
  llvm_unreachable("all roundings are dealt with");
}

int64_t nirc::roundedToBits(int64_t number, int bits) {
  int exponent = 0;
  int64_t mantissa = number;
  while (bits > 0 && !Interval{mantissa, mantissa}.fits(bits)) {
    ++exponent;
    mantissa =
        roundedTo(std::ldexp(static_cast<double>(number), -exponent), nir::Rounding::NearestEven);
  }
  return mantissa * (int64_t{1} << exponent);
}

Multiplier nirc::multiplierFor(const PerNeuron &factor, const nir::NumberFormat &format,
                               bool decays) {
  double largest = factor.magnitude();
  int shift = format.multiplierBits;
  if (!format.fixedPoint || largest > 1) {
    // The largest has all of its bits: 2^(bits-1) <= m < 2^bits.
    int exponent = 0;
    std::frexp(largest, &exponent);
    shift = std::clamp(format.multiplierBits - exponent, 0, 40);
  }
  double unit = std::ldexp(1.0, shift);
  auto whole = [&](double f) {
    double share = decays && f >= 0 && f <= 1
                       ? unit - static_cast<double>(roundedTo((1 - f) * unit, format.constants))
                       : static_cast<double>(roundedTo(f * unit, format.constants));
    // Times any number but 0 this is out of 32 bits already, and 64 still hold the product.
    return std::clamp(share, -0x1p31, 0x1p31);
  };
  return {map(whole, factor), shift};
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

void FixedPoint::emitTo(OpBuilder &builder, Block &place, Location where) {
  body = &builder;
  block = &place;
  loc = where;
}

Value FixedPoint::integer(int64_t value, int bits) {
  return body ? arith::ConstantIntOp::create(*body, *loc, value, bits).getResult() : Value();
}

Fixed FixedPoint::constant(const PerNeuron &whole, const PerNeuron &scale, StringRef name) {
  Fixed out{{}, scale, {}, 32};
  if (!isFloat()) {
    out.range = {static_cast<int64_t>(whole.smallest()), static_cast<int64_t>(whole.largest())};
  }
  if (!out.range.fits(32)) {
    out.bits = 64;
  }
  if (!body) {
    return out;
  }
  if (isFloat()) {
    out.bits = 32;
    out.value = floatConstant(whole, name);
    return out;
  }
  if (whole.isUniform()) {
    out.value = integer(static_cast<int64_t>(whole.values()[0]), out.bits);
    return out;
  }
  SmallVector<int32_t> values(neurons.count);
  for (int64_t n = 0; n < neurons.count; ++n) {
    values[n] = static_cast<int32_t>(std::clamp(whole[n], -2147483648.0, 2147483647.0));
  }
  names.push_back(body->getStringAttr(name));
  params.push_back(
      denseOf<int32_t>(RankedTensorType::get({neurons.count}, body->getI32Type()), values));
  out.value = block->addArgument(body->getI32Type(), *loc);
  out.bits = 32;
  return out;
}

Value FixedPoint::floatConstant(const PerNeuron &values, StringRef name) {
  FloatType type = body->getF32Type();
  if (values.isUniform()) {
    return arith::ConstantOp::create(*body, *loc, FloatAttr::get(type, values.values()[0]));
  }
  SmallVector<float> numbers(neurons.count);
  for (int64_t n = 0; n < neurons.count; ++n) {
    numbers[n] = static_cast<float>(values[n]);
  }
  names.push_back(body->getStringAttr(name));
  params.push_back(denseOf<float>(RankedTensorType::get({neurons.count}, type), numbers));
  return block->addArgument(type, *loc);
}

Fixed FixedPoint::widened(const Fixed &x) {
  if (x.bits == 64) {
    return x;
  }
  Fixed out = x;
  out.bits = 64;
  if (body) {
    out.value = arith::ExtSIOp::create(*body, *loc, body->getI64Type(), x.value);
  }
  return out;
}

Fixed FixedPoint::narrowed(const Fixed &x) {
  if (x.bits == 32) {
    return x;
  }
  assert(x.range.fits(32) && "a number is brought into its range first");
  Fixed out = x;
  out.bits = 32;
  if (body) {
    out.value = arith::TruncIOp::create(*body, *loc, body->getI32Type(), x.value);
  }
  return out;
}

void FixedPoint::sameWidth(Fixed &a, Fixed &b) {
  if (a.bits != b.bits) {
    a = widened(a);
    b = widened(b);
  }
}

/// What can be added without leaving 64 bits; states have 32 at most.
static constexpr Interval largestTerm{-(int64_t{1} << 61), int64_t{1} << 61};

template <typename FloatOp, typename IntegerOp>
Fixed FixedPoint::combined(Fixed a, Fixed b, Interval range) {
  if (isFloat()) {
    return {body ? FloatOp::create(*body, *loc, a.value, b.value).getResult() : Value(), a.scale,
            a.range.join(b.range)};
  }
  sameWidth(a, b);
  if (!range.fits(32)) {
    a = widened(a);
    b = widened(b);
  }
  Value value = body ? IntegerOp::create(*body, *loc, a.value, b.value).getResult() : Value();
  return {value, a.scale, range, a.bits};
}

Fixed FixedPoint::add(Fixed a, Fixed b) {
  a = clamped(a, largestTerm);
  b = clamped(b, largestTerm);
  return combined<arith::AddFOp, arith::AddIOp>(a, b, a.range + b.range);
}

Fixed FixedPoint::sub(Fixed a, Fixed b) {
  a = clamped(a, largestTerm);
  b = clamped(b, largestTerm);
  return combined<arith::SubFOp, arith::SubIOp>(a, b, a.range - b.range);
}

Fixed FixedPoint::multiplied(const Fixed &x, const PerNeuron &whole, StringRef name) {
  Interval range = x.range * Interval{static_cast<int64_t>(whole.smallest()),
                                      static_cast<int64_t>(whole.largest())};
  Fixed factor = constant(whole, 1.0, name);
  Fixed from = x;
  sameWidth(from, factor);
  if (!range.fits(32)) {
    from = widened(from);
    factor = widened(factor);
  }
  Value product =
      body ? arith::MulIOp::create(*body, *loc, from.value, factor.value).getResult() : Value();
  return {product, x.scale, range, from.bits};
}

Fixed FixedPoint::shiftedLeft(const Fixed &x, int by) {
  if (by == 0) {
    return x;
  }
  int64_t factor = int64_t{1} << by;
  Interval range = x.range * Interval{factor, factor};
  Fixed from = range.fits(32) ? x : widened(x);
  if (body) {
    from.value = arith::ShLIOp::create(*body, *loc, from.value, integer(by, from.bits));
  }
  from.range = range;
  return from;
}

/// A linear congruential generator (Knuth; the multiplier is that of Numerical Recipes), with an
/// increment of its own for each neuron, so that it can start from 0. Its upper digits are taken.
Value FixedPoint::nextRandom() {
  if (!body) {
    return {};
  }
  if (!randomStep) {
    SmallVector<double> steps(neurons.count);
    for (int64_t n = 0; n < neurons.count; ++n) {
      // splitmix64 (Steele, Lea and Flood 2014) of the seed, the population and the neuron
      uint64_t z = format.seed + (stream << 32) + 0x9e3779b97f4a7c15ULL * (uint64_t(n) + 1);
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
      steps[n] = static_cast<int32_t>((z ^ (z >> 31)) | 1);
    }
    randomStep = constant({neurons, steps}, 1.0, "random_step").value;
  }
  Value product = arith::MulIOp::create(*body, *loc, random->value, integer(1664525, 32));
  random->value = arith::AddIOp::create(*body, *loc, product, randomStep);
  return random->value;
}

Fixed FixedPoint::shiftedRight(const Fixed &x, int by, nir::Rounding rounding) {
  if (by == 0) {
    return x;
  }
  // The rounding adds less than 2^by before the shift.
  int64_t more = rounding == nir::Rounding::Floor ? 0 : int64_t{1} << by;
  Fixed from = Interval{x.range.least, x.range.most + more}.fits(32) && by < 31 ? x : widened(x);
  Interval range = (x.range + Interval{0, more ? more - 1 : 0}) >> by;
  if (rounding == nir::Rounding::TowardZero) {
    int64_t divisor = int64_t{1} << by;
    range = x.range / Interval{divisor, divisor};
  } else if (rounding == nir::Rounding::NearestEven) {
    int64_t half = int64_t{1} << (by - 1);
    range = (x.range + Interval{half - 1, half}) >> by;
  }
  if (body) {
    Value shift = integer(by, from.bits), add;
    switch (rounding) {
    case nir::Rounding::Floor:
      break;
    case nir::Rounding::TowardZero: { // 2^by - 1 where it is negative
      Value sign =
          arith::ShRSIOp::create(*body, *loc, from.value, integer(from.bits - 1, from.bits));
      add = arith::AndIOp::create(*body, *loc, sign, integer((int64_t{1} << by) - 1, from.bits));
      break;
    }
    case nir::Rounding::NearestEven: { // half less one, and one where the digit before is odd
      Value down = arith::ShRSIOp::create(*body, *loc, from.value, shift);
      Value odd = arith::AndIOp::create(*body, *loc, down, integer(1, from.bits));
      add =
          arith::AddIOp::create(*body, *loc, odd, integer((int64_t{1} << (by - 1)) - 1, from.bits));
      break;
    }
    case nir::Rounding::Stochastic: {
      Value digits = nextRandom();
      int taken = std::min(by, 31); // of the upper ones
      digits = arith::ShRUIOp::create(*body, *loc, digits, integer(32 - taken, 32));
      if (from.bits == 64) {
        digits = arith::ExtUIOp::create(*body, *loc, body->getI64Type(), digits);
        digits = by > taken ? arith::ShLIOp::create(*body, *loc, digits, integer(by - taken, 64))
                            : digits;
      }
      add = digits;
      break;
    }
    }
    Value sum = add ? arith::AddIOp::create(*body, *loc, from.value, add).getResult() : from.value;
    from.value = arith::ShRSIOp::create(*body, *loc, sum, shift);
  }
  from.range = range;
  return range.fits(32) ? narrowed(from) : from;
}

std::optional<int> nirc::exponentOf(double x) {
  if (!(x > 0) || !std::isfinite(x)) {
    return std::nullopt;
  }
  double k = std::round(std::log2(x));
  bool isPower = std::abs(std::ldexp(1.0, static_cast<int>(k)) - x) <= 1e-9 * x;
  return isPower ? std::optional(static_cast<int>(k)) : std::nullopt;
}

Fixed FixedPoint::inScale(const Fixed &x, const PerNeuron &scale, bool decays, StringRef name) {
  PerNeuron factor = map(settled, x.scale / scale);
  Fixed out = x;
  if (isFloat()) {
    out.scale = scale;
    if (body && !factor.is(1)) {
      out.value = arith::MulFOp::create(*body, *loc, floatConstant(factor, name), x.value);
    }
    return out;
  }
  if (factor.is(0)) {
    return constant(0.0, scale, name);
  }
  if (factor.isUniform()) {
    double f = factor.values()[0];
    if (std::optional<int> exponent = exponentOf(std::abs(f));
        exponent && std::abs(*exponent) <= 30) {
      out = *exponent >= 0 && x.bits == 64 ? bounded(x, 32, nir::Overflow::Saturate) : x;
      out = *exponent >= 0 ? shiftedLeft(out, *exponent)
                           : shiftedRight(out, -*exponent, format.rounding);
      out.scale = scale;
      if (f < 0) {
        out = sub(constant(0.0, scale, name), out);
      }
      return out;
    }
  }
  Multiplier m = multiplierFor(factor, format, decays);
  Fixed from = bounded(x, 32, nir::Overflow::Saturate); // so that 64 hold the product
  out = shiftedRight(multiplied(from, m.multiplier, name), m.shift, format.rounding);
  out.scale = scale;
  return out;
}

Fixed FixedPoint::clamped(const Fixed &x, Interval to) {
  if (isFloat() || x.range.isWithin(to)) {
    return x;
  }
  Fixed out = x;
  out.range = x.range.clamped(to);
  if (body && x.range.least < to.least) {
    out.value =
        arith::MaxSIOp::create(*body, *loc, out.value, integer(to.least, out.bits)).getResult();
  }
  if (body && x.range.most > to.most) {
    out.value =
        arith::MinSIOp::create(*body, *loc, out.value, integer(to.most, out.bits)).getResult();
  }
  return out;
}

Fixed FixedPoint::bounded(const Fixed &x, int bits, nir::Overflow overflow) {
  if (isFloat()) {
    return x;
  }
  Interval to = rangeOf(bits, overflow);
  if (x.range.isWithin(to)) {
    return narrowed(x);
  }
  switch (overflow) {
  case nir::Overflow::Saturate:
    return narrowed(clamped(x, to));
  case nir::Overflow::Wrap: {
    Fixed out = x;
    if (body) {
      Value by = integer(out.bits - bits, out.bits);
      if (out.bits > bits) {
        out.value = arith::ShLIOp::create(*body, *loc, out.value, by);
        out.value = arith::ShRSIOp::create(*body, *loc, out.value, by);
      }
    }
    out.range = to;
    return narrowed(out);
  }
  case nir::Overflow::WrapLoihi: {
    // x > 2^(bits-1): x - 2^bits; x <= -2^(bits-1): x + 2^bits. Once, so far ones stay outside.
    int64_t half = int64_t{1} << (bits - 1), whole = int64_t{1} << bits;
    Fixed wide = Interval{x.range.least - whole, x.range.most + whole}.fits(32) ? x : widened(x);
    Fixed out = wide;
    out.range = {std::min(to.least, x.range.least + whole),
                 std::max(to.most, x.range.most - whole)};
    if (body) {
      auto compare = [&](arith::CmpIPredicate predicate, int64_t limit) {
        return arith::CmpIOp::create(*body, *loc, predicate, wide.value, integer(limit, wide.bits));
      };
      Value less = arith::SubIOp::create(*body, *loc, wide.value, integer(whole, wide.bits));
      Value more = arith::AddIOp::create(*body, *loc, wide.value, integer(whole, wide.bits));
      Value low = arith::SelectOp::create(*body, *loc, compare(arith::CmpIPredicate::sle, -half),
                                          more, wide.value);
      out.value =
          arith::SelectOp::create(*body, *loc, compare(arith::CmpIPredicate::sgt, half), less, low);
    }
    return narrowed(clamped(out, {INT32_MIN, INT32_MAX}));
  }
  }
  llvm_unreachable("all overflows are dealt with");
}

Fixed FixedPoint::selected(Value condition, Fixed a, Fixed b) {
  sameWidth(a, b);
  Value value;
  if (body) {
    value = arith::SelectOp::create(*body, *loc, condition, a.value, b.value);
  }
  return {value, a.scale, a.range.join(b.range), a.bits};
}

static arith::CmpFPredicate asFloat(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::sgt:
    return arith::CmpFPredicate::OGT;
  case arith::CmpIPredicate::sge:
    return arith::CmpFPredicate::OGE;
  case arith::CmpIPredicate::slt:
    return arith::CmpFPredicate::OLT;
  default:
    return arith::CmpFPredicate::OLE;
  }
}

Value FixedPoint::compared(arith::CmpIPredicate predicate, Fixed a, Fixed b) {
  if (isFloat() && body) {
    return arith::CmpFOp::create(*body, *loc, asFloat(predicate), a.value, b.value);
  }
  sameWidth(a, b);
  return body ? arith::CmpIOp::create(*body, *loc, predicate, a.value, b.value).getResult()
              : Value();
}

Fixed FixedPoint::divided(Fixed a, Fixed b, bool up) {
  if (isFloat()) {
    if (!body) {
      return {{}, 1.0, {}};
    }
    Value quotient = arith::DivFOp::create(*body, *loc, a.value, b.value);
    return {up ? math::CeilOp::create(*body, *loc, quotient).getResult()
               : math::FloorOp::create(*body, *loc, quotient).getResult(),
            1.0,
            {}};
  }
  assert(b.range.least > 0 && "a drop is positive");
  Interval range = a.range / b.range + Interval{-1, 1};
  sameWidth(a, b);
  Value value;
  if (body) {
    value = up ? arith::CeilDivSIOp::create(*body, *loc, a.value, b.value).getResult()
               : arith::FloorDivSIOp::create(*body, *loc, a.value, b.value).getResult();
  }
  return {value, 1.0, range, a.bits};
}
