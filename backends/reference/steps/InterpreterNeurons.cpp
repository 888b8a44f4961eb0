//===- InterpreterNeurons.cpp - what neurons do in a step -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/InterpreterCoefficients.h"
#include "backends/reference/steps/InterpreterUnits.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace nir {

namespace {

template <typename Number>
bool allFinite(const std::vector<Number> &values) {
  return std::all_of(values.begin(), values.end(), [](Number x) { return std::isfinite(x); });
}

/// The test, the reset and the floor of the neurons that fire. `span`: threshold - reset, of the
/// values before they were rounded.
template <typename Number>
struct Firing {
  std::vector<Number> threshold, reset, span;
  NeuronRule rule;

  /// How many spikes v is worth: 0 below the threshold.
  Number spikes(size_t n, Number v) const {
    bool fires = rule.spikeWhen == SpikeWhen::Greater ? v > threshold[n] : v >= threshold[n];
    if (!fires || rule.spikesPerStep == SpikesPerStep::Single) {
      return fires ? 1 : 0;
    }
    Number fits = (v - reset[n]) / span[n];
    Number times = rule.spikeWhen == SpikeWhen::Greater ? std::ceil(fits) - 1 : std::floor(fits);
    return std::max(Number(1), times);
  }
  Number afterReset(size_t n, Number v, Number spikes) const {
    return rule.reset == Reset::ToValue ? reset[n] : v - spikes * span[n];
  }
  Number notBelowFloor(size_t n, Number v) const {
    if (rule.floor.kind == Floor::Kind::None) {
      return v;
    }
    Number lowest =
        rule.floor.kind == Floor::Kind::MinusThreshold ? -threshold[n] : Number(rule.floor.value);
    return v < lowest ? lowest : v;
  }
  /// Whether the spikes that reset v in a step are those that its old value is worth.
  bool isLate() const { return rule.spikeTest == SpikeTest::Old || rule.resetDelay == 1; }
};

/// What all neurons share: the membrane v and, where it fires, how.
template <typename Number>
struct Neuron : Unit<Number> {
  using Unit<Number>::output;
  Neuron(const NodeShapes &shapes, const NeuronRule &rule)
      : Unit<Number>(shapes), rule(rule), v(output.size(), Number(0)), start(v),
        whole(v.size(), Number(1)) {}

  /// The state of neuron n a step later, without spikes and resets.
  virtual void advance(size_t n) = 0;
  /// The rest of the step after v crossed the threshold, as a share of the step.
  virtual Number restAfter(size_t n, Number above) const = 0;

  void evaluate() override {
    for (size_t n = 0; n < v.size(); ++n) {
      if (isAhead) {
        output[n] = firing->spikes(n, v[n]);
      } else if (firing) {
        fire(n);
      } else {
        advance(n);
        output[n] = v[n];
      }
    }
  }
  void finish() override {
    for (size_t n = 0; n < v.size() && isAhead; ++n) {
      fire(n);
    }
  }
  void fire(size_t n) {
    Number late = firing->isLate() ? firing->spikes(n, v[n]) : 0;
    if (late > 0 && rule.lateReset == LateReset::BeforeUpdate) {
      v[n] = firing->afterReset(n, v[n], late);
    }
    advance(n);
    if (late > 0 && rule.lateReset == LateReset::AfterUpdate) {
      v[n] = firing->afterReset(n, v[n], late);
    }
    v[n] = firing->notBelowFloor(n, v[n]);
    Number now = firing->spikes(n, v[n]);
    output[n] = rule.spikeTest == SpikeTest::Old ? late : now;
    whole[n] = 1;
    if (now > 0 && !firing->isLate()) {
      if (takesRest()) {
        Number rest = restAfter(n, v[n] - firing->threshold[n]);
        whole[n] = rest > Number(0) && rest < Number(1) ? rest : Number(1);
      }
      v[n] = firing->afterReset(n, v[n], now);
    }
  }
  void reset() override {
    v = start;
    std::fill(whole.begin(), whole.end(), Number(1));
  }
  const std::vector<Number> *state(std::string_view name) const override {
    return name == "v" ? &v : nullptr;
  }
  void visitMemory(const MemoryVisitor &visit) override {
    Unit<Number>::visitMemory(visit);
    visit(std::as_writable_bytes(std::span(v)));
    visit(std::as_writable_bytes(std::span(whole)));
  }
  /// Whether a step may be a part of one. What never spikes takes whole steps, whose coefficients
  /// round otherwise.
  bool takesRest() const { return firing && rule.afterSpike == AfterSpike::Rest; }
  /// Whether dt and the parameters are in a range that a Number can work in.
  virtual bool isFinite() const = 0;

