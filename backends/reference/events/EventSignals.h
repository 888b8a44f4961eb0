//===- EventSignals.h - levels and impulses on the edges --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two signals run through the stateless nodes. The level is what holds for a while: the inputs,
// each spike for one dt, the biases. LI, LIF, CubaLI and CubaLIF integrate it. The impulses are
// what acts at once: spikes, and at the start of each step the input with the biases. I and IF jump
// by them.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/events/EventNetwork.h"
#include "backends/reference/events/EventQueue.h"

#include <vector>

namespace nir {

class EventSignals {
public:
  /// `levelMatters`, `impulseMatters`, one a node: where something reads it. The rest is not
  /// computed.
  EventSignals(EventNetwork &network, std::vector<bool> levelMatters,
               std::vector<bool> impulseMatters);

  /// All levels 0, nothing on its way.
  void start();

  /// At a source (an Input, a neuron, a Delay).
  void setLevel(int32_t node, size_t n, double value);
  void addImpulse(int32_t node, size_t n, double charge);

  /// Carries on what was set since the last call, at the instant `now`; a Delay adds to `queue`
  /// what it holds back. `isTick`: a step starts, so that the biases act as impulses.
  void propagate(const Instant &now, bool isTick, EventQueue &queue);
  /// Forgets which levels changed, and the impulses.
  void settle();

  const std::vector<double> &level(int32_t node) const { return levels[node]; }
  const std::vector<double> &impulse(int32_t node) const { return impulses[node]; }
  bool hasImpulse(int32_t node) const { return isActive[node]; }
  bool needsLevel(int32_t node) const { return levelMatters[node]; }
  bool needsImpulse(int32_t node) const { return impulseMatters[node]; }

  /// Whether something changed or jumps that reaches the node, and what reaches it, summed in the
  /// order of the edges.
  bool levelInChanged(int32_t node) const { return anyInto(node, hasChanged); }
  bool impulseInArrives(int32_t node) const { return anyInto(node, isActive); }
  std::vector<double> levelInto(int32_t node) const;
  std::vector<double> impulseInto(int32_t node) const;

private:
  bool anyInto(int32_t node, const std::vector<bool> &marks) const;
  void passLevel(int32_t node);
  void passImpulse(int32_t node, bool isTick);
  void passDelay(int32_t node, const Instant &now, EventQueue &queue);

  EventNetwork &network; ///< its units are used as functions
  Clock clock;
  std::vector<bool> levelMatters, impulseMatters;
  std::vector<std::vector<double>> levels, impulses;
  std::vector<bool> hasChanged, isActive; ///< of the level, of an impulse; since the last `settle`
  bool isFirst = true;                    ///< nothing was propagated since `start`

  struct Line {
    int32_t node;
    std::vector<Lag> lags;
    std::vector<double> level; ///< what reaches it
    bool passesAtOnce;         ///< some element does: its place is in `network.order`
  };
  std::vector<Line> lines;
  std::vector<int32_t> lineOf; ///< of each node; -1 where it is no Delay
};

} // namespace nir
