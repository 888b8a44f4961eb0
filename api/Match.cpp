//===- Match.cpp - whose spikes these are ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Match.h"

#include "api/io/Totals.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

namespace nirc {

bool Candidate::isFull() const {
  return runs() && !agreements.empty() &&
         std::all_of(agreements.begin(), agreements.end(),
                     [](const Agreement &one) { return one.isFull(); });
}

Agreement Candidate::total() const {
  Agreement sum;
  for (const Agreement &one : agreements) {
    sum.add(one);
  }
  return sum;
}

/// Whether `a` does better. A shift counts less than any spike and any value.
static bool isBetter(const Candidate &a, const Candidate &b) {
  Agreement left = a.total(), right = b.total();
  if (isCloser(left, right) || isCloser(right, left)) {
    return isCloser(left, right);
  }
  return std::abs(a.shift) < std::abs(b.shift);
}

/// The best first; equal ones in the order given.
static std::vector<Candidate> ranked(std::vector<Candidate> candidates) {
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    bool isFirst = isBetter(candidates[a], candidates[b]);
    return isFirst || (a < b && !isBetter(candidates[b], candidates[a]));
  });
  std::vector<Candidate> sorted;
  for (size_t i : order) {
    sorted.push_back(std::move(candidates[i]));
  }
  return sorted;
}

static bool areEqual(const Candidate &a, const Candidate &b) {
  return !isBetter(a, b) && !isBetter(b, a);
}

std::vector<const Candidate *> MatchReport::best() const {
  std::vector<const Candidate *> presets, all;
  for (const Candidate &candidate : candidates) {
    if (areEqual(candidate, candidates.front())) {
      all.push_back(&candidate);
      if (candidate.changed.empty()) {
        presets.push_back(&candidate);
      }
    }
  }
  return presets.empty() ? all : presets;
}

const Candidate *MatchReport::presetOf(const Candidate &change) const {
  auto found = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate &candidate) {
    return candidate.preset == change.preset && candidate.changed.empty();
  });
  return change.changed.empty() || found == candidates.end() ? nullptr : &*found;
}

bool MatchReport::changesNothing(const Candidate &candidate) const {
  const Candidate *preset = presetOf(candidate);
  return preset && areEqual(*preset, candidate);
}

std::vector<std::string> MatchReport::undecided(const Candidate &preset) const {
  std::vector<std::string> changes;
  for (const Candidate &candidate : candidates) {
    bool isOfPreset = preset.changed.empty() && candidate.preset == preset.preset;
    if (isOfPreset && changesNothing(candidate)) {
      changes.push_back(candidate.changed);
    }
  }
  return changes;
}

