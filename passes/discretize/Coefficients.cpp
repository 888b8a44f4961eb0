//===- Coefficients.cpp - the integrators ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/discretize/Coefficients.h"
#include "passes/discretize/Propagator.h"

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace mlir;
using namespace nirc;
using nir::Coefficients;
using nir::Gain;
using nir::NeuronRule;

/// f of one or more coefficients, neuron by neuron; of none where `a` is.
template <typename F, typename... Rest>
static Coefficients map(F f, const Coefficients &a, const Rest &...rest) {
  if (a.empty()) {
    return {};
  }
  size_t count = std::max({a.size(), rest.size()...});
  auto at = [](const Coefficients &values, size_t i) {
    return values.size() == 1 ? values[0] : values[i];
  };
  Coefficients out(count);
  for (size_t i = 0; i < count; ++i) {
    out[i] = f(at(a, i), at(rest, i)...);
  }
  return out;
}

static Coefficients product(const Coefficients &factor, const Coefficients &values) {
  return map([](double v, double f) { return f * v; }, values, factor);
}

/// 1 - exp(-k), without the cancellation for small k.
static double approach(double k) { return -std::expm1(-k); }

/// dt/tau, or dt for an equation without a tau.
static Coefficients ratio(const nir::StateEquation &equation, double dt) {
  return equation.tau.empty() ? Coefficients{dt}
                              : map([&](double tau) { return dt / tau; }, equation.tau);
}

static bool isUniform(const Coefficients &values, double value) {
  return llvm::all_of(values, [&](double v) { return v == value; });
}

namespace {

/// What an integrator makes of an equation over one step.
struct Shares {
  Coefficients k;     ///< dt/tau
  Coefficients stays; ///< of the state itself; none: all of it
  Coefficients comes; ///< of what drives it
};

/// The factor of what drives an equation; where the gain is `unit`, what was left out of it.
struct Factor {
  Coefficients value, leftOut;
};

} // namespace

/// Euler: 1 + k m and k. Otherwise exp(k m) and (exp(k m) - 1)/m, which for the leak m = -1 is
/// 1 - exp(-k).
static Shares sharesOf(const nir::StateEquation &equation, unsigned state, double dt,
                       nir::Integrator integrator) {
  Coefficients k = ratio(equation, dt);
  const Coefficients own = equation.influence(state);
  if (own.empty()) {
    return {k, {}, k};
  }
  if (integrator == nir::Integrator::Euler) {
    return {k, map([](double m, double k) { return 1 + k * m; }, own, k), k};
  }
  if (isUniform(own, -1)) {
    return {k, map([](double k) { return std::exp(-k); }, k), map(approach, k)};
  }
  auto drive = [](double m, double k) { return m == 0 ? k : std::expm1(k * m) / m; };
  return {k, map([](double m, double k) { return std::exp(k * m); }, own, k), map(drive, own, k)};
}

static Factor factorOf(Gain gain, Coefficients own, Coefficients euler) {
  switch (gain) {
  case Gain::Integrator:
    return {std::move(own), {}};
  case Gain::Euler:
    return {std::move(euler), {}};
  case Gain::Unit:
    return {{1.0}, std::move(own)};
  case Gain::Raw:
    return {{1.0}, {}};
  }
  llvm_unreachable("all gains are dealt with");
}

/// A charge of 1 makes the state jump by n/tau.
static Coefficients jumpOf(const nir::StateEquation &equation) {
  return equation.tau.empty()
             ? equation.n
             : map([](double n, double tau) { return n / tau; }, equation.n, equation.tau);
}

static Factor inputFactor(const nir::StateEquation &equation, const Shares &shares,
                          const NeuronRule &rule, Gain gain) {
  if (rule.input == nir::InputMeaning::Impulse) {
    Coefficients jump = jumpOf(equation);
    return factorOf(gain, jump, jump);
  }
  return factorOf(gain, product(shares.comes, equation.n), product(shares.k, equation.n));
}

/// Times what was left out before; nothing is 1.
static Coefficients both(const Coefficients &a, const Coefficients &b) {
  return a.empty() ? b : b.empty() ? a : product(a, b);
}

