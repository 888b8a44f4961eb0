//===- Semantics.h - how continuous time becomes steps ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NIR says what a network computes in continuous time; a semantics is every choice of how it is
// computed in steps. docs/semantics.md gives the rule behind each value, ir/choices/Choices.h reads
// and prints them, ir/choices/Presets.h has those of each platform.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// How a differential equation becomes an update.
enum class Integrator { Euler, ExpEuler, Exact };
/// The factor of what drives an equation.
enum class Gain {
  Integrator, ///< the integrator's own: dt/tau, or 1 - exp(-dt/tau)
  Euler,      ///< dt/tau, whatever the leak is
  Unit,       ///< 1, with threshold, reset and leak divided by the factor that was left out
  Raw,        ///< 1, and nothing else changes
};
/// What an input of 1 means.
enum class InputMeaning {
  Held,    ///< a current of 1 for the length of the step
  Impulse, ///< a charge of 1: the state jumps, however long the step is
};
/// Where in the step the input enters.
enum class Enters { AfterDecay, BeforeDecay };
/// Which synaptic current drives the membrane of a Cuba neuron.
enum class Current { New, Old };
/// Which membrane potential is compared with the threshold: this step's, or the one before.
enum class SpikeTest { New, Old };
enum class SpikeWhen { Greater, GreaterOrEqual };
enum class SpikesPerStep { Single, Multi };
enum class Reset { ToValue, Subtract };
/// Whether a reset that comes in the step after (of a late test or a delayed reset) is applied to v
/// after or before the update.
enum class LateReset { AfterUpdate, BeforeUpdate };
/// How much of the step after a spike the membrane integrates.
enum class AfterSpike { WholeStep, Rest };
/// v before the first step: 0, or the parameter as it is read (`Ignored`), 0 where there is none.
enum class Start { Zero, VLeak, VReset };

/// The lowest value that v can have.
struct Floor {
  enum class Kind { None, MinusThreshold, Value } kind = Kind::None;
  double value = 0.0; ///< where kind is Value
  bool operator==(const Floor &) const = default;
};

/// Parameters of the file that are read as their default: r and w_in as 1, v_leak and v_reset as 0.
struct Ignored {
  bool r = false, wIn = false, vLeak = false, vReset = false;
  bool operator==(const Ignored &) const = default;
};

/// The choices that a neuron's update depends on.
struct NeuronRule {
  Integrator integrator = Integrator::Euler;
  Gain gain = Gain::Integrator;
  InputMeaning input = InputMeaning::Held;
  Enters enters = Enters::AfterDecay;
  std::optional<Integrator> synapseIntegrator; ///< of the synaptic current; none: `integrator`
  std::optional<Gain> synapseGain;             ///< of the synaptic current; none: `gain`
  Current current = Current::New;
  SpikeTest spikeTest = SpikeTest::New;
  SpikeWhen spikeWhen = SpikeWhen::Greater;
  SpikesPerStep spikesPerStep = SpikesPerStep::Single;
  Reset reset = Reset::ToValue;
  int resetDelay = 0; ///< steps: 0 or 1
  LateReset lateReset = LateReset::AfterUpdate;
  AfterSpike afterSpike = AfterSpike::WholeStep;
  Start start = Start::Zero;
  Floor floor;
  Ignored ignore;

  bool operator==(const NeuronRule &) const = default;
};

/// Neurons with rules of their own: I and IF, LI and LIF, CubaLI and CubaLIF.
enum class Family { IF, LIF, CubaLIF };
inline constexpr std::array<Family, 3> families = {Family::IF, Family::LIF, Family::CubaLIF};

/// How spikes travel in time.
enum class Timing {
  Sequential, ///< within the step; over a feedback edge in one step
  Pipelined,  ///< every neuron sees in a step what its edges carried in the step before
  Events,     ///< no steps: spikes happen at the time of their threshold crossing
};
/// What an edge that carries the value of the step before carries into step 0.
enum class FeedbackStart {
  Bias, ///< what follows from a silent network: the bias of an Affine acts in step 0
  Zero, ///< nothing, from the edges into neurons on
};

/// How often an edge counts that a file lists several times.
enum class DuplicateEdges { Each, Once };

/// An edge of a cycle that carries the value of the step before, by the paths of its ends.
struct LateEdge {
  std::string source, target;
  bool operator==(const LateEdge &) const = default;
};

/// Every choice. The default is the preset "nir".
struct Semantics {
  double dtSeconds = 0.0; ///< one step; positive and finite
  std::string preset = "nir";
  std::array<NeuronRule, 3> rules; ///< by Family
  Timing timing = Timing::Sequential;
  FeedbackStart feedbackStart = FeedbackStart::Bias;
  DuplicateEdges duplicateEdges = DuplicateEdges::Each;
  /// Feedback edges that are so by choice; the others follow from structure (ir/graph/Feedback.h).
  std::vector<LateEdge> late;

  Semantics();
  /// With that dt, and one integrator and reset for every family.
  Semantics(double dtSeconds, Integrator integrator = Integrator::Euler,
            Reset reset = Reset::ToValue);

  NeuronRule &operator[](Family family) { return rules[static_cast<size_t>(family)]; }
  const NeuronRule &operator[](Family family) const { return rules[static_cast<size_t>(family)]; }
  /// The preset and what differs from it, without dt: "norse,reset=subtract". `semanticsOf` reads
  /// it.
  std::string text() const;
  /// The same with dt: "norse,reset=subtract,dt=0.0001".
  std::string str() const;
  /// As files hold it, "norse,reset=subtract[v1,ignore=v_reset,reset=subtract]": the name, then
  /// every choice, so that a preset can change without them (ir/choices/Stored.h). `semanticsOf`
  /// reads it.
  std::string stored() const;
  bool operator==(const Semantics &) const = default;
};

} // namespace nir
