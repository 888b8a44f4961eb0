//===- OriginClues.cpp - what betrays who wrote a graph -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sources, read in November 2026: norse/torch/utils/export_nir.py (065a3b4),
// snntorch/export_nir.py (01bcac7), sinabs/nir.py (02bd5b6), rockpool/nn/modules/torch/nir.py
// (0bbcef6), spyx/nir.py (00e6ba4), spikingjelly/activation_based/nir_exchange/to_nir.py (075f97e),
// and NIR's docs/source/examples/lava/lava_to_nir.py.
//
//===----------------------------------------------------------------------===//

#include "ir/origin/OriginClues.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nir {

std::string_view name(Platform platform) {
  static constexpr std::string_view names[] = {"norse", "snntorch",     "sinabs", "rockpool",
                                               "spyx",  "spikingjelly", "lava"};
  return names[static_cast<size_t>(platform)];
}

std::string_view presetOf(Platform platform) {
  return platform == Platform::Lava ? "lava-float" : name(platform);
}

std::string_view trainedPresetOf(Platform platform) {
  return platform == Platform::SnnTorch ? "snntorch-native" : "";
}

std::string_view title(Platform platform) {
  static constexpr std::string_view titles[] = {"Norse", "snnTorch",     "Sinabs", "Rockpool",
                                                "Spyx",  "SpikingJelly", "Lava"};
  return titles[static_cast<size_t>(platform)];
}

static Platforms only(std::initializer_list<Platform> list) {
  Platforms platforms;
  for (Platform platform : list) {
    platforms.set(static_cast<size_t>(platform));
  }
  return platforms;
}

static Platforms allBut(std::initializer_list<Platform> list) { return ~only(list); }

static bool everyValueIs(const Tensor &tensor, double value) {
  for (int64_t i = 0; i < tensor.size(); ++i) {
    if (tensor.at(i) != value) {
      return false;
    }
  }
  return tensor.size() > 0;
}

static bool everyGainIsOne(const GraphFacts &facts) {
  return !facts.neurons.empty() &&
         std::all_of(facts.neurons.begin(), facts.neurons.end(), [](const NeuronFacts &neuron) {
           return everyValueIs(*neuron.r, 1.0) && (!neuron.wIn || everyValueIs(*neuron.wIn, 1.0));
         });
}

/// tau/dt where r = tau/dt exp(-dt/tau): Newton's method on x exp(-1/x) = r, which rises with x and
/// is close to x - 1.
static double stepsOfRockpool(double r) {
  double x = r + 1.0;
  for (int i = 0; i < 30; ++i) {
    double decay = std::exp(-1.0 / x);
    x -= (x * decay - r) / (decay * (1.0 + 1.0 / x));
  }
  return x;
}

//===----------------------------------------------------------------------===//
// The clues
//===----------------------------------------------------------------------===//

using MaybeFinding = std::optional<Finding>;

static const TimeAndGain membrane = {&NeuronFacts::tau, &NeuronFacts::r};
static const TimeAndGain synapse = {&NeuronFacts::tauSyn, &NeuronFacts::wIn};

static std::optional<StepClue> stepOfEulerGain(const GraphFacts &facts,
                                               const std::vector<TimeAndGain> &pairs = {membrane}) {
  if (everyGainIsOne(facts)) {
    return std::nullopt;
  }
  return commonStep(facts.neurons, pairs, [](double tau, double gain) {
    return gain >= 1.0 ? tau / gain : 0.0; // a step is not longer than tau
  });
}

/// dt/tau as a number of 12 bits, as Loihi holds decays.
static bool isTwelveBitDecay(const Tensor *tau, double dt) {
  for (int64_t i = 0; tau && i < tau->size(); ++i) {
    double decay = 4096.0 * dt / tau->at(i);
    if (std::abs(decay - std::round(decay)) > 1e-3) {
      return false;
    }
  }
  return true;
}

