//===- InterpreterCoefficients.cpp - what a step multiplies by ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/InterpreterCoefficients.h"

#include "backends/reference/steps/InterpreterUnits.h"

#include <algorithm>
#include <fmt/format.h>

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

} // namespace

IntegratingCoefficients::IntegratingCoefficients(const Tensor &resistance, size_t count,
                                                 const NeuronRule &rule, double dt) {
  for (double r : Parameters(count, rule.ignore).r(resistance)) {
    double own = rule.input == InputMeaning::Held ? dt * r : r;
    Factor factor(rule.gain, own, own);
    g.push_back(factor.value);
    leftOut.push_back(factor.leftOut);
  }
}

LeakyCoefficients::LeakyCoefficients(const Tensor &timeConstant, const Tensor &resistance,
                                     const Tensor &vLeak, size_t count, const NeuronRule &rule,
                                     double dt) {
  Parameters read(count, rule.ignore);
  std::vector<double> tau = read.of(timeConstant);
  r = read.r(resistance), leak = read.vLeak(vLeak);
  for (size_t n = 0; n < count; ++n) {
    k.push_back(dt / tau[n]);
    Shares<double> share(k[n], rule.integrator);
    double jump = r[n] / tau[n];
    Factor factor = rule.input == InputMeaning::Held
                        ? Factor(rule.gain, share.comes * r[n], k[n] * r[n])
                        : Factor(rule.gain, jump, jump);
    p.push_back(share.stays);
    g.push_back(rule.enters == Enters::BeforeDecay ? share.stays * factor.value : factor.value);
    d.push_back(share.comes * leak[n] / factor.leftOut);
    leftOut.push_back(factor.leftOut);
  }
}

CubaCoefficients::CubaCoefficients(const Tensor &synapse, const Tensor &membrane,
                                   const Tensor &resistance, const Tensor &vLeak,
                                   const std::optional<Tensor> &weight, size_t count,
                                   const NeuronRule &rule, double dt) {
  Parameters read(count, rule.ignore);
  std::vector<double> tauSyn = read.of(synapse), tauMem = read.of(membrane), wIn = read.wIn(weight);
  r = read.r(resistance), leak = read.vLeak(vLeak);
  bool isHeld = rule.input == InputMeaning::Held;
  for (size_t n = 0; n < count; ++n) {
    a.push_back(dt / tauMem[n]);
    double b = dt / tauSyn[n], jump = wIn[n] / tauSyn[n];
    Shares<double> mem(a[n], rule.integrator),
        syn(b, rule.synapseIntegrator.value_or(rule.integrator));
    Gain gain = rule.synapseGain.value_or(rule.gain);
    Factor in = isHeld ? Factor(gain, syn.comes * wIn[n], b * wIn[n]) : Factor(gain, jump, jump);
    Factor out(rule.gain, mem.comes * r[n], a[n] * r[n]);
    leftOut.push_back(in.leftOut * out.leftOut);
    pii.push_back(syn.stays);
    gi.push_back(rule.enters == Enters::BeforeDecay ? syn.stays * in.value : in.value);
    pvv.push_back(mem.stays);
    pvi.push_back(out.value);
    d.push_back(mem.comes * leak[n] / leftOut[n]);
    if (rule.integrator == Integrator::Exact) {
      // How much of the current reaches the membrane while both decay; no quotient of a
      // difference, which would cancel where the time constants are close.
      double q = a[n] * std::exp(-std::min(a[n], b)) * phi(std::abs(a[n] - b));
      pvi[n] = r[n] * q;
      if (isHeld) {
        gv.push_back(r[n] * wIn[n] * (mem.comes - q));
      } else if (rule.enters == Enters::BeforeDecay) {
        gv.push_back(r[n] * q * jump);
      }
    }
  }
}

Result<std::vector<double>> startCoefficients(const std::optional<Tensor> &vLeak,
                                              const std::optional<Tensor> &vReset,
                                              const std::vector<double> &leftOut,
                                              const NeuronRule &rule) {
  Parameters read(leftOut.size(), rule.ignore);
  std::vector<double> start(leftOut.size(), 0.0);
  if (rule.start == Start::VLeak && vLeak) {
    start = read.vLeak(*vLeak);
  } else if (rule.start == Start::VReset) {
    start = read.vReset(vReset);
  }
  for (size_t n = 0; n < start.size(); ++n) {
    if (start[n] != 0.0 && !(leftOut[n] > 0.0)) {
      return Error(Cause::NotFinite,
                   fmt::format("gain=unit divides the start of v by the factor of the input, which "
                               "is {}, expected a positive one",
                               leftOut[n]))
          .note("take gain=integrator");
    }
    start[n] = start[n] == 0.0 ? 0.0 : start[n] / leftOut[n];
  }
  return start;
}

Result<FiringCoefficients> firingCoefficients(const Tensor &vThreshold,
                                              const std::optional<Tensor> &vReset,
                                              const std::vector<double> &leftOut,
                                              const NeuronRule &rule) {
  Parameters read(leftOut.size(), rule.ignore);
  std::vector<double> threshold = read.of(vThreshold), reset = read.vReset(vReset), span;
  for (size_t n = 0; n < leftOut.size(); ++n) {
    if (!(leftOut[n] > 0.0)) {
      return Error(Cause::NotFinite,
                   fmt::format("gain=unit divides v_threshold by the factor of the input, which "
                               "is {}, expected a positive one",
                               leftOut[n]))
          .note("take gain=integrator");
    }
    threshold[n] /= leftOut[n];
    reset[n] /= leftOut[n];
    span.push_back(threshold[n] - reset[n]);
    if (rule.spikesPerStep == SpikesPerStep::Multi && !(span[n] > 0.0)) {
      return Error(Cause::NotFinite,
                   fmt::format("spikes-per-step=multi counts how often v_threshold - v_reset fits "
                               "into v, which is {}, expected a positive number",
                               span[n]))
          .note("take spikes-per-step=single");
    }
  }
  return FiringCoefficients{std::move(threshold), std::move(reset), std::move(span)};
}

} // namespace nir
