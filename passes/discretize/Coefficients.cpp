//===- Coefficients.cpp - the integrators ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/discretize/Coefficients.h"

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

#include <algorithm>
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

/// What state `j` does to this one: nothing where the equation does not list it.
static Coefficients influence(const nir::StateEquation &equation, unsigned j) {
  return j < equation.m.size() ? equation.m[j] : Coefficients();
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
  const Coefficients own = influence(equation, state);
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
  bool isMembrane = state == system.output;
  Shares shares =
      sharesOf(equation, state, dt,
               isMembrane ? rule.integrator : rule.synapseIntegrator.value_or(rule.integrator));
  Gain gain = isMembrane ? rule.gain : rule.synapseGain.value_or(rule.gain);
  StateUpdate update{equation.name, shares.stays, {}, {}, {}};
  if (!equation.n.empty()) {
    Factor factor = inputFactor(equation, shares, rule, gain);
    bool decays = rule.enters == nir::Enters::BeforeDecay && !shares.stays.empty();
    update.gain = decays ? product(shares.stays, factor.value) : factor.value;
    leftOut = both(leftOut, factor.leftOut);
  }
  for (unsigned j = 0; j < system.states.size(); ++j) {
    Coefficients m = j == state ? Coefficients() : influence(equation, j);
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
  if (system.states.size() != 2 || system.output != 1) {
    return false;
  }
  const nir::StateEquation &current = system.states[0], &membrane = system.states[1];
  auto decays = [](const nir::StateEquation &equation, unsigned state) {
    Coefficients own = influence(equation, state);
    return !equation.tau.empty() && !own.empty() && isUniform(own, -1);
  };
  return decays(current, 0) && decays(membrane, 1) && influence(current, 1).empty() &&
         !influence(membrane, 0).empty() && current.c.empty() && membrane.n.empty() &&
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
  return {{std::move(current), std::move(membrane)}, /*simultaneous=*/true, {}};
}

void nirc::ignoreParameters(nir::HybridSystem &system, const nir::Ignored &ignored) {
  auto setTo = [](Coefficients &values, double value) {
    if (!values.empty()) {
      values = {value};
    }
  };
  nir::StateEquation &membrane = system.states[system.output];
  if (ignored.r) { // of the input, or of the current in between
    setTo(membrane.n, 1.0);
    for (unsigned j = 0; j < membrane.m.size(); ++j) {
      if (j != system.output) {
        setTo(membrane.m[j], 1.0);
      }
    }
  }
  if (ignored.wIn) {
    for (unsigned j = 0; j < system.states.size(); ++j) {
      if (j != system.output) {
        setTo(system.states[j].n, 1.0);
      }
    }
  }
  if (ignored.vLeak) {
    setTo(membrane.c, 0.0);
  }
  if (ignored.vReset && system.guard) {
    setTo(system.guard->reset, 0.0);
  }
}

FailureOr<StepUpdate> nirc::stepUpdate(const nir::HybridSystem &system, double dt,
                                       const NeuronRule &rule, std::string &why) {
  if (rule.integrator == nir::Integrator::Exact && system.states.size() > 1) {
    if (!isCascade(system)) {
      why = "integrator=exact has no closed form for these equations, take exp-euler";
      return failure();
    }
    return cascade(system, dt, rule);
  }
  StepUpdate update;
  for (unsigned i = 0; i < system.states.size(); ++i) {
    update.states.push_back(updateOf(system, i, dt, rule, update.leftOut));
  }
  update.simultaneous = rule.current == nir::Current::Old;
  return update;
}
