//===- HybridSystem.h - a neuron as a linear system -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cassert>
#include <optional>

namespace nir {

/// Coefficients of one quantity over the neurons of a node: none (structurally absent), one that
/// holds for all of them, or one a neuron, row-major.
using Coefficients = llvm::SmallVector<double, 1>;

/// What a state is to the choices of a semantics, which speak of membranes and synaptic currents.
enum class StateRole {
  Membrane,        ///< what a threshold looks at, and what is passed on where there is none
  SynapticCurrent, ///< takes in the input and drives the others; no state drives it back
  Adaptation,      ///< is driven by the membrane or by spikes, and drives the membrane back
  Resonance,       ///< the other half of a membrane that swings
};

/// tau dx/dt = sum_j m[j] x_j + n u + c, for one state x; u is the sum of the node's inputs.
struct StateEquation {
  llvm::StringRef name; ///< "v", "i"; never freed
  StateRole role;
  Coefficients tau; ///< [s]; none: dx/dt itself stands on the left
  llvm::SmallVector<Coefficients, 2>
      m; ///< one a state, in the system's order; none, or not listed: 0
  Coefficients n, c;

  /// What state `j` does to this one: nothing where the equation does not list it.
  Coefficients influence(unsigned j) const { return j < m.size() ? m[j] : Coefficients(); }
};

/// What a spike does to a state.
struct StateReset {
  enum class Kind { Keep, Set, Add } kind = Kind::Keep;
  Coefficients value; ///< what it is set to, or what is added to it; none where it is kept
};

/// Where the membrane exceeds the threshold: spike, and reset.
struct SpikeGuard {
  Coefficients threshold;
  /// One a state. Where the membrane is set, the choice `reset` says how.
  llvm::SmallVector<StateReset, 2> resets;
};

/// The equations of docs/semantics.md, before any choice of how they become steps.
struct HybridSystem {
  /// Of which the semantics has choices; none: a family of its own.
  std::optional<Family> family;
  /// In the order in which a step takes them: the current before the membrane. One is a membrane.
  llvm::SmallVector<StateEquation, 2> states;
  std::optional<SpikeGuard> guard; ///< none: the node passes on the membrane
  Coefficients start;              ///< the membrane before the first step; none: 0

  /// The index of the membrane.
  unsigned membrane() const {
    unsigned index = 0;
    while (index < states.size() && states[index].role != StateRole::Membrane) {
      ++index;
    }
    assert(index < states.size() && "a neuron has a membrane");
    return index;
  }
  /// Whether some state that is no synaptic current drives another one: the states are then no
  /// chain that starts at the input.
  bool isCoupled() const {
    for (unsigned i = 0; i < states.size(); ++i) {
      for (unsigned j = 0; j < states.size(); ++j) {
        bool drives = i != j && !states[i].influence(j).empty();
        if (drives && states[j].role != StateRole::SynapticCurrent) {
          return true;
        }
      }
    }
    return false;
  }
  /// The choices that hold for the neuron. For a family of its own they are those of LIF, the
  /// neuron that all platforms have, as far as they have a meaning for it.
  const NeuronRule &rule(const Semantics &semantics) const {
    return semantics[family.value_or(Family::LIF)];
  }
};

class HybridSystemOpInterface;

/// The equations of a neuron of which the parameters `r`, `w_in`, `v_leak` and `v_reset` are read
/// as their default where a semantics ignores them; it may have others, and need not have these.
/// `start` follows from the semantics and these parameters alone.
HybridSystem systemOf(HybridSystemOpInterface neuron, const Semantics &semantics);

} // namespace nir
