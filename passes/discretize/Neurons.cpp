//===- Neurons.cpp - linear systems as populations ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/discretize/Coefficients.h"
#include "passes/discretize/NetworkBuilder.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/snn/Coefficient.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/SmallString.h"

#include <cmath>
#include <fmt/format.h>
#include <optional>

using namespace mlir;
using namespace nirc;
using nir::Coefficients;

/// That of neuron `i`: one value may stand for all, and none for 0.
static double valueAt(const Coefficients &values, size_t i) {
  return values.empty() ? 0.0 : values.size() == 1 ? values[0] : values[i];
}

namespace {

/// Writes the body of a population. Uniform coefficients become constants, the others parameters.
class BodyWriter {
public:
  BodyWriter(NetworkBuilder &network, Location loc, size_t states, int64_t neurons)
      : network(network), loc(loc), neurons(neurons) {
    for (size_t i = 0; i < 1 + states; ++i) {
      block.addArgument(network.element, loc);
    }
    body.setInsertionPointToEnd(&block);
  }

  Value u() { return block.getArgument(0); }
  Value state(unsigned i) { return block.getArgument(1 + i); }
  /// The coefficient as a value of the body; `name` is that of the parameter where it is one.
  Value coefficient(const Coefficients &values, const llvm::Twine &name) {
    llvm::SmallString<32> text;
    return coefficient(values, snn::Coefficient{name.toStringRef(text)});
  }
  Value coefficient(const Coefficients &values, const snn::Coefficient &what);
  Value add(Value a, Value b) { return a ? arith::AddFOp::create(body, loc, a, b).getResult() : b; }
  Value mul(Value a, Value b) { return arith::MulFOp::create(body, loc, a, b); }
  /// sum + coefficient * x, where the coefficient is there.
  Value addTerm(Value sum, const Coefficients &values, const llvm::Twine &name, Value x) {
    return values.empty() ? sum : add(sum, mul(coefficient(values, name), x));
  }
  Value advance(const StepUpdate &update, unsigned index, ArrayRef<Value> current);

  /// Ends the body and makes the op.
  Value finish(StringRef node, ValueRange inputs, ArrayRef<Attribute> states, Value passedOn,
               ArrayRef<Value> next, Type result);

  NetworkBuilder &network;
  Location loc;
  int64_t neurons;
  Block block;
  OpBuilder body{network.builder.getContext()};
  SmallVector<Attribute> names, params;
};

} // namespace

Value BodyWriter::coefficient(const Coefficients &values, const snn::Coefficient &what) {
  Location where = snn::located(loc, what);
  if (llvm::all_equal(values)) {
    return arith::ConstantOp::create(body, where, FloatAttr::get(network.element, values.front()));
  }
  names.push_back(network.builder.getStringAttr(what.name));
  params.push_back(network.values(values));
  return block.addArgument(network.element, where);
}

/// x_i := self x_i + sum over j of cross[j] x_j + gain u + drift, from left to right.
Value BodyWriter::advance(const StepUpdate &update, unsigned index, ArrayRef<Value> current) {
  const StateUpdate &state = update.states[index];
  std::string prefix = state.name.str();
  Value sum = state.self.empty() ? current[index]
                                 : mul(coefficient(state.self, prefix + "_keep"), current[index]);
  for (unsigned j = 0; j < current.size(); ++j) {
    sum = addTerm(sum, state.cross[j], prefix + "_from_" + update.states[j].name, current[j]);
  }
  sum = addTerm(sum, state.gain, prefix + "_gain", u());
  return state.drift.empty() ? sum : add(sum, coefficient(state.drift, prefix + "_drift"));
}

Value BodyWriter::finish(StringRef node, ValueRange inputs, ArrayRef<Attribute> states,
                         Value passedOn, ArrayRef<Value> next, Type result) {
  SmallVector<Value> yielded{passedOn};
  yielded.append(next.begin(), next.end());
  auto yield = snn::YieldOp::create(body, loc);
  yield.getValuesMutable().assign(yielded);

  OpBuilder &b = network.builder;
  auto op = snn::PopulationOp::create(b, loc, result, b.getStringAttr(node), inputs,
                                      b.getArrayAttr(states), b.getArrayAttr(names),
                                      b.getArrayAttr(params), /*state_types=*/ArrayAttr());
  Block &place = op.getBody().emplaceBlock();
  for (BlockArgument argument : block.getArguments()) {
    argument.replaceAllUsesWith(place.addArgument(argument.getType(), argument.getLoc()));
  }
  place.getOperations().splice(place.end(), block.getOperations());
  return op.getResult();
}

