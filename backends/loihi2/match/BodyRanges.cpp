//===- BodyRanges.cpp -----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/BodyRanges.h"

#include "backends/loihi2/Limits.h"
#include "dialects/nir/Tensors.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

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
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
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
    whole.resize(neurons, whole.empty() ? 0 : whole.front()); // one may stand for all
    return whole;
  }
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : nullptr;
  return number ? std::optional(std::vector<int64_t>(neurons, number.getInt())) : std::nullopt;
}

bool BodyRanges::isConstant(Value value, int64_t number) {
  std::optional<std::vector<int64_t>> constant = constantOf(value);
  return constant && llvm::all_of(*constant, [&](int64_t c) { return c == number; });
}

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

/// (x c + (2^k - 1 where that is negative)) >> k.
std::optional<std::vector<int64_t>> BodyRanges::decayOf(Value value, Value state) {
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  value = bare(value);
  if (value == state) {
    return std::vector<int64_t>(neurons, wholeDecay);
  }
  auto shift = value.getDefiningOp<arith::ShRSIOp>();
  auto sum = shift ? shift.getLhs().getDefiningOp<arith::AddIOp>() : nullptr;
  auto digits = sum ? sum.getRhs().getDefiningOp<arith::AndIOp>() : nullptr;
  auto sign = digits ? digits.getLhs().getDefiningOp<arith::ShRSIOp>() : nullptr;
  std::optional<std::vector<int64_t>> by = sign ? constantOf(shift.getRhs()) : std::nullopt;
  if (!by || sign.getLhs() != sum.getLhs() || by->front() < 1 || by->front() > 30 ||
      !isConstant(digits.getRhs(), (int64_t{1} << by->front()) - 1) ||
      !isConstant(sign.getRhs(), sign.getType().getIntOrFloatBitWidth() - 1) || !of(sum)) {
    return std::nullopt;
  }
  std::vector<int64_t> factors(neurons, 1);
  Value product = bare(sum.getLhs());
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
    if (scaled % (int64_t{1} << by->front()) != 0) {
      return std::nullopt;
    }
    factor = scaled >> by->front();
  }
  return factors;
}

