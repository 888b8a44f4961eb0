//===- Neuron.cpp - what a neuron computes, as data -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What backends/reference/steps/InterpreterNeurons.cpp does under a rule. Tests evaluate what is
// written from this data and compare the bits (tests/tools/equations).
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Neuron.h"

#include "ir/choices/Choices.h"
#include "ir/equations/Solution.h"

#include <cstddef>
#include <optional>
#include <set>
#include <utility>

namespace nir {

namespace {

Expression in(std::string_view name) { return Expression::named(name); }

/// What stays of a state in a step of k = dt/tau, and the share of its drive that comes in.
struct Shares {
  Shares(const Expression &k, Integrator integrator)
      : stays(integrator == Integrator::Euler ? 1.0 - k : call(Op::Exp, -k)),
        comes(integrator == Integrator::Euler ? k : -call(Op::Expm1, -k)) {}
  Expression stays, comes;
};

/// The factor of a drive, and what gain=unit leaves out of it.
struct Factor {
  Factor(Gain gain, const Expression &own, const Expression &euler)
      : value(gain == Gain::Integrator ? own
              : gain == Gain::Euler    ? euler
                                       : 1.0),
        leftOut(gain == Gain::Unit ? own : 1.0) {}
  Expression value, leftOut;
};

/// Collects what one neuron does.
class Builder {
public:
  Builder(const NeuronRule &rule, Family family, bool spikes)
      : rule(rule), family(family), spikes(spikes) {
    result.primitive = primitiveOf(family, spikes);
    result.family = family;
    result.parameters = readParameters(family, spikes, rule.ignore);
    result.output = spikes ? "s" : "v";
  }

  NeuronEquations build() {
    findCoefficients();
    addStates();
    if (spikes) {
      findFiring();
      fire();
    } else {
      update();
    }
    dropUnused();
    return std::move(result);
  }

private:
  void fire() {
    if (isLate()) {
      test(Phase::LateTest, rule.spikeTest == SpikeTest::Old ? "s" : "late");
    }
    if (isLate() && rule.lateReset == LateReset::BeforeUpdate) {
      reset(Phase::LateReset);
    }
    update();
    if (isLate() && rule.lateReset == LateReset::AfterUpdate) {
      reset(Phase::LateReset);
    }
    if (rule.floor.kind != Floor::Kind::None) {
      set(Phase::Floor, "v",
          call(Op::Maximum, in("v"),
               rule.floor.kind == Floor::Kind::Value ? rule.floor.value : -in("theta")));
    }
    if (rule.spikeTest == SpikeTest::New) {
      test(Phase::Test, "s");
    }
    if (!isLate()) {
      if (rest()) {
        keepRest();
      }
      reset(Phase::Reset);
    }
  }
  /// Words stay: they say what the units of v are.
  void dropUnused() {
    std::set<std::string> needed;
    for (const Assignment &each : result.step) {
      collectNames(each.value, needed);
    }
    for (const State &each : result.states) {
      collectNames(each.start, needed);
    }
    for (const Expression &each : result.required) {
      collectNames(each, needed);
    }
    for (size_t n = result.coefficients.size(); n-- > 0;) {
      const Coefficient &each = result.coefficients[n];
      if (each.isWord || needed.count(each.name) > 0) {
        collectNames(each.value, needed);
      } else {
        result.coefficients.erase(result.coefficients.begin() + static_cast<std::ptrdiff_t>(n));
      }
    }
  }

  bool isLate() const { return rule.spikeTest == SpikeTest::Old || rule.resetDelay == 1; }
  bool isExactPair() const {
    return family == Family::CubaLIF && rule.integrator == Integrator::Exact;
  }
  bool held() const { return rule.input == InputMeaning::Held; }
  bool rest() const { return spikes && rule.afterSpike == AfterSpike::Rest; }
  Expression r() const { return rule.ignore.r ? Expression(1.0) : in("r"); }
  Expression wIn() const { return rule.ignore.wIn ? Expression(1.0) : in("w_in"); }

  void set(Phase phase, std::string_view target, Expression value) {
    result.step.push_back({phase, std::string(target), std::move(value)});
  }
  void find(std::string_view name, Expression value, bool isWord = false) {
    result.coefficients.push_back({std::string(name), std::move(value), isWord});
  }

