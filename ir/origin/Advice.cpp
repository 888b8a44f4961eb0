//===- Advice.cpp - what a choice of steps makes of a graph ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Advice.h"

#include "ir/choices/Choices.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "ir/origin/TimeUnit.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nir {

/// Said of so many nodes at most; a person reads the first few.
static constexpr size_t mostAdvice = 100;

/// A delay this far from a whole number of steps is not one that float32 rounded.
static constexpr double roundingOfDelay = 1e-3;

static Diagnostic advice(const char *code, Severity severity, std::string message,
                         std::string consequence) {
  Diagnostic diagnostic = Error(std::move(message)).note(std::move(consequence)).called(code);
  diagnostic.severity = severity;
  return diagnostic;
}

static std::optional<Diagnostic> unevenDelay(const Delay &node, double dt) {
  double worst = roundingOfDelay, at = 0.0;
  int64_t count = 0;
  for (int64_t i = 0; i < node.delay.size(); ++i) {
    double steps = node.delay.at(i) / dt;
    double error = std::abs(steps - std::floor(steps + 0.5));
    count += error > roundingOfDelay ? 1 : 0;
    if (error > worst) {
      worst = error;
      at = node.delay.at(i);
    }
  }
  if (count == 0) {
    return std::nullopt;
  }
  double rounded = std::floor(at / dt + 0.5);
  std::string others =
      count > 1 ? fmt::format(", the farthest off of {} such elements", count) : std::string();
  return advice("uneven-delay", Severity::Warning,
                fmt::format("delay {:.6g} s is {:.6g} steps of {:.6g} s, expected a whole number{}",
                            at, at / dt, dt, others),
                fmt::format("it runs as {:.0f} step{}: what passes arrives {:.3g} s too {}",
                            rounded, rounded == 1.0 ? "" : "s", std::abs(rounded * dt - at),
                            rounded * dt > at ? "late" : "early"));
}

/// Under Euler a neuron keeps 1 - dt/tau of its distance to rest in a step.
static std::optional<Diagnostic> coarseStep(std::string_view name, const Tensor &tau, double dt,
                                            bool isMadeForEuler) {
  double shortest = HUGE_VAL;
  for (int64_t i = 0; i < tau.size(); ++i) {
    shortest = std::min(shortest, tau.at(i));
  }
  // A tau in float32 is off by up to 6e-8 of itself: 0.01 is 0.00999999977.
  double ratio = std::round(dt / shortest * 1e6) / 1e6;
  if (!(ratio > (isMadeForEuler ? 1.0 : 0.5))) {
    return std::nullopt;
  }
  std::string found =
      fmt::format("dt/{} is {:.4g} ({:.6g} s / {:.6g} s)", name, ratio, dt, shortest);
  std::string fix = fmt::format("--integrator exp-euler decays exactly; euler needs --dt {:.3g} or "
                                "less",
                                shortest / 2.0);
  if (ratio >= 2.0) {
    return advice("unstable-step", Severity::Error,
                  found + ", expected less than 2: under euler the state grows without bound", fix);
  }
  if (ratio > 1.0) {
    return advice("overshooting-step", Severity::Warning,
                  found + ", expected at most 1: under euler each step overshoots rest and changes "
                          "sign",
                  fix);
  }
  return advice("coarse-step", Severity::Warning,
                found + ", expected at most 0.5: under euler the decay of a step is far from "
                        "exp(-dt/tau)",
                fmt::format("it keeps {:.3g} of the state where {:.3g} is exact; {}", 1.0 - ratio,
                            std::exp(-ratio), fix));
}

template <typename Neuron>
static std::optional<Diagnostic> tonicFiring(const Neuron &neuron) {
  int64_t count = std::max(neuron.v_leak.size(), neuron.v_threshold.size());
  for (int64_t i = 0; i < count; ++i) {
    double leak = neuron.v_leak.at(neuron.v_leak.size() == 1 ? 0 : i);
    double threshold = neuron.v_threshold.at(neuron.v_threshold.size() == 1 ? 0 : i);
    if (leak > threshold) {
      return advice("fires-at-rest", Severity::Note,
                    fmt::format("v_leak {:.6g} is above v_threshold {:.6g}", leak, threshold),
                    "the neuron fires again and again without any input");
    }
  }
  return std::nullopt;
}