/// Euler's gain undone, r = tau/dt: then a step adds the input as it is. snnTorch writes so for
/// every neuron, Lava's script for current-based ones, SpikingJelly for LIF without decay_input.
static MaybeFinding gainUndoesEuler(const GraphFacts &facts) {
  bool hasSynapse = std::any_of(facts.neurons.begin(), facts.neurons.end(),
                                [](const NeuronFacts &neuron) { return neuron.tauSyn; });
  // The gain of a synapse is no capacitance: it is evidence of its own.
  std::optional<StepClue> both;
  if (std::any_of(facts.neurons.begin(), facts.neurons.end(),
                  [](const NeuronFacts &neuron) { return neuron.tauSyn && neuron.wIn; })) {
    both = stepOfEulerGain(facts, {membrane, synapse});
  }
  std::optional<StepClue> clue = both ? both : stepOfEulerGain(facts);
  if (!clue) {
    return std::nullopt;
  }
  double dt = clue->dt;
  std::string evidence = fmt::format("r is tau/dt for dt {:g} in all neurons", dt);
  if (!hasSynapse) {
    return Finding{only({Platform::SnnTorch, Platform::SpikingJelly}), clue->strength, evidence,
                   dt};
  }
  if (!both) {
    return Finding{{}, Strength::Weak, evidence, dt};
  }
  bool ofLoihi =
      std::all_of(facts.neurons.begin(), facts.neurons.end(), [&](const NeuronFacts &neuron) {
        return isTwelveBitDecay(neuron.tau, dt) && isTwelveBitDecay(neuron.tauSyn, dt);
      });
  Platforms platforms =
      ofLoihi ? only({Platform::SnnTorch, Platform::Lava}) : only({Platform::SnnTorch});
  return Finding{platforms, both->strength, evidence + ", and w_in is tau_syn/dt", dt};
}

/// Rockpool's jump and decay within a step: r = tau/dt exp(-dt/tau).
static MaybeFinding gainOfRockpool(const GraphFacts &facts) {
  if (everyGainIsOne(facts) || stepOfEulerGain(facts)) {
    return std::nullopt;
  }
  std::optional<StepClue> clue = commonStep(
      facts.neurons, {membrane}, [](double tau, double r) { return tau / stepsOfRockpool(r); });
  if (!clue) {
    return std::nullopt;
  }
  return Finding{only({Platform::Rockpool}), clue->strength,
                 fmt::format("r is tau/dt exp(-dt/tau) for dt {:g} in all neurons", clue->dt),
                 clue->dt};
}

/// The decay of a step instead of r: r = beta = 1 - dt/tau. Spyx writes so with its dt,
/// earlier versions of snnTorch with dt = 1.
static MaybeFinding gainIsTheDecay(const GraphFacts &facts) {
  std::optional<StepClue> clue = commonStep(facts.neurons, {membrane}, [](double tau, double r) {
    return r < 1.0 ? tau * (1.0 - r) : 0.0;
  });
  if (!clue) {
    return std::nullopt;
  }
  // No capacitance makes gains of several time constants so, be they round or not.
  Strength strength = clue->ofSeveralTaus ? Strength::Sure : clue->strength;
  Platforms platforms =
      clue->dt == 1.0 ? only({Platform::Spyx, Platform::SnnTorch}) : only({Platform::Spyx});
  return Finding{platforms, strength,
                 fmt::format("r is 1 - dt/tau for dt {:g} in all neurons", clue->dt), clue->dt};
}

/// An IF whose r undoes dv/dt: r = 1/dt. `unrounded` takes 9999.9 for what was meant.
static MaybeFinding gainUndoesTheStep(const GraphFacts &facts) {
  std::optional<double> dt;
  for (const NeuronFacts &neuron : facts.neurons) {
    if (!neuron.node->as<IF>() || neuron.r->size() == 0) {
      continue;
    }
    double r = neuron.r->at(0);
    if (r < 10.0 || !neuron.r->isUniform() || !hasOneDigit(1.0 / r) ||
        (dt && !near(*dt, 1.0 / r))) {
      return std::nullopt;
    }
    dt = unrounded(1.0 / r);
  }
  if (!dt) {
    return std::nullopt;
  }
  // A gain of 10 may be anybody's, and no step is 0.1 s long.
  return Finding{only({Platform::SpikingJelly}), *dt <= 1e-3 ? Strength::Strong : Strength::Weak,
                 fmt::format("r is 1/dt for dt {:g} in all IF nodes", *dt), dt};
}

static MaybeFinding gainIsOne(const GraphFacts &facts) {
  if (!everyGainIsOne(facts)) {
    return std::nullopt;
  }
  bool isSingle =
      std::all_of(facts.neurons.begin(), facts.neurons.end(),
                  [](const NeuronFacts &neuron) { return neuron.r->dtype() == DType::F32; });
  if (!isSingle) {
    return Finding{{}, Strength::Weak, "r is 1 in all neurons, and not in float32", {}};
  }
  return Finding{only({Platform::Norse, Platform::Sinabs}),
                 Strength::Weak,
                 "r is 1 in all neurons, in float32",
                 {}};
}

