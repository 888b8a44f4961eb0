//===- Levels.cpp ---------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Levels.h"

#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cmath>

namespace nir {

std::optional<Levels> Levels::of(const Node &node, const Semantics &semantics) {
  Levels levels;
  auto take = [&](const auto &neuron) {
    levels.v_threshold = &neuron.v_threshold;
    levels.v_reset = neuron.v_reset ? &*neuron.v_reset : nullptr;
    if constexpr (requires { neuron.v_leak; }) {
      levels.v_leak = &neuron.v_leak;
    }
  };
  if (const auto *neuron = node.as<IF>()) {
    take(*neuron);
  } else if (const auto *neuron = node.as<LIF>()) {
    take(*neuron);
  } else if (const auto *neuron = node.as<CubaLIF>()) {
    take(*neuron);
  } else {
    return std::nullopt;
  }
  levels.rule = &semantics[familyOf(node)];
  return levels;
}

int64_t Levels::size() const {
  int64_t size = v_threshold->size();
  for (const Tensor *other : {v_leak, v_reset}) {
    size = std::max(size, other && v_threshold->size() > 0 ? other->size() : 0);
  }
  return size;
}

double Levels::floor(int64_t i) const {
  switch (rule->floor.kind) {
  case Floor::Kind::None:
    return -HUGE_VAL;
  case Floor::Kind::MinusThreshold:
    return -threshold(i);
  case Floor::Kind::Value:
    return rule->floor.value;
  }
  return -HUGE_VAL;
}

double Levels::rest(int64_t i) const { return std::max(hasLeak() ? leak(i) : reset(i), floor(i)); }

double Levels::start(int64_t i) const {
  double v = rule->start == Start::VLeak ? leak(i) : rule->start == Start::VReset ? reset(i) : 0.0;
  return std::max(v, floor(i));
}

bool Levels::spikesAt(double v, int64_t i) const {
  return v > threshold(i) || (v == threshold(i) && rule->spikeWhen == SpikeWhen::GreaterOrEqual);
}

} // namespace nir
