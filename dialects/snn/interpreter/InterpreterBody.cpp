//===- InterpreterBody.cpp - the arithmetic of a population ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Integers wrap at the width of their type. What MLIR leaves undefined is defined here, so that a
// wrong body gives a wrong number and no crash: a division by 0 gives 0, a shift by the width or
// more shifts everything out, and a float beyond an integer's range becomes its nearest end.
//
// A sum, product or quotient of two floats that is found in double and rounded to float is the
// correctly rounded one, as double has more than twice its digits and two (Figueroa 1995,
// doi:10.1145/221332.221334). Functions are those of the C library for the type.

#include "dialects/snn/interpreter/InterpreterBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace snn;

/// The low `width` bits, with their sign.
static int64_t wrapped(int64_t value, unsigned width) {
  unsigned above = 64 - width;
  return static_cast<int64_t>(static_cast<uint64_t>(value) << above) >> above;
}

/// The low `width` bits without a sign.
static uint64_t unsignedOf(int64_t value, unsigned width) {
  return static_cast<uint64_t>(value) << (64 - width) >> (64 - width);
}

Register::Register(Type type, size_t lanes)
    : type(type), width(type.getIntOrFloatBitWidth()), isFloat(isa<FloatType>(type)),
      integers(isFloat ? 0 : lanes), floats(isFloat ? lanes : 0) {}

