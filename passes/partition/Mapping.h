//===- Mapping.h - which core computes which neurons ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `partition` finds, as plain data: in the IR it is a snn.mapping
// (passes/partition/InNetwork.h), and `nirc map` prints and draws it.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// Something of which a core has so much and no more.
struct Resource {
  std::string name; ///< "compartments", "bits of synapses"
  int64_t limit = 0;
};

/// How the cores of a platform lie: chips in a row, on each a grid of cores.
struct CoreGrid {
  int32_t columns = 1, rows = 1;
  int32_t coresPerChip() const { return columns * rows; }
};

struct Mapping {
  /// Neurons of one node: from `first` up to `end`, in row-major order of the node's shape.
  struct Range {
    int32_t first = 0, end = 0;
    bool operator==(const Range &) const = default;
  };
  struct Neurons {
    std::string node;
    std::vector<Range> ranges;
    bool operator==(const Neurons &) const = default;
  };
  /// How many of a core's neurons (of the sources outside, for an input) send their spikes there.
  struct Route {
    int32_t to = 0; ///< a core
    int64_t sources = 0;
    bool operator==(const Route &) const = default;
  };
  struct Core {
    int32_t chip = 0, column = 0, row = 0;
    std::vector<Neurons> neurons; ///< in the order in which the core has them
    std::vector<Route> routes;    ///< by core, to itself included
    std::vector<int64_t> used;    ///< of each resource; empty where the mapping was read from IR
    bool operator==(const Core &) const = default;
  };

  std::string target; ///< whose cores they are
  CoreGrid grid;
  std::vector<Resource> resources;
  std::vector<Core> cores;
  std::vector<Route> inputs; ///< what enters from outside
  /// What the neurons and the memory of their synapses alone ask for.
  int64_t leastCores = 0;
  std::string partitioner; ///< how the neurons were ordered, for people
};

} // namespace nirc
