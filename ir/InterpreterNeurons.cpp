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

/// A neuron's parameters with one value a neuron, as the semantics reads them: r, w_in, v_leak,
/// v_reset can be ignored.
class Parameters {
public:
  Parameters(size_t count, const Ignored &ignored) : count(count), ignored(ignored) {}

  std::vector<double> of(const Tensor &parameter) const { return spread(parameter, count); }
  std::vector<double> r(const Tensor &r) const { return ignored.r ? all(1.0) : of(r); }
  std::vector<double> wIn(const std::optional<Tensor> &wIn) const {
    return ignored.wIn || !wIn ? all(1.0) : of(*wIn);
  }
  std::vector<double> vLeak(const Tensor &leak) const {
    return ignored.vLeak ? all(0.0) : of(leak);
  }
  std::vector<double> vReset(const std::optional<Tensor> &reset) const {
    return ignored.vReset || !reset ? all(0.0) : of(*reset);
  }

private:
  std::vector<double> all(double value) const { return std::vector<double>(count, value); }
  size_t count;
  Ignored ignored;
};

/// What an integrator makes of k = dt/tau: the share of a state that stays in a step, and the share
/// of what drives it that comes in.
struct Shares {
  Shares(double k, Integrator integrator)
      : stays(integrator == Integrator::Euler ? 1.0 - k : std::exp(-k)),
        comes(integrator == Integrator::Euler ? k : -std::expm1(-k)) {}
  double stays, comes;
};

/// The factor of what drives an equation. `own` is the integrator's, `euler` that of Euler, both
/// with the resistance or weight in them. Where the gain is `unit` the factor is left out, for the
/// threshold to be divided by.
struct Factor {
  Factor(Gain gain, double own, double euler)
      : value(gain == Gain::Integrator ? own
              : gain == Gain::Euler    ? euler
                                       : 1.0),
        leftOut(gain == Gain::Unit ? own : 1.0) {}
  double value, leftOut;
};

/// φ(d) = (1 - e^-d)/d, which is 1 at d = 0.
double phi(double d) { return d == 0.0 ? 1.0 : -std::expm1(-d) / d; }

