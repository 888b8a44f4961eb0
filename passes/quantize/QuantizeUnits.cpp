//===- QuantizeUnits.cpp - units and ranges of the states of neurons ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/QuantizeBody.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

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

PerNeuron BodyQuantizer::reach(double input) const {
  constexpr double least = 1e-300; // of what leaks, so that nothing is divided by 0
  auto size = [](double x) { return std::abs(x); };
  SmallVector<PerNeuron> most;
  for (unsigned i = 0; i < count; ++i) {
    const Form &form = forms[i];
    PerNeuron drive = map(size, form.constant), leaks = 1.0;
    auto add = [&](unsigned atom, const PerNeuron &limit) {
      if (form.factors[atom]) {
        drive = drive + map(size, *form.factors[atom]) * limit;
      }
    };
    add(0, input);
    for (unsigned j = 0; j < i; ++j) {
      add(1 + j, most[j]);
      add(1 + count + j, most[j]);
    }
    if (planned[i].keeps) {
      Multiplier m = multiplierFor(*planned[i].keeps, format, /*decays=*/true);
      auto leak = [&](double x) {
        return std::max(1.0 - std::abs(std::ldexp(x, -m.shift)), least);
      };
      leaks = map(leak, m.multiplier);
    }
    most.push_back(drive / leaks);
  }
  return most.empty() ? PerNeuron(0.0) : most.back();
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
  auto logDown = [](double x) { // of numbers that are out of range what is as good
    return static_cast<int>(std::floor(std::log2(std::fmax(1e-300, std::fmin(x, 1e300)))));
  };
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
        std::fmin(steady / planned[i].scale.smallest() + 1, std::ldexp(1.0, format.stateBits - 1));
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