Value BodyRanges::wrappedBy(Value value) {
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

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

std::optional<Interval> BodyRanges::of(Value value) {
  if (auto found = known.find(value); found != known.end()) {
    return found->second;
  }
  std::optional<Interval> range = compute(value);
  unsigned bits = value.getType().getIntOrFloatBitWidth();
  if (range && bits < 64 && !range->fits(bits)) {
    range = std::nullopt;
  }
  known[value] = range;
  return range;
}

std::optional<Interval> BodyRanges::compute(Value value) {
  if (std::optional<std::vector<int64_t>> constant = constantOf(value)) {
    auto [least, most] = std::minmax_element(constant->begin(), constant->end());
    return Interval{*least, *most};
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (unsigned i = argument.getArgNumber()) {
      snn::IntegerRange range =
          snn::integerRange(cast<TypeAttr>((*op.getStateTypes())[i - 1]).getValue());
      return Interval{range.least, range.most};
    }
    Interval drive{0, 0};
    for (Value input : op.getInputs()) {
      snn::IntegerRange range = snn::integerRange(input.getType());
      drive = {drive.least + range.least, drive.most + range.most};
    }
    return drive;
  }
  return ofOperation(value.getDefiningOp());
}

/// Of a share of a state: closer than its ops say one by one.
std::optional<Interval> BodyRanges::ofDecay(Value value) {
  for (unsigned i = 1; i <= op.getStates().size(); ++i) {
    Value state = op.getBody().getArgument(i);
    std::optional<std::vector<int64_t>> keeps = decayOf(value, state);
    if (!keeps) {
      continue;
    }
    Interval x = *of(state), all{INT64_MAX, INT64_MIN};
    for (int64_t keep : *keeps) {
      int64_t a = x.least * keep / wholeDecay, b = x.most * keep / wholeDecay;
      all = all.join({std::min(a, b), std::max(a, b)});
    }
    return all;
  }
  return std::nullopt;
}

std::optional<Interval> BodyRanges::ofOperation(Operation *def) {
  if (isa<arith::ShRSIOp>(def)) {
    if (std::optional<Interval> decay = ofDecay(def->getResult(0))) {
      return decay;
    }
  }
  if (isa<arith::SelectOp>(def)) {
    if (Value x = wrappedBy(def->getResult(0))) {
      std::optional<Interval> range = of(x);
      constexpr Interval once{1 - stateLimit, stateLimit};
      if (range && range->isWithin({-2 * stateLimit, 2 * stateLimit})) {
        return range->isWithin(once) ? *range : once;
      }
    }
  }
  auto two = [&](unsigned first, auto f) -> std::optional<Interval> {
    std::optional<Interval> a = of(def->getOperand(first));
    std::optional<Interval> b = a ? of(def->getOperand(first + 1)) : std::nullopt;
    return b ? f(*a, *b) : std::nullopt;
  };
  auto checked = [](auto overflows, int64_t a, int64_t b, int64_t c, int64_t d) {
    int64_t least = 0, most = 0;
    bool bad = overflows(a, b, least) | overflows(c, d, most);
    return bad ? std::nullopt : std::optional(Interval{least, most});
  };
  using Range = std::optional<Interval>;
  return llvm::TypeSwitch<Operation *, Range>(def)
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](auto cast) { return of(cast.getIn()); })
      .Case([&](arith::AddIOp) {
        return two(0, [&](Interval a, Interval b) {
          return checked(llvm::AddOverflow<int64_t>, a.least, b.least, a.most, b.most);
        });
      })
      .Case([&](arith::SubIOp) {
        return two(0, [&](Interval a, Interval b) {
          return checked(llvm::SubOverflow<int64_t>, a.least, b.most, a.most, b.least);
        });
      })
      .Case([&](arith::MulIOp) {
        return two(0, [&](Interval a, Interval b) -> Range {
          Range lower = checked(llvm::MulOverflow<int64_t>, a.least, b.least, a.least, b.most);
          Range upper = checked(llvm::MulOverflow<int64_t>, a.most, b.least, a.most, b.most);
          if (!lower || !upper) {
            return std::nullopt;
          }
          auto [l0, l1] = std::minmax(lower->least, lower->most);
          auto [u0, u1] = std::minmax(upper->least, upper->most);
          return Interval{std::min(l0, u0), std::max(l1, u1)};
        });
      })
      .Case([&](arith::ShLIOp) {
        return two(0, [&](Interval a, Interval b) -> Range {
          if (b.least != b.most || b.least < 0 || b.least > 31) {
            return std::nullopt;
          }
          int64_t factor = int64_t{1} << b.least;
          return checked(llvm::MulOverflow<int64_t>, a.least, factor, a.most, factor);
        });
      })
      .Case([&](arith::ShRSIOp shift) {
        int64_t bits = shift.getType().getIntOrFloatBitWidth();
        return two(0, [&](Interval a, Interval b) -> Range {
          bool isShift = b.least == b.most && b.least >= 0 && b.least < bits;
          return isShift ? Range(Interval{a.least >> b.least, a.most >> b.least}) : std::nullopt;
        });
      })
      .Case([&](arith::AndIOp) {
        return two(0, [&](Interval, Interval b) -> Range {
          return b.least == b.most && b.least >= 0 ? Range(Interval{0, b.least}) : std::nullopt;
        });
      })
      .Case([&](arith::MaxSIOp) {
        return two(0, [&](Interval a, Interval b) -> Range {
          return Interval{std::max(a.least, b.least), std::max(a.most, b.most)};
        });
      })
      .Case([&](arith::MinSIOp) {
        return two(0, [&](Interval a, Interval b) -> Range {
          return Interval{std::min(a.least, b.least), std::min(a.most, b.most)};
        });
      })
      .Case([&](arith::SelectOp) {
        return two(1, [&](Interval a, Interval b) -> Range { return a.join(b); });
      })
      .Default([](Operation *) { return Range(); });
}
