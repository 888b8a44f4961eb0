//===- Coefficients.cpp - the integrators ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Coefficients.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace nirc;
using nir::Coefficients;

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

/// Share of the membrane that is left after one step: exp(-k), the exact solution of tau dv/dt = -v
/// over k = dt/tau.
static double decay(double k) { return std::exp(-k); }
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

/// A state that decays on its own and is driven by the others: each term of the equation scaled by
/// `factor`.
static StateUpdate scaled(const nir::HybridSystem &system, unsigned state, Coefficients self,
                          const Coefficients &factor) {
  const nir::StateEquation &equation = system.states[state];
  StateUpdate update{equation.name, std::move(self), {}, product(factor, equation.c), {}};
  // An impulse jumps by n, however long the step is.
  update.gain = system.impulseInput ? equation.n : product(factor, equation.n);
  for (unsigned j = 0; j < system.states.size(); ++j) {
    update.cross.push_back(j == state ? Coefficients() : product(factor, influence(equation, j)));
  }
  return update;
}

static StateUpdate eulerUpdate(const nir::HybridSystem &system, unsigned state, double dt) {
  const nir::StateEquation &equation = system.states[state];
  Coefficients k = ratio(equation, dt);
  Coefficients self =
      map([](double m, double k) { return 1 + k * m; }, influence(equation, state), k);
  return scaled(system, state, std::move(self), k);
}

/// exp(k m) for the state itself; (exp(k m) - 1) / m for what drives it, which for the leak m = -1
/// is 1 - exp(-k).
static StateUpdate expEulerUpdate(const nir::HybridSystem &system, unsigned state, double dt) {
  const nir::StateEquation &equation = system.states[state];
  Coefficients k = ratio(equation, dt);
  const Coefficients own = influence(equation, state);
  if (own.empty()) {
    return scaled(system, state, {}, k);
  }
  if (isUniform(own, -1)) {
    return scaled(system, state, map(decay, k), map(approach, k));
  }
  auto drive = [](double m, double k) { return m == 0 ? k : std::expm1(k * m) / m; };
  return scaled(system, state, map([](double m, double k) { return std::exp(k * m); }, own, k),
                map(drive, own, k));
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
  if (system.states.size() != 2 || system.impulseInput) {
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

static StepUpdate cascade(const nir::HybridSystem &system, double dt) {
  StateUpdate current = expEulerUpdate(system, 0, dt), membrane = expEulerUpdate(system, 1, dt);
  Coefficients a = ratio(system.states[1], dt), b = ratio(system.states[0], dt);
  const Coefficients &r = system.states[1].m[0], &weight = system.states[0].n;
  membrane.cross[0] = map([](double r, double a, double b) { return r * coupling(a, b); }, r, a, b);
  membrane.gain = map([](double r, double w, double a,
                         double b) { return (r * w) * (approach(a) - coupling(a, b)); },
                      r, weight, a, b);
  return {{std::move(current), std::move(membrane)}, /*simultaneous=*/true};
}

FailureOr<StepUpdate> nirc::stepUpdate(const nir::HybridSystem &system, double dt,
                                       snn::Integrator integrator, std::string &why) {
  if (integrator == snn::Integrator::Exact && system.states.size() > 1) {
    if (!isCascade(system)) {
      why = "the integrator 'exact' has no closed form for these equations, use 'exp-euler'";
      return failure();
    }
    return cascade(system, dt);
  }
  StepUpdate update;
  for (unsigned i = 0; i < system.states.size(); ++i) {
    update.states.push_back(integrator == snn::Integrator::Euler ? eulerUpdate(system, i, dt)
                                                                 : expEulerUpdate(system, i, dt));
  }
  return update;
}
