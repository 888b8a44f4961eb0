//===- Outcomes.cpp - what a case gives under each semantics --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Outcomes.h"

#include "api/Trials.h"
#include "backends/Target.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace nirc::conformance {

/// Spikes that are 0 and 1 as bytes, whether or not several could have been sent.
static void narrowSpikes(nir::Recording &recording) {
  for (nir::Trace &trace : recording.traces) {
    if (trace.observable != "spikes" || trace.data.dtype() == nir::DType::U8) {
      continue;
    }
    std::vector<int64_t> counts = trace.data.toInts();
    if (std::all_of(counts.begin(), counts.end(), [](int64_t n) { return n == 0 || n == 1; })) {
      std::vector<uint8_t> bytes(counts.begin(), counts.end());
      trace.data = nir::Tensor::of<uint8_t>(trace.data.shape(), bytes);
    }
  }
}

nir::Result<nir::Recording> runCase(const Case &one, nir::Semantics semantics, nir::DType dtype) {
  nir::Result<const Target *> target = findTarget("reference");
  if (!target) {
    return target.takeError();
  }
  semantics.dtSeconds = one.dtSeconds;
  if (nir::Status bad = nir::checkSemantics(semantics)) {
    return std::move(*bad);
  }
  Job job;
  job.graph = &one.graph;
  job.file = one.name;
  job.semantics = semantics;
  job.dtype = dtype;
  job.states = true;
  nir::Result<std::unique_ptr<Executable>> executable = (*target)->compile(job);
  if (!executable) {
    return executable.takeError();
  }
  std::vector<nir::Probe> states;
  for (const PortInfo &state : (*executable)->info().states) {
    states.push_back({state.node, state.observable});
  }
  nir::Result<nir::Recording> recording =
      (*executable)->run(one.input, {.threads = 1, .records = std::move(states)});
  if (recording) {
    narrowSpikes(*recording);
  }
  return recording;
}

//===----------------------------------------------------------------------===//
// Presets
//===----------------------------------------------------------------------===//

/// Whether both have the same numbers; the sign of a zero is no part of what nirc promises.
static bool areSame(const nir::Recording &a, const nir::Recording &b) {
  return a.times.size() == b.times.size() &&
         std::equal(a.traces.begin(), a.traces.end(), b.traces.begin(), b.traces.end(),
                    [](const nir::Trace &x, const nir::Trace &y) {
                      return x.node == y.node && x.observable == y.observable &&
                             x.data.dtype() == y.data.dtype() && x.data.shape() == y.data.shape() &&
                             x.data.toDoubles() == y.data.toDoubles();
                    }) &&
         std::equal(a.times.begin(), a.times.end(), b.times.begin(),
                    [](const nir::SpikeTimes &x, const nir::SpikeTimes &y) {
                      return x.node == y.node && x.spikes == y.spikes;
                    });
}

static void add(std::vector<Outcome> &outcomes, std::string_view preset,
                const nir::Semantics &semantics, nir::Recording recording) {
  for (Outcome &outcome : outcomes) {
    if (areSame(outcome.recording, recording)) {
      outcome.presets.emplace_back(preset);
      return;
    }
  }
  outcomes.push_back({{std::string(preset)}, semantics.stored(), std::move(recording)});
}

//===----------------------------------------------------------------------===//
// Single choices
//===----------------------------------------------------------------------===//

/// Whether what the Outputs show differs by more than another number type would make of it.
static bool differs(const nir::Graph &graph, const nir::Recording &a, const nir::Recording &b) {
  for (const nir::Trace &trace : a.traces) {
    const nir::Node *node = graph.find(trace.node);
    if (!node || !node->as<nir::Output>()) {
      continue;
    }
    const nir::Trace *other = b.find(trace.node, trace.observable);
    if (!other || other->data.size() != trace.data.size()) {
      return true;
    }
    std::vector<double> x = trace.data.toDoubles(), y = other->data.toDoubles();
    double largest = 0.0, furthest = 0.0;
    for (size_t i = 0; i < x.size(); ++i) {
      largest = std::max(largest, std::abs(x[i]));
      furthest = std::max(furthest, std::abs(x[i] - y[i]));
    }
    // A number that is not finite is neither above nor below.
    bool isNear = furthest <= (trace.observable == "spikes" ? 0.0 : toldApart * largest);
    if (!isNear) {
      return true;
    }
  }
  return false;
}