/// A state that is driven by the input and by other states. `leftOut` is what the states before it
/// are smaller by, and then this one.
static StateUpdate updateOf(const nir::HybridSystem &system, unsigned state, double dt,
                            const NeuronRule &rule, Coefficients &leftOut) {
  const nir::StateEquation &equation = system.states[state];
  bool isCurrent = equation.role == nir::StateRole::SynapticCurrent;
  Shares shares =
      sharesOf(equation, state, dt,
               isCurrent ? rule.synapseIntegrator.value_or(rule.integrator) : rule.integrator);
  Gain gain = isCurrent ? rule.synapseGain.value_or(rule.gain) : rule.gain;
  StateUpdate update{equation.name, shares.stays, {}, {}, {}};
  update.isReadNew = isCurrent && rule.current == nir::Current::New;
  if (!equation.n.empty()) {
    Factor factor = inputFactor(equation, shares, rule, gain);
    bool decays = rule.enters == nir::Enters::BeforeDecay && !shares.stays.empty();
    update.gain = decays ? product(shares.stays, factor.value) : factor.value;
    leftOut = both(leftOut, factor.leftOut);
  }
  for (unsigned j = 0; j < system.states.size(); ++j) {
    Coefficients m = j == state ? Coefficients() : equation.influence(j);
    Factor factor =
        m.empty() ? Factor() : factorOf(gain, product(shares.comes, m), product(shares.k, m));
    update.cross.push_back(factor.value);
    leftOut = both(leftOut, factor.leftOut);
  }
  update.drift = product(shares.comes, equation.c);
  if (!update.drift.empty() && !leftOut.empty()) {
    update.drift = map([](double d, double g) { return d / g; }, update.drift, leftOut);
  }
  return update;
}

/// The coupling of the membrane to the synaptic current over one step: q = a exp(-min(a, b)) phi(|a
/// - b|), phi(d) = (1 - exp(-d)) / d. The quotient (exp(-b) - exp(-a)) a / (a - b) is the same
/// number, and loses all digits where tau_syn and tau_mem are close.
static double coupling(double a, double b) {
  double d = std::abs(a - b);
  double phi = d == 0 ? 1.0 : -std::expm1(-d) / d;
  return a * std::exp(-std::min(a, b)) * phi;
}

/// Whether the system is a current that decays, driving a membrane that decays: the Cuba neurons.
static bool isCascade(const nir::HybridSystem &system) {
  if (system.states.size() != 2 || system.membrane() != 1) {
    return false;
  }
  const nir::StateEquation &current = system.states[0], &membrane = system.states[1];
  auto decays = [](const nir::StateEquation &equation, unsigned state) {
    Coefficients own = equation.influence(state);
    return !equation.tau.empty() && !own.empty() && isUniform(own, -1);
  };
  return decays(current, 0) && decays(membrane, 1) && current.influence(1).empty() &&
         !membrane.influence(0).empty() && current.c.empty() && membrane.n.empty() &&
         !current.n.empty();
}

/// `exact`: the membrane reads the current from before the step, and the input itself.
static StepUpdate cascade(const nir::HybridSystem &system, double dt, const NeuronRule &rule) {
  NeuronRule each = rule;
  each.integrator = nir::Integrator::ExpEuler;
  Coefficients none;
  StateUpdate current = updateOf(system, 0, dt, each, none);
  StateUpdate membrane = updateOf(system, 1, dt, each, none);
  Coefficients a = ratio(system.states[1], dt), b = ratio(system.states[0], dt);
  const Coefficients &r = system.states[1].m[0], &weight = system.states[0].n;
  membrane.cross[0] = map([](double r, double a, double b) { return r * coupling(a, b); }, r, a, b);
  if (rule.input == nir::InputMeaning::Held) {
    membrane.gain = map([](double r, double w, double a,
                           double b) { return (r * w) * (approach(a) - coupling(a, b)); },
                        r, weight, a, b);
  } else if (rule.enters == nir::Enters::BeforeDecay) {
    membrane.gain = product(membrane.cross[0], jumpOf(system.states[0]));
  }
  current.isReadNew = false;
  return {{std::move(current), std::move(membrane)}, {}};
}

