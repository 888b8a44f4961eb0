//===- QuantizeBody.cpp - a neuron's update in integers -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/QuantizeBody.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc;

BodyQuantizer::BodyQuantizer(snn::PopulationOp op, const nir::NumberFormat &format, uint64_t stream)

    : op(op), count(op.getStates().size()), format(format), stream(stream),
      body(op.getBody().front()) {
  ArrayRef<int64_t> shape = snn::shapeOf(op.getType());
  neurons = {shape.empty() ? 1 : shape.front(), snn::elementsOf(op.getType())};
}

Value BodyQuantizer::yielded(unsigned i) {
  return cast<snn::YieldOp>(body.getTerminator()).getValues()[i];
}

//===----------------------------------------------------------------------===//
// What the body is made of
//===----------------------------------------------------------------------===//

bool BodyQuantizer::Form::isConstant() const {
  return llvm::none_of(factors, [](const auto &factor) { return factor.has_value(); });
}

/// The number, for each neuron, of a value that depends on constants and parameters alone.
std::optional<PerNeuron> BodyQuantizer::constantOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned first = 1 + stateCount();
    if (argument.getArgNumber() < first) {
      return std::nullopt;
    }
    auto values = cast<ElementsAttr>(op.getParams()[argument.getArgNumber() - first]);
    return PerNeuron(neurons, nir::doublesOf(values));
  }
  Operation *def = value.getDefiningOp();
  auto binary = [&](auto f) -> std::optional<PerNeuron> {
    std::optional<PerNeuron> a = constantOf(def->getOperand(0));
    std::optional<PerNeuron> b = a ? constantOf(def->getOperand(1)) : std::nullopt;
    return b ? std::optional(f(*a, *b)) : std::nullopt;
  };
  return llvm::TypeSwitch<Operation *, std::optional<PerNeuron>>(def)
      .Case([&](arith::ConstantOp constant) -> std::optional<PerNeuron> {
        auto number = dyn_cast<FloatAttr>(constant.getValue());
        return number ? std::optional<PerNeuron>(number.getValueAsDouble()) : std::nullopt;
      })
      .Case([&](arith::NegFOp) -> std::optional<PerNeuron> {
        std::optional<PerNeuron> a = constantOf(def->getOperand(0));
        return a ? std::optional(PerNeuron(0.0) - *a) : std::nullopt;
      })
      .Case([&](arith::AddFOp) { return binary([](auto a, auto b) { return a + b; }); })
      .Case([&](arith::SubFOp) { return binary([](auto a, auto b) { return a - b; }); })
      .Case([&](arith::MulFOp) { return binary([](auto a, auto b) { return a * b; }); })
      .Case([&](arith::DivFOp) { return binary([](auto a, auto b) { return a / b; }); })
      .Default([](Operation *) -> std::optional<PerNeuron> { return std::nullopt; });
}

/// The value as a sum of atoms; of the new states those before `known` are atoms. What a choice
/// between two numbers is made of is what the one with more atoms is.
std::optional<BodyQuantizer::Form> BodyQuantizer::formOf(Value value, unsigned known) {
  unsigned atoms = 1 + 2 * stateCount();
  Form out;
  out.factors.resize(atoms);
  if (std::optional<PerNeuron> constant = constantOf(value)) {
    out.constant = *constant;
    return out;
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    out.factors[argument.getArgNumber()] = 1.0;
    return out;
  }
  for (unsigned i = 0; i < known; ++i) {
    if (value == yielded(1 + i)) {
      out.factors[1 + stateCount() + i] = 1.0;
      return out;
    }
  }
  Operation *def = value.getDefiningOp();
  auto linear = [&](double sign) -> std::optional<Form> {
    std::optional<Form> a = formOf(def->getOperand(0), known),
                        b = a ? formOf(def->getOperand(1), known) : std::nullopt;
    if (!b) {
      return std::nullopt;
    }
    for (unsigned i = 0; i < atoms; ++i) {
      if (b->factors[i]) {
        PerNeuron more = PerNeuron(sign) * *b->factors[i];
        a->factors[i] = a->factors[i] ? *a->factors[i] + more : more;
      }
    }
    a->constant = a->constant + PerNeuron(sign) * b->constant;
    return a;
  };
  auto richer = [&](Value x, Value y) -> std::optional<Form> {
    std::optional<Form> a = formOf(x, known), b = formOf(y, known);
    auto count = [](const Form &form) {
      return llvm::count_if(form.factors, [](const auto &factor) { return factor.has_value(); });
    };
    return !a ? b : !b ? a : count(*b) > count(*a) ? b : a;
  };
  return llvm::TypeSwitch<Operation *, std::optional<Form>>(def)
      .Case([&](arith::AddFOp) { return linear(1); })
      .Case([&](arith::SubFOp) { return linear(-1); })
      .Case([&](arith::MulFOp) -> std::optional<Form> {
        bool first = constantOf(def->getOperand(0)).has_value();
        std::optional<PerNeuron> factor = constantOf(def->getOperand(first ? 0 : 1));
        std::optional<Form> form = formOf(def->getOperand(first ? 1 : 0), known);
        if (!factor || !form) {
          return std::nullopt;
        }
        for (std::optional<PerNeuron> &each : form->factors) {
          each = each ? std::optional(*factor * *each) : std::nullopt;
        }
        form->constant = *factor * form->constant;
        return form;
      })
      .Case([&](arith::SelectOp) { return richer(def->getOperand(1), def->getOperand(2)); })
      .Case([&](arith::MaximumFOp) { return richer(def->getOperand(0), def->getOperand(1)); })
      .Case([&](arith::MinimumFOp) { return richer(def->getOperand(0), def->getOperand(1)); })
      .Default([](Operation *) -> std::optional<Form> { return std::nullopt; });
}