namespace {

/// The test, the reset and the floor of a neuron that fires, in the body of its population.
class FiringWriter {
public:
  /// `leftOut`: what threshold and reset were divided by.
  FiringWriter(BodyWriter &writer, const nir::HybridSystem &system, const nir::NeuronRule &rule,
               const Coefficients &leftOut)
      : writer(writer), system(system), guard(*system.guard), membrane(system.membrane()),
        rule(rule), leftOut(leftOut) {}

  /// Whether a membrane fires, and, where it can do so several times a step, how often.
  struct Spikes {
    Value fires, count;
    Value passedOn() const { return count ? count : fires; }
  };

  Spikes spikesOf(Value v);
  /// What a spike does to each of the states `x`.
  void reset(MutableArrayRef<Value> x, const Spikes &spikes);
  Value notBelowFloor(Value v);
  Value threshold() { return cached(thresholdValue, guard.threshold, {"v_threshold", leftOut}); }
  /// Whether the spikes that reset v in a step are those that its old value is worth.
  bool isLate() const { return rule.spikeTest == nir::SpikeTest::Old || rule.resetDelay == 1; }

private:
  Value cached(Value &value, const Coefficients &values, const snn::Coefficient &what) {
    return value ? value : value = writer.coefficient(values, what);
  }
  const Coefficients &resets() const { return guard.resets[membrane].value; }
  Value resetValue() { return cached(resetTo, resets(), {"v_reset", leftOut}); }
  Value resetMembrane(Value v, const Spikes &spikes);
  Value resetOther(unsigned state, Value x, const Spikes &spikes);
  /// v_threshold - v_reset.
  Value drop();
  Value number(double value) {
    return arith::ConstantOp::create(writer.body, writer.loc,
                                     FloatAttr::get(writer.network.element, value));
  }

  BodyWriter &writer;
  const nir::HybridSystem &system;
  const nir::SpikeGuard &guard;
  unsigned membrane;
  const nir::NeuronRule &rule;
  const Coefficients &leftOut;
  Value thresholdValue, resetTo, dropValue;
};

} // namespace

Value FiringWriter::drop() {
  Coefficients values(std::max(guard.threshold.size(), resets().size()));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = valueAt(guard.threshold, i) - valueAt(resets(), i);
  }
  return cached(dropValue, values, {"v_drop", leftOut, resets()});
}

FiringWriter::Spikes FiringWriter::spikesOf(Value v) {
  OpBuilder &b = writer.body;
  bool strict = rule.spikeWhen == nir::SpikeWhen::Greater;
  auto predicate = strict ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OGE;
  Value fires = arith::CmpFOp::create(b, writer.loc, predicate, v, threshold());
  if (rule.spikesPerStep == nir::SpikesPerStep::Single) {
    return {fires, {}};
  }
  // As often as the drop fits into v; the last time it must still be (strictly) above.
  Value above = arith::SubFOp::create(b, writer.loc, v, resetValue());
  Value fits = arith::DivFOp::create(b, writer.loc, above, drop());
  Value times = strict ? arith::SubFOp::create(b, writer.loc,
                                               math::CeilOp::create(b, writer.loc, fits), number(1))
                             .getResult()
                       : math::FloorOp::create(b, writer.loc, fits).getResult();
  Value atLeastOne = arith::MaximumFOp::create(b, writer.loc, number(1), times);
  return {fires, arith::SelectOp::create(b, writer.loc, fires, atLeastOne, number(0))};
}

/// The choice `reset` speaks of a membrane that spikes set.
Value FiringWriter::resetMembrane(Value v, const Spikes &spikes) {
  OpBuilder &b = writer.body;
  Value after;
  if (rule.reset == nir::Reset::ToValue) {
    after = resetValue();
  } else {
    Value total = spikes.count ? writer.mul(spikes.count, drop()) : drop();
    after = arith::SubFOp::create(b, writer.loc, v, total);
  }
  return arith::SelectOp::create(b, writer.loc, spikes.fires, after, v);
}

/// As the neuron says: several spikes add as often.
Value FiringWriter::resetOther(unsigned state, Value x, const Spikes &spikes) {
  const nir::StateReset &does = guard.resets[state];
  std::string name = system.states[state].name.str();
  Value after;
  if (does.kind == nir::StateReset::Kind::Set) {
    after = writer.coefficient(does.value, name + "_reset");
  } else {
    Value added = writer.coefficient(does.value, name + "_jump");
    after = writer.add(x, spikes.count ? writer.mul(spikes.count, added) : added);
  }
  return arith::SelectOp::create(writer.body, writer.loc, spikes.fires, after, x);
}

