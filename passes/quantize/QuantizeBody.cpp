//===- QuantizeBody.cpp - a neuron's update in integers -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/QuantizeBody.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc;

Neurons nirc::neuronsOf(Value signal) {
  ArrayRef<int64_t> shape = snn::shapeOf(signal.getType());
  return {shape.empty() ? 1 : shape.front(), snn::elementsOf(signal.getType())};
}

BodyQuantizer::BodyQuantizer(snn::PopulationOp op, const nir::NumberFormat &format, uint64_t stream)
    : op(op), count(op.getStates().size()), format(format), neurons(neuronsOf(op.getResult())),
      stream(stream), body(op.getBody().front()) {}

Value BodyQuantizer::yielded(unsigned i) {
  return cast<snn::YieldOp>(body.getTerminator()).getValues()[i];
}

//===----------------------------------------------------------------------===//
// What the body is made of
//===----------------------------------------------------------------------===//

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
      .Case(
          [&](arith::AddFOp) { return binary([](const auto &a, const auto &b) { return a + b; }); })
      .Case(
          [&](arith::SubFOp) { return binary([](const auto &a, const auto &b) { return a - b; }); })
      .Case(
          [&](arith::MulFOp) { return binary([](const auto &a, const auto &b) { return a * b; }); })
      .Case(
          [&](arith::DivFOp) { return binary([](const auto &a, const auto &b) { return a / b; }); })
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
    for (unsigned j = i + 1; j < stateCount(); ++j) {
      // Units and ranges are found state by state, each from those before it.
      if (form->factors[1 + j]) {
        return snn::nodeError(op) << "state " << planned[i].name << " is driven by "
                                  << planned[j].name
                                  << ", which comes after it, and has no integer form: expected "
                                     "states that are driven by those before them alone";
      }
    }
    planned[i].keeps = form->factors[1 + i];
    forms.push_back(std::move(*form));
  }
  return success();
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
  rewriteInitial(isInteger, isRandom);
}

/// The states before the first update, in the units and within the range of their integers. In a
/// network whose states stay floats they are float32.
void BodyQuantizer::rewriteInitial(bool isInteger, bool isRandom) {
  SmallVector<ElementsAttr> initial = snn::initialOf(op);
  initial.resize(stateCount()); // where a state for random numbers is new, it is none of them
  Builder builder(op.getContext());
  for (unsigned i = 0; i < stateCount(); ++i) {
    if (!initial[i]) {
      continue;
    }
    auto values = nir::doublesOf(initial[i]);
    ShapedType shape = initial[i].getShapedType();
    if (!isInteger) {
      SmallVector<float> numbers(values.begin(), values.end());
      initial[i] = DenseElementsAttr::get(shape.clone(builder.getF32Type()), ArrayRef(numbers));
      continue;
    }
    SmallVector<int32_t> numbers;
    for (size_t n = 0; n < values.size(); ++n) {
      const QuantizedState &state = planned[i];
      double steps = std::nearbyint(values[n] / state.scale[static_cast<int64_t>(n)]);
      numbers.push_back(static_cast<int32_t>(std::clamp(
          steps, static_cast<double>(state.range.least), static_cast<double>(state.range.most))));
    }
    initial[i] = DenseElementsAttr::get(shape.clone(builder.getI32Type()), ArrayRef(numbers));
  }
  initial.resize(stateCount() + isRandom);
  snn::setInitial(op, initial);
}