  /// A value of the file in the units of v.
  Expression inUnits(const Expression &value) const { return hasUnit ? value / in("c") : value; }

  /// What v leaves out of its units.
  void findUnit(const Expression &leftOut) {
    hasUnit = !leftOut.isNumber(1.0);
    if (hasUnit) {
      find("c", leftOut, true);
    }
  }

  Factor synapse() const {
    Gain gain = rule.synapseGain.value_or(rule.gain);
    if (!held()) {
      Expression jump = wIn() / in("tau_syn");
      return {gain, jump, jump};
    }
    Shares share(in("b"), rule.synapseIntegrator.value_or(rule.integrator));
    return {gain, share.comes * wIn(), in("b") * wIn()};
  }

  void findCoefficients() {
    if (family == Family::IF) {
      Expression own = held() ? in("dt") * r() : r();
      Factor factor(rule.gain, own, own);
      findUnit(factor.leftOut);
      find("f", factor.value);
    } else if (family == Family::LIF) {
      findLeaky();
    } else {
      findCuba();
    }
  }
  void findLeak(const Expression &comes) {
    if (!rule.ignore.vLeak) {
      find("leak", inUnits(comes * in("v_leak")));
    }
  }
  void findLeaky() {
    find("k", in("dt") / in("tau"), true);
    Shares share(in("k"), rule.integrator);
    Expression jump = r() / in("tau");
    Factor factor = held() ? Factor(rule.gain, share.comes * r(), in("k") * r())
                           : Factor(rule.gain, jump, jump);
    findUnit(factor.leftOut);
    find("stays", share.stays);
    find("f", rule.enters == Enters::BeforeDecay ? in("stays") * factor.value : factor.value);
    findLeak(share.comes);
  }
  void findCuba() {
    find("a", in("dt") / in("tau_mem"), true);
    find("b", in("dt") / in("tau_syn"), true);
    Shares mem(in("a"), rule.integrator),
        syn(in("b"), rule.synapseIntegrator.value_or(rule.integrator));
    Factor into = synapse(), out(rule.gain, mem.comes * r(), in("a") * r());
    findUnit(into.leftOut * out.leftOut);
    find("stays_i", syn.stays);
    find("f_i", rule.enters == Enters::BeforeDecay ? in("stays_i") * into.value : into.value);
    find("stays_v", mem.stays);
    if (isExactPair()) {
      find("q", shareOfCurrent(), true);
      find("f_v", r() * in("q"));
      if (held()) {
        find("f_u", r() * wIn() * (mem.comes - in("q")));
      } else if (rule.enters == Enters::BeforeDecay) {
        find("f_u", r() * in("q") * (wIn() / in("tau_syn")));
      }
    } else {
      find("f_v", out.value);
    }
    findLeak(mem.comes);
  }

  void addStates() {
    Expression start = 0.0;
    if (rule.start == Start::VLeak && family != Family::IF && !rule.ignore.vLeak) {
      start = inUnits(in("v_leak"));
    } else if (rule.start == Start::VReset && spikes && !rule.ignore.vReset) {
      start = inUnits(in("v_reset"));
    }
    if (hasUnit && (spikes || !start.isNumber(0.0))) {
      result.required.push_back(in("c") > 0.0);
    }
    if (family == Family::CubaLIF) {
      result.states.push_back({"i", 0.0});
    }
    result.states.push_back({"v", std::move(start)});
    if (rest()) {
      result.states.push_back({"w", 1.0});
    }
  }
  void findFiring() {
    find("theta", inUnits(in("v_threshold")));
    if (rule.ignore.vReset) {
      find("span", in("theta"));
    } else {
      find("rho", inUnits(in("v_reset")));
      find("span", in("theta") - in("rho"));
    }
    if (rule.spikesPerStep == SpikesPerStep::Multi) {
      result.required.push_back(in("span") > 0.0);
    }
  }