void FiringWriter::reset(MutableArrayRef<Value> x, const Spikes &spikes) {
  for (auto [state, does] : llvm::enumerate(guard.resets)) {
    bool isSet = does.kind == nir::StateReset::Kind::Set;
    if (state == membrane && isSet) {
      x[state] = resetMembrane(x[state], spikes);
    } else if (does.kind != nir::StateReset::Kind::Keep) {
      x[state] = resetOther(state, x[state], spikes);
    }
  }
}

Value FiringWriter::notBelowFloor(Value v) {
  OpBuilder &b = writer.body;
  if (rule.floor.kind == nir::Floor::Kind::None) {
    return v;
  }
  Value lowest = rule.floor.kind == nir::Floor::Kind::Value
                     ? number(rule.floor.value)
                     : arith::NegFOp::create(b, writer.loc, threshold()).getResult();
  Value isLow = arith::CmpFOp::create(b, writer.loc, arith::CmpFPredicate::OLT, v, lowest);
  return arith::SelectOp::create(b, writer.loc, isLow, lowest, v);
}

namespace {

/// The membrane of a neuron that integrates only a share of the step after a spike. The share is a
/// state of its own, "rest", that is 0 where the whole step is integrated.
class PartialStep {
public:
  PartialStep(BodyWriter &writer, const nir::HybridSystem &system, const StepUpdate &update,
              double dt)
      : writer(writer), system(system), update(update), dt(dt),
        membrane(system.states[system.membrane()]) {}

  /// The membrane `v` after the share of the step, driven by `current` (the input, or the synaptic
  /// current).
  Value advance(Value v, Value current);
  /// What is left of the step for a membrane `v` above threshold; 0 for all of it.
  Value restAfter(Value v, Value threshold, Value fires);

private:
  bool leaks() const { return !membrane.tau.empty(); }
  /// n of a lone state, else the m by which the synaptic current drives the membrane.
  const Coefficients &resistance() const {
    return system.states.size() == 1 ? membrane.n : membrane.m[0];
  }
  Value ratio() {
    Coefficients k = membrane.tau;
    for (double &each : k) {
      each = dt / each;
    }
    return kValue ? kValue : kValue = writer.coefficient(k, "k");
  }
  Value neg(Value x) { return arith::NegFOp::create(writer.body, writer.loc, x); }
  Value number(double value) {
    return arith::ConstantOp::create(writer.body, writer.loc,
                                     FloatAttr::get(writer.network.element, value));
  }
  Value is(arith::CmpFPredicate predicate, Value a, double b) {
    return arith::CmpFOp::create(writer.body, writer.loc, predicate, a, number(b));
  }

  BodyWriter &writer;
  const nir::HybridSystem &system;
  const StepUpdate &update;
  double dt;
  const nir::StateEquation &membrane;
  Value driving, gain, leak, kValue;
};

} // namespace

Value PartialStep::advance(Value v, Value current) {
  OpBuilder &b = writer.body;
  Location loc = writer.loc;
  Value rest = writer.state(system.states.size());
  Value whole =
      arith::SelectOp::create(b, loc, is(arith::CmpFPredicate::OGT, rest, 0), rest, number(1));
  driving = current;
  if (!leaks()) { // v + (whole g) u
    gain = writer.coefficient(update.states[system.membrane()].gain, "v_gain");
    return writer.add(v, writer.mul(writer.mul(whole, gain), current));
  }
  gain = writer.coefficient(resistance(), "r");
  leak = writer.coefficient(membrane.c, "v_leak");
  Value passed = neg(writer.mul(whole, ratio()));
  Value stays = math::ExpOp::create(b, loc, passed);
  Value comes = neg(math::ExpM1Op::create(b, loc, passed));
  Value sum = writer.add(writer.mul(stays, v), writer.mul(writer.mul(comes, gain), current));
  return writer.add(sum, writer.mul(comes, leak));
}

Value PartialStep::restAfter(Value v, Value threshold, Value fires) {
  OpBuilder &b = writer.body;
  Location loc = writer.loc;
  Value above = arith::SubFOp::create(b, loc, v, threshold);
  Value rest;
  if (leaks()) {
    // v relaxes to v_inf: -tau log(1 - (v - v_threshold)/(v_inf - v_threshold)) since the crossing.
    Value toGo =
        arith::SubFOp::create(b, loc, writer.add(writer.mul(gain, driving), leak), threshold);
    Value share = arith::DivFOp::create(b, loc, above, toGo);
    rest = arith::DivFOp::create(b, loc, neg(math::Log1pOp::create(b, loc, neg(share))), ratio());
  } else {
    rest = arith::DivFOp::create(b, loc, above, writer.mul(gain, driving));
  }
  Value counts = arith::AndIOp::create(b, loc, is(arith::CmpFPredicate::OGT, rest, 0),
                                       is(arith::CmpFPredicate::OLT, rest, 1));
  counts = arith::AndIOp::create(b, loc, fires, counts);
  return arith::SelectOp::create(b, loc, counts, rest, number(0));
}

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    count *= dim;
  }
  return count;
}

