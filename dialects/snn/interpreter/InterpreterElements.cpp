//===- InterpreterElements.cpp - what goes element by element, at work ----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;
using namespace snn;

namespace {

template <typename Number>
class Scale : public Unit<Number> {
public:
  static UnitOr<Number> create(ScaleOp op) {
    auto factors = numbersOf<Number>(op, "scale", op.getScale());
    if (failed(factors)) {
      return failure();
    }
    auto unit = std::make_unique<Scale>(op);
    unit->factors = std::move(*factors);
    return std::unique_ptr<Unit<Number>>(std::move(unit));
  }

  explicit Scale(ScaleOp op) : Unit<Number>(op) {}

  void evaluate(int64_t) override {
    for (size_t i = 0; i < this->output.size(); ++i) {
      this->output[i] =
          multiplied<Number>((*this->inputs[0])[i], factors[factors.size() == 1 ? 0 : i]);
    }
  }

private:
  std::vector<Number> factors;
};

template <typename Number>
class Add : public Unit<Number> {
public:
  explicit Add(AddOp op) : Unit<Number>(op) {}

  void evaluate(int64_t) override {
    if (this->inputs.empty()) {
      return; // zeros
    }
    this->output = *this->inputs[0];
    for (const std::vector<Number> *term : llvm::drop_begin(this->inputs)) {
      for (size_t i = 0; i < this->output.size(); ++i) {
        this->output[i] = added<Number>(this->output[i], (*term)[i]);
      }
    }
  }
};

template <typename Number>
class Reshape : public Unit<Number> {
public:
  explicit Reshape(ReshapeOp op) : Unit<Number>(op) {}
  void evaluate(int64_t) override { this->output = *this->inputs[0]; }
};

//===----------------------------------------------------------------------===//
// rescale
//===----------------------------------------------------------------------===//

/// The exact product of an integer and a multiplier, whatever the integer.
__extension__ using Product = __int128;

/// product / 2^shift.
Product divided(Product product, int64_t shift, Rounding rounding) {
  Product unit = Product(1) << shift;
  switch (rounding) {
  case Rounding::TowardZero:
    return product / unit;
  case Rounding::Floor:
    return product >> shift;
  case Rounding::NearestEven:
    Product below = product >> shift, twiceRest = 2 * (product - below * unit);
    bool isUp = twiceRest > unit || (twiceRest == unit && below % 2 != 0);
    return below + (isUp ? 1 : 0);
  }
  llvm_unreachable("all roundings are above");
}

/// The integers of a type, as an overflow sees them.
struct Storage {
  IntegerRange range;
  unsigned bits;

  Product brought(Product x, Overflow overflow) const {
    switch (overflow) {
    case Overflow::Saturate:
      return std::clamp<Product>(x, range.least, range.most);
    case Overflow::Wrap: {
      Product size = Product(1) << bits, half = size / 2;
      Product rest = (x + half) % size;
      return (rest < 0 ? rest + size : rest) - half;
    }
    case Overflow::WrapLoihi: {
      // Once, and of the size of the range: -2^(bits-1) + 1 ... 2^(bits-1) takes a storage type of
      // one bit more.
      Product size = Product(range.most) - range.least + 1;
      return x > range.most ? x - size : x < range.least ? x + size : x;
    }
    }
    llvm_unreachable("all overflows are above");
  }
};

class Rescale : public Unit<int64_t> {
public:
  explicit Rescale(RescaleOp op)
      : Unit<int64_t>(op), multipliers(op.getMultiplier()),
        shift(static_cast<int64_t>(op.getShift())), rounding(op.getRounding()),
        overflow(op.getOverflow()) {
    auto element =
        cast<quant::QuantizedType>(cast<RankedTensorType>(op.getType()).getElementType());
    storage = {integerRange(op.getType()), element.getStorageTypeIntegralWidth()};
  }

  void evaluate(int64_t) override {
    size_t perMultiplier = output.size() / multipliers.size();
    for (size_t i = 0; i < output.size(); ++i) {
      Product product = Product((*inputs[0])[i]) * multipliers[i / perMultiplier];
      output[i] =
          static_cast<int64_t>(storage.brought(divided(product, shift, rounding), overflow));
    }
  }

private:
  SmallVector<int32_t> multipliers; ///< one, one a channel, or one an element
  int64_t shift;
  Rounding rounding;
  Overflow overflow;
  Storage storage;
};

//===----------------------------------------------------------------------===//
// delay
//===----------------------------------------------------------------------===//

template <typename Number>
class Delay : public Unit<Number> {
public:
  explicit Delay(DelayOp op)
      : Unit<Number>(op), steps(op.getSteps()), start(static_cast<int64_t>(op.getStart())),
        length(op.longest()), ring(length * this->output.size()) {}

  void evaluate(int64_t now) override {
    size_t count = this->output.size();
    for (size_t i = 0; i < count; ++i) {
      int64_t ago = steps[steps.size() == 1 ? 0 : i], then = now - ago;
      this->output[i] = then < start ? Number(0)
                        : ago == 0   ? (*this->inputs[0])[i]
                                     : ring[then % length * count + i];
    }
  }
  void finish(int64_t now) override {
    if (length > 0) {
      std::copy(this->inputs[0]->begin(), this->inputs[0]->end(),
                ring.begin() + now % length * this->output.size());
    }
  }

  void visitMemory(const std::function<void(std::span<Number>)> &visit) override {
    Unit<Number>::visitMemory(visit);
    visit(ring);
  }

private:
  SmallVector<int64_t> steps;
  int64_t start, length;
  std::vector<Number> ring; ///< the signal of step t at t mod length
};

template <typename Number>
UnitOr<Number> makeRescale(RescaleOp op) {
  if constexpr (std::is_integral_v<Number>) {
    return std::unique_ptr<Unit<Number>>(std::make_unique<Rescale>(op));
  } else {
    return nodeError(op) << "rescales numbers that are no integers"; // rescale (C1)
  }
}

} // namespace

template <typename Number>
UnitOr<Number> snn::makeElementwise(Operation *op) {
  using Made = std::unique_ptr<Unit<Number>>;
  return llvm::TypeSwitch<Operation *, UnitOr<Number>>(op)
      .Case([](ScaleOp scale) { return Scale<Number>::create(scale); })
      .Case([](AddOp add) { return Made(std::make_unique<Add<Number>>(add)); })
      .Case([](ReshapeOp reshape) { return Made(std::make_unique<Reshape<Number>>(reshape)); })
      .Case([](RescaleOp rescale) { return makeRescale<Number>(rescale); })
      .Case([](DelayOp delay) { return Made(std::make_unique<Delay<Number>>(delay)); })
      .Default([](Operation *) { return Made(); });
}

template UnitOr<float> snn::makeElementwise<float>(Operation *);
template UnitOr<double> snn::makeElementwise<double>(Operation *);
template UnitOr<int64_t> snn::makeElementwise<int64_t>(Operation *);