bool allFinite(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// The test, the reset and the floor of the neurons that fire.
struct Firing {
  std::vector<double> threshold, reset;
  NeuronRule rule;

  /// How many spikes v is worth: 0 below the threshold.
  double spikes(size_t n, double v) const {
    bool fires = rule.spikeWhen == SpikeWhen::Greater ? v > threshold[n] : v >= threshold[n];
    if (!fires || rule.spikesPerStep == SpikesPerStep::Single) {
      return fires ? 1.0 : 0.0;
    }
    double fits = (v - reset[n]) / (threshold[n] - reset[n]);
    return std::max(1.0, rule.spikeWhen == SpikeWhen::Greater ? std::ceil(fits) - 1.0
                                                              : std::floor(fits));
  }
  double afterReset(size_t n, double v, double spikes) const {
    return rule.reset == Reset::ToValue ? reset[n] : v - spikes * (threshold[n] - reset[n]);
  }
  double notBelowFloor(size_t n, double v) const {
    if (rule.floor.kind == Floor::Kind::None) {
      return v;
    }
    double lowest =
        rule.floor.kind == Floor::Kind::MinusThreshold ? -threshold[n] : rule.floor.value;
    return v < lowest ? lowest : v;
  }
  /// Whether the spikes that reset v in a step are those that its old value is worth.
  bool isLate() const { return rule.spikeTest == SpikeTest::Old || rule.resetDelay == 1; }
};

/// What all neurons share: the membrane v and, where it fires, how.
struct Neuron : Unit {
  Neuron(const NodeShapes &shapes, const NeuronRule &rule)
      : Unit(shapes), rule(rule), v(output.size(), 0.0), leftOut(v.size(), 1.0),
        whole(v.size(), 1.0) {}

  /// The state of neuron n a step later, without spikes and resets.
  virtual void advance(size_t n) = 0;
  /// The rest of the step after v crossed the threshold, as a share of the step.
  virtual double restAfter(size_t n, double above) const = 0;

  void evaluate() override {
    for (size_t n = 0; n < v.size(); ++n) {
      if (firing) {
        fire(n);
      } else {
        advance(n);
        output[n] = v[n];
      }
    }
  }
  void fire(size_t n) {
    double late = firing->isLate() ? firing->spikes(n, v[n]) : 0.0;
    if (late > 0.0 && rule.lateReset == LateReset::BeforeUpdate) {
      v[n] = firing->afterReset(n, v[n], late);
    }
    advance(n);
    if (late > 0.0 && rule.lateReset == LateReset::AfterUpdate) {
      v[n] = firing->afterReset(n, v[n], late);
    }
    v[n] = firing->notBelowFloor(n, v[n]);
    double now = firing->spikes(n, v[n]);
    output[n] = rule.spikeTest == SpikeTest::Old ? late : now;
    whole[n] = 1.0;
    if (now > 0.0 && !firing->isLate()) {
      if (rule.afterSpike == AfterSpike::Rest) {
        double rest = restAfter(n, v[n] - firing->threshold[n]);
        whole[n] = rest > 0.0 && rest < 1.0 ? rest : 1.0;
      }
      v[n] = firing->afterReset(n, v[n], now);
    }
  }
  void reset() override {
    std::fill(v.begin(), v.end(), 0.0);
    std::fill(whole.begin(), whole.end(), 1.0);
  }
  const std::vector<double> *state(std::string_view name) const override {
    return name == "v" ? &v : nullptr;
  }
  /// Whether dt and the parameters are in a range that doubles can work in.
  virtual bool isFinite() const = 0;

  NeuronRule rule;
  std::vector<double> v;
  std::vector<double> leftOut; ///< the factor by which v and its threshold are smaller
  std::vector<double> whole;   ///< the share of the step that is integrated
  std::optional<Firing> firing;
};

/// I, IF: v := v + g u.
struct Integrating final : Neuron {
  template <typename Params>
  Integrating(const Params &params, const NodeShapes &shapes, const NeuronRule &rule, double dt)
      : Neuron(shapes, rule) {
    std::vector<double> r = Parameters(v.size(), rule.ignore).r(params.r);
    for (size_t n = 0; n < v.size(); ++n) {
      double own = rule.input == InputMeaning::Held ? dt * r[n] : r[n];
      Factor factor(rule.gain, own, own);
      g.push_back(factor.value);
      leftOut[n] = factor.leftOut;
    }
  }

  void advance(size_t n) override {
    double share = rule.afterSpike == AfterSpike::Rest ? whole[n] * g[n] : g[n];
    v[n] = v[n] + share * input[n];
  }
  double restAfter(size_t n, double above) const override { return above / (g[n] * input[n]); }
  bool isFinite() const override { return allFinite(g); }

  std::vector<double> g;
};

/// LI, LIF: v := p v + g u + d.
struct Leaky final : Neuron {
  template <typename Params>
  Leaky(const Params &params, const NodeShapes &shapes, const NeuronRule &rule, double dt)
      : Neuron(shapes, rule) {
    Parameters read(v.size(), rule.ignore);
    std::vector<double> tau = read.of(params.tau);
    r = read.r(params.r), leak = read.vLeak(params.v_leak);
    for (size_t n = 0; n < v.size(); ++n) {
      k.push_back(dt / tau[n]);
      Shares share(k[n], rule.integrator);
      double jump = r[n] / tau[n];
      Factor factor = rule.input == InputMeaning::Held
                          ? Factor(rule.gain, share.comes * r[n], k[n] * r[n])
                          : Factor(rule.gain, jump, jump);
      p.push_back(share.stays);
      g.push_back(rule.enters == Enters::BeforeDecay ? share.stays * factor.value : factor.value);
      d.push_back(share.comes * leak[n] / factor.leftOut);
      leftOut[n] = factor.leftOut;
    }
  }

  void advance(size_t n) override {
    if (rule.afterSpike == AfterSpike::Rest) {
      Shares share(whole[n] * k[n], rule.integrator);
      v[n] = share.stays * v[n] + share.comes * r[n] * input[n] + share.comes * leak[n];
    } else {
      v[n] = p[n] * v[n] + g[n] * input[n] + d[n];
    }
  }
  /// v relaxes to v_inf: it took the time -tau log(1 - (v - v_threshold)/(v_inf - v_threshold))
  /// from the threshold to v.
  double restAfter(size_t n, double above) const override {
    double toGo = r[n] * input[n] + leak[n] - firing->threshold[n];
    return -std::log1p(-(above / toGo)) / k[n];
  }
  bool isFinite() const override { return allFinite(p) && allFinite(g) && allFinite(d); }

  std::vector<double> r, leak, k, p, g, d;
};

/// CubaLI, CubaLIF: i := p_ii i + g_i u and v := p_vv v + p_vi i + g_v u + d, where g_v exists for
/// `exact` alone. `exact` reads the i from before the step, the others the one that `current` says.
struct Cuba final : Neuron {
  template <typename Params>
  Cuba(const Params &params, const NodeShapes &shapes, const NeuronRule &rule, double dt)
      : Neuron(shapes, rule), i(v.size(), 0.0) {
    Parameters read(v.size(), rule.ignore);
    std::vector<double> tauSyn = read.of(params.tau_syn), tauMem = read.of(params.tau_mem),
                        wIn = read.wIn(params.w_in);
    r = read.r(params.r), leak = read.vLeak(params.v_leak);
    isExact = rule.integrator == Integrator::Exact;
    readsOld = isExact || rule.current == Current::Old;
    drivesMembrane =
        isExact && (rule.input == InputMeaning::Held || rule.enters == Enters::BeforeDecay);
    for (size_t n = 0; n < v.size(); ++n) {
      a.push_back(dt / tauMem[n]);
      double b = dt / tauSyn[n], jump = wIn[n] / tauSyn[n];
      Shares mem(a[n], rule.integrator), syn(b, rule.synapseIntegrator.value_or(rule.integrator));
      Gain gain = rule.synapseGain.value_or(rule.gain);
      Factor in = rule.input == InputMeaning::Held ? Factor(gain, syn.comes * wIn[n], b * wIn[n])
                                                   : Factor(gain, jump, jump);
      Factor out(rule.gain, mem.comes * r[n], a[n] * r[n]);
      leftOut[n] = in.leftOut * out.leftOut;
      pii.push_back(syn.stays);
      gi.push_back(rule.enters == Enters::BeforeDecay ? syn.stays * in.value : in.value);
      pvv.push_back(mem.stays);
      pvi.push_back(out.value);
      d.push_back(mem.comes * leak[n] / leftOut[n]);
      if (isExact) {
        // How much of the current reaches the membrane while both decay; no quotient of a
        // difference, which would cancel where the time constants are close.
        double q = a[n] * std::exp(-std::min(a[n], b)) * phi(std::abs(a[n] - b));
        pvi[n] = r[n] * q;
        gv.push_back(rule.input == InputMeaning::Held ? r[n] * wIn[n] * (mem.comes - q)
                                                      : r[n] * q * jump);
      }
    }
  }

  void advance(size_t n) override {
    double u = input[n], before = i[n];
    i[n] = pii[n] * i[n] + gi[n] * u;
    double current = readsOld ? before : i[n];
    if (rule.afterSpike == AfterSpike::Rest) {
      Shares share(whole[n] * a[n], rule.integrator);
      v[n] = share.stays * v[n] + share.comes * r[n] * current + share.comes * leak[n];
    } else {
      v[n] = drivesMembrane ? pvv[n] * v[n] + pvi[n] * current + gv[n] * u + d[n]
                            : pvv[n] * v[n] + pvi[n] * current + d[n];
    }
  }
  double restAfter(size_t n, double above) const override {
    double toGo = r[n] * i[n] + leak[n] - firing->threshold[n];
    return -std::log1p(-(above / toGo)) / a[n];
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
  bool isExact, readsOld, drivesMembrane;
  std::vector<double> r, leak, a, pii, gi, pvv, pvi, gv, d;
};

/// The neuron's threshold and reset, in the units of its v.
template <typename Spiking>
Status addFiring(Neuron &neuron, const Spiking &params) {
  size_t count = neuron.v.size();
  Parameters read(count, neuron.rule.ignore);
  Firing firing{read.of(params.v_threshold), read.vReset(params.v_reset), neuron.rule};
  for (size_t n = 0; n < count; ++n) {
    if (!(neuron.leftOut[n] > 0.0)) {
      return Error(fmt::format("gain=unit divides v_threshold by the factor of the input, which "
                               "is {}, expected a positive one",
                               neuron.leftOut[n]))
          .note("take gain=integrator");
    }
    firing.threshold[n] /= neuron.leftOut[n];
    firing.reset[n] /= neuron.leftOut[n];
    if (neuron.rule.spikesPerStep == SpikesPerStep::Multi &&
        !(firing.threshold[n] > firing.reset[n])) {
      return Error(fmt::format("spikes-per-step=multi counts how often v_threshold - v_reset fits "
                               "into v, which is {}, expected a positive number",
                               firing.threshold[n] - firing.reset[n]))
          .note("take spikes-per-step=single");
    }
  }
  neuron.firing = std::move(firing);
  return {};
}

template <typename Unit, typename Params>
UnitResult finish(const Params &params, const NodeShapes &shapes, const NeuronRule &rule,
                  double dt) {
  auto neuron = std::make_unique<Unit>(params, shapes, rule, dt);
  if (!neuron->isFinite()) {
    return Error(fmt::format("a coefficient of its update at dt {} is not finite, expected "
                             "parameters and dt of similar magnitude",
                             dt));
  }
  if constexpr (requires { params.v_threshold; }) {
    if (Status bad = addFiring(*neuron, params)) {
      return std::move(*bad);
    }
  }
  return std::unique_ptr<nir::Unit>(std::move(neuron));
}

} // namespace

UnitResult makeNeuron(const Node &node, const NodeShapes &shapes, const Semantics &semantics) {
  double dt = semantics.dtSeconds;
  if (const auto *neuron = node.as<I>()) {
    return finish<Integrating>(*neuron, shapes, semantics[Family::IF], dt);
  }
  if (const auto *neuron = node.as<IF>()) {
    return finish<Integrating>(*neuron, shapes, semantics[Family::IF], dt);
  }
  if (const auto *neuron = node.as<LI>()) {
    return finish<Leaky>(*neuron, shapes, semantics[Family::LIF], dt);
  }
  if (const auto *neuron = node.as<LIF>()) {
    return finish<Leaky>(*neuron, shapes, semantics[Family::LIF], dt);
  }
  if (const auto *neuron = node.as<CubaLI>()) {
    return finish<Cuba>(*neuron, shapes, semantics[Family::CubaLIF], dt);
  }
  const auto *neuron = node.as<CubaLIF>();
  assert(neuron && "not a neuron");
  return finish<Cuba>(*neuron, shapes, semantics[Family::CubaLIF], dt);
}

} // namespace nir