/// Numbers of a sum or a choice are in the scale of the state that comes of it.
void BodyQuantizer::mark(Value value, int state) {
  if (!isa<FloatType>(value.getType()) || isa<BlockArgument>(value) ||
      !targets.try_emplace(value, state).second) {
    return;
  }
  Operation *def = value.getDefiningOp();
  if (isa<arith::AddFOp, arith::SubFOp, arith::NegFOp, arith::MaximumFOp, arith::MinimumFOp>(def)) {
    for (Value operand : def->getOperands()) {
      mark(operand, state);
    }
  } else if (auto select = dyn_cast<arith::SelectOp>(def)) {
    mark(select.getTrueValue(), state);
    mark(select.getFalseValue(), state);
  }
}

/// The state that a number of the body is one of: what it is, or what is computed in its scale.
static int stateOf(Value value, const DenseMap<Value, int> &targets, unsigned states) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned i = argument.getArgNumber();
    return i >= 1 && i <= states ? static_cast<int>(i) - 1 : -1;
  }
  auto found = targets.find(value);
  return found == targets.end() ? -1 : found->second;
}

/// What states are held against, and what they are set to.
void BodyQuantizer::collectConstants() {
  thresholds.assign(stateCount(), 0);
  thresholdOf.assign(stateCount(), std::nullopt);
  auto note = [&](Value number, Value constant, bool isThreshold) {
    int state = stateOf(number, targets, stateCount());
    std::optional<PerNeuron> known = constantOf(constant);
    if (state < 0 || !known) {
      return;
    }
    thresholds[state] = std::max(thresholds[state], known->magnitude());
    planned[state].isMembrane |= isThreshold;
    if (isThreshold && !thresholdOf[state]) {
      thresholdOf[state] = known;
    }
  };
  for (Operation &each : body) {
    if (isa<arith::CmpFOp>(each)) {
      note(each.getOperand(0), each.getOperand(1), true);
    } else if (auto select = dyn_cast<arith::SelectOp>(each)) {
      note(select.getResult(), select.getTrueValue(), false);
      note(select.getResult(), select.getFalseValue(), false);
    }
  }
  if (!snn::isSpikes(op.getType())) {
    for (unsigned i = 0; i < stateCount(); ++i) {
      planned[i].isMembrane |= yielded(0) == yielded(1 + i);
    }
  }
}

/// What has an integer form: sums, products with constants, choices, and how often a constant fits.
LogicalResult BodyQuantizer::check() {
  for (Operation &each : body.without_terminator()) {
    bool isConstant = each.getNumResults() == 1 && isa<FloatType>(each.getResult(0).getType()) &&
                      constantOf(each.getResult(0)).has_value();
    if (isConstant || isa<arith::ConstantOp, arith::AddFOp, arith::SubFOp, arith::CmpFOp,
                          arith::SelectOp, arith::MaximumFOp, arith::MinimumFOp, arith::NegFOp,
                          math::CeilOp, math::FloorOp, arith::AndIOp>(each)) {
      continue;
    }
    if (isa<arith::MulFOp>(each) &&
        (constantOf(each.getOperand(0)) || constantOf(each.getOperand(1)))) {
      continue;
    }
    if (isa<arith::DivFOp>(each) && constantOf(each.getOperand(1)) &&
        llvm::all_of(each.getUsers(),
                     [](Operation *user) { return isa<math::CeilOp, math::FloorOp>(user); })) {
      continue;
    }
    return snn::nodeError(op) << "computes " << each.getName()
                              << ", which has no integer form, expected sums, products with "
                                 "constants and comparisons: after-spike=rest needs the others, "
                                 "take after-spike=whole-step";
  }
  return success();
}

