//===- EventNeurons.h - neurons from event to event -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/events/Instant.h"
#include "backends/reference/events/Trajectory.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <vector>

namespace nir {

/// The neurons of one node. Each has a state as of its own last event: one that nothing happens to
/// is not touched, so its accuracy does not depend on how long that lasts.
class EventNeurons {
public:
  EventNeurons(const Node &node, size_t count, const Semantics &semantics);

  size_t size() const { return neurons.size(); }
  bool fires() const { return !threshold.empty(); }
  /// Whether what reaches the node acts while it is held (LI, LIF, CubaLI, CubaLIF), or by impulses
  /// (I, IF).
  bool isDrivenByLevel() const { return form != Dynamics::Form::Integrator; }
  bool hasCurrent() const { return form == Dynamics::Form::Cuba; }

  /// At rest, without input, at the start of step 0.
  void start();
  /// From `now` on the input is `u`. False where it is already.
  bool hold(size_t n, double u, const Instant &now);
  /// v jumps by r `charge`.
  void kick(size_t n, double charge) { neurons[n].state.v += dynamics[n].r * charge; }

  /// When the neuron will be above its threshold if nothing else happens; `neverInstant` if never.
  const Instant &crossing(size_t n) const { return neurons[n].crossing; }
  /// Puts the neuron at its threshold: its crossing is now.
  void arrive(size_t n, const Instant &now);
  /// Finds the crossing anew, after something happened to the neuron at `now`. True where it is
  /// now.
  bool plan(size_t n, const Instant &now);
  /// The reset after a spike.
  void reset(size_t n);

  NeuronState at(size_t n, const Instant &time) const;

private:
  struct Neuron {
    NeuronState state;
    Instant since; ///< the time of `state`
    double u = 0.0;
    Instant crossing = neverInstant;
  };

  Dynamics::Form form = Dynamics::Form::Integrator;
  std::vector<Dynamics> dynamics;
  std::vector<double> threshold, resetTo; ///< empty where the node does not fire
  std::vector<double> first;              ///< v at 0 s
  Reset rule;
  Clock clock;
  std::vector<Neuron> neurons;
};

} // namespace nir
