//===- Ports.cpp - inputs and outputs that a graph lacks ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Ports.h"

#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace nir {

/// The graph with a name for its node, where that has none.
static Graph named(Graph graph) {
  if (graph.nodes.size() == 1 && graph.nodes[0].name.empty()) {
    std::string name(graph.nodes[0].type());
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    graph.nodes[0].name = std::move(name);
  }
  return graph;
}

static Tensor shapeTensor(const Shape &shape) { return Tensor::vector<int64_t>(shape); }

Graph withPorts(const Graph &graph) {
  Graph complete = named(graph);
  Checked checked = check(complete);
  if (!checked.ok()) {
    return graph;
  }
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(complete, none);
  std::vector<const NodeShapes *> shapes = flatShapes(flat, checked.shapes);

  std::unordered_set<std::string> taken;
  for (const Node &node : complete.nodes) {
    taken.insert(node.name);
  }
  auto freeName = [&](const std::string &wanted) {
    std::string name = wanted;
    for (int i = 0; !taken.insert(name).second; ++i) {
      name = fmt::format("{}_{}", wanted, i);
    }
    return name;
  };
  /// As an edge of the outermost graph names the node: a subgraph's only port by the subgraph.
  auto endName = [&](int32_t node, bool isSource) {
    const FlatGraph::Scope &scope = flat.scopes[flat.nodes[node].scope];
    bool isOnly = scope.node && (isSource ? scope.outputs : scope.inputs).size() == 1;
    return isOnly ? scope.node->name : flat.path(node);
  };

  std::vector<Node> nodes;
  std::vector<Edge> edges;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (flat.incoming(node).empty() && flat.isWithinReach(node, false)) {
      std::string end = endName(node, false), port = freeName("input_" + end);
      nodes.push_back({port, Input{shapeTensor(shapes[i]->input)}, {}});
      edges.push_back({port, end});
    }
  }
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (flat.outgoing(node).empty() && flat.isWithinReach(node, true)) {
      std::string end = endName(node, true), port = freeName("output_" + end);
      nodes.push_back({port, Output{shapeTensor(shapes[i]->output)}, {}});
      edges.push_back({end, port});
    }
  }
  complete.nodes.insert(complete.nodes.end(), std::make_move_iterator(nodes.begin()),
                        std::make_move_iterator(nodes.end()));
  complete.edges.insert(complete.edges.end(), std::make_move_iterator(edges.begin()),
                        std::make_move_iterator(edges.end()));
  return complete;
}

} // namespace nir