const Candidate *MatchReport::nextTo(const Candidate &preset) const {
  for (const Candidate &candidate : candidates) {
    bool isChange =
        preset.changed.empty() && candidate.preset == preset.preset && !candidate.changed.empty();
    if (isChange && candidate.shift == preset.shift && isBetter(preset, candidate)) {
      return &candidate;
    }
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// The candidates
//===----------------------------------------------------------------------===//

namespace {
/// What of a semantics can make a difference in this network.
class Relevance {
public:
  Relevance(const nir::Graph &graph, const nir::Semantics &base)
      : hasLoops(!nir::feedbackEdges(graph, base).empty()) {
    forEachNode(graph, {},
                [&](const std::string &, const nir::Node &node, const nir::NodeShapes &) {
                  if (nir::isNeuron(node)) {
                    used.insert(nir::familyOf(node));
                  }
                });
  }

  const std::set<nir::Family> &families() const { return used; }

  /// Two semantics of one key give the same numbers: their neurons have the same equations.
  std::string keyOf(const nir::Semantics &semantics) const {
    std::string key = fmt::format("{}", static_cast<int>(semantics.timing));
    key += hasLoops ? fmt::format(" {}", static_cast<int>(semantics.feedbackStart)) : "";
    for (nir::Family family : used) {
      for (const std::string &line : nir::equations(semantics, family)) {
        key += "\n" + line;
      }
    }
    return key;
  }

private:
  std::set<nir::Family> used;
  bool hasLoops; ///< of which choices decide what they carry into step 0
};

/// A semantics to try, and which of the presets and changes it is.
struct Trial {
  nir::Semantics semantics;
  std::string preset, changed;
};
} // namespace

/// `ignore` with one parameter more or fewer: "r+v_reset", "r" are "v_reset", "r+v_reset".
static std::string toggled(std::string_view names, std::string_view one) {
  std::string result;
  bool had = false;
  while (!names.empty() && names != "none") {
    size_t plus = std::min(names.find('+'), names.size());
    std::string_view name = names.substr(0, plus);
    had = had || name == one;
    if (name != one) {
      result += (result.empty() ? "" : "+") + std::string(name);
    }
    names.remove_prefix(std::min(plus + 1, names.size()));
  }
  if (!had) {
    result += (result.empty() ? "" : "+") + std::string(one);
  }
  return result.empty() ? "none" : result;
}

/// The semantics with one choice set to a value, in these families.
static nir::Semantics changed(nir::Semantics semantics, const nir::Choice &choice,
                              std::string_view value, const std::set<nir::Family> &families) {
  if (!choice.perFamily) {
    choice.set(semantics, nir::Family::IF, value);
    return semantics;
  }
  for (nir::Family family : families) {
    bool isSet = choice.name == "ignore" && value != "none";
    std::string text = isSet ? toggled(choice.get(semantics, family), value) : std::string(value);
    choice.set(semantics, family, text);
  }
  return semantics;
}

/// Every change of one choice of a preset that can make a difference.
static std::vector<Trial> variationsOf(const nir::Semantics &preset, const Relevance &relevance) {
  std::vector<Trial> trials;
  std::set<std::string> seen = {relevance.keyOf(preset)};
  auto add = [&](const nir::Choice &choice, std::string_view value,
                 const std::set<nir::Family> &families) {
    nir::Semantics semantics = changed(preset, choice, value, families);
    bool isNew = !nir::checkSemantics(semantics) && semantics.timing != nir::Timing::Events &&
                 seen.insert(relevance.keyOf(semantics)).second;
    if (isNew) {
      // Families that the network lacks are changed too where that is shorter to write.
      nir::Semantics everywhere =
          changed(preset, choice, value, {nir::families.begin(), nir::families.end()});
      bool isShorter = families == relevance.families() && !nir::checkSemantics(everywhere) &&
                       everywhere.text().size() < semantics.text().size();
      semantics = isShorter ? everywhere : semantics;
      // Of the differences, "," is before each.
      trials.push_back({semantics, preset.preset, nir::differences(semantics, preset).substr(1)});
    }
  };
  for (const nir::Choice &choice : nir::choices()) {
    std::vector<std::string_view> values;
    for (const nir::Choice::Value &value : choice.values) {
      values.push_back(value.name);
    }
    if (choice.name == "floor") {
      values.push_back("0"); // of the numbers that it takes the one that platforms have
    }
    for (std::string_view value : values) {
      add(choice, value, relevance.families());
      for (nir::Family family : relevance.families()) {
        if (choice.perFamily && relevance.families().size() > 1) {
          add(choice, value, {family});
        }
      }
    }
  }
  return trials;
}

//===----------------------------------------------------------------------===//
// Running them
//===----------------------------------------------------------------------===//

namespace {
class Matcher {
public:
  Matcher(const Network &network, const Choices &base, const Inputs &inputs,
          const std::vector<Expected> &expected, const MatchOptions &options)
      : network(network), base(base), inputs(inputs), expected(expected), options(options) {
    for (const Expected &one : expected) {
      lists.push_back(one.isSpikes ? SpikeList::of(one.data) : SpikeList());
    }
  }

  /// Runs the trials on `threads`, each on one; of those that compute the same the first.
  std::vector<Candidate> runAll(const std::vector<Trial> &trials, const Relevance &relevance,
                                int threads, const std::function<void()> &done) const {
    std::vector<Candidate> candidates(trials.size());
    std::map<std::string, size_t> firsts;
    std::vector<size_t> sameAs;
    for (size_t i = 0; i < trials.size(); ++i) {
      sameAs.push_back(firsts.emplace(relevance.keyOf(trials[i].semantics), i).first->second);
    }
    std::atomic<size_t> next = 0;
    std::mutex lock;
    auto work = [&] {
      for (size_t i = next++; i < trials.size(); i = next++) {
        candidates[i] = sameAs[i] == i ? run(trials[i]) : Candidate();
        std::lock_guard<std::mutex> guard(lock);
        done();
      }
    };
    std::vector<std::thread> others;
    for (int i = 1; i < threads && static_cast<size_t>(i) < trials.size(); ++i) {
      others.emplace_back(work);
    }
    work();
    for (std::thread &other : others) {
      other.join();
    }
    for (size_t i = 0; i < trials.size(); ++i) {
      if (sameAs[i] != i) {
        candidates[i] = candidates[sameAs[i]];
      }
      candidates[i].preset = trials[i].preset;
      candidates[i].changed = trials[i].changed;
      candidates[i].semantics = trials[i].semantics.text();
    }
    return candidates;
  }

private:
  Candidate run(const Trial &trial) const {
    Candidate candidate;
    nir::Result<Choices> choices = choicesOf(trial.semantics);
    if (!choices) {
      candidate.refusal = refusalText(choices.error());
      return candidate;
    }
    nir::Result<Executed> executed = execute(network, *choices, inputs, {.threads = 1});
    if (!executed) {
      candidate.refusal = refusalText(executed.error());
      return candidate;
    }
    compare(executed->recording, candidate);
    return candidate;
  }

  static std::string refusalText(const nir::Error &error) {
    return error.node.empty() ? error.message
                              : fmt::format("node '{}': {}", error.node, error.message);
  }

  nir::Result<Choices> choicesOf(const nir::Semantics &semantics) const {
    Choices choices = base;
    choices.semantics = semantics;
    choices.semantics.dtSeconds = base.semantics.dtSeconds;
    if (nir::Status failed = nir::checkSemantics(choices.semantics)) {
      return std::move(*failed);
    }
    if (semantics.timing == nir::Timing::Events) { // which the reference alone runs
      nir::Result<const Target *> reference = findTarget("reference");
      if (!reference) {
        return reference.takeError();
      }
      choices.target = *reference;
      choices.dtype = choices.target->describe().dtypes.front();
    }
    choices.probes.clear();
    for (const Expected &one : expected) {
      if (!one.isOutput) {
        choices.probes.push_back(one.probe);
      }
    }
    return choices;
  }

  /// Finds the shift under which the run is closest; the smallest of several.
  void compare(const nir::Recording &recording, Candidate &candidate) const {
    std::vector<const nir::Trace *> traces;
    std::vector<SpikeList> runs;
    for (const Expected &one : expected) {
      const nir::Trace *trace = recording.find(one.probe.node, one.probe.observable);
      if (!trace) {
        candidate.refusal = fmt::format("has no {} of '{}'", one.probe.observable, one.probe.node);
        return;
      }
      traces.push_back(trace);
      runs.push_back(one.isSpikes ? SpikeList::of(trace->data) : SpikeList());
    }
    for (int64_t size = 0; size <= options.maxShift && !candidate.isFull(); ++size) {
      for (int64_t shift : {size, -size}) {
        Candidate at;
        at.shift = shift;
        for (size_t i = 0; i < expected.size(); ++i) {
          const Expected &one = expected[i];
          at.agreements.push_back(
              one.isSpikes ? agreementOf(lists[i], runs[i], shift)
                           : agreementOf(one.data, traces[i]->data, shift, one.tolerance));
        }
        if (candidate.agreements.empty() || isCloser(at.total(), candidate.total())) {
          candidate.shift = shift;
          candidate.agreements = std::move(at.agreements);
        }
      }
    }
  }

  const Network &network;
  const Choices &base;
  const Inputs &inputs;
  const std::vector<Expected> &expected;
  const MatchOptions &options;
  std::vector<SpikeList> lists; ///< of those that are spikes
};
} // namespace

static std::vector<Trial> presetTrials() {
  std::vector<Trial> trials;
  for (const nir::Preset &preset : nir::presets()) {
    nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name);
    assert(semantics && "a preset's own text is understood");
    trials.push_back({*semantics, std::string(preset.name), ""});
  }
  return trials;
}

/// The presets to vary, in their order: of those that reproduce everything three, or else the best
/// `most`; of those that compute the same the first.
static std::vector<Trial> worthVarying(const std::vector<Trial> &presets,
                                       const std::vector<Candidate> &ran, size_t most,
                                       const Relevance &relevance) {
  std::set<std::string> chosen, seen;
  std::vector<Candidate> best = ranked(ran);
  size_t atMost = !best.empty() && best.front().isFull() ? std::min<size_t>(most, 3) : most;
  for (const Candidate &candidate : best) {
    auto trial = std::find_if(presets.begin(), presets.end(),
                              [&](const Trial &one) { return one.preset == candidate.preset; });
    bool isEnough = chosen.size() == atMost || (best.front().isFull() && !candidate.isFull());
    bool hasSteps = trial->semantics.timing != nir::Timing::Events;
    if (!isEnough && hasSteps && seen.insert(relevance.keyOf(trial->semantics)).second) {
      chosen.insert(candidate.preset);
    }
  }
  std::vector<Trial> trials;
  std::copy_if(presets.begin(), presets.end(), std::back_inserter(trials),
               [&](const Trial &trial) { return chosen.count(trial.preset) > 0; });
  return trials;
}

void takeQuickTarget(const Network &network, const Inputs &inputs, Choices &base) {
  // On a core of 2.1 GHz a compilation takes as long as about 2e7 synapses of the reference.
  constexpr double most = 2e7;
  Totals totals = totalsOf(network.graph, network.checked);
  double perStep = static_cast<double>(totals.synapses + totals.neurons);
  double perSample = perStep * static_cast<double>(inputs.steps);
  nir::Result<const Target *> reference = findTarget("reference");
  if (reference && perSample * static_cast<double>(inputs.batch) < most) {
    base.target = *reference;
  }
}

/// What ran and what was refused, of one batch of trials.
static void collect(std::vector<Candidate> candidates, std::vector<Candidate> &ran,
                    std::vector<Candidate> &refused) {
  for (Candidate &candidate : candidates) {
    (candidate.runs() ? ran : refused).push_back(std::move(candidate));
  }
}

/// Whether the best of `a` does better than the best of `b`.
static bool hasBetter(const std::vector<Candidate> &a, const std::vector<Candidate> &b) {
  if (a.empty() || b.empty()) {
    return b.empty() && !a.empty();
  }
  return isBetter(ranked(a).front(), ranked(b).front());
}

nir::Result<MatchReport> match(const Network &network, const Choices &base, const Inputs &inputs,
                               std::vector<Expected> expected, const MatchOptions &options,
                               const Manner &manner) {
  Relevance relevance(network.graph, base.semantics);
  MatchReport report;
  report.expected = std::move(expected);
  Choices shared = base;
  Matcher matcher(network, shared, inputs, report.expected, options);
  int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  int threads = manner.threads > 0 ? manner.threads : cores;

  std::vector<Trial> presets = presetTrials();
  int64_t done = 0, total = 0;
  auto runAll = [&](const std::vector<Trial> &trials) {
    total += static_cast<int64_t>(trials.size());
    return matcher.runAll(trials, relevance, threads, [&] {
      ++done;
      if (manner.progress) {
        manner.progress(done, total);
      }
    });
  };
  std::vector<Candidate> ran;
  collect(runAll(presets), ran, report.refused);
  bool isFound = std::any_of(ran.begin(), ran.end(), std::mem_fn(&Candidate::isFull));
  if (!isFound && options.otherDType) { // a platform may compute in the other
    std::vector<Candidate> others, refused;
    shared.dtype = *options.otherDType;
    collect(runAll(presets), others, refused);
    if (hasBetter(others, ran)) {
      ran = std::move(others);
      report.refused = std::move(refused);
    } else {
      shared.dtype = base.dtype;
    }
  }
  std::set<std::string> tried;
  for (const Trial &preset : presets) {
    tried.insert(relevance.keyOf(preset.semantics));
  }
  std::vector<Trial> variations;
  for (const Trial &preset : worthVarying(presets, ran, options.varied, relevance)) {
    for (Trial &trial : variationsOf(preset.semantics, relevance)) {
      if (tried.insert(relevance.keyOf(trial.semantics)).second) {
        variations.push_back(std::move(trial));
      }
    }
  }
  // A change that no preset has may contradict the network: that is nothing to report.
  std::vector<Candidate> contradicting;
  collect(runAll(variations), ran, contradicting);
  report.candidates = ranked(std::move(ran)); // presets stay before their changes
  report.dtype = shared.dtype;
  report.target = shared.target->name();
  return report;
}

} // namespace nirc