  void update() {
    if (family == Family::IF) {
      Expression share = rest() ? in("w") * factor("f") : factor("f");
      set(Phase::Update, "v", in("v") + share * in("u"));
    } else if (family == Family::LIF) {
      set(Phase::Update, "v",
          rest() ? restOf("k", "u") : withLeak(in("stays") * in("v") + factor("f") * in("u")));
    } else if (isExactPair()) {
      Expression v = in("stays_v") * in("v") + factor("f_v") * in("i");
      set(Phase::Update, "v", withLeak(hasFactor("f_u") ? v + factor("f_u") * in("u") : v));
      updateSynapse();
    } else if (rule.current == Current::Old) {
      updateMembrane();
      updateSynapse();
    } else {
      updateSynapse();
      updateMembrane();
    }
  }
  void updateSynapse() {
    set(Phase::Update, "i", in("stays_i") * in("i") + factor("f_i") * in("u"));
  }
  void updateMembrane() {
    set(Phase::Update, "v",
        rest() ? restOf("a", "i") : withLeak(in("stays_v") * in("v") + factor("f_v") * in("i")));
  }
  Expression withLeak(const Expression &v) const { return rule.ignore.vLeak ? v : v + in("leak"); }
  /// The update of a part w of a step: found in the step, and so in its type.
  Expression restOf(std::string_view k, std::string_view drive) const {
    Shares share(in("w") * in(k), rule.integrator);
    Expression v = share.stays * in("v") + share.comes * r() * in(drive);
    return rule.ignore.vLeak ? v : v + share.comes * in("v_leak");
  }
  bool hasFactor(std::string_view name) const { return coefficient(name) != nullptr; }
  const Coefficient *coefficient(std::string_view name) const {
    for (const Coefficient &each : result.coefficients) {
      if (each.name == name) {
        return &each;
      }
    }
    return nullptr;
  }
  /// The coefficient of that name, or 1.
  Expression factor(std::string_view name) const {
    return coefficient(name)->value.isNumber(1.0) ? Expression(1.0) : in(name);
  }

  /// How many spikes v is worth.
  void test(Phase phase, std::string_view spike) {
    bool isStrict = rule.spikeWhen == SpikeWhen::Greater;
    Expression crosses = isStrict ? in("v") > in("theta") : in("v") >= in("theta");
    Expression count = 1.0;
    if (rule.spikesPerStep == SpikesPerStep::Multi) {
      Expression above = rule.ignore.vReset ? in("v") : in("v") - in("rho");
      Expression fits = above / in("span");
      count = call(Op::Maximum, 1.0, isStrict ? call(Op::Ceil, fits) - 1.0 : call(Op::Floor, fits));
    }
    set(phase, spike, choose(crosses, count, 0.0));
  }
  void reset(Phase phase) {
    Expression spike = in(rule.resetDelay == 1 ? "late" : "s");
    if (rule.reset == Reset::Subtract) {
      set(phase, "v", in("v") - spike * in("span"));
    } else {
      set(phase, "v",
          choose(spike > 0.0, rule.ignore.vReset ? Expression(0.0) : in("rho"), in("v")));
    }
  }
  /// The share of the step that was left when v crossed the threshold.
  void keepRest() {
    Expression above = in("v") - in("theta");
    Expression left = 1.0;
    if (family == Family::IF) {
      left = above / (factor("f") * in("u"));
    } else {
      Expression drive = r() * in(family == Family::LIF ? "u" : "i");
      Expression toGo =
          rule.ignore.vLeak ? drive - in("theta") : drive + in("v_leak") - in("theta");
      left = -call(Op::Log1p, -(above / toGo)) / in(family == Family::LIF ? "k" : "a");
    }
    set(Phase::Rest, "left", choose(in("s") > 0.0, left, 1.0));
    set(Phase::Rest, "w", choose((in("left") > 0.0) && (1.0 > in("left")), in("left"), 1.0));
  }

  const NeuronRule &rule;
  Family family;
  bool spikes;
  bool hasUnit = false;
  NeuronEquations result;
};

} // namespace

NeuronEquations neuronEquations(const NeuronRule &rule, Family family, bool spikes) {
  return Builder(rule, family, spikes).build();
}

std::string_view name(Phase phase) {
  constexpr std::string_view names[] = {"late-test", "late-reset", "update", "floor",
                                        "test",      "rest",       "reset"};
  return names[static_cast<size_t>(phase)];
}

std::string primitiveOf(Family family, bool spikes) {
  std::string text(name(family));
  if (!spikes) {
    text.pop_back(); // I, LI, CubaLI
  }
  return text;
}

} // namespace nir
