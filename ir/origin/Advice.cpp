//===- Advice.cpp - what a choice of steps makes of a graph ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Advice.h"

#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "ir/origin/Levels.h"
#include "ir/origin/TimeUnit.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nir {

/// Said of so many nodes at most; a person reads the first few.
static constexpr size_t mostAdvice = 100;

/// A delay this far from a whole number of steps is not one that float32 rounded.
static constexpr double roundingOfDelay = 1e-3;

static Diagnostic advice(const char *code, Severity severity, std::string message,
                         std::string consequence) {
  Diagnostic diagnostic = Error::advice(code, std::move(message)).note(std::move(consequence));
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

static std::optional<Diagnostic> tonicFiring(const Levels &levels) {
  for (int64_t i = 0; i < levels.size() && levels.hasLeak(); ++i) {
    double leak = levels.leak(i), threshold = levels.threshold(i);
    if (leak > threshold) {
      return advice(
          "fires-at-rest", Severity::Note,
          levels.choices().ignore.vLeak
              ? fmt::format("v_leak is read as 0, which is above v_threshold {:.6g}", threshold)
              : fmt::format("v_leak {:.6g} is above v_threshold {:.6g}", leak, threshold),
          "the neuron fires again and again without any input");
    }
  }
  return std::nullopt;
}

static std::optional<Diagnostic> passesOnNothing(const Threshold &node) {
  for (int64_t i = 0; i < node.threshold.size(); ++i) {
    if (node.threshold.at(i) < 0.0) {
      return advice("fires-at-rest", Severity::Note,
                    fmt::format("threshold {:.6g} is below 0", node.threshold.at(i)),
                    "it passes on a spike in every step without any input");
    }
  }
  return std::nullopt;
}

/// A neuron whose reset leaves it above the threshold spikes in every step from then on.
static std::optional<Diagnostic> resetAboveThreshold(const Levels &levels) {
  for (int64_t i = 0; i < levels.size(); ++i) {
    double reset = levels.reset(i), threshold = levels.threshold(i);
    if (reset < threshold) {
      continue;
    }
    std::string note =
        "a neuron that resets to its threshold or above may spike in every step from "
        "then on";
    if (levels.choices().ignore.vReset && levels.statedReset(i) < threshold) {
      note = fmt::format("this semantics reads v_reset, {:.6g}, as 0: with it taken from v_leak, "
                         "v_reset and v_threshold, which is {:.6g} then, the network is the same",
                         levels.statedReset(i), threshold - levels.statedReset(i));
    } else if (!levels.hasReset()) {
      note =
          levels.hasLeak() && levels.statedLeak(i) < threshold
              ? fmt::format("a node without v_reset resets to 0: as in numbers in mV, give it a "
                            "v_reset, or take v_leak, {:.6g}, from v_leak and v_threshold, which "
                            "is {:.6g} then",
                            levels.statedLeak(i), threshold - levels.statedLeak(i))
              : "a node without v_reset resets to 0: give it one, or a v_threshold above 0";
    }
    std::string where =
        levels.size() > 1 ? fmt::format(", in neuron {} of {}", i, levels.size()) : std::string();
    return advice("reset-above-threshold", Severity::Warning,
                  fmt::format("v_reset is {:.6g}, expected less than v_threshold, {:.6g}{}", reset,
                              threshold, where),
                  note);
  }
  return std::nullopt;
}

/// How numbers in mV become such as start at rest, from the first neuron that starts above its
/// threshold.
static std::string restAtZero(const Levels &levels, int64_t i) {
  double threshold = levels.threshold(i), rest = levels.rest(i);
  const char *name = levels.hasLeak() ? "v_leak" : "v_reset";
  auto stated = [&](int64_t n) {
    return levels.hasLeak() ? levels.statedLeak(n) : levels.statedReset(n);
  };
  bool isOne = true, isOneThreshold = true; // of all neurons
  for (int64_t n = 0; n < levels.size(); ++n) {
    isOne &= stated(n) == stated(i);
    isOneThreshold &= levels.threshold(n) == threshold;
  }
  std::string from = levels.hasLeak() && levels.hasReset() ? "v_leak, v_reset and v_threshold"
                     : levels.hasLeak()                    ? "v_leak and v_threshold"
                     : levels.hasReset()                   ? "v_reset and v_threshold"
                                                           : "v_threshold";
  std::string what = isOne ? fmt::format("with {:.6g} taken", stated(i))
                           : fmt::format("with each neuron's {} taken", name);
  std::string then = isOne && isOneThreshold
                         ? fmt::format(", which is {:.6g} then", threshold - stated(i))
                         : std::string();
  std::string taken = fmt::format("{} from {}{}, {}", what, from, then,
                                  levels.hasReset() ? "the network is the same and starts at rest"
                                                    : "it starts at rest, and is reset to rest");
  if (rest < threshold) {
    std::string choice = levels.choices().start == Start::Zero
                             ? fmt::format("--start {} starts there; or ", name)
                             : std::string();
    return fmt::format("as in numbers in mV, rest is at {:.6g}: {}{}", rest, choice, taken);
  }
  if (stated(i) < threshold) {
    bool isIgnored =
        levels.hasLeak() ? levels.choices().ignore.vLeak : levels.choices().ignore.vReset;
    std::string why = isIgnored ? fmt::format("this semantics reads {} as 0", name)
                                : fmt::format("this semantics keeps v at {:.6g} or above", rest);
    return fmt::format("as in numbers in mV, {} is {:.6g}, and {}: {}", name, stated(i), why,
                       taken);
  }
  return levels.hasReset() || levels.hasLeak()
             ? "v rests there too: it spikes on without input"
             : "a node without v_reset rests at 0: give it one, or a v_threshold above 0";
}

static std::optional<Diagnostic> startAboveThreshold(const Levels &levels) {
  int64_t count = 0, first = -1;
  for (int64_t i = 0; i < levels.size(); ++i) {
    if (levels.spikesAt(levels.start(i), i)) {
      first = first < 0 ? i : first;
      ++count;
    }
  }
  if (count == 0) {
    return std::nullopt;
  }
  std::string where = levels.size() == 1
                          ? std::string()
                          : fmt::format(" in {} of {}", count, counted(levels.size(), "neuron"));
  return advice(
      "starts-above-threshold", Severity::Warning,
      fmt::format("v starts at {:.6g}, and v_threshold is {:.6g}{}: {} in step 0, without "
                  "any input",
                  levels.start(first), levels.threshold(first), where,
                  count == 1 ? "it spikes" : "they spike"),
      restAtZero(levels, first));
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

/// What the semantics makes of edges that are there several times.
static std::vector<Diagnostic> duplicateEdges(const FlatGraph &flat, const Semantics &semantics) {
  std::map<std::pair<int32_t, int32_t>, int64_t> counts; // by target and source
  for (const FlatGraph::Edge &edge : flat.edges) {
    ++counts[{edge.target, edge.source}];
  }
  std::vector<Diagnostic> found;
  bool isOnce = semantics.duplicateEdges == DuplicateEdges::Once;
  for (const auto &[ends, count] : counts) {
    if (count > 1 && found.size() < mostAdvice) {
      found.push_back(advice("duplicate-edges", Severity::Warning,
                             fmt::format("{} edges come from '{}', and under {} {}", count,
                                         flat.path(ends.second), semantics.text(),
                                         isOnce ? "one counts" : "each counts"),
                             isOnce ? "--duplicate-edges each counts all of them"
                                    : "--duplicate-edges once counts one, as most platforms do"));
      found.back().node = flat.path(ends.first);
    }
  }
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
  Result<LoopReport> loops = loopsOf(graph, semantics);
  if (!loops) {
    found.push_back(loops.error());
    found.back().severity = Severity::Error;
    return found;
  }
  auto textOf = [&](const std::vector<LateEdge> &more) {
    Semantics chosen = semantics;
    chosen.late.insert(chosen.late.end(), more.begin(), more.end());
    return "--late " + lateTextOf(chosen);
  };
  for (const auto &[edge, others] : loops->undecided) {
    std::vector<std::string> names, choices;
    for (const LateEdge &other : others) {
      names.push_back(fmt::format("'{}' -> '{}'", other.source, other.target));
      choices.push_back(textOf({other}));
    }
    found.push_back(advice(
        "undecided-loop", Severity::Warning,
        fmt::format("the edge '{}' -> '{}' carries the value of the step before, and nothing but "
                    "the order of the file says that it does and not {}",
                    edge.source, edge.target, fmt::join(names, " or ")),
        fmt::format("another order, as other names make it, can give other spikes: {} keeps the "
                    "edge, {} {}; {} delays both",
                    textOf({edge}), fmt::join(choices, ", "),
                    others.size() == 1 ? "is the other choice" : "are the other choices",
                    textOf({edge, others.front()}))));
    found.back().node = edge.target;
  }
  return found;
}

/// What a semantics reads a parameter as that it ignores, where the file has another number.
static std::optional<std::string> ignoredIn(const Node &node, const Ignored &ignore) {
  std::optional<std::string> found;
  visitParams(node.params, [&](const char *parameter, const auto &value) {
    std::string_view name = parameter;
    bool isOne = name == "r" || name == "w_in";
    bool isIgnored = (name == "r" && ignore.r) || (name == "w_in" && ignore.wIn) ||
                     (name == "v_leak" && ignore.vLeak) || (name == "v_reset" && ignore.vReset);
    const Tensor *tensor = nullptr;
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Tensor>) {
      tensor = &value;
    } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::optional<Tensor>>) {
      tensor = value ? &*value : nullptr;
    }
    for (int64_t i = 0; tensor && isIgnored && i < tensor->size(); ++i) {
      if (tensor->at(i) != (isOne ? 1.0 : 0.0)) {
        found = fmt::format("{}{} as {}, where it is {:.6g}", found ? *found + ", and " : "", name,
                            isOne ? 1 : 0, tensor->at(i));
        return;
      }
    }
  });
  return found;
}

