//===- Shrink.cpp - smaller graphs that still fail ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Shrink.h"

#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"

namespace nir::test {

Graph withoutNesting(const Graph &graph) {
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(graph, none);
  Graph result;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto index = static_cast<int32_t>(i);
    Node node = *flat.nodes[i].node;
    bool isPort = node.as<Input>() || node.as<Output>();
    if (isPort && !flat.isEntry(index) && !flat.isExit(index)) {
      node.params = Scale{Tensor::scalar(1.0)};
    }
    node.name = flat.path(index);
    result.nodes.push_back(std::move(node));
  }
  for (const FlatGraph::Edge &edge : flat.edges) {
    result.edges.push_back({flat.path(edge.source), flat.path(edge.target)});
  }
  return result;
}

/// `graph` without its node `index`, and without the edges that end there.
static Graph withoutNode(const Graph &graph, size_t index) {
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(graph, none);
  auto isInside = [&](int32_t leaf) {
    if (flat.nodes[leaf].scope == 0) {
      return static_cast<size_t>(flat.nodes[leaf].index) == index;
    }
    int32_t scope = flat.nodes[leaf].scope;
    while (flat.scopes[scope].parent != 0) {
      scope = flat.scopes[scope].parent;
    }
    return static_cast<size_t>(flat.scopes[scope].index) == index;
  };
  Graph result;
  for (const FlatGraph::Edge &edge : flat.edges) {
    if (edge.scope == 0 && !isInside(edge.source) && !isInside(edge.target)) {
      result.edges.push_back(graph.edges[static_cast<size_t>(edge.index)]);
    }
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (i != index) {
      result.nodes.push_back(graph.nodes[i]);
    }
  }
  return result;
}

static Graph withoutEdge(Graph graph, size_t index) {
  graph.edges.erase(graph.edges.begin() + static_cast<ptrdiff_t>(index));
  return graph;
}

Graph shrink(Graph graph, const std::function<bool(const Graph &)> &stillFails) {
  auto keepIfFails = [&](Graph smaller) {
    if (!check(smaller).ok() || !stillFails(smaller)) {
      return false;
    }
    graph = std::move(smaller);
    return true;
  };
  keepIfFails(withoutNesting(graph));
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = graph.nodes.size(); i-- > 0;) {
      changed |= keepIfFails(withoutNode(graph, i));
    }
    for (size_t i = graph.edges.size(); i-- > 0;) {
      changed |= i < graph.edges.size() && keepIfFails(withoutEdge(graph, i));
    }
  }
  return graph;
}

} // namespace nir::test