/// The choice that a trial changes: "reset" of "CubaLIF.reset=subtract".
static std::string_view choiceOf(std::string_view changed) {
  std::string_view name = changed.substr(0, changed.find('='));
  size_t dot = name.find('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

/// The semantics with another edge late, for each edge that can be.
static std::vector<Trial> lateTrials(const Case &one, const nir::Semantics &base) {
  nir::FlatGraph flat = [&] {
    std::vector<nir::Diagnostic> problems;
    return nir::FlatGraph::of(one.graph, problems);
  }();
  std::vector<nir::LateEdge> edges;
  for (const nir::FlatGraph::Edge &edge : flat.edges) {
    edges.push_back({flat.path(edge.source), flat.path(edge.target)});
  }
  nir::Semantics stepped = base;
  stepped.dtSeconds = one.dtSeconds;
  std::vector<Trial> trials;
  for (const nir::LateEdge &edge : nir::possibleLate(one.graph, stepped, edges)) {
    trials.push_back({base, base.preset, "late=" + edge.source + ":" + edge.target});
    trials.back().semantics.late = {edge};
  }
  return trials;
}

namespace {
/// Finds which choices a case tells apart.
class Telling {
public:
  explicit Telling(const Case &one)
      : one(one), relevance(one.graph, nir::Semantics(one.dtSeconds)) {}

  /// Every change of `base`; those of choices in `settled` are not tried.
  nir::Status vary(const nir::Semantics &base, const std::set<std::string_view> &settled) {
    nir::Result<nir::Recording> recording = runCase(one, base);
    if (!recording) {
      return recording.takeError();
    }
    std::vector<Trial> trials = variationsOf(base, relevance);
    for (Trial &trial : lateTrials(one, base)) {
      trials.push_back(std::move(trial));
    }
    for (const Trial &trial : trials) {
      std::string choice(choiceOf(trial.changed));
      tried.insert(choice);
      if (told.contains(choice) || settled.contains(choice)) {
        continue;
      }
      nir::Result<nir::Recording> other = runCase(one, trial.semantics);
      if (other && differs(one.graph, *recording, *other)) { // else it contradicts the network
        told.insert(choice);
      }
    }
    return {};
  }

  nir::Result<std::vector<std::string>> all() {
    for (const nir::Semantics &base : bases()) {
      std::set<std::string> before = tried;
      if (nir::Status failed = vary(base, {before.begin(), before.end()})) {
        return std::move(*failed);
      }
    }
    std::vector<std::string> names;
    for (const nir::Choice &choice : nir::choices()) {
      if (told.contains(std::string(choice.name))) {
        names.emplace_back(choice.name);
      }
    }
    return names;
  }

private:
  /// nir, and on top of it what gives a meaning to choices that have none under nir: `late-reset`
  /// to the time of a reset, `after-spike` to what a step has left after a spike.
  static std::vector<nir::Semantics> bases() {
    nir::Semantics lateReset, divisible;
    for (nir::Family family : nir::families) {
      lateReset[family].resetDelay = 1;
      divisible[family].integrator = nir::Integrator::ExpEuler;
      divisible[family].input = nir::InputMeaning::Held;
    }
    return {nir::Semantics(), lateReset, divisible};
  }

  const Case &one;
  Relevance relevance;
  std::set<std::string> tried, told;
};
} // namespace

nir::Result<Outcomes> outcomesOf(const Case &one) {
  Outcomes outcomes;
  for (const nir::Preset &preset : nir::presets()) {
    nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name);
    nir::Result<nir::Recording> recording = runCase(one, *semantics);
    if (recording) {
      add(outcomes.all, preset.name, *semantics, *std::move(recording));
    } else if (outcomes.all.empty()) {
      return recording.takeError(); // NIR itself must take it; of a platform it is no wonder
    }
  }
  nir::Result<std::vector<std::string>> choices = Telling(one).all();
  if (!choices) {
    return choices.takeError();
  }
  outcomes.choices = *std::move(choices);
  return outcomes;
}

} // namespace nirc::conformance
