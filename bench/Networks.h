//===- Networks.h - networks of a known activity ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <string>

namespace nirc::bench {

/// A network to measure, and how it is to be run.
struct Network {
  std::string name; ///< "dense-1024"
  nir::Graph graph;
  nir::Semantics semantics;
};

/// `input` [n] drives n LIF neurons one to one, which drive each other through a Linear node. Its
/// weights are too weak to make or to hold back a spike, so that in every step just the neurons
/// fire whose input is 1: the input is the activity, and it stays what it is. The sums that the
/// weights make are in v all the same, where a wrong one is seen.
///
/// Nodes: "input", "recurrent", "lif", "output". float32, dt 1 ms, semantics nir.
Network denseNetwork(int64_t neurons);

/// The same where every neuron reaches `synapses` others, drawn at random, and the rest of the
/// weights are 0. The weights are stored dense, as .nir files have them.
Network sparseNetwork(int64_t neurons, int64_t synapses);

/// "chain-1202" for 1,202 nodes: LIF neurons one after the other, each with its weight, between an
/// Input and an Output of one element. All numbers differ.
Network chainNetwork(int64_t nodes);

/// uint8 [batch, steps, neurons], each element 1 with that probability.
nir::Tensor bernoulli(double activity, int64_t batch, int64_t steps, int64_t neurons);

} // namespace nirc::bench