/// The coefficient of one neuron.
static double at(const Coefficients &values, size_t neuron, double absent = 0.0) {
  return values.empty() ? absent : values.size() == 1 ? values[0] : values[neuron];
}

/// How many neurons have coefficients of their own: 1 where they are all alike.
static size_t countOf(const nir::HybridSystem &system) {
  size_t count = 1;
  for (const nir::StateEquation &equation : system.states) {
    count = std::max({count, equation.tau.size(), equation.n.size(), equation.c.size()});
    for (const Coefficients &m : equation.m) {
      count = std::max(count, m.size());
    }
  }
  return count;
}

/// `exact` for any two states: both read what was there before the step.
static StepUpdate coupledPair(const nir::HybridSystem &system, double dt, const NeuronRule &rule) {
  bool held = rule.input == nir::InputMeaning::Held;
  bool jumpsFirst = !held && rule.enters == nir::Enters::BeforeDecay;
  size_t count = countOf(system);
  StepUpdate update;
  for (const nir::StateEquation &equation : system.states) {
    update.states.push_back(
        {equation.name, Coefficients(count), Coefficients(count), Coefficients(count), {{}, {}}});
  }
  update.states[0].cross[1] = update.states[1].cross[0] = Coefficients(count);
  for (size_t neuron = 0; neuron < count; ++neuron) {
    Matrix2 z{};
    std::array<double, 2> input{}, drift{}, jump{};
    for (unsigned i = 0; i < 2; ++i) {
      const nir::StateEquation &equation = system.states[i];
      double tau = at(equation.tau, neuron, 1.0), n = at(equation.n, neuron);
      for (unsigned j = 0; j < 2; ++j) {
        z[i][j] = dt / tau * at(equation.influence(j), neuron);
      }
      input[i] = dt / tau * n;
      drift[i] = dt / tau * at(equation.c, neuron);
      jump[i] = n / tau;
    }
    Propagator over = propagatorOf(z);
    auto row = [](const Matrix2 &m, unsigned i, const std::array<double, 2> &x) {
      return m[i][0] * x[0] + m[i][1] * x[1];
    };
    for (unsigned i = 0; i < 2; ++i) {
      StateUpdate &state = update.states[i];
      state.self[neuron] = over.stays[i][i];
      state.cross[1 - i][neuron] = over.stays[i][1 - i];
      state.gain[neuron] = held         ? row(over.comes, i, input)
                           : jumpsFirst ? row(over.stays, i, jump)
                                        : jump[i];
      state.drift[neuron] = row(over.comes, i, drift);
    }
  }
  // What is 0 for every neuron is no term.
  for (StateUpdate &state : update.states) {
    for (Coefficients *values : {&state.gain, &state.drift, &state.cross[0], &state.cross[1]}) {
      if (isUniform(*values, 0.0)) {
        values->clear();
      }
    }
  }
  return update;
}

static bool isSynapticCurrent(const nir::StateEquation &equation) {
  return equation.role == nir::StateRole::SynapticCurrent;
}

/// What `exact` cannot solve: it takes two states as one, from the start of a step to its end.
static std::string meaninglessExact(const nir::HybridSystem &system, const NeuronRule &rule) {
  if (rule.integrator != nir::Integrator::Exact || system.states.size() == 1) {
    return "";
  }
  if (system.states.size() > 2) {
    return "integrator=exact has no closed form for more than two states: take exp-euler";
  }
  bool hasCurrent = llvm::any_of(system.states, isSynapticCurrent);
  if (rule.gain != Gain::Integrator ||
      (hasCurrent && (rule.synapseGain || rule.synapseIntegrator))) {
    return "integrator=exact solves all states as one, which leaves no gain to choose: take "
           "gain=integrator";
  }
  if (hasCurrent && rule.current == nir::Current::Old) {
    return "integrator=exact solves all states as one, which leaves no current to choose: take "
           "current=new";
  }
  bool isHeld = rule.input == nir::InputMeaning::Held;
  return isHeld && rule.enters == nir::Enters::BeforeDecay
             ? "integrator=exact takes a held input over the whole step: take enters=after-decay"
             : "";
}

