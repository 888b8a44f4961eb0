//===- EventRun.h - one run, event by event ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/events/EventNetwork.h"
#include "backends/reference/events/EventNeurons.h"
#include "backends/reference/events/EventQueue.h"
#include "backends/reference/events/EventSignals.h"
#include "ir/recording/RunInput.h"

#include <memory>
#include <utility>
#include <vector>

namespace nir {

/// The state of a run, and what moves it on. A step is an instant at its start, at which the input
/// changes, and the instants of the events in it. An instant goes in waves: what is due acts, the
/// neurons that it brings above their thresholds spike, and that acts in the next wave.
class EventRun {
public:
  EventRun(EventNetwork &network, const Semantics &semantics, std::vector<bool> levelMatters,
           std::vector<bool> impulseMatters);

  /// Back to the silent state before step 0.
  void start();
  /// `drives`: those of the Inputs, in their order, with the numbers of this step.
  Status step(const std::vector<Drive> &drives);

  /// After a step: what arrived at or was sent by a node during it.
  struct Arrival {
    Instant time;
    size_t n;
    double charge;
  };
  const std::vector<Arrival> &arrivals(int32_t node) const { return arrived[node]; }
  /// After a step: a state ("v", "i") or what the node passes on, at the end of the step.
  std::vector<double> atEnd(int32_t node, std::string_view observable) const;

private:
  void startStep(const std::vector<Drive> &drives);
  void takeDue(const Instant &now);
  void take(const Event &event);
  void deliver(const Instant &now);
  Status note(const Instant &now);
  Status fire(const Instant &now);
  Status instant(const Instant &now, bool isTick);
  void sampleContinuous();
  Error endless(int32_t node, const std::string &what) const;

  EventNetwork &network;
  Clock clock;
  EventSignals signals;
  EventQueue queue;
  std::vector<std::unique_ptr<EventNeurons>> neurons; ///< one a node; null for other nodes
  using Element = std::pair<int32_t, size_t>;
  std::vector<Element> touched;             ///< neurons whose crossing may be another now
  int64_t now = -1;                         ///< the step
  std::vector<std::vector<int32_t>> inStep; ///< spikes of each neuron, arrivals of each element
  std::vector<std::vector<Arrival>> arrived;
  std::vector<std::vector<double>> sampled; ///< of continuous nodes, at the end of the step
};

} // namespace nir
