//===- BuildDatapath.cpp - arithmetic as wide as its values ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Why narrow arithmetic gives the body's numbers. Let a value of the body have N bits, and let its
// number fit, with its sign, in w of them. Then the low w bits are the number.
//   - The low w bits of a sum, a difference, a product, a shift to the left and of and, or, xor
//     follow from the low w bits of the operands: these are computed in w bits, also where the body
//     wraps at N.
//   - Comparisons and quotients need the numbers: they are computed in the bits of the wider
//     operand. Of two numbers with their sign, the order as unsigned numbers is the same in any
//     width that holds both.
//   - A shift to the right that fills with zeros sees all N bits.

#include "backends/fpga/datapath/Datapath.h"
#include "backends/fpga/datapath/LiveBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

static int widthOf(Value value) {
  return static_cast<int>(value.getType().getIntOrFloatBitWidth());
}

namespace {

class DatapathBuilder {
public:
  DatapathBuilder(OpBuilder &builder, snn::PopulationOp op) : builder(builder), op(op), body(op) {}

  SmallVector<Value> build(const Datapath &datapath, ValueRange inputs);

private:
  Value constant(int64_t number, int bits);
  /// The low `bits` of a signed integer, or as many with its sign.
  Value resized(Value value, int bits);
  Value operand(Operation *def, unsigned index) { return values.lookup(def->getOperand(index)); }
  Value compared(arith::CmpIPredicate predicate, Value a, Value b);
  Value isNegative(Value value) {
    return compared(arith::CmpIPredicate::slt, value, constant(0, widthOf(value)));
  }
  template <typename Op>
  Value create(Value a, Value b) {
    return Op::create(builder, where, a, b);
  }

  /// The value of an op, of any width that holds it; `bits` are enough.
  Value made(Operation *def, int bits);
  template <typename Op>
  Value ofSameWidth(Op def, int bits) {
    Value a = resized(operand(def, 0), bits), b = resized(operand(def, 1), bits);
    return create<Op>(a, b);
  }
  Value shiftedLeft(arith::ShLIOp def, int bits);
  Value shiftedRight(arith::ShRSIOp def);
  Value shiftedRightUnsigned(arith::ShRUIOp def);
  Value extreme(Operation *def, arith::CmpIPredicate predicate, int bits);
  Value selected(Value condition, Value a, Value b, int bits);
  Value quotient(Operation *def, arith::CmpIPredicate predicate);
  template <typename Op>
  Value divided(Op def);
  Value product(arith::MulIOp def, int bits);
  Value extendedUnsigned(arith::ExtUIOp def);
  Value absolute(math::AbsIOp def, int bits);
  Value leadingZeros(math::CountLeadingZerosOp def);
  int64_t shiftOf(Operation *def);

  OpBuilder &builder;
  snn::PopulationOp op;
  LiveBody body;
  Location where = op.getLoc();
  DenseMap<Value, Value> values;
};

} // namespace

//===----------------------------------------------------------------------===//
// Widths
//===----------------------------------------------------------------------===//

Value DatapathBuilder::constant(int64_t number, int bits) {
  IntegerType type = builder.getIntegerType(bits);
  APInt digits = APInt(64, static_cast<uint64_t>(number)).sextOrTrunc(bits);
  return arith::ConstantOp::create(builder, where, builder.getIntegerAttr(type, digits));
}

Value DatapathBuilder::resized(Value value, int bits) {
  auto extended = value.getDefiningOp<arith::ExtSIOp>();
  if (extended && bits < widthOf(value)) {
    return resized(extended.getIn(), bits);
  }
  IntegerType type = builder.getIntegerType(bits);
  if (bits > widthOf(value)) {
    return builder.createOrFold<arith::ExtSIOp>(where, type, value);
  }
  return bits < widthOf(value) ? builder.createOrFold<arith::TruncIOp>(where, type, value) : value;
}

Value DatapathBuilder::compared(arith::CmpIPredicate predicate, Value a, Value b) {
  int bits = std::max(widthOf(a), widthOf(b));
  Value left = resized(a, bits), right = resized(b, bits);
  return arith::CmpIOp::create(builder, where, predicate, left, right);
}

Value DatapathBuilder::selected(Value condition, Value a, Value b, int bits) {
  Value first = resized(a, bits), second = resized(b, bits);
  return arith::SelectOp::create(builder, where, condition, first, second);
}