LogicalResult BodyQuantizer::read() {
  if (failed(check())) {
    return failure();
  }
  for (Attribute name : op.getStates()) {
    planned.push_back({});
    planned.back().name = cast<StringAttr>(name).getValue();
  }
  for (unsigned i = 0; i < stateCount(); ++i) {
    mark(yielded(1 + i), static_cast<int>(i));
  }
  collectConstants();
  for (unsigned i = 0; i < stateCount(); ++i) {
    std::optional<Form> form = formOf(yielded(1 + i), i);
    if (!form) {
      return snn::nodeError(op) << "state " << planned[i].name
                                << " is no sum of inputs and states, which has no integer form";
    }
    planned[i].keeps = form->factors[1 + i];
    forms.push_back(std::move(*form));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

/// The atom that drives a state: another state, or else u.
static std::optional<unsigned> driver(ArrayRef<std::optional<PerNeuron>> factors, unsigned state,
                                      unsigned states) {
  auto isThere = [&](unsigned atom) { return factors[atom] && factors[atom]->magnitude() > 0; };
  for (unsigned j = 0; j < states; ++j) {
    for (unsigned atom : {1 + states + j, 1 + j}) {
      if (j != state && isThere(atom)) {
        return atom;
      }
    }
  }
  return isThere(0) ? std::optional(0U) : std::nullopt;
}

/// As a unit must be: positive, of similar size for all neurons, the same for all of a channel.
static PerNeuron asUnit(const PerNeuron &factor) {
  constexpr double mostApart = 64;
  PerNeuron size = map([](double x) { return std::abs(x); }, factor);
  bool isEven = size.smallest() > 0 && size.largest() <= mostApart * size.smallest();
  return isEven && size.isByChannel() ? size : PerNeuron(size.largest());
}

PerNeuron BodyQuantizer::gain() const {
  PerNeuron gain = 1.0;
  SmallVector<PerNeuron> units;
  for (unsigned i = 0; i < count; ++i) {
    std::optional<unsigned> from = driver(forms[i].factors, i, count);
    PerNeuron unit = 1.0;
    if (from) {
      PerNeuron source = *from == 0 ? PerNeuron(1.0) : units[(*from - 1) % count];
      unit = asUnit(*forms[i].factors[*from] * source);
    }
    units.push_back(unit);
    gain = unit;
  }
  return gain;
}

double BodyQuantizer::threshold() const {
  double most = 0.0;
  for (const std::optional<PerNeuron> &each : thresholdOf) {
    most = std::max(most, each ? each->magnitude() : 0.0);
  }
  return most;
}

/// What can be added to a state in a step, in its own units.
double BodyQuantizer::driveOf(unsigned state) const {
  const Form &form = forms[state];
  double drive = form.constant.magnitude();
  if (form.factors[0]) {
    drive += form.factors[0]->magnitude() * inputScale.magnitude() *
             static_cast<double>(inputRange.magnitude());
  }
  for (unsigned atom = 1; atom < form.factors.size(); ++atom) {
    unsigned j = (atom - 1) % count;
    if (j < state && form.factors[atom]) {
      drive += form.factors[atom]->magnitude() * planned[j].scale.magnitude() *
               static_cast<double>(planned[j].range.magnitude());
    }
  }
  return drive;
}

void BodyQuantizer::chooseScale(unsigned state, std::optional<double> seen) {
  QuantizedState &plan = planned[state];
  const Form &form = forms[state];
  std::optional<unsigned> from = driver(form.factors, state, count);
  PerNeuron unit = 1.0;
  int bitsBefore = 0;
  if (from) {
    PerNeuron source = *from == 0 ? inputScale : planned[(*from - 1) % count].scale;
    unit = asUnit(*form.factors[*from] * source);
    bitsBefore = *from == 0 ? 0 : planned[(*from - 1) % count].fractionBits;
  } else if (double most = std::max(thresholds[state], form.constant.magnitude()); most > 0) {
    unit = std::ldexp(most, -format.stateBits / 2);
  }
  if (format.states == nir::StateArithmetic::Float32) {
    plan.scale = unit;
    return;
  }
  // The share that falls away in a step, of the neuron that leaks least.
  double leak = 1.0;
  PerNeuron keeps = plan.keeps.value_or(0.0);
  for (double share : keeps.values()) {
    leak = std::min(leak, share > 0 ? 1 - std::min(share, 1.0) : 1.0);
  }
  double drive = driveOf(state), steady = leak > 0 ? drive / leak : std::ldexp(drive, 8);
  double most = std::ldexp(1.0, format.stateBits - 1) - 1;
  double room = std::ldexp(1.0, format.stateBits / 4);
  double need = seen                    ? std::max(2 * *seen, thresholds[state])
                : thresholds[state] > 0 ? std::max(drive, thresholds[state] * room)
                                        : steady;
  auto logDown = [](double x) { return static_cast<int>(std::floor(std::log2(x))); };
  int fit = need > 0 ? std::clamp(logDown(most * unit.smallest() / need), -40, 24) : 24;
  // targets/numerics.md: a state that leaks the share q needs log2(1/q) + 4 bits below what is
  // added to it, and a threshold 2^10 units.
  int want = leak > 0 && leak < 1 ? std::max(0, 4 - logDown(leak) - bitsBefore) : 0;
  if (thresholds[state] > 0) {
    want = std::max(want, 10 - logDown(thresholds[state] / unit.largest()));
  }
  int bits = std::min(std::clamp(want, 0, 24), fit);
  if (format.fractionBits) {
    bits = from && *from != 0 ? 0 : *format.fractionBits;
  }
  plan.scale = unit * PerNeuron(std::ldexp(1.0, -bits));
  plan.fractionBits = bitsBefore + bits;
}

void BodyQuantizer::plan(const PerNeuron &scale, Interval range,
                         ArrayRef<std::optional<double>> seen) {
  inputScale = scale;
  inputRange = range;
  for (unsigned i = 0; i < stateCount(); ++i) {
    planned[i].range = rangeOf(format.stateBits, nir::Overflow::Wrap);
    chooseScale(i, seen[i]);
    seenLargest.push_back(seen[i].value_or(0));
    if (planned[i].keeps) {
      Multiplier m = multiplierFor(*planned[i].keeps, format, /*decays=*/true);
      planned[i].keepsNow =
          planned[i].keeps->is(1) || format.states != nir::StateArithmetic::Integer
              ? *planned[i].keeps
              : m.multiplier / PerNeuron(std::ldexp(1.0, m.shift));
    }
    // Driven states come after those that drive them, and are at most what those can be.
    double steady = planned[i].keeps && planned[i].keeps->magnitude() < 1
                        ? driveOf(i) / (1 - planned[i].keeps->magnitude())
                        : std::ldexp(1.0, format.stateBits - 1) * planned[i].scale.magnitude();
    double most =
        std::min(steady / planned[i].scale.smallest() + 1, std::ldexp(1.0, format.stateBits - 1));
    planned[i].range = {-static_cast<int64_t>(most), static_cast<int64_t>(most)};
  }
  findRanges();
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// Runs the body on ranges; whether those of the new states are within those of the old.
bool BodyQuantizer::evaluate() {
  terms.clear();
  reached.assign(stateCount(), false);
  Fixed input{{}, inputScale, inputRange};
  if (fixed->builder()) {
    input.value = fixed->builder()->getInsertionBlock()->getArgument(0);
  }
  Fixed u = fixed->bounded(input, format.accumulatorBits, format.accumulatorOverflow);
  inputOverflows = !(u.range == input.range);
  terms[body.getArgument(0)] = {u, {}, {}, 0};
  for (unsigned i = 0; i < stateCount(); ++i) {
    Fixed state{{}, planned[i].scale, planned[i].range};
    if (fixed->builder()) {
      state.value = fixed->builder()->getInsertionBlock()->getArgument(1 + i);
    }
    terms[body.getArgument(1 + i)] = {state, {}, {}, static_cast<int>(1 + i)};
  }
  for (Operation &each : body.without_terminator()) {
    bool isNumber = isa<FloatType>(each.getResult(0).getType());
    if (!isNumber || !constantOf(each.getResult(0))) {
      terms[each.getResult(0)] = translate(&each);
    }
  }
  yieldedRanges.clear();
  bool holds = true;
  for (unsigned i = 0; i < stateCount(); ++i) {
    Fixed next = number(yielded(1 + i), planned[i].scale, static_cast<int>(i));
    next = kept(fixed->bounded(next, 32, nir::Overflow::Saturate), i);
    terms[yielded(1 + i)].number = next; // what is passed on may be it
    yieldedRanges.push_back(next.range);
    holds &= next.range.isWithin(planned[i].range);
  }
  if (!snn::isSpikes(op.getType())) {
    if (std::optional<PerNeuron> constant = constantOf(yielded(0))) {
      passedOn = wholeConstant(*constant, 1.0, 1, "value");
    } else {
      passedOn = fixed->narrowed(operand(yielded(0)));
    }
  }
  return holds;
}

/// Ranges that hold in every step: from 0 on, first step by step, then doubling until one holds,
/// and from there downwards, where each is proven by the one before.
void BodyQuantizer::findRanges() {
  if (format.states != nir::StateArithmetic::Integer) {
    fixed = std::make_unique<FixedPoint>(format, neurons, stream);
    evaluate();
    return;
  }
  constexpr int steps = 8, doublings = 48, narrowings = 8;
  for (QuantizedState &state : planned) {
    state.range = {0, 0};
  }
  bool holds = false;
  for (int i = 0; i < steps + doublings && !holds; ++i) {
    fixed = std::make_unique<FixedPoint>(format, neurons, stream);
    holds = evaluate();
    for (unsigned k = 0; k < stateCount() && !holds; ++k) {
      Interval next = planned[k].range.join(yieldedRanges[k]);
      if (i >= steps) {
        next = {2 * next.least, 2 * next.most};
      }
      planned[k].range = {std::max<int64_t>(next.least, INT32_MIN),
                          std::min<int64_t>(next.most, INT32_MAX)};
    }
  }
  assert(holds && "all of 32 bits holds");
  for (int i = 0; i < narrowings; ++i) {
    for (unsigned k = 0; k < stateCount(); ++k) {
      planned[k].range = yieldedRanges[k].join({0, 0});
    }
    fixed = std::make_unique<FixedPoint>(format, neurons, stream);
    holds = evaluate();
    assert(holds && "a smaller range gives smaller ones");
  }
  for (unsigned k = 0; k < stateCount(); ++k) {
    planned[k].canOverflow = reached[k];
  }
}

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
    Fixed right = number(b, scale, state);
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
  auto bitsOf = [](double n) { return std::max(0, static_cast<int>(std::ceil(std::log2(n)))); };
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

//===----------------------------------------------------------------------===//
// The new body
//===----------------------------------------------------------------------===//

void BodyQuantizer::rewrite() {
  MLIRContext *context = op.getContext();
  bool isInteger = format.states == nir::StateArithmetic::Integer;
  Type element = isInteger ? Type(IntegerType::get(context, 32)) : Type(Float32Type::get(context));
  bool isRandom = isInteger && format.rounding == nir::Rounding::Stochastic && stateCount() > 0;
  auto *place = new Block();
  for (unsigned i = 0; i < 1 + stateCount() + isRandom; ++i) {
    place->addArgument(element, op.getLoc());
  }
  OpBuilder builder(context);
  builder.setInsertionPointToEnd(place);
  fixed = std::make_unique<FixedPoint>(format, neurons, stream);
  fixed->emitTo(builder, *place, op.getLoc());
  if (isRandom) {
    fixed->random = Fixed{place->getArgument(1 + stateCount()), 1.0, {INT32_MIN, INT32_MAX}};
  }
  [[maybe_unused]] bool holds = evaluate();
  assert((holds || !isInteger) && "the ranges are those that were found");
  SmallVector<Value> values{snn::isSpikes(op.getType()) ? terms[yielded(0)].truth : passedOn.value};
  for (unsigned i = 0; i < stateCount(); ++i) {
    values.push_back(terms[yielded(1 + i)].number->value);
  }
  SmallVector<Attribute> names(op.getStates().begin(), op.getStates().end()), types;
  if (isRandom) {
    values.push_back(fixed->random->value);
    names.push_back(builder.getStringAttr("random"));
  }
  auto yield = snn::YieldOp::create(builder, op.getLoc());
  yield.getValuesMutable().assign(values);

  ArrayRef<int64_t> shape = snn::shapeOf(op.getType());
  for (const QuantizedState &state : planned) {
    int bits = std::max(format.stateBits, neededBits(state.range));
    types.push_back(TypeAttr::get(snn::integerTensor(context, shape, state.scale.values(), bits,
                                                     {state.range.least, state.range.most})));
  }
  if (isRandom) {
    types.push_back(
        TypeAttr::get(snn::integerTensor(context, shape, {1.0}, 32, {INT32_MIN, INT32_MAX})));
  }
  op.setStatesAttr(builder.getArrayAttr(names));
  op.setParamNamesAttr(builder.getArrayAttr(fixed->names));
  op.setParamsAttr(builder.getArrayAttr(fixed->params));
  if (isInteger && !types.empty()) {
    op.setStateTypesAttr(builder.getArrayAttr(types));
  }
  op.getBody().front().erase();
  op.getBody().push_back(place);
}