/// What has no meaning where states that are no synaptic currents drive each other.
static std::string meaninglessCoupled(const nir::HybridSystem &system, const NeuronRule &rule) {
  if (!system.isCoupled()) {
    return "";
  }
  if (rule.gain == Gain::Unit || rule.gain == Gain::Raw) {
    return std::string(rule.gain == Gain::Unit ? "gain=unit" : "gain=raw") +
           " takes 1 for the factors of what drives a state, and those by which the states of this "
           "neuron drive each other have a sign and a size: take gain=integrator";
  }
  if (rule.enters == nir::Enters::BeforeDecay && rule.integrator != nir::Integrator::Exact) {
    return "enters=before-decay does not say whether the states that drive each other see the "
           "input: take enters=after-decay";
  }
  return "";
}

/// Whether the time at which the membrane crosses the threshold is known: one that does not leak,
/// or leaks alone or behind a current, as those of NIR.
static bool isCrossingKnown(const nir::HybridSystem &system) {
  const nir::StateEquation &membrane = system.states[system.membrane()];
  const Coefficients own = membrane.influence(system.membrane());
  bool integrates = membrane.tau.empty() && own.empty() && membrane.c.empty();
  bool leaks = !membrane.tau.empty() && !own.empty() && isUniform(own, -1) && !membrane.c.empty();
  bool isLone = system.states.size() == 1 && (integrates || leaks);
  return isLone || (isCascade(system) && leaks);
}

/// What has no meaning for what a spike does to the states.
static std::string meaninglessReset(const nir::HybridSystem &system, const NeuronRule &rule) {
  using Kind = nir::StateReset::Kind;
  if (!system.guard) {
    return "";
  }
  bool setsMembrane = system.guard->resets[system.membrane()].kind == Kind::Set;
  if (rule.reset == nir::Reset::Subtract && !setsMembrane) {
    return "reset=subtract takes v_threshold - v_reset off v, which spikes of this neuron do not "
           "set: take reset=to-value";
  }
  if (rule.spikesPerStep == nir::SpikesPerStep::Multi && !setsMembrane) {
    return "spikes-per-step=multi counts how often v_threshold - v_reset fits into v, which spikes "
           "of this neuron do not set: take spikes-per-step=single";
  }
  if (rule.afterSpike == nir::AfterSpike::Rest && !(setsMembrane && isCrossingKnown(system))) {
    return "after-spike=rest needs the time within a step at which v crosses v_threshold, which "
           "has "
           "no closed form for this neuron: take after-spike=whole-step";
  }
  bool setsOthers = false;
  for (auto [state, reset] : llvm::enumerate(system.guard->resets)) {
    setsOthers |= state != system.membrane() && reset.kind != Kind::Keep;
  }
  bool hasCurrent = llvm::any_of(system.states, isSynapticCurrent);
  bool hasUnit = rule.gain == Gain::Unit || (hasCurrent && rule.synapseGain == Gain::Unit);
  return setsOthers && hasUnit
             ? "gain=unit changes the units of all states, and spikes of this neuron set or add to "
               "others than v: take gain=integrator"
             : "";
}

FailureOr<StepUpdate> nirc::stepUpdate(const nir::HybridSystem &system, double dt,
                                       const NeuronRule &rule, std::string &why) {
  for (auto meaningless : {meaninglessExact, meaninglessCoupled, meaninglessReset}) {
    why = meaningless(system, rule);
    if (!why.empty()) {
      return failure();
    }
  }
  if (rule.integrator == nir::Integrator::Exact && system.states.size() > 1) {
    return isCascade(system) ? cascade(system, dt, rule) : coupledPair(system, dt, rule);
  }
  StepUpdate update;
  for (unsigned i = 0; i < system.states.size(); ++i) {
    update.states.push_back(updateOf(system, i, dt, rule, update.leftOut));
  }
  return update;
}
