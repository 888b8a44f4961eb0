//===- EventSignals.cpp - levels and impulses on the edges ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventSignals.h"

#include <algorithm>

namespace nir {

EventSignals::EventSignals(EventNetwork &network, std::vector<bool> levelMatters,
                           std::vector<bool> impulseMatters)
    : network(network), clock(network.dtSeconds), levelMatters(std::move(levelMatters)),
      impulseMatters(std::move(impulseMatters)) {
  size_t count = network.flat.nodes.size();
  lineOf.assign(count, -1);
  for (size_t i = 0; i < count; ++i) {
    auto size = static_cast<size_t>(numElements(network.shapes[i].output));
    levels.emplace_back(size);
    impulses.emplace_back(size);
    const auto *delay = network.flat.nodes[i].node->as<Delay>();
    if (!delay) {
      continue;
    }
    lineOf[i] = static_cast<int32_t>(lines.size());
    lines.push_back({static_cast<int32_t>(i), {}, std::vector<double>(size), false});
    for (double seconds : spread(delay->delay, size)) {
      lines.back().lags.push_back(clock.lag(seconds));
      lines.back().passesAtOnce |= !(seconds > 0.0);
    }
  }
  start();
}

void EventSignals::start() {
  for (size_t i = 0; i < levels.size(); ++i) {
    std::fill(levels[i].begin(), levels[i].end(), 0.0);
    std::fill(impulses[i].begin(), impulses[i].end(), 0.0);
  }
  for (Line &line : lines) {
    std::fill(line.level.begin(), line.level.end(), 0.0);
  }
  hasChanged.assign(levels.size(), false);
  isActive.assign(levels.size(), false);
  isFirst = true;
}

void EventSignals::setLevel(int32_t node, size_t n, double value) {
  if (levels[node][n] != value) {
    levels[node][n] = value;
    hasChanged[node] = true;
  }
}

void EventSignals::addImpulse(int32_t node, size_t n, double charge) {
  impulses[node][n] += charge;
  isActive[node] = true;
}

bool EventSignals::anyInto(int32_t node, const std::vector<bool> &marks) const {
  std::span<const int32_t> incoming = network.flat.incoming(node);
  return std::any_of(incoming.begin(), incoming.end(),
                     [&](int32_t edge) { return marks[network.flat.edges[edge].source]; });
}

/// Adds up, in the order of the edges, the values of a node's sources.
static std::vector<double> gather(const EventNetwork &network, int32_t node,
                                  const std::vector<std::vector<double>> &values) {
  std::vector<double> sum(static_cast<size_t>(numElements(network.shapes[node].input)), 0.0);
  for (int32_t edge : network.flat.incoming(node)) {
    const std::vector<double> &term = values[network.flat.edges[edge].source];
    for (size_t n = 0; n < sum.size(); ++n) {
      sum[n] += term[n];
    }
  }
  return sum;
}

std::vector<double> EventSignals::levelInto(int32_t node) const {
  return gather(network, node, levels);
}
std::vector<double> EventSignals::impulseInto(int32_t node) const {
  return gather(network, node, impulses);
}

void EventSignals::passLevel(int32_t node) {
  if (!levelMatters[node] || !(isFirst || levelInChanged(node))) {
    return;
  }
  Unit<double> &unit = *network.held[node];
  unit.input = levelInto(node);
  unit.evaluate();
  if (unit.output != levels[node]) {
    levels[node] = unit.output;
    hasChanged[node] = true;
  }
}

void EventSignals::passImpulse(int32_t node, bool isTick) {
  if (!impulseMatters[node] || !(isTick || impulseInArrives(node))) {
    return;
  }
  Unit<double> &unit =
      isTick || !network.linear[node] ? *network.held[node] : *network.linear[node];
  unit.input = impulseInto(node);
  unit.evaluate();
  impulses[node] = unit.output;
  isActive[node] = true;
}

void EventSignals::passDelay(int32_t node, const Instant &now, EventQueue &queue) {
  Line &line = lines[static_cast<size_t>(lineOf[node])];
  auto passesAtOnce = [&](size_t n) {
    return line.passesAtOnce && line.lags[n].steps == 0 && line.lags[n].rest == 0.0;
  };
  if (levelMatters[node] && (isFirst || levelInChanged(node))) {
    std::vector<double> level = levelInto(node);
    for (size_t n = 0; n < level.size(); ++n) {
      if (passesAtOnce(n)) {
        setLevel(node, n, level[n]);
      } else if (level[n] != line.level[n]) {
        Instant then = clock.after(now, line.lags[n]);
        queue.add({then, Event::Kind::DelayedLevel, node, n, level[n]});
      }
    }
    line.level = std::move(level);
  }
  if (impulseMatters[node] && impulseInArrives(node)) {
    std::vector<double> charge = impulseInto(node);
    for (size_t n = 0; n < charge.size(); ++n) {
      if (charge[n] == 0.0) {
        continue;
      }
      if (passesAtOnce(n)) {
        addImpulse(node, n, charge[n]);
      } else {
        Instant then = clock.after(now, line.lags[n]);
        queue.add({then, Event::Kind::DelayedImpulse, node, n, charge[n]});
      }
    }
  }
}

void EventSignals::propagate(const Instant &now, bool isTick, EventQueue &queue) {
  for (int32_t node : network.order) {
    if (network.flat.isEntry(node)) {
      continue; // a source
    }
    if (lineOf[node] >= 0) {
      passDelay(node, now, queue);
    } else {
      passLevel(node);
      passImpulse(node, isTick);
    }
  }
  for (const Line &line : lines) {
    if (!line.passesAtOnce) {
      passDelay(line.node, now, queue);
    }
  }
  isFirst = false;
}

void EventSignals::settle() {
  for (size_t node = 0; node < impulses.size(); ++node) {
    if (isActive[node]) {
      std::fill(impulses[node].begin(), impulses[node].end(), 0.0);
    }
  }
  isActive.assign(isActive.size(), false);
  hasChanged.assign(hasChanged.size(), false);
}

} // namespace nir