//===----------------------------------------------------------------------===//
// Shifts
//===----------------------------------------------------------------------===//

/// A negative number is, as one without a sign, beyond every width.
int64_t DatapathBuilder::shiftOf(Operation *def) {
  int64_t width = widthOf(def->getResult(0)), by = *body.onlyNumber(def->getOperand(1));
  return by < 0 || by > width ? width : by;
}

Value DatapathBuilder::shiftedLeft(arith::ShLIOp def, int bits) {
  int64_t by = shiftOf(def);
  if (by >= bits) {
    return constant(0, bits);
  }
  Value value = resized(operand(def, 0), bits);
  return create<arith::ShLIOp>(value, constant(by, bits));
}

Value DatapathBuilder::shiftedRight(arith::ShRSIOp def) {
  Value value = operand(def, 0);
  int64_t by = std::min<int64_t>(shiftOf(def), widthOf(value) - 1);
  // The digits that are left have their sign in front, so that they are the number in fewer bits.
  Value shifted = create<arith::ShRSIOp>(value, constant(by, widthOf(value)));
  return resized(shifted, widthOf(value) - static_cast<int>(by));
}

Value DatapathBuilder::shiftedRightUnsigned(arith::ShRUIOp def) {
  int width = widthOf(def.getResult());
  int64_t by = shiftOf(def);
  if (by >= width) {
    return constant(0, 1);
  }
  Value value = resized(operand(def, 0), width);
  return create<arith::ShRUIOp>(value, constant(by, width));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value DatapathBuilder::extreme(Operation *def, arith::CmpIPredicate predicate, int bits) {
  Value a = operand(def, 0), b = operand(def, 1);
  return selected(compared(predicate, a, b), a, b, bits);
}

/// a / b toward zero, where a is first moved by b - 1 away from zero if it is `predicate` 0: down
/// for a floor, up for a ceiling. So one divider is enough, and no remainder. b is positive.
Value DatapathBuilder::quotient(Operation *def, arith::CmpIPredicate predicate) {
  int bits = std::max(widthOf(operand(def, 0)), widthOf(operand(def, 1))) + 1;
  Value a = resized(operand(def, 0), bits), b = resized(operand(def, 1), bits);
  Value less = create<arith::SubIOp>(b, constant(1, bits));
  Value moved = predicate == arith::CmpIPredicate::slt ? create<arith::SubIOp>(a, less)
                                                       : create<arith::AddIOp>(a, less);
  Value dividend = selected(compared(predicate, a, constant(0, bits)), moved, a, bits);
  return create<arith::DivSIOp>(dividend, b);
}

template <typename Op>
Value DatapathBuilder::divided(Op def) {
  int bits = std::max(widthOf(operand(def, 0)), widthOf(operand(def, 1)));
  return ofSameWidth(def, bits);
}

/// A constant stands behind, where canonicalization puts it, so that proofs find equal products.
Value DatapathBuilder::product(arith::MulIOp def, int bits) {
  Value a = resized(operand(def, 0), bits), b = resized(operand(def, 1), bits);
  return body.onlyNumber(def.getLhs()) ? create<arith::MulIOp>(b, a) : create<arith::MulIOp>(a, b);
}

/// The digits of a number without a sign take one bit more as a number with one.
Value DatapathBuilder::extendedUnsigned(arith::ExtUIOp def) {
  int from = widthOf(def.getIn());
  Value digits = resized(operand(def, 0), from);
  return arith::ExtUIOp::create(builder, where, builder.getIntegerType(from + 1), digits);
}

Value DatapathBuilder::absolute(math::AbsIOp def, int bits) {
  Value value = operand(def, 0);
  Value zero = constant(0, bits);
  Value negated = create<arith::SubIOp>(zero, resized(value, bits));
  return selected(isNegative(value), negated, value, bits);
}

/// By halves: where the upper half is 0, its zeros are counted and the lower half takes its place.
Value DatapathBuilder::leadingZeros(math::CountLeadingZerosOp def) {
  Value value = operand(def, 0);
  int width = widthOf(def.getResult()), digits = 1;
  while (digits < widthOf(value)) {
    digits *= 2;
  }
  constexpr int bits = 8; // of a count of up to 64
  Value count = constant(width - digits, bits), rest = resized(value, digits);
  for (int half = digits / 2; half >= 1; half /= 2) {
    IntegerType type = builder.getIntegerType(half);
    Value down = create<arith::ShRUIOp>(rest, constant(half, widthOf(rest)));
    Value upper = arith::TruncIOp::create(builder, where, type, down);
    Value lower = arith::TruncIOp::create(builder, where, type, rest);
    Value isEmpty = compared(arith::CmpIPredicate::eq, upper, constant(0, half));
    count = selected(isEmpty, create<arith::AddIOp>(count, constant(half, bits)), count, bits);
    rest = selected(isEmpty, lower, upper, half);
  }
  Value isEmpty = compared(arith::CmpIPredicate::eq, rest, constant(0, 1));
  count = selected(isEmpty, create<arith::AddIOp>(count, constant(1, bits)), count, bits);
  Value isFull = isNegative(value);
  return selected(isFull, constant(0, bits), count, bits);
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

Value DatapathBuilder::made(Operation *def, int bits) {
  using P = arith::CmpIPredicate;
  return llvm::TypeSwitch<Operation *, Value>(def)
      .Case([&](arith::MulIOp multiply) { return product(multiply, bits); })
      .Case<arith::AddIOp, arith::SubIOp, arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
          [&](auto same) { return ofSameWidth(same, bits); })
      .Case([&](arith::ShLIOp shift) { return shiftedLeft(shift, bits); })
      .Case([&](arith::ShRSIOp shift) { return shiftedRight(shift); })
      .Case([&](arith::ShRUIOp shift) { return shiftedRightUnsigned(shift); })
      .Case<arith::DivSIOp, arith::RemSIOp>([&](auto same) { return divided(same); })
      .Case([&](arith::FloorDivSIOp) { return quotient(def, P::slt); })
      .Case([&](arith::CeilDivSIOp) { return quotient(def, P::sgt); })
      .Case([&](arith::MaxSIOp) { return extreme(def, P::sgt, bits); })
      .Case([&](arith::MinSIOp) { return extreme(def, P::slt, bits); })
      .Case([&](arith::CmpIOp compare) {
        return compared(compare.getPredicate(), operand(def, 0), operand(def, 1));
      })
      .Case([&](arith::SelectOp) {
        return selected(operand(def, 0), operand(def, 1), operand(def, 2), bits);
      })
      .Case<arith::ExtSIOp, arith::TruncIOp, arith::BitcastOp>(
          [&](auto) { return operand(def, 0); })
      .Case([&](arith::ExtUIOp extend) { return extendedUnsigned(extend); })
      .Case([&](math::AbsIOp) { return absolute(cast<math::AbsIOp>(def), bits); })
      .Case([&](math::CountLeadingZerosOp count) { return leadingZeros(count); });
}

SmallVector<Value> DatapathBuilder::build(const Datapath &datapath, ValueRange inputs) {
  Block &block = op.getBody().front();
  for (auto [port, input] : llvm::zip(datapath.inputs, inputs)) {
    values[block.getArgument(port.place)] = input;
  }
  auto define = [&](Value value, Operation *def) {
    if (!body.isRead(value)) {
      return;
    }
    int bits = body.bitsOf(value);
    if (std::optional<int64_t> number = body.onlyNumber(value)) {
      values[value] = constant(*number, bits);
    } else if (def) {
      values[value] = resized(made(def, bits), bits);
    }
  };
  for (BlockArgument argument : block.getArguments()) {
    define(argument, nullptr);
  }
  for (Operation &inner : block.without_terminator()) {
    where = inner.getLoc();
    define(inner.getResult(0), &inner);
  }
  where = op.getLoc();
  SmallVector<Value> outputs;
  auto yield = cast<snn::YieldOp>(block.getTerminator());
  for (auto [port, value] : llvm::zip(datapath.outputs, yield.getValues())) {
    outputs.push_back(resized(values.lookup(value), port.bits));
  }
  return outputs;
}

SmallVector<Value> nirc::fpga::buildDatapath(OpBuilder &builder, snn::PopulationOp op,
                                             const Datapath &datapath, ValueRange inputs) {
  return DatapathBuilder(builder, op).build(datapath, inputs);
}
