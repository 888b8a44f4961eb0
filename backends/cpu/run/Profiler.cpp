//===- Profiler.cpp - what each node of a step costs ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Profiler.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::cpu;

static thread_local Profiler *onThisThread = nullptr;

/// What reading the clock adds to every node: the least of a few attempts.
static Clock::duration costOfClock() {
  auto least = Clock::duration::max();
  for (int i = 0; i < 1000; ++i) {
    auto first = Clock::now(), second = Clock::now();
    least = std::min(least, second - first);
  }
  return least;
}

Profiler::Profiler(const std::vector<NodeFunction> &functions, Profile &profile)
    : functions(functions), profile(profile), clockCost(costOfClock()) {
  profile.nodes.clear();
  for (const NodeFunction &function : functions) {
    NodeProfile node;
    node.node = function.node;
    node.kind = function.kind;
    node.counts = function.events.has_value();
    profile.nodes.push_back(std::move(node));
  }
  onThisThread = this;
}

Profiler::~Profiler() { onThisThread = nullptr; }

void Profiler::noteOnThisThread(int64_t node) {
  if (onThisThread) { // a session's steps are of no profile
    onThisThread->note(node);
  }
}

void Profiler::note(int64_t number) {
  const NodeFunction &function = functions[static_cast<size_t>(number)];
  NodeProfile &node = profile.nodes[static_cast<size_t>(number)];
  Clock::duration spent = std::max(Clock::now() - last - clockCost, Clock::duration::zero());
  node.seconds += std::chrono::duration<double>(spent).count();
  if (function.events) {
    // One part steps: its counter is the first.
    int64_t events = *reinterpret_cast<const int64_t *>(arena + function.events->counts.offset);
    node.events += events;
    node.elements += function.elements;
    node.denseSteps += events == function.elements ? 1 : 0;
    node.bytes += static_cast<int64_t>(static_cast<double>(events) * function.bytesPerEvent);
  }
  last = Clock::now();
}
