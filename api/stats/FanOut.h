//===- FanOut.h - how many synapses each input reaches --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <vector>

namespace nirc {

/// Of a connection: one number for each element of the signal that it takes, row-major. What lies
/// in the padding of a convolution is no synapse.
struct FanOut {
  std::vector<int64_t> synapses;  ///< whatever their weights are
  std::vector<int64_t> effective; ///< those of a weight other than 0; -0.0 is a zero

  int64_t total() const; ///< of `synapses`: the operations of a dense step
};

/// Whether the node multiplies its input by a matrix or a kernel: Affine, Linear, Conv1d, Conv2d.
bool isConnection(const nir::Node &node);
/// The weights of a connection, without its biases; null for any other node.
const nir::Tensor *weightsOf(const nir::Node &node);

/// Of a connection of a graph that passed the check. Linear in the weights and, for a convolution,
/// in the size of its input times that of its kernel.
FanOut fanOutOf(const nir::Node &node, const nir::NodeShapes &shapes);

} // namespace nirc