/// Divides threshold and reset by what the gain left out of the membrane.
static LogicalResult foldGain(nir::HybridSystem &system, const Coefficients &leftOut,
                              const nir::NeuronRule &rule, std::string &why) {
  Coefficients &threshold = system.guard->threshold;
  Coefficients &reset = system.guard->resets[system.membrane()].value;
  for (double factor : leftOut) {
    if (!(factor > 0)) {
      why = fmt::format("gain=unit divides v_threshold by the factor of the input, which is {}, "
                        "expected a positive one: take gain=integrator",
                        factor);
      return failure();
    }
  }
  size_t count = std::max({threshold.size(), reset.size(), leftOut.size()});
  auto fold = [&](Coefficients &values) {
    Coefficients folded(leftOut.empty() ? values.size() : count);
    for (size_t i = 0; i < folded.size(); ++i) {
      folded[i] = valueAt(values, i) / (leftOut.empty() ? 1.0 : valueAt(leftOut, i));
    }
    values = std::move(folded);
  };
  fold(threshold);
  if (!reset.empty()) {
    fold(reset);
  }
  for (size_t i = 0; i < count && rule.spikesPerStep == nir::SpikesPerStep::Multi; ++i) {
    double drop = valueAt(threshold, i) - valueAt(reset, i);
    if (!(drop > 0)) {
      why = fmt::format("spikes-per-step=multi counts how often v_threshold - v_reset fits into v, "
                        "which is {}, expected a positive number: take spikes-per-step=single",
                        drop);
      return failure();
    }
  }
  return success();
}

/// The same of v before the first step, which every neuron has.
static LogicalResult foldGainOfStart(nir::HybridSystem &system, const Coefficients &leftOut,
                                     std::string &why) {
  size_t count = system.start.empty() ? 0 : std::max(system.start.size(), leftOut.size());
  system.start.resize(count, count ? system.start.front() : 0.0); // one may stand for all
  for (size_t i = 0; i < count && !leftOut.empty(); ++i) {
    double factor = leftOut.size() == 1 ? leftOut[0] : leftOut[i];
    if (system.start[i] != 0 && !(factor > 0)) {
      why = fmt::format("gain=unit divides the start of v by the factor of the input, which is {}, "
                        "expected a positive one: take gain=integrator",
                        factor);
      return failure();
    }
    system.start[i] = system.start[i] == 0 ? 0 : system.start[i] / factor;
  }
  return success();
}

/// What a neuron passes on ahead comes out of a snn.delay, which holds 0 before the first step: so
/// the first v must be worth no spike.
static LogicalResult checkSilent(const nir::HybridSystem &system, const nir::NeuronRule &rule,
                                 std::string &why) {
  bool strict = rule.spikeWhen == nir::SpikeWhen::Greater;
  const Coefficients &thresholds = system.guard->threshold;
  for (size_t i = 0; i < std::max(thresholds.size(), system.start.size()); ++i) {
    double v = valueAt(system.start, i), threshold = valueAt(thresholds, i);
    if (strict ? v > threshold : v >= threshold) {
      why = fmt::format(
          "lies on a loop and spikes before its first input, as v starts at {} and v_threshold is "
          "{}; with spike-test=old that is run by the reference target alone",
          v, threshold);
      return failure();
    }
  }
  return success();
}

/// v before the first step, where it is not 0.
static Value withStart(Value result, NetworkBuilder &network, const nir::HybridSystem &system,
                       int64_t neurons) {
  if (llvm::all_of(system.start, [](double v) { return v == 0; })) {
    return result;
  }
  auto population = result.getDefiningOp<snn::PopulationOp>();
  Coefficients values = system.start;
  values.resize(static_cast<size_t>(neurons), values.front()); // one may stand for all
  SmallVector<ElementsAttr> initial(population.getStates().size());
  initial[system.membrane()] = network.values(values);
  snn::setInitial(population, initial);
  return result;
}

/// Whether every coefficient is a number in the network's type: none is past its range.
static bool isFinite(const StepUpdate &update, FloatType element) {
  auto areFinite = [&](const Coefficients &values) {
    return llvm::all_of(values, [&](double value) {
      return std::isfinite(element.isF32() ? double(static_cast<float>(value)) : value);
    });
  };
  return llvm::all_of(update.states, [&](const StateUpdate &state) {
    return areFinite(state.self) && areFinite(state.gain) && areFinite(state.drift) &&
           llvm::all_of(state.cross, areFinite);
  });
}

