//===- EventRun.cpp - one run, event by event -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventRun.h"

#include "ir/Wording.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir {

/// More of them from one neuron in one step is taken for a cascade without an end.
static constexpr int32_t mostInStep = 1000;

EventRun::EventRun(EventNetwork &network, const Semantics &semantics,
                   std::vector<bool> levelMatters, std::vector<bool> impulseMatters)
    : network(network), clock(network.dtSeconds),
      signals(network, std::move(levelMatters), std::move(impulseMatters)) {
  for (size_t i = 0; i < network.flat.nodes.size(); ++i) {
    const Node &node = *network.flat.nodes[i].node;
    auto size = static_cast<size_t>(numElements(network.shapes[i].output));
    neurons.push_back(isNeuron(node) ? std::make_unique<EventNeurons>(node, size, semantics)
                                     : nullptr);
    inStep.emplace_back(isNeuron(node) || node.as<Delay>() ? size : 0, 0);
  }
  arrived.resize(network.flat.nodes.size());
  sampled.resize(network.flat.nodes.size());
}

void EventRun::start() {
  queue.clear();
  signals.start();
  touched.clear();
  now = -1;
  for (size_t i = 0; i < neurons.size(); ++i) {
    if (neurons[i]) {
      neurons[i]->start();
    }
    // v is 0, which may be above the threshold.
    for (size_t n = 0; neurons[i] && neurons[i]->fires() && n < neurons[i]->size(); ++n) {
      touched.emplace_back(static_cast<int32_t>(i), n);
    }
  }
}

/// The input changes; crossings due in this step come into the queue.
void EventRun::startStep(const std::vector<Drive> &drives) {
  ++now;
  for (size_t i = 0; i < neurons.size(); ++i) {
    std::fill(inStep[i].begin(), inStep[i].end(), 0);
    arrived[i].clear();
    for (size_t n = 0; neurons[i] && n < neurons[i]->size(); ++n) {
      if (neurons[i]->crossing(n).step == now) {
        queue.add({neurons[i]->crossing(n), Event::Kind::Crossing, static_cast<int32_t>(i), n});
      }
    }
  }
  const std::vector<int32_t> &entries = network.flat.scopes[0].inputs;
  for (size_t input = 0; input < entries.size(); ++input) {
    for (size_t n = 0; n < drives[input].step.size(); ++n) {
      signals.setLevel(entries[input], n, drives[input].step[n]);
      signals.addImpulse(entries[input], n, drives[input].step[n]);
    }
  }
}

void EventRun::take(const Event &event) {
  switch (event.kind) {
  case Event::Kind::Crossing:
    if (neurons[event.node]->crossing(event.n) == event.time) {
      neurons[event.node]->arrive(event.n, event.time);
      touched.emplace_back(event.node, event.n);
    }
    return;
  case Event::Kind::PulseEnd:
    signals.setLevel(event.node, event.n, signals.level(event.node)[event.n] - 1.0);
    return;
  case Event::Kind::DelayedLevel:
    ++inStep[event.node][event.n];
    signals.setLevel(event.node, event.n, event.value);
    return;
  case Event::Kind::DelayedImpulse:
    ++inStep[event.node][event.n];
    signals.addImpulse(event.node, event.n, event.value);
    return;
  }
}

/// Hands the neurons what reaches them.
void EventRun::deliver(const Instant &now) {
  for (size_t i = 0; i < neurons.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (!neurons[i]) {
      continue;
    }
    bool byLevel = neurons[i]->isDrivenByLevel();
    if (!(byLevel ? signals.levelInChanged(node) : signals.impulseInArrives(node))) {
      continue;
    }
    std::vector<double> drive = byLevel ? signals.levelInto(node) : signals.impulseInto(node);
    for (size_t n = 0; n < drive.size(); ++n) {
      bool isNews = byLevel ? neurons[i]->hold(n, drive[n], now) : drive[n] != 0.0;
      if (!byLevel && isNews) {
        neurons[i]->kick(n, drive[n]);
      }
      if (isNews && neurons[i]->fires()) {
        touched.emplace_back(node, n);
      }
    }
  }
}

Error EventRun::endless(int32_t node, const std::string &what) const {
  return Error::atNode(
             Cause::NotFinite, network.flat.path(node),
             fmt::format(
                 "{} more than {} between {} s and {} s, expected events that let time pass", what,
                 counted(mostInStep, "time"), clock.seconds({now, 0.0}),
                 clock.seconds({now + 1, 0.0})))
      .note("spikes without an end come of a v_reset at or above v_threshold, and of a loop of I "
            "and IF that nothing delays; take a smaller dt where the rate is meant");
}

