//===- Shrink.h - the smallest graph that still fails -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include <cstddef>
#include <functional>

namespace nir::test {

/// Takes nodes, edges and levels of nesting away from `graph` as long as `stillFails` and `check`
/// accepts what is left. The result fails as `graph` does.
Graph shrink(Graph graph, const std::function<bool(const Graph &)> &stillFails);

/// The same network without subgraphs: their ports become Scales by 1.
Graph withoutNesting(const Graph &graph);

/// The tensors of all nodes, subgraphs' too.
size_t countParameters(const Graph &graph);
/// The graph with one of them replaced.
Graph withParameter(Graph graph, size_t index, const std::function<Tensor(const Tensor &)> &change);

/// Replaces numbers by plain ones as long as `stillFails` and `check` accepts the graph: one number
/// for all elements, 0 and 1, few digits, float64; and takes metadata away.
Graph simplifyParameters(Graph graph, const std::function<bool(const Graph &)> &stillFails);

} // namespace nir::test
