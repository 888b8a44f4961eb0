//===- Levels.h - voltages of a neuron as a semantics reads them -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <optional>

namespace nir {

/// Where v of an IF, LIF or CubaLIF starts, rests, is reset to and spikes: a semantics may ignore
/// v_leak and v_reset, and keep v above a floor. Lives no longer than the node and the semantics.
class Levels {
public:
  /// None for a node of another kind. The node's parameters are of one shape, or scalars.
  static std::optional<Levels> of(const Node &node, const Semantics &semantics);

  int64_t size() const; ///< of what the functions count; 1 where all neurons are alike

  double threshold(int64_t i) const { return at(v_threshold, i); }
  double leak(int64_t i) const { return rule->ignore.vLeak ? 0.0 : statedLeak(i); }
  double reset(int64_t i) const { return rule->ignore.vReset ? 0.0 : statedReset(i); }
  /// -infinity where there is none.
  double floor(int64_t i) const;
  /// Where v stays without input.
  double rest(int64_t i) const;
  /// v before the first step, as the first spike test finds it.
  double start(int64_t i) const;
  /// Whether v is a spike there.
  bool spikesAt(double v, int64_t i) const;

  /// The file's own numbers; 0 where it has none.
  double statedLeak(int64_t i) const { return at(v_leak, i); }
  double statedReset(int64_t i) const { return at(v_reset, i); }
  bool hasLeak() const { return v_leak != nullptr; } ///< an IF has none
  bool hasReset() const { return v_reset != nullptr; }
  const NeuronRule &choices() const { return *rule; }

private:
  static double at(const Tensor *values, int64_t i) {
    return values ? values->at(values->size() == 1 ? 0 : i) : 0.0;
  }

  const Tensor *v_threshold = nullptr, *v_leak = nullptr, *v_reset = nullptr;
  const NeuronRule *rule = nullptr;
};

} // namespace nir
