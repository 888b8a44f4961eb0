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

std::optional<double> commonStep(const std::vector<NeuronFacts> &neurons,
                                 const Tensor *NeuronFacts::*tau, const Tensor *NeuronFacts::*gain,
                                 double (*stepOf)(double tau, double gain)) {
  std::optional<double> step;
  double firstTau = 0.0;
  bool severalTaus = false;
  for (const NeuronFacts &neuron : neurons) {
    if (!(neuron.*tau) || !(neuron.*gain)) {
      continue;
    }
    bool agrees = forEachPair(*(neuron.*tau), *(neuron.*gain), [&](double time, double factor) {
      double here = stepOf(time, factor);
      if (!std::isfinite(here) || here <= 0.0) {
        return false;
      }
      if (!step) {
        step = here;
        firstTau = time;
      }
      severalTaus |= !near(time, firstTau, 1e-3);
      return near(here, *step);
    });
    if (!agrees) {
      return std::nullopt;
    }
  }
  bool convincing = step && (severalTaus || hasOneDigit(*step));
  return convincing ? std::optional(unrounded(*step)) : std::nullopt;
}

} // namespace nir
