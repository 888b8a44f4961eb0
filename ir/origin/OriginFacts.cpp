//===- OriginFacts.cpp - what the clues to an origin look at --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/OriginFacts.h"

#include "ir/origin/TimeUnit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace nir {

static NeuronFacts neuronFacts(std::string path, const Node &node) {
  NeuronFacts facts{std::move(path), &node};
  auto keep = [&](std::string_view name, const Tensor &tensor) {
    const Tensor **field = name == "tau" || name == "tau_mem" ? &facts.tau
                           : name == "tau_syn"                ? &facts.tauSyn
                           : name == "r"                      ? &facts.r
                           : name == "w_in"                   ? &facts.wIn
                                                              : nullptr;
    if (field) {
      *field = &tensor;
    }
  };
  visitParams(node.params, [&](const char *name, const auto &value) {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<T, Tensor>) {
      keep(name, value);
    } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
      if (value) {
        keep(name, *value);
      }
    }
  });
  return facts;
}

static void noteTimes(const std::string &path, const char *name, const Tensor &times,
                      GraphFacts &facts) {
  double shortest = 0.0, longest = 0.0;
  for (int64_t i = 0; i < times.size(); ++i) {
    double time = times.at(i);
    if (time > 0.0) { // neither a delay of 0 nor what `check` refuses
      shortest = shortest == 0.0 ? time : std::min(shortest, time);
      longest = std::max(longest, time);
    }
  }
  if (shortest > 0.0 && (facts.shortest == 0.0 || shortest < facts.shortest)) {
    facts.shortest = shortest;
    facts.shortestName = fmt::format("{} of '{}'", name, path);
  }
  if (longest > facts.longest) {
    facts.longest = longest;
    facts.longestName = fmt::format("{} of '{}'", name, path);
  }
}

static void noteTimesOf(const std::string &path, const Node &node, GraphFacts &facts) {
  visitParams(node.params, [&](const char *name, const auto &value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Tensor>) {
      if (isTime(name)) {
        noteTimes(path, name, value, facts);
      }
    }
  });
}

GraphFacts factsOf(const FlatGraph &flat) {
  GraphFacts facts;
  facts.flat = &flat;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    std::string path = flat.path(static_cast<int32_t>(i));
    noteTimesOf(path, node, facts);
    NeuronFacts neuron = neuronFacts(std::move(path), node);
    if (neuron.r) {
      facts.neurons.push_back(std::move(neuron));
    }
  }
  return facts;
}

bool near(double a, double b, double relative) { return std::abs(a - b) <= relative * std::abs(b); }

double unrounded(double value) {
  double candidate = std::strtod(fmt::format("{:.3e}", value).c_str(), nullptr);
  return near(value, candidate) ? candidate : value;
}

bool hasOneDigit(double value) {
  return near(value, std::strtod(fmt::format("{:.0e}", value).c_str(), nullptr));
}

/// Two parameters of a neuron, element by element; one of a single element goes with all.
template <typename F>
static bool forEachPair(const Tensor &a, const Tensor &b, F &&f) {
  int64_t count = std::max(a.size(), b.size());
  if ((a.size() != count && a.size() != 1) || (b.size() != count && b.size() != 1)) {
    return false;
  }
  for (int64_t i = 0; i < count; ++i) {
    if (!f(a.at(a.size() == 1 ? 0 : i), b.at(b.size() == 1 ? 0 : i))) {
      return false;
    }
  }
  return count > 0;
}

std::string_view name(Strength strength) {
  static constexpr std::string_view names[] = {"weak", "strong", "sure"};
  return names[static_cast<size_t>(strength)];
}

namespace {
/// Collects what pairs of a time constant and a gain say.
struct StepVote {
  std::optional<double> step = std::nullopt;
  std::optional<double> firstTau = std::nullopt, firstLong = std::nullopt;
  bool severalTaus = false, severalLong = false;
  std::vector<bool> hasKind; ///< by pair of parameters

  /// False where the pair has no step, or another one.
  bool add(double tau, double gain, double here) {
    if (!std::isfinite(here) || here <= 0.0 || (step && !near(here, *step))) {
      return false;
    }
    step = step.value_or(here);
    firstTau = firstTau.value_or(tau);
    severalTaus |= !near(tau, *firstTau, 1e-3);
    bool isRound = near(gain, std::strtod(fmt::format("{:.2e}", gain).c_str(), nullptr));
    if (!isRound) {
      firstLong = firstLong.value_or(gain);
      severalLong |= !near(gain, *firstLong, 1e-3);
    }
    return true;
  }

  Strength strength() const {
    bool severalKinds = std::count(hasKind.begin(), hasKind.end(), true) > 1;
    bool isSure = severalTaus && firstLong && (severalLong || severalKinds);
    return isSure ? Strength::Sure : severalTaus || firstLong ? Strength::Strong : Strength::Weak;
  }
};
} // namespace

std::optional<StepClue> commonStep(const std::vector<NeuronFacts> &neurons,
                                   const std::vector<TimeAndGain> &pairs,
                                   double (*stepOf)(double tau, double gain)) {
  StepVote vote;
  vote.hasKind.resize(pairs.size());
  for (const NeuronFacts &neuron : neurons) {
    for (size_t kind = 0; kind < pairs.size(); ++kind) {
      const Tensor *taus = neuron.*pairs[kind].tau, *gains = neuron.*pairs[kind].gain;
      if (taus && gains && !forEachPair(*taus, *gains, [&](double tau, double gain) {
            return vote.add(tau, gain, stepOf(tau, gain));
          })) {
        return std::nullopt;
      }
      vote.hasKind[kind] = vote.hasKind[kind] || (taus && gains);
    }
  }
  if (!vote.step || !(vote.severalTaus || hasOneDigit(*vote.step))) {
    return std::nullopt;
  }
  return StepClue{unrounded(*vote.step), vote.severalTaus, vote.strength()};
}

} // namespace nir
