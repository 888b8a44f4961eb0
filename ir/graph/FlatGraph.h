//===- FlatGraph.h - a graph without nesting --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The subgraphs of a graph laid out in their places: the nodes that are not subgraphs, numbered,
// and the edges between them. Checking, the interpreter and the tools work on this view.
//
// Order. Nodes keep the file's order, those of a subgraph stand where the subgraph stood. Edges
// keep the order of their list; the list of a graph comes before the lists of its subgraphs, which
// follow in the order of the nodes.
//
// Names. What a name means in a graph: the node of exactly that name; else, for each prefix (the
// shortest first) that ends at a dot and names a subgraph, what the rest means in that subgraph.
// An edge to a subgraph itself goes to its only Input, one from it comes from its only Output.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nir {

class FlatGraph {
public:
  /// The outermost graph or a subgraph.
  struct Scope {
    const Graph *graph;
    const Node *node;                     ///< the subgraph's node; null for the outermost graph
    int32_t parent;                       ///< index of the enclosing scope; -1 for the outermost
    int32_t index;                        ///< of the subgraph's node in the enclosing graph
    std::vector<int32_t> inputs, outputs; ///< its own Input and Output nodes, by index in `nodes`
  };
  /// A node that is not a subgraph.
  struct Leaf {
    const Node *node;
    int32_t scope;
    int32_t index; ///< in the graph of its scope
  };
  struct Edge {
    int32_t source, target; ///< by index in `nodes`
    int32_t scope, index;   ///< where the file lists it
  };
  /// What a name means: a leaf or a subgraph, by index in `nodes` or `scopes`.
  struct Named {
    bool isScope;
    int32_t index;
  };

  std::vector<Scope> scopes; ///< the outermost first, each before those inside it
  std::vector<Leaf> nodes;
  std::vector<Edge> edges;

  /// Lays out `graph`, which must outlive the result and not change. Names and edges that cannot be
  /// meant are added to `problems` (without the file) and left out. Linear in the size of the
  /// graph, whatever its depth.
  static FlatGraph of(const Graph &graph, std::vector<Diagnostic> &problems);

  /// The edges, by index in `edges`, into and out of a node, in the order of `edges`.
  std::span<const int32_t> incoming(int32_t node) const { return in.of(node); }
  std::span<const int32_t> outgoing(int32_t node) const { return out.of(node); }

  /// "encoder.lif1"; that of a scope is empty for the outermost graph.
  std::string path(int32_t node) const;
  std::string scopePath(int32_t scope) const;
  /// What `name` means inside `scope`, by the rule above.
  std::optional<Named> find(std::string_view name, int32_t scope = 0) const;
  /// Input of the outermost graph: its value comes from outside.
  bool isEntry(int32_t node) const;
  /// Output of the outermost graph: its value goes outside.
  bool isExit(int32_t node) const;
  /// Whether an edge of the outermost graph can end (or, `isSource`, start) at the node: one of its
  /// own nodes, or a port of one of its subgraphs. `withPorts` gives an Input or Output to such a
  /// node where it has no edge.
  bool isWithinReach(int32_t node, bool isSource) const;

private:
  struct Names {
    std::unordered_map<std::string_view, Named> byName;
    size_t longestSubgraph = 0; ///< letters of the longest name of a subgraph
  };
  /// For each node a list of edges, in one array.
  struct Lists {
    std::vector<int32_t> begin, edges;
    std::span<const int32_t> of(int32_t node) const {
      return std::span(edges).subspan(begin[node], begin[node + 1] - begin[node]);
    }
  };

  void layOut(const Graph &graph, std::vector<Diagnostic> &problems);
  void addName(int32_t scope, const Node &node, Named meaning, std::vector<Diagnostic> &problems);
  void connect(std::vector<Diagnostic> &problems);
  Result<int32_t> endOf(const nir::Edge &edge, bool isTarget, int32_t scope) const;
  Lists group(int32_t Edge::*end) const;
  std::vector<std::string> namesIn(int32_t scope) const;

  std::vector<Names> names; ///< one a scope
  Lists in, out;
};

/// The graph with one of each two edges that lead from the same node to the same node, of several
/// the first. Names and edges that cannot be meant stay.
Graph withoutDuplicates(const Graph &graph);
/// Whether that takes any away.
bool hasDuplicates(const Graph &graph);

} // namespace nir