namespace {

//===----------------------------------------------------------------------===//
// Operations on one element
//===----------------------------------------------------------------------===//

int64_t add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
int64_t subtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
int64_t multiply(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
/// Toward zero. By -1 it is a negation, which wraps.
int64_t divide(int64_t a, int64_t b) { return b == 0 ? 0 : b == -1 ? subtract(0, a) : a / b; }
int64_t rest(int64_t a, int64_t b) { return b == 0 || b == -1 ? 0 : a % b; }
int64_t divideFloor(int64_t a, int64_t b) {
  return divide(a, b) - (rest(a, b) != 0 && (a < 0) != (b < 0));
}
int64_t divideCeil(int64_t a, int64_t b) {
  return divide(a, b) + (rest(a, b) != 0 && (a < 0) == (b < 0));
}

/// NaN where one is; -0.0 is below 0.0.
double maximum(double a, double b) {
  return std::isnan(a)   ? a
         : std::isnan(b) ? b
         : a == b        ? (std::signbit(a) ? b : a)
                         : std::max(a, b);
}
double minimum(double a, double b) {
  return std::isnan(a)   ? a
         : std::isnan(b) ? b
         : a == b        ? (std::signbit(a) ? a : b)
                         : std::min(a, b);
}

/// Toward zero, into `width` bits.
int64_t toInteger(double value, unsigned width) {
  double limit = std::ldexp(1.0, static_cast<int>(width) - 1);
  if (std::isnan(value)) {
    return 0;
  }
  return value < -limit   ? wrapped(int64_t(1) << (width - 1), width)
         : value >= limit ? static_cast<int64_t>((uint64_t(1) << (width - 1)) - 1)
                          : static_cast<int64_t>(value);
}

/// For which of a = b, a > b, a < b and "one is NaN" a predicate holds.
struct Relations {
  bool equal, greater, less, unordered;
  bool hold(double a, double b) const {
    return a == b ? equal : a > b ? greater : a < b ? less : unordered;
  }
};

Relations relationsOf(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  auto isOneOf = [&](std::initializer_list<P> all) { return llvm::is_contained(all, predicate); };
  return {
      isOneOf({P::OEQ, P::OGE, P::OLE, P::ORD, P::UEQ, P::UGE, P::ULE, P::AlwaysTrue}),
      isOneOf({P::OGT, P::OGE, P::ONE, P::ORD, P::UGT, P::UGE, P::UNE, P::AlwaysTrue}),
      isOneOf({P::OLT, P::OLE, P::ONE, P::ORD, P::ULT, P::ULE, P::UNE, P::AlwaysTrue}),
      isOneOf({P::UEQ, P::UGT, P::UGE, P::ULT, P::ULE, P::UNE, P::UNO, P::AlwaysTrue}),
  };
}

//===----------------------------------------------------------------------===//
// Operations on a block
//===----------------------------------------------------------------------===//

/// Turns the ops of a body into instructions.
class Compiler {
public:
  size_t define(Value value) {
    registers.emplace_back(value.getType(), Body::lanes);
    return numbers[value] = registers.size() - 1;
  }
  size_t use(Value value) const { return numbers.lookup(value); }

  /// False where the op has no meaning here.
  bool compile(Operation &op);

  std::vector<Register> registers;
  std::vector<Body::Instruction> code;

private:
  void constant(arith::ConstantOp op);
  void select(arith::SelectOp op);
  void compare(arith::CmpIOp op);
  void bitcast(arith::BitcastOp op);
  bool compileIntegers(Operation &op);
  bool compileFloats(Operation &op);
  bool compileConversion(Operation &op);

  /// r = f(a), f(a, b): `From` and `To` are int64_t or double, and what does not fit the type of
  /// the result wraps or is rounded.
  template <typename From, typename To, typename F>
  bool unary(Operation *op, F f);
  template <typename From, typename To, typename F>
  bool binary(Operation *op, F f);
  /// A function of the C library, which has one for each type.
  template <typename F>
  bool function(Operation *op, F f) {
    if (op->getResult(0).getType().isF32()) {
      return unary<double, double>(
          op, [f](double a) { return static_cast<double>(f(static_cast<float>(a))); });
    }
    return unary<double, double>(op, [f](double a) { return f(a); });
  }

  llvm::DenseMap<Value, size_t> numbers;
};

template <typename T>
auto &valuesOf(Register &one) {
  if constexpr (std::is_same_v<T, double>) {
    return one.floats;
  } else {
    return one.integers;
  }
}

/// Makes results of their type: `width` bits.
struct Fit {
  unsigned width;
  double operator()(double value) const {
    return width == 32 ? static_cast<double>(static_cast<float>(value)) : value;
  }
  int64_t operator()(int64_t value) const { return wrapped(value, width); }
  int64_t operator()(bool value) const { return value ? -1 : 0; }
};

} // namespace

template <typename From, typename To, typename F>
bool Compiler::unary(Operation *op, F f) {
  size_t a = use(op->getOperand(0)), r = define(op->getResult(0));
  code.push_back([=, fit = Fit{registers[r].width}](std::vector<Register> &all, size_t count) {
    const From *x = valuesOf<From>(all[a]).data();
    To *to = valuesOf<To>(all[r]).data();
    for (size_t i = 0; i < count; ++i) {
      to[i] = fit(f(x[i]));
    }
  });
  return true;
}

template <typename From, typename To, typename F>
bool Compiler::binary(Operation *op, F f) {
  size_t a = use(op->getOperand(0)), b = use(op->getOperand(1)), r = define(op->getResult(0));
  code.push_back([=, fit = Fit{registers[r].width}](std::vector<Register> &all, size_t count) {
    const From *x = valuesOf<From>(all[a]).data(), *y = valuesOf<From>(all[b]).data();
    To *to = valuesOf<To>(all[r]).data();
    for (size_t i = 0; i < count; ++i) {
      to[i] = fit(f(x[i], y[i]));
    }
  });
  return true;
}

void Compiler::constant(arith::ConstantOp op) {
  Register &r = registers[define(op.getResult())]; // nothing else writes to it
  if (auto number = dyn_cast<FloatAttr>(op.getValue())) {
    std::fill(r.floats.begin(), r.floats.end(), number.getValueAsDouble());
  } else {
    int64_t value = cast<IntegerAttr>(op.getValue()).getValue().getSExtValue();
    std::fill(r.integers.begin(), r.integers.end(), value);
  }
}

void Compiler::select(arith::SelectOp op) {
  size_t condition = use(op.getCondition()), a = use(op.getTrueValue()),
         b = use(op.getFalseValue());
  size_t r = define(op.getResult());
  auto choose = [=](std::vector<Register> &all, size_t count, auto values) {
    const int64_t *holds = all[condition].integers.data();
    const auto *x = values(all[a]).data(), *y = values(all[b]).data();
    auto *to = values(all[r]).data();
    for (size_t i = 0; i < count; ++i) {
      to[i] = holds[i] ? x[i] : y[i];
    }
  };
  code.push_back([=, isFloat = registers[r].isFloat](std::vector<Register> &all, size_t count) {
    if (isFloat) {
      choose(all, count, [](Register &one) -> auto & { return one.floats; });
    } else {
      choose(all, count, [](Register &one) -> auto & { return one.integers; });
    }
  });
}

/// With its sign in 64 bits, an unsigned number is still in its order among those of its width.
void Compiler::compare(arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  auto by = [&](auto holds) { binary<int64_t, int64_t>(op, holds); };
  auto byUnsigned = [&](auto holds) {
    by([=](int64_t a, int64_t b) {
      return holds(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
    });
  };
  switch (op.getPredicate()) {
  case P::eq:
    return by([](int64_t a, int64_t b) { return a == b; });
  case P::ne:
    return by([](int64_t a, int64_t b) { return a != b; });
  case P::slt:
    return by([](int64_t a, int64_t b) { return a < b; });
  case P::sle:
    return by([](int64_t a, int64_t b) { return a <= b; });
  case P::sgt:
    return by([](int64_t a, int64_t b) { return a > b; });
  case P::sge:
    return by([](int64_t a, int64_t b) { return a >= b; });
  case P::ult:
    return byUnsigned([](uint64_t a, uint64_t b) { return a < b; });
  case P::ule:
    return byUnsigned([](uint64_t a, uint64_t b) { return a <= b; });
  case P::ugt:
    return byUnsigned([](uint64_t a, uint64_t b) { return a > b; });
  case P::uge:
    return byUnsigned([](uint64_t a, uint64_t b) { return a >= b; });
  }
}

void Compiler::bitcast(arith::BitcastOp op) {
  bool isSingle = op.getType().getIntOrFloatBitWidth() == 32;
  if (isa<FloatType>(op.getType()) == isa<FloatType>(op.getIn().getType())) {
    numbers[op.getResult()] = use(op.getIn());
  } else if (isa<FloatType>(op.getType())) {
    unary<int64_t, double>(op, [=](int64_t a) {
      return isSingle ? std::bit_cast<float>(static_cast<int32_t>(a)) : std::bit_cast<double>(a);
    });
  } else {
    unary<double, int64_t>(op, [=](double a) {
      return isSingle ? std::bit_cast<int32_t>(static_cast<float>(a)) : std::bit_cast<int64_t>(a);
    });
  }
}

bool Compiler::compileIntegers(Operation &op) {
  Type type = op.getOperand(0).getType();
  if (!type.isSignlessInteger()) {
    return false;
  }
  unsigned width = type.getIntOrFloatBitWidth();
  auto two = [&](auto f) {
    return [this, f](Operation *op) { return binary<int64_t, int64_t>(op, f); };
  };
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case<arith::AddIOp>(two(add))
      .Case<arith::SubIOp>(two(subtract))
      .Case<arith::MulIOp>(two(multiply))
      .Case<arith::DivSIOp>(two(divide))
      .Case<arith::RemSIOp>(two(rest))
      .Case<arith::FloorDivSIOp>(two(divideFloor))
      .Case<arith::CeilDivSIOp>(two(divideCeil))
      .Case<arith::AndIOp>(two([](int64_t a, int64_t b) { return a & b; }))
      .Case<arith::OrIOp>(two([](int64_t a, int64_t b) { return a | b; }))
      .Case<arith::XOrIOp>(two([](int64_t a, int64_t b) { return a ^ b; }))
      .Case<arith::MaxSIOp>(two([](int64_t a, int64_t b) { return std::max(a, b); }))
      .Case<arith::MinSIOp>(two([](int64_t a, int64_t b) { return std::min(a, b); }))
      .Case<arith::ShLIOp>(two([width](int64_t a, int64_t b) {
        uint64_t by = unsignedOf(b, width);
        return by >= width ? int64_t(0) : static_cast<int64_t>(static_cast<uint64_t>(a) << by);
      }))
      .Case<arith::ShRSIOp>(two([width](int64_t a, int64_t b) {
        return a >> std::min<uint64_t>(unsignedOf(b, width), 63);
      }))
      .Case<arith::ShRUIOp>(two([width](int64_t a, int64_t b) {
        uint64_t by = unsignedOf(b, width);
        return by >= width ? int64_t(0) : static_cast<int64_t>(unsignedOf(a, width) >> by);
      }))
      .Case<arith::CmpIOp>([&](arith::CmpIOp cmp) { return compare(cmp), true; })
      .Case<math::AbsIOp>([&](auto) {
        return unary<int64_t, int64_t>(&op, [](int64_t a) { return a < 0 ? subtract(0, a) : a; });
      })
      .Case<math::CountLeadingZerosOp>([&](auto) {
        return unary<int64_t, int64_t>(&op, [width](int64_t a) {
          return static_cast<int64_t>(std::countl_zero(unsignedOf(a, width))) - (64 - width);
        });
      })
      .Default([](Operation *) { return false; });
}

bool Compiler::compileFloats(Operation &op) {
  Type type = op.getOperand(0).getType();
  if (!type.isF32() && !type.isF64()) {
    return false;
  }
  auto one = [&](auto f) { return [this, f](Operation *op) { return function(op, f); }; };
  auto two = [&](auto f) {
    return [this, f](Operation *op) { return binary<double, double>(op, f); };
  };
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case<arith::AddFOp>(two([](double a, double b) { return a + b; }))
      .Case<arith::SubFOp>(two([](double a, double b) { return a - b; }))
      .Case<arith::MulFOp>(two([](double a, double b) { return a * b; }))
      .Case<arith::DivFOp>(two([](double a, double b) { return a / b; }))
      .Case<arith::MaximumFOp>(two(maximum))
      .Case<arith::MinimumFOp>(two(minimum))
      .Case<arith::MaxNumFOp>(two([](double a, double b) { return std::fmax(a, b); }))
      .Case<arith::MinNumFOp>(two([](double a, double b) { return std::fmin(a, b); }))
      .Case<arith::CmpFOp>([&](arith::CmpFOp cmp) {
        return binary<double, int64_t>(cmp, [holds = relationsOf(cmp.getPredicate())](
                                                double a, double b) { return holds.hold(a, b); });
      })
      .Case<arith::NegFOp>(one([](auto a) { return -a; }))
      .Case<math::AbsFOp>(one([](auto a) { return std::abs(a); }))
      .Case<math::CeilOp>(one([](auto a) { return std::ceil(a); }))
      .Case<math::FloorOp>(one([](auto a) { return std::floor(a); }))
      .Case<math::RoundEvenOp>(one([](auto a) { return std::nearbyint(a); }))
      .Case<math::TruncOp>(one([](auto a) { return std::trunc(a); }))
      .Case<math::ExpOp>(one([](auto a) { return std::exp(a); }))
      .Case<math::ExpM1Op>(one([](auto a) { return std::expm1(a); }))
      .Case<math::Log1pOp>(one([](auto a) { return std::log1p(a); }))
      .Default([](Operation *) { return false; });
}

bool Compiler::compileConversion(Operation &op) {
  unsigned from = op.getOperand(0).getType().getIntOrFloatBitWidth();
  unsigned to = op.getResult(0).getType().getIntOrFloatBitWidth();
  /// From an integer to float at once: by way of a double it would be rounded twice.
  auto toFloat = [&](auto exactly) {
    return unary<int64_t, double>(&op, [=](int64_t a) {
      return to == 32 ? static_cast<double>(static_cast<float>(exactly(a)))
                      : static_cast<double>(exactly(a));
    });
  };
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case<arith::ExtSIOp, arith::TruncIOp>(
          [&](auto) { return unary<int64_t, int64_t>(&op, [](int64_t a) { return a; }); })
      .Case<arith::ExtUIOp>([&](auto) {
        return unary<int64_t, int64_t>(
            &op, [from](int64_t a) { return static_cast<int64_t>(unsignedOf(a, from)); });
      })
      .Case<arith::SIToFPOp>([&](auto) { return toFloat([](int64_t a) { return a; }); })
      .Case<arith::UIToFPOp>(
          [&](auto) { return toFloat([from](int64_t a) { return unsignedOf(a, from); }); })
      .Case<arith::FPToSIOp>([&](auto) {
        return unary<double, int64_t>(&op, [to](double a) { return toInteger(a, to); });
      })
      .Case<arith::ExtFOp, arith::TruncFOp>(
          [&](auto) { return unary<double, double>(&op, [](double a) { return a; }); })
      .Case<arith::BitcastOp>([&](arith::BitcastOp cast) { return bitcast(cast), true; })
      .Default([](Operation *) { return false; });
}

/// Whether a register can hold values of that type.
static bool isKnown(Type type) {
  return type.isF32() || type.isF64() ||
         (type.isSignlessInteger() && type.getIntOrFloatBitWidth() >= 1 &&
          type.getIntOrFloatBitWidth() <= 64);
}

bool Compiler::compile(Operation &op) {
  if (op.getNumResults() != 1 || !llvm::all_of(op.getResultTypes(), isKnown) ||
      !llvm::all_of(op.getOperandTypes(), isKnown)) {
    return false;
  }
  if (auto number = dyn_cast<arith::ConstantOp>(op)) {
    return constant(number), true;
  }
  if (auto choice = dyn_cast<arith::SelectOp>(op)) {
    return select(choice), true;
  }
  return op.getNumOperands() > 0 &&
         (compileConversion(op) || compileIntegers(op) || compileFloats(op));
}

//===----------------------------------------------------------------------===//
// Body
//===----------------------------------------------------------------------===//

FailureOr<Body> Body::compile(PopulationOp op) {
  Compiler compiler;
  Body body;
  Block &block = op.getBody().front();
  for (Value argument : block.getArguments()) {
    body.arguments.push_back(compiler.define(argument));
  }
  for (Operation &inner : block.without_terminator()) {
    if (!compiler.compile(inner)) {
      InFlightDiagnostic error = nodeError(op) << "its body holds '" << inner.getName()
                                               << "', which the interpreter has no meaning for";
      error.attachNote(inner.getLoc())
          << "expected arith and math of one f32, f64 or integer of up to 64 bits: sums, products, "
             "quotients, shifts, bits, comparisons, select, conversions, exp, expm1, log1p, "
             "rounding, abs and ctlz";
      return failure();
    }
  }
  for (Value value : block.getTerminator()->getOperands()) {
    body.yielded.push_back(compiler.use(value));
  }
  body.registers = std::move(compiler.registers);
  body.code = std::move(compiler.code);
  return body;
}

void Body::run(size_t count) {
  for (const Instruction &instruction : code) {
    instruction(registers, count);
  }
}

template <typename Number>
void Body::load(size_t argument, const Number *from, size_t count) {
  Register &to = registers[arguments[argument]];
  if constexpr (std::is_integral_v<Number>) {
    std::transform(from, from + count, to.integers.begin(),
                   [&](int64_t value) { return wrapped(value, to.width); });
  } else {
    std::copy_n(from, count, to.floats.begin());
  }
}

template <typename Number>
void Body::store(size_t index, Number *to, size_t count) const {
  const Register &from = registers[yielded[index]];
  if (from.width == 1) { // a spike
    std::transform(from.integers.begin(), from.integers.begin() + static_cast<ptrdiff_t>(count), to,
                   [](int64_t value) { return static_cast<Number>(value != 0); });
  } else if constexpr (std::is_integral_v<Number>) {
    std::copy_n(from.integers.begin(), count, to);
  } else {
    std::transform(from.floats.begin(), from.floats.begin() + static_cast<ptrdiff_t>(count), to,
                   [](double value) { return static_cast<Number>(value); });
  }
}

template void Body::load(size_t, const float *, size_t);
template void Body::load(size_t, const double *, size_t);
template void Body::load(size_t, const int64_t *, size_t);
template void Body::store(size_t, float *, size_t) const;
template void Body::store(size_t, double *, size_t) const;
template void Body::store(size_t, int64_t *, size_t) const;