  NeuronRule rule;
  std::vector<Number> v;
  std::vector<Number> start; ///< v before the first step
  std::vector<Number> whole; ///< the share of the step that is integrated
  std::optional<Firing<Number>> firing;
  bool isAhead = false; ///< whether the spikes of a step are known before its input
};

/// I, IF.
template <typename Number>
struct Integrating final : Neuron<Number> {
  using Neuron<Number>::input, Neuron<Number>::v, Neuron<Number>::rule, Neuron<Number>::takesRest,
      Neuron<Number>::whole;
  using Coefficients = IntegratingCoefficients;

  Integrating(const Coefficients &of, const NodeShapes &shapes, const NeuronRule &rule)
      : Neuron<Number>(shapes, rule), g(rounded<Number>(of.g)) {}

  void advance(size_t n) override {
    Number share = takesRest() ? whole[n] * g[n] : g[n];
    v[n] = v[n] + share * input[n];
  }
  Number restAfter(size_t n, Number above) const override { return above / (g[n] * input[n]); }
  bool isFinite() const override { return allFinite(g); }

  std::vector<Number> g;
};

/// LI, LIF.
template <typename Number>
struct Leaky final : Neuron<Number> {
  using Neuron<Number>::input, Neuron<Number>::v, Neuron<Number>::rule, Neuron<Number>::takesRest,
      Neuron<Number>::whole, Neuron<Number>::firing;
  using Coefficients = LeakyCoefficients;

  Leaky(const Coefficients &of, const NodeShapes &shapes, const NeuronRule &rule)
      : Neuron<Number>(shapes, rule), r(rounded<Number>(of.r)), leak(rounded<Number>(of.leak)),
        k(rounded<Number>(of.k)), p(rounded<Number>(of.p)), g(rounded<Number>(of.g)),
        d(rounded<Number>(of.d)) {}

  void advance(size_t n) override {
    if (takesRest()) {
      Shares<Number> share(whole[n] * k[n], rule.integrator);
      v[n] = share.stays * v[n] + share.comes * r[n] * input[n] + share.comes * leak[n];
    } else {
      v[n] = p[n] * v[n] + g[n] * input[n] + d[n];
    }
  }
  /// v relaxes to v_inf: it took the time -tau log(1 - (v - v_threshold)/(v_inf - v_threshold))
  /// from the threshold to v.
  Number restAfter(size_t n, Number above) const override {
    Number toGo = r[n] * input[n] + leak[n] - firing->threshold[n];
    return -std::log1p(-(above / toGo)) / k[n];
  }
  bool isFinite() const override { return allFinite(p) && allFinite(g) && allFinite(d); }

  std::vector<Number> r, leak, k, p, g, d;
};

/// CubaLI, CubaLIF. `exact` reads the i from before the step, the others the one that `current`
/// says.
template <typename Number>
struct Cuba final : Neuron<Number> {
  using Neuron<Number>::input, Neuron<Number>::v, Neuron<Number>::rule, Neuron<Number>::takesRest,
      Neuron<Number>::whole, Neuron<Number>::firing;
  using Coefficients = CubaCoefficients;

  Cuba(const Coefficients &of, const NodeShapes &shapes, const NeuronRule &rule)
      : Neuron<Number>(shapes, rule), i(v.size(), Number(0)),
        readsOld(rule.integrator == Integrator::Exact || rule.current == Current::Old),
        r(rounded<Number>(of.r)), leak(rounded<Number>(of.leak)), a(rounded<Number>(of.a)),
        pii(rounded<Number>(of.pii)), gi(rounded<Number>(of.gi)), pvv(rounded<Number>(of.pvv)),
        pvi(rounded<Number>(of.pvi)), gv(rounded<Number>(of.gv)), d(rounded<Number>(of.d)) {}