/// Sinabs counts its time constants in steps; those of Norse are 1/100 and such.
static MaybeFinding timesBelowOne(const GraphFacts &facts) {
  if (facts.longest == 0.0 || facts.longest >= 1.0) {
    return std::nullopt;
  }
  return Finding{allBut({Platform::Sinabs}),
                 Strength::Weak,
                 fmt::format("{} is {:g}", facts.longestName, facts.longest),
                 {}};
}

static MaybeFinding namesOfRockpool(const GraphFacts &facts) {
  for (const FlatGraph::Leaf &leaf : facts.flat->nodes) {
    const std::string &name = leaf.node->name;
    size_t digits = name.find_first_not_of("0123456789");
    bool isNumbered = digits != std::string::npos && digits > 0 && name[digits] == '_';
    if (isNumbered && name.ends_with("Torch")) {
      return Finding{only({Platform::Rockpool}),
                     Strength::Strong,
                     fmt::format("'{}' is called after a module of Rockpool", name),
                     {}};
    }
  }
  return std::nullopt;
}

/// The recurrent layer of snnTorch: a neuron `lif` and a weight `w_rec`, by a dot or in a subgraph.
static MaybeFinding namesOfRecurrence(const GraphFacts &facts) {
  for (size_t i = 0; i < facts.flat->nodes.size(); ++i) {
    std::string path = facts.flat->path(static_cast<int32_t>(i));
    if (path.ends_with(".w_rec")) {
      return Finding{only({Platform::SnnTorch}),
                     Strength::Weak,
                     fmt::format("'{}' is named as a recurrent layer of snnTorch", path),
                     {}};
    }
  }
  return std::nullopt;
}

/// Names of haiku's modules: linear, linear_1, LIF, CuBaLIF_1.
static MaybeFinding namesOfSpyx(const GraphFacts &facts) {
  auto isModule = [](std::string_view name, std::string_view module) {
    return name == module ||
           (name.starts_with(module) && name.substr(module.size()).starts_with('_'));
  };
  bool hasLayer = false, hasNeuron = false;
  for (const FlatGraph::Leaf &leaf : facts.flat->nodes) {
    hasLayer |= isModule(leaf.node->name, "linear") || isModule(leaf.node->name, "conv2_d");
    hasNeuron |= isModule(leaf.node->name, "LIF") || isModule(leaf.node->name, "LI") ||
                 isModule(leaf.node->name, "IF") || isModule(leaf.node->name, "CuBaLIF");
  }
  if (!hasLayer || !hasNeuron) {
    return std::nullopt;
  }
  return Finding{
      only({Platform::Spyx}), Strength::Weak, "the nodes are called after modules of Spyx", {}};
}

/// Every exporter calls the ends of the graph input and output.
static MaybeFinding namesOfPorts(const GraphFacts &facts) {
  for (const FlatGraph::Leaf &leaf : facts.flat->nodes) {
    bool isInput = leaf.node->as<Input>(), isOutput = leaf.node->as<Output>();
    if (leaf.scope != 0 || (!isInput && !isOutput)) {
      continue;
    }
    std::string_view usual = isInput ? "input" : "output";
    if (!std::string_view(leaf.node->name).starts_with(usual)) {
      return Finding{{},
                     Strength::Weak,
                     fmt::format("the {} is called '{}', which exporters call '{}'",
                                 leaf.node->type(), leaf.node->name, usual),
                     {}};
    }
  }
  return std::nullopt;
}

static MaybeFinding poolingBySum(const GraphFacts &facts) {
  for (const FlatGraph::Leaf &leaf : facts.flat->nodes) {
    if (leaf.node->as<SumPool2d>()) {
      return Finding{only({Platform::Sinabs, Platform::Spyx}),
                     Strength::Strong,
                     fmt::format("'{}' is a SumPool2d", leaf.node->name),
                     {}};
    }
  }
  return std::nullopt;
}

std::vector<Finding> findClues(const GraphFacts &facts) {
  using Clue = MaybeFinding (*)(const GraphFacts &);
  static constexpr Clue clues[] = {
      gainUndoesEuler,   gainOfRockpool, gainIsTheDecay,  gainUndoesTheStep,
      gainIsOne,         timesBelowOne,  namesOfRockpool, namesOfSpyx,
      namesOfRecurrence, namesOfPorts,   poolingBySum,
  };
  std::vector<Finding> findings;
  for (Clue clue : clues) {
    if (MaybeFinding finding = clue(facts)) {
      findings.push_back(std::move(*finding));
    }
  }
  return findings;
}

} // namespace nir
