//===- InterpreterNeurons.cpp - what neurons do in a step -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/InterpreterUnits.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace nir {

namespace {

/// The spike and the reset: s = v > v_threshold; where s, v := v_reset or v - (v_threshold -
/// v_reset).
struct Firing {
  template <typename Neuron>
  Firing(const Neuron &neuron, size_t count, Reset rule)
      : threshold(spread(neuron.v_threshold, count)),
        reset(spread(neuron.v_reset.value_or(Tensor::scalar(0.0)), count)), rule(rule) {}

  double operator()(size_t n, double &v) const {
    if (!(v > threshold[n])) {
      return 0.0;
    }
    v = rule == Reset::ToValue ? reset[n] : v - (threshold[n] - reset[n]);
    return 1.0;
  }

  std::vector<double> threshold, reset;
  Reset rule;
};

/// What an integrator makes of k = dt/tau: the share of a state that stays in a step, and the share
/// of what drives it that comes in.
struct Shares {
  Shares(double k, Integrator integrator)
      : stays(integrator == Integrator::Euler ? 1.0 - k : std::exp(-k)),
        comes(integrator == Integrator::Euler ? k : -std::expm1(-k)) {}
  double stays, comes;
};

/// φ(d) = (1 - e^-d)/d, which is 1 at d = 0.
double phi(double d) { return d == 0.0 ? 1.0 : -std::expm1(-d) / d; }

bool allFinite(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// The parts that all neurons share: the membrane v and, where it fires, how.
struct Neuron : Unit {
  Neuron(const NodeShapes &shapes, std::optional<Firing> firing)
      : Unit(shapes), v(output.size(), 0.0), firing(std::move(firing)) {}

  void passOn() {
    for (size_t n = 0; n < v.size(); ++n) {
      output[n] = firing ? (*firing)(n, v[n]) : v[n];
    }
  }
  void reset() override { std::fill(v.begin(), v.end(), 0.0); }
  const std::vector<double> *state(std::string_view name) const override {
    return name == "v" ? &v : nullptr;
  }
  /// Whether dt and the parameters are in a range that doubles can work in.
  virtual bool isFinite() const = 0;

  std::vector<double> v;
  std::optional<Firing> firing;
};

/// I, IF: v := v + r u. The input is an impulse, so dt does not enter.
struct Integrating final : Neuron {
  template <typename Params>
  Integrating(const Params &params, const NodeShapes &shapes, std::optional<Firing> firing)
      : Neuron(shapes, std::move(firing)), g(spread(params.r, v.size())) {}

  void evaluate() override {
    for (size_t n = 0; n < v.size(); ++n) {
      v[n] = v[n] + g[n] * input[n];
    }
    passOn();
  }
  bool isFinite() const override { return allFinite(g); }

  std::vector<double> g;
};

/// LI, LIF: v := p v + g u + d.
struct Leaky final : Neuron {
  template <typename Params>
  Leaky(const Params &params, const NodeShapes &shapes, std::optional<Firing> firing,
        const Semantics &semantics)
      : Neuron(shapes, std::move(firing)) {
    std::vector<double> tau = spread(params.tau, v.size()), r = spread(params.r, v.size()),
                        leak = spread(params.v_leak, v.size());
    for (size_t n = 0; n < v.size(); ++n) {
      Shares share(semantics.dtSeconds / tau[n], semantics.integrator);
      p.push_back(share.stays);
      g.push_back(share.comes * r[n]);
      d.push_back(share.comes * leak[n]);
    }
  }

  void evaluate() override {
    for (size_t n = 0; n < v.size(); ++n) {
      v[n] = p[n] * v[n] + g[n] * input[n] + d[n];
    }
    passOn();
  }
  bool isFinite() const override { return allFinite(p) && allFinite(g) && allFinite(d); }

  std::vector<double> p, g, d;
};

/// CubaLI, CubaLIF: i := p_ii i + g_i u and v := p_vv v + p_vi i + g_v u + d, where g_v exists for
/// `exact` alone. `exact` reads the i from before the step, the others the new one.
struct Cuba final : Neuron {
  template <typename Params>
  Cuba(const Params &params, const NodeShapes &shapes, std::optional<Firing> firing,
       const Semantics &semantics)
      : Neuron(shapes, std::move(firing)), i(v.size(), 0.0),
        isExact(semantics.integrator == Integrator::Exact) {
    size_t count = v.size();
    std::vector<double> tauSyn = spread(params.tau_syn, count),
                        tauMem = spread(params.tau_mem, count), r = spread(params.r, count),
                        leak = spread(params.v_leak, count),
                        wIn = spread(params.w_in.value_or(Tensor::scalar(1.0)), count);
    for (size_t n = 0; n < count; ++n) {
      double a = semantics.dtSeconds / tauMem[n], b = semantics.dtSeconds / tauSyn[n];
      Shares mem(a, semantics.integrator), syn(b, semantics.integrator);
      pii.push_back(syn.stays);
      gi.push_back(syn.comes * wIn[n]);
      pvv.push_back(mem.stays);
      d.push_back(mem.comes * leak[n]);
      if (isExact) {
        // How much of the current reaches the membrane while both decay; no quotient of a
        // difference, which would cancel where the time constants are close.
        double q = a * std::exp(-std::min(a, b)) * phi(std::abs(a - b));
        pvi.push_back(r[n] * q);
        gv.push_back((r[n] * wIn[n]) * (mem.comes - q));
      } else {
        pvi.push_back(mem.comes * r[n]);
      }
    }
  }

  void evaluate() override {
    for (size_t n = 0; n < v.size(); ++n) {
      double u = input[n], before = i[n];
      i[n] = pii[n] * i[n] + gi[n] * u;
      v[n] = isExact ? pvv[n] * v[n] + pvi[n] * before + gv[n] * u + d[n]
                     : pvv[n] * v[n] + pvi[n] * i[n] + d[n];
    }
    passOn();
  }
  void reset() override {
    Neuron::reset();
    std::fill(i.begin(), i.end(), 0.0);
  }
  const std::vector<double> *state(std::string_view name) const override {
    return name == "i" ? &i : Neuron::state(name);
  }
  bool isFinite() const override {
    return allFinite(pii) && allFinite(gi) && allFinite(pvv) && allFinite(pvi) && allFinite(gv) &&
           allFinite(d);
  }

  std::vector<double> i;
  bool isExact;
  std::vector<double> pii, gi, pvv, pvi, gv, d;
};

std::unique_ptr<Neuron> makeAny(const Node &node, const NodeShapes &shapes, const Semantics &sem) {
  auto count = static_cast<size_t>(numElements(shapes.output));
  if (const auto *neuron = node.as<I>()) {
    return std::make_unique<Integrating>(*neuron, shapes, std::nullopt);
  }
  if (const auto *neuron = node.as<IF>()) {
    return std::make_unique<Integrating>(*neuron, shapes, Firing(*neuron, count, sem.reset));
  }
  if (const auto *neuron = node.as<LI>()) {
    return std::make_unique<Leaky>(*neuron, shapes, std::nullopt, sem);
  }
  if (const auto *neuron = node.as<LIF>()) {
    return std::make_unique<Leaky>(*neuron, shapes, Firing(*neuron, count, sem.reset), sem);
  }
  if (const auto *neuron = node.as<CubaLI>()) {
    return std::make_unique<Cuba>(*neuron, shapes, std::nullopt, sem);
  }
  const auto *neuron = node.as<CubaLIF>();
  assert(neuron && "not a neuron");
  return std::make_unique<Cuba>(*neuron, shapes, Firing(*neuron, count, sem.reset), sem);
}

} // namespace

UnitResult makeNeuron(const Node &node, const NodeShapes &shapes, const Semantics &semantics) {
  std::unique_ptr<Neuron> neuron = makeAny(node, shapes, semantics);
  if (!neuron->isFinite()) {
    return Error(fmt::format("a coefficient of its update at dt {} is not finite, expected "
                             "parameters and dt of similar magnitude",
                             semantics.dtSeconds));
  }
  return std::unique_ptr<Unit>(std::move(neuron));
}

} // namespace nir