static std::optional<Diagnostic> tonicFiringOf(const Node &node) {
  if (const auto *neuron = node.as<LIF>()) {
    return tonicFiring(*neuron);
  }
  if (const auto *neuron = node.as<CubaLIF>()) {
    return tonicFiring(*neuron);
  }
  return std::nullopt;
}

/// v before the first step is above the threshold. Without input v stays at `rest`, which is the
/// parameter `restName`.
template <typename Neuron>
static std::optional<Diagnostic> startAboveThreshold(const Neuron &neuron, const Tensor &rest,
                                                     const char *restName, const NeuronRule &rule) {
  static const Tensor zero = Tensor::scalar(0.0);
  const Tensor *start = &zero;
  if constexpr (requires { neuron.v_leak; }) {
    start = rule.start == Start::VLeak && !rule.ignore.vLeak ? &neuron.v_leak : start;
  }
  if (rule.start == Start::VReset && !rule.ignore.vReset && neuron.v_reset) {
    start = &*neuron.v_reset;
  }
  auto of = [](const Tensor &tensor, int64_t i) { return tensor.at(tensor.size() == 1 ? 0 : i); };
  const Tensor &thresholds = neuron.v_threshold;
  int64_t count = 0, at = -1;
  for (int64_t i = 0; i < std::max(thresholds.size(), start->size()); ++i) {
    double threshold = of(thresholds, i), v = of(*start, i);
    if (v > threshold || (v == threshold && rule.spikeWhen == SpikeWhen::GreaterOrEqual)) {
      at = at < 0 ? i : at;
      ++count;
    }
  }
  if (count == 0) {
    return std::nullopt;
  }
  double threshold = of(thresholds, at), low = of(rest, at), v = of(*start, at);
  std::string others = count > 1 ? fmt::format(" and {} more like it", count - 1) : std::string();
  Diagnostic found = advice("starts-above-threshold", Severity::Warning,
                            fmt::format("v starts at {:.6g}, and v_threshold is {:.6g}{}: such a "
                                        "neuron spikes in step 0, without any input",
                                        v, threshold, others),
                            "");
  found.notes.clear();
  if (low < threshold) {
    std::string choice;
    if (rule.start == Start::Zero) {
      choice = fmt::format("--start {} starts there; or ", restName);
    }
    found.notes.push_back(
        {"", fmt::format("as in numbers in mV, rest is at {:.6g}: {}with {:.6g} taken from v_leak, "
                         "v_reset and v_threshold, which is {:.6g} then, the network is the same "
                         "and starts at rest",
                         low, choice, low, threshold - low)});
  }
  return found;
}

static std::optional<Diagnostic> startAboveThresholdOf(const Node &node,
                                                       const Semantics &semantics) {
  static const Tensor zero = Tensor::scalar(0.0);
  if (const auto *neuron = node.as<IF>()) {
    return startAboveThreshold(*neuron, neuron->v_reset ? *neuron->v_reset : zero, "v_reset",
                               semantics[Family::IF]);
  }
  if (const auto *neuron = node.as<LIF>()) {
    return startAboveThreshold(*neuron, neuron->v_leak, "v_leak", semantics[Family::LIF]);
  }
  if (const auto *neuron = node.as<CubaLIF>()) {
    return startAboveThreshold(*neuron, neuron->v_leak, "v_leak", semantics[Family::CubaLIF]);
  }
  return std::nullopt;
}

/// As every platform runs them, a spike moves an IF by r whatever the step is, and a leaky neuron
/// by r dt/tau: docs/units.md.
static std::optional<Diagnostic> mixedNeurons(const FlatGraph &flat) {
  std::optional<int32_t> stepless, leaky;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    auto here = static_cast<int32_t>(i);
    if (!stepless && (node.as<IF>() || node.as<I>())) {
      stepless = here;
    }
    if (!leaky && (node.as<LIF>() || node.as<LI>() || node.as<CubaLIF>() || node.as<CubaLI>())) {
      leaky = here;
    }
  }
  if (!stepless || !leaky) {
    return std::nullopt;
  }
  Diagnostic found = advice(
      "mixed-neurons", Severity::Warning,
      fmt::format("the graph has both {} ('{}') and {} ('{}')", flat.nodes[*stepless].node->type(),
                  flat.path(*stepless), flat.nodes[*leaky].node->type(), flat.path(*leaky)),
      "a spike counts the same for the first at every dt, and for the second in proportion to dt: "
      "another step changes their balance");
  return found;
}