/// Looks for the next crossing of every neuron that something happened to; those above their
/// threshold spike, and are looked at again in the next wave.
Status EventRun::fire(const Instant &now) {
  std::vector<Element> looked = std::move(touched);
  touched.clear();
  std::sort(looked.begin(), looked.end());
  looked.erase(std::unique(looked.begin(), looked.end()), looked.end());
  for (auto [node, n] : looked) {
    EventNeurons &here = *neurons[node];
    if (!here.plan(n, now)) {
      if (here.crossing(n).step == now.step) {
        queue.add({here.crossing(n), Event::Kind::Crossing, node, n});
      }
      continue;
    }
    here.reset(n);
    touched.emplace_back(node, n);
    signals.addImpulse(node, n, 1.0);
    if (signals.needsLevel(node)) {
      signals.setLevel(node, n, signals.level(node)[n] + 1.0);
      queue.add({{now.step + 1, now.offset}, Event::Kind::PulseEnd, node, n});
    }
    if (++inStep[node][n] > mostInStep) {
      return endless(node, fmt::format("neuron {} spikes", n));
    }
  }
  return {};
}

/// Keeps what spikes reach for the records.
Status EventRun::note(const Instant &now) {
  for (size_t i = 0; i < arrived.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (!signals.hasImpulse(node) || network.kinds[i] == SignalKind::Analog) {
      continue;
    }
    const std::vector<double> &charge = signals.impulse(node);
    for (size_t n = 0; n < charge.size(); ++n) {
      if (charge[n] > mostInStep) { // Delays in a loop can add spikes up without end
        return endless(node, fmt::format("element {} passes on spikes", n));
      }
      if (charge[n] != 0.0) {
        arrived[i].push_back({now, n, charge[n]});
      }
    }
  }
  return {};
}

void EventRun::takeDue(const Instant &now) {
  while (!queue.isEmpty() && queue.next().time == now) {
    Event event = queue.next();
    queue.drop();
    take(event);
  }
}

Status EventRun::instant(const Instant &now, bool isTick) {
  takeDue(now);
  for (bool isFirst = true; isFirst || !touched.empty(); isFirst = false) {
    signals.propagate(now, isTick && isFirst, queue);
    deliver(now);
    if (Status bad = note(now)) {
      return bad;
    }
    signals.settle();
    if (Status bad = fire(now)) {
      return bad;
    }
  }
  return {};
}

Status EventRun::step(const std::vector<Drive> &drives) {
  startStep(drives);
  if (Status bad = instant({now, 0.0}, true)) {
    return bad;
  }
  const Instant end{now + 1, 0.0};
  while (!queue.isEmpty() && queue.next().time < end) {
    Event event = queue.next();
    if (event.kind != Event::Kind::PulseEnd && inStep[event.node][event.n] > mostInStep) {
      return endless(event.node, fmt::format("element {} passes something on", event.n));
    }
    if (Status bad = instant(event.time, false)) {
      return bad;
    }
  }
  sampleContinuous();
  return {};
}

/// What the v of I, LI and CubaLI is part of, from sources to targets.
void EventRun::sampleContinuous() {
  for (size_t i = 0; i < neurons.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (network.isContinuous[node] && signals.needsLevel(node) && neurons[i]) {
      sampled[i] = atEnd(node, "v");
    }
  }
  for (int32_t node : network.order) {
    if (!network.isContinuous[node] || !signals.needsLevel(node)) {
      continue;
    }
    Unit<double> &unit = *network.held[node];
    std::fill(unit.input.begin(), unit.input.end(), 0.0);
    for (int32_t edge : network.flat.incoming(node)) {
      int32_t source = network.flat.edges[edge].source;
      const std::vector<double> &term =
          network.isContinuous[source] ? sampled[source] : signals.level(source);
      for (size_t n = 0; n < unit.input.size(); ++n) {
        unit.input[n] += term[n];
      }
    }
    unit.evaluate();
    sampled[node] = unit.output;
  }
}

std::vector<double> EventRun::atEnd(int32_t node, std::string_view observable) const {
  if (!neurons[node]) {
    return network.isContinuous[node] ? sampled[node] : signals.level(node);
  }
  std::vector<double> state;
  for (size_t n = 0; n < neurons[node]->size(); ++n) {
    NeuronState there = neurons[node]->at(n, {now + 1, 0.0});
    state.push_back(observable == "i" ? there.i : there.v);
  }
  return state;
}

} // namespace nir
