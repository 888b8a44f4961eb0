//===- Match.cpp - whose spikes these are ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Match.h"

#include "api/RunReport.h"
#include "api/Trials.h"
#include "api/io/Totals.h"
#include "ir/choices/Choices.h"
#include "ir/origin/Origin.h"
#include "ir/origin/OriginClues.h"
#include "ir/recording/RunInput.h"

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

/// The places of the candidates, the best first; equal ones in the order given.
static std::vector<size_t> rankOf(const std::vector<Candidate> &candidates) {
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    bool isFirst = isBetter(candidates[a], candidates[b]);
    return isFirst || (a < b && !isBetter(candidates[b], candidates[a]));
  });
  return order;
}

static std::vector<Candidate> ranked(std::vector<Candidate> candidates) {
  std::vector<Candidate> sorted;
  for (size_t i : rankOf(candidates)) {
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
// Running them
//===----------------------------------------------------------------------===//

namespace {
class Matcher {
public:
  Matcher(const Network &network, const Choices &base, const Inputs &inputs,
          const std::vector<Expected> &expected, const MatchOptions &options, std::stop_token stop)
      : network(network), base(base), inputs(inputs), expected(expected), options(options),
        stop(std::move(stop)) {
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
    sameAs.reserve(trials.size());
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
    nir::Result<Executed> executed =
        execute(network, *choices, inputs, {.threads = 1, .stop = stop});
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
  std::stop_token stop;
  std::vector<SpikeList> lists; ///< of those that are spikes
};
} // namespace

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

/// One sample of a recording.
static Expected sampleOf(const Expected &expected, int64_t sample) {
  Expected one = expected;
  nir::Shape shape = expected.data.shape();
  size_t bytes = expected.data.sizeInBytes() / static_cast<size_t>(shape[0]);
  shape[0] = 1;
  std::shared_ptr<const std::byte> begin(
      expected.data.share(), expected.data.bytes() + static_cast<size_t>(sample) * bytes);
  one.data = nir::Tensor(expected.data.dtype(), shape, std::move(begin));
  return one;
}

/// The sample with the largest sum over all recordings: that tells most apart.
static int64_t busiestSample(const std::vector<Expected> &expected, int64_t samples) {
  std::vector<double> sums(static_cast<size_t>(samples), 0.0);
  for (const Expected &one : expected) {
    int64_t size = one.data.size() / samples;
    for (int64_t i = 0; i < one.data.size(); ++i) {
      sums[static_cast<size_t>(i / size)] += std::abs(one.data.at(i));
    }
  }
  return std::max_element(sums.begin(), sums.end()) - sums.begin();
}

/// Of many trials those that do best in one sample of a batch, which costs little: `most`, and all
/// that reproduce the sample. None that reproduces everything is left out.
static std::vector<Trial> screened(std::vector<Trial> trials, const Network &network,
                                   const Choices &shared, const Inputs &inputs,
                                   const std::vector<Expected> &expected,
                                   const MatchOptions &options, const Relevance &relevance,
                                   int threads, const std::stop_token &stop) {
  constexpr size_t most = 40;
  int64_t sample = busiestSample(expected, inputs.batch);
  Inputs one = slice(inputs, sample, inputs.steps);
  Choices choices = shared;
  takeQuickTarget(network, one, choices);
  if (trials.size() <= most || inputs.batch == 1 || choices.target->name() != "reference") {
    return trials;
  }
  std::vector<Expected> ofSample;
  ofSample.reserve(expected.size());
  for (const Expected &each : expected) {
    ofSample.push_back(sampleOf(each, sample));
  }
  Matcher matcher(network, choices, one, ofSample, options, stop);
  std::vector<Candidate> candidates = matcher.runAll(trials, relevance, threads, [] {});
  std::set<size_t> kept;
  for (size_t i : rankOf(candidates)) {
    if (candidates[i].runs() && (kept.size() < most || candidates[i].isFull())) {
      kept.insert(i);
    }
  }
  std::vector<Trial> worth;
  worth.reserve(kept.size());
  for (size_t i : kept) {
    worth.push_back(std::move(trials[i]));
  }
  return worth;
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
  Matcher matcher(network, shared, inputs, report.expected, options, manner.stop);
  int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  int threads = manner.threads > 0 ? manner.threads : cores;

  // Of what is equally right, the platform that wrote the file is named, if that is no guess.
  const nir::Origin &origin = network.reading.origin;
  std::set<std::string_view> ofWriters;
  for (nir::Platform platform :
       nir::isEvident(origin) ? nir::writersOf(origin) : std::vector<nir::Platform>()) {
    ofWriters.insert({nir::presetOf(platform), nir::trainedPresetOf(platform)});
  }
  std::vector<Trial> presets, others;
  for (Trial &trial : presetTrials(network.graph, base.semantics)) {
    (ofWriters.contains(trial.preset) ? presets : others).push_back(std::move(trial));
  }
  presets.insert(presets.end(), others.begin(), others.end());
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
  for (const Trial &preset : presets) {
    for (Trial &trial :
         otherCutsOf(preset.semantics, network.graph, base.semantics.dtSeconds, relevance)) {
      if (tried.insert(relevance.keyOf(trial.semantics)).second) {
        variations.push_back(std::move(trial));
      }
    }
  }
  // A change that no preset has may contradict the network: that is nothing to report.
  std::vector<Candidate> contradicting;
  variations = screened(std::move(variations), network, shared, inputs, report.expected, options,
                        relevance, threads, manner.stop);
  collect(runAll(variations), ran, contradicting);
  report.candidates = ranked(std::move(ran)); // presets stay before their changes
  report.dtype = shared.dtype;
  report.target = shared.target->name();
  if (nir::Status stopped = nir::checkStop(manner.stop)) {
    return std::move(*stopped);
  }
  return report;
}

} // namespace nirc