/// Without a known step every Delay counts as longer than one.
static std::vector<Diagnostic> undecidedLoops(const Graph &graph, const Stepping &stepping) {
  std::vector<Diagnostic> found;
  Semantics semantics = stepping.semantics;
  semantics.dtSeconds = stepping.dtSeconds.value_or(1e-9);
  if (semantics.timing == Timing::Events) {
    return found;
  }
  if (Result<std::vector<LateEdge>> edges = feedbackEdges(graph, semantics); !edges) {
    found.push_back(edges.error());
    found.back().severity = Severity::Error;
    return found;
  }
  for (const auto &[edge, other] : undecidedEdges(graph, semantics)) {
    Semantics kept = semantics, changed = semantics;
    kept.late.push_back(edge);
    changed.late.push_back(other);
    found.push_back(advice(
        "undecided-loop", Severity::Warning,
        fmt::format("the edge '{}' -> '{}' carries the value of the step before, and nothing but "
                    "the order of the file says that it does and not '{}' -> '{}'",
                    edge.source, edge.target, other.source, other.target),
        fmt::format("another order, as other names make it, can give other spikes: --late {} keeps "
                    "the edge, --late {} is the other choice",
                    lateTextOf(kept), lateTextOf(changed))));
    found.back().node = edge.target;
  }
  return found;
}

/// That of the equation which the time constant stands in; none for the time of a Delay.
static std::optional<Integrator> integratorOf(const Node &node, std::string_view tau,
                                              const Semantics &semantics) {
  if (node.as<Delay>()) {
    return std::nullopt;
  }
  if (node.as<LI>() || node.as<LIF>()) {
    return semantics[Family::LIF].integrator;
  }
  const NeuronRule &rule = semantics[Family::CubaLIF];
  return tau == "tau_syn" ? rule.synapseIntegrator.value_or(rule.integrator) : rule.integrator;
}

std::vector<Diagnostic> adviceOn(const Graph &graph, const Stepping &stepping,
                                 const std::string &file) {
  const std::optional<double> &dtSeconds = stepping.dtSeconds;
  std::vector<Diagnostic> ignored, found; // names and edges are `check`'s
  FlatGraph flat = FlatGraph::of(graph, ignored);
  for (size_t i = 0; i < flat.nodes.size() && found.size() < mostAdvice; ++i) {
    const Node &node = *flat.nodes[i].node;
    auto add = [&](std::optional<Diagnostic> diagnostic) {
      if (diagnostic) {
        diagnostic->node = flat.path(static_cast<int32_t>(i));
        found.push_back(std::move(*diagnostic));
      }
    };
    if (const auto *delay = node.as<Delay>(); delay && dtSeconds) {
      add(unevenDelay(*delay, *dtSeconds));
    }
    if (dtSeconds) {
      visitParams(node.params, [&](const char *name, const auto &value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Tensor>) {
          if (isTime(name) && integratorOf(node, name, stepping.semantics) == Integrator::Euler) {
            add(coarseStep(name, value, *dtSeconds, stepping.isMadeForEuler));
          }
        }
      });
    }
    add(tonicFiringOf(node));
    add(startAboveThresholdOf(node, stepping.semantics));
  }
  if (std::optional<Diagnostic> mixed = mixedNeurons(flat)) {
    found.push_back(std::move(*mixed));
  }
  for (Diagnostic &diagnostic : undecidedLoops(graph, stepping)) {
    if (found.size() < mostAdvice) {
      found.push_back(std::move(diagnostic));
    }
  }
  for (Diagnostic &diagnostic : found) {
    diagnostic.file = file;
  }
  return found;
}

} // namespace nir