Value nirc::buildPopulation(NetworkBuilder &network, nir::HybridSystemOpInterface node,
                            StringRef path, ValueRange inputs, ArrayRef<int64_t> shape,
                            bool isAhead) {
  nir::HybridSystem system = nir::systemOf(node, network.semantics);
  const nir::NeuronRule &rule = system.rule(network.semantics);
  assert((!system.guard || system.guard->resets.size() == system.states.size()) &&
         "a spike does something to every state, if only to keep it");
  std::string why;
  FailureOr<StepUpdate> update = stepUpdate(system, network.semantics.dtSeconds, rule, why);
  if (failed(update) || failed(foldGainOfStart(system, update->leftOut, why)) ||
      (system.guard && failed(foldGain(system, update->leftOut, rule, why)))) {
    nir::nodeError(node) << why;
    return {};
  }
  if (isAhead && failed(checkSilent(system, rule, why))) {
    nir::nodeError(node) << why;
    return {};
  }
  if (!isFinite(*update, network.element)) {
    InFlightDiagnostic error = nir::nodeError(node);
    error << fmt::format("a coefficient of its update at dt {} is not finite in {}, expected "
                         "parameters and dt of similar magnitude",
                         network.semantics.dtSeconds,
                         network.element.isF32() ? "float32" : "float64");
    nir::setCode(error, nir::kindOf(nir::Cause::NotFinite).code);
    return {};
  }
  bool isPartial = system.guard && rule.afterSpike == nir::AfterSpike::Rest;
  BodyWriter writer(network, node.getLoc(), system.states.size() + isPartial, product(shape));
  SmallVector<Value> current, next;
  SmallVector<Attribute> names;
  for (unsigned i = 0; i < system.states.size(); ++i) {
    current.push_back(writer.state(i));
    names.push_back(network.builder.getStringAttr(system.states[i].name));
  }
  std::optional<FiringWriter> firing;
  FiringWriter::Spikes late;
  if (system.guard) {
    firing.emplace(writer, system, rule, update->leftOut);
  }
  unsigned v = system.membrane();
  if (firing && firing->isLate()) {
    late = firing->spikesOf(current[v]);
    if (rule.lateReset == nir::LateReset::BeforeUpdate) {
      firing->reset(current, late);
    }
  }
  PartialStep partial(writer, system, *update, network.semantics.dtSeconds);
  for (unsigned i = 0; i < system.states.size(); ++i) {
    bool isShare = isPartial && i == v;
    next.push_back(isShare ? partial.advance(current[i], i == 0 ? writer.u() : current[0])
                           : writer.advance(*update, i, current));
    if (update->states[i].isReadNew) {
      current[i] = next[i];
    }
  }
  if (!firing) {
    Value result = writer.finish(path, inputs, names, next[v], next, network.numbers(shape));
    return withStart(result, network, system, product(shape));
  }
  if (late.fires && rule.lateReset == nir::LateReset::AfterUpdate) {
    firing->reset(next, late);
  }
  next[v] = firing->notBelowFloor(next[v]);
  FiringWriter::Spikes passedOn = late;
  if (rule.spikeTest == nir::SpikeTest::New || isAhead) {
    passedOn = firing->spikesOf(next[v]);
  }
  if (isPartial) {
    names.push_back(network.builder.getStringAttr("rest"));
    next.push_back(partial.restAfter(next[v], firing->threshold(), passedOn.fires));
  }
  if (!firing->isLate()) {
    firing->reset(next, passedOn);
  }
  Type result = passedOn.count ? Type(network.numbers(shape))
                               : Type(snn::SpikesType::get(network.builder.getContext(), shape));
  return withStart(writer.finish(path, inputs, names, passedOn.passedOn(), next, result), network,
                   system, product(shape));
}

Value nirc::buildThreshold(NetworkBuilder &network, nir::ThresholdOp node, StringRef path,
                           ValueRange inputs, ArrayRef<int64_t> shape) {
  BodyWriter writer(network, node.getLoc(), 0, product(shape));
  Value threshold = writer.coefficient(nir::doublesOf(node.getThreshold()), "threshold");
  Value spike = arith::CmpFOp::create(writer.body, writer.loc, arith::CmpFPredicate::OGT,
                                      writer.u(), threshold);
  return writer.finish(path, inputs, {}, spike, {},
                       snn::SpikesType::get(network.builder.getContext(), shape));
}
