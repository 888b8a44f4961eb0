//===- NeuronGraph.h - what is to be spread over cores ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"
#include "passes/partition/Mapping.h"

#include <span>
#include <string>

namespace nirc {

/// A network as neurons and who sends spikes to whom.
struct NeuronGraph {
  struct Population {
    std::string node;
    nir::Shape shape;
    int32_t first = 0, count = 0; ///< of the neurons
  };

  std::vector<Population> populations; ///< by their first neuron; together they are all neurons
  int32_t inputs = 0; ///< sources 0 to inputs - 1 are outside; source inputs + n is neuron n
  std::vector<int64_t> first{0}; ///< of each neuron in `sources`, and how many there are
  std::vector<int32_t> sources;  ///< of each neuron, ascending, none twice

  int32_t neurons() const { return static_cast<int32_t>(first.size()) - 1; }
  std::span<const int32_t> sourcesOf(int32_t neuron) const {
    return std::span(sources).subspan(first[neuron], first[neuron + 1] - first[neuron]);
  }
};

/// What a core of the platform has room for.
class CoreModel {
public:
  virtual ~CoreModel() = default;
  virtual const std::vector<Resource> &resources() const = 0;
  /// What these neurons need of each resource on a core of their own. More neurons never need less.
  virtual std::vector<int64_t> load(std::span<const int32_t> neurons) const = 0;
  /// How many routes may leave a core: its neurons, each counted for each core that it reaches.
  virtual int64_t mostRoutes() const = 0;
  /// What the platform calls them: "output axons".
  virtual std::string routeName() const = 0;
  /// As many cores as the neurons and the memory of their synapses alone ask for, a part of one
  /// included.
  virtual double leastCores(std::span<const int32_t> neurons) const = 0;
};

} // namespace nirc
