//===- Shapes.h - the shape rule of each primitive --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <optional>

namespace nir {

/// The most elements a signal may have, 2^40: beyond any network, and far from where products of
/// shapes overflow.
inline constexpr int64_t largestSignal = int64_t{1} << 40;

/// The shape of the signal that `node` takes, where its own parameters fix it. Refuses parameters
/// that do not fit each other. Not for a subgraph.
Result<std::optional<Shape>> fixedInputShape(const Node &node);

/// Whether the node does the same with each element of a signal of any shape: a neuron, a Scale, a
/// Threshold or a Delay.
bool isElementwise(const Node &node);

/// The shape of the signal that `node` passes on when it takes one of shape `input`, which agrees
/// with fixedInputShape(node). Not for a subgraph.
Result<Shape> outputShape(const Node &node, const Shape &input);

/// The first and last dimension that a Flatten joins, counted from 0, in a signal of that rank.
Result<std::pair<int64_t, int64_t>> flattenRange(const Flatten &flatten, int64_t rank);

} // namespace nir