  void advance(size_t n) override {
    Number u = input[n], before = i[n];
    i[n] = pii[n] * i[n] + gi[n] * u;
    Number current = readsOld ? before : i[n];
    if (takesRest()) {
      Shares<Number> share(whole[n] * a[n], rule.integrator);
      v[n] = share.stays * v[n] + share.comes * r[n] * current + share.comes * leak[n];
    } else {
      v[n] = gv.empty() ? pvv[n] * v[n] + pvi[n] * current + d[n]
                        : pvv[n] * v[n] + pvi[n] * current + gv[n] * u + d[n];
    }
  }
  Number restAfter(size_t n, Number above) const override {
    Number toGo = r[n] * i[n] + leak[n] - firing->threshold[n];
    return -std::log1p(-(above / toGo)) / a[n];
  }
  void reset() override {
    Neuron<Number>::reset();
    std::fill(i.begin(), i.end(), Number(0));
  }
  const std::vector<Number> *state(std::string_view name) const override {
    return name == "i" ? &i : Neuron<Number>::state(name);
  }
  void visitMemory(const MemoryVisitor &visit) override {
    Neuron<Number>::visitMemory(visit);
    visit(std::as_writable_bytes(std::span(i)));
  }
  bool isFinite() const override {
    return allFinite(pii) && allFinite(gi) && allFinite(pvv) && allFinite(pvi) && allFinite(gv) &&
           allFinite(d);
  }

  std::vector<Number> i;
  bool readsOld;
  std::vector<Number> r, leak, a, pii, gi, pvv, pvi, gv, d;
};

template <typename Number, template <typename> typename Equations, typename Params>
UnitResult<Number> finish(const Params &params, const NodeShapes &shapes, const NeuronRule &rule,
                          double dt, bool isAhead) {
  auto count = static_cast<size_t>(numElements(shapes.output));
  typename Equations<Number>::Coefficients coefficients(params, count, rule, dt);
  auto neuron = std::make_unique<Equations<Number>>(coefficients, shapes, rule);
  if (!neuron->isFinite()) {
    return Error(Cause::NotFinite,
                 fmt::format("a coefficient of its update at dt {} is not finite in {}, expected "
                             "parameters and dt of similar magnitude",
                             dt, name(dtypeOf<Number>())));
  }
  std::optional<Tensor> leak, reset;
  if constexpr (requires { params.v_leak; }) {
    leak = params.v_leak;
  }
  if constexpr (requires { params.v_reset; }) {
    reset = params.v_reset;
  }
  Result<std::vector<double>> start = startCoefficients(leak, reset, coefficients.leftOut, rule);
  if (!start) {
    return start.takeError();
  }
  neuron->start = rounded<Number>(*std::move(start));
  if constexpr (requires { params.v_threshold; }) {
    Result<FiringCoefficients> firing =
        firingCoefficients(params.v_threshold, params.v_reset, coefficients.leftOut, rule);
    if (!firing) {
      return firing.takeError();
    }
    neuron->firing = Firing<Number>{rounded<Number>(std::move(firing->threshold)),
                                    rounded<Number>(std::move(firing->reset)),
                                    rounded<Number>(std::move(firing->span)), rule};
    neuron->isAhead = isAhead;
  }
  return std::unique_ptr<Unit<Number>>(std::move(neuron));
}

} // namespace

template <typename Number>
UnitResult<Number> makeNeuron(const Node &node, const NodeShapes &shapes,
                              const Semantics &semantics) {
  double dt = semantics.dtSeconds;
  bool isAhead = spikesAhead(node, semantics);
  if (const auto *neuron = node.as<I>()) {
    return finish<Number, Integrating>(*neuron, shapes, semantics[Family::IF], dt, isAhead);
  }
  if (const auto *neuron = node.as<IF>()) {
    return finish<Number, Integrating>(*neuron, shapes, semantics[Family::IF], dt, isAhead);
  }
  if (const auto *neuron = node.as<LI>()) {
    return finish<Number, Leaky>(*neuron, shapes, semantics[Family::LIF], dt, isAhead);
  }
  if (const auto *neuron = node.as<LIF>()) {
    return finish<Number, Leaky>(*neuron, shapes, semantics[Family::LIF], dt, isAhead);
  }
  if (const auto *neuron = node.as<CubaLI>()) {
    return finish<Number, Cuba>(*neuron, shapes, semantics[Family::CubaLIF], dt, isAhead);
  }
  const auto *neuron = node.as<CubaLIF>();
  assert(neuron && "not a neuron");
  return finish<Number, Cuba>(*neuron, shapes, semantics[Family::CubaLIF], dt, isAhead);
}

template UnitResult<float> makeNeuron<float>(const Node &, const NodeShapes &, const Semantics &);
template UnitResult<double> makeNeuron<double>(const Node &, const NodeShapes &, const Semantics &);

} // namespace nir