std::vector<Diagnostic> ignoredParameters(const Graph &graph, const Semantics &semantics,
                                          const std::string &file) {
  std::vector<Diagnostic> none, found;
  FlatGraph flat = FlatGraph::of(graph, none);
  struct Seen {
    std::string what, node;
    int64_t more = 0;
  };
  std::array<std::optional<Seen>, families.size()> seen;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    if (!isNeuron(node)) {
      continue;
    }
    Family family = familyOf(node);
    std::optional<Seen> &first = seen[static_cast<size_t>(family)];
    if (std::optional<std::string> what = ignoredIn(node, semantics[family].ignore);
        what && first) {
      ++first->more;
    } else if (what) {
      first = {*what, flat.path(static_cast<int32_t>(i))};
    }
  }
  for (Family family : families) {
    if (const std::optional<Seen> &first = seen[static_cast<size_t>(family)]) {
      std::string others = first->more == 0   ? std::string()
                           : first->more == 1 ? " and one node more"
                                              : fmt::format(" and {} nodes more", first->more);
      Semantics heeding = semantics;
      heeding[family].ignore = {};
      Diagnostic note = advice(
          "ignored-parameters", Severity::Note,
          fmt::format("the semantics {} reads {}, here{}", semantics.text(), first->what, others),
          fmt::format("--semantics {} reads the file's numbers", heeding.text()));
      note.node = first->node;
      note.file = file;
      found.push_back(std::move(note));
    }
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
    if (const auto *threshold = node.as<Threshold>()) {
      add(passesOnNothing(*threshold));
    }
    if (std::optional<Levels> levels = Levels::of(node, stepping.semantics)) {
      add(resetAboveThreshold(*levels));
      add(tonicFiring(*levels));
      add(startAboveThreshold(*levels));
    }
  }
  if (std::optional<Diagnostic> mixed = mixedNeurons(flat)) {
    found.push_back(std::move(*mixed));
  }
  for (std::vector<Diagnostic> more :
       {duplicateEdges(flat, stepping.semantics), undecidedLoops(graph, stepping)}) {
    for (Diagnostic &diagnostic : more) {
      if (found.size() < mostAdvice) {
        found.push_back(std::move(diagnostic));
      }
    }
  }
  for (Diagnostic &diagnostic : found) {
    diagnostic.file = file;
  }
  return found;
}

} // namespace nir
