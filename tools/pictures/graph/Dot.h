//===- Dot.h - a graph in Graphviz's language -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/graph/GraphPicture.h"

#include <functional>

namespace nirc {

/// What a writer of DOT adds to nodes, clusters and edges; each is a list of attributes.
struct DotAttributes {
  std::string graph, node, edge; ///< of all
  std::function<std::string(size_t node)> ofNode;
  std::function<std::string(size_t cluster)> ofCluster;
  std::function<std::string(size_t edge)> ofEdge;
};

/// Nodes are n0, n1 ..., clusters cluster_1, cluster_2 ...
std::string dotWith(const GraphPicture &picture, const DotAttributes &attributes);

} // namespace nirc
