//===- GraphPicture.h - a graph as a picture --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "tools/pictures/draw/Sheet.h"

#include <string>
#include <vector>

namespace nirc {

/// A graph with what a picture shows of it.
struct GraphPicture {
  enum class Kind : uint8_t { Port, Connection, Neurons, Other };
  struct Node {
    std::string name; ///< within its subgraph
    std::string type; ///< "LIF"
    std::string said; ///< "[20]", below the name
    Kind kind = Kind::Other;
    size_t cluster = 0;
  };
  /// A subgraph. The first is the whole graph, and each comes after the one around it.
  struct Cluster {
    std::string name;
    size_t parent = 0;
  };
  struct Edge {
    size_t from = 0, to = 0; ///< nodes
    bool isLate = false;     ///< it carries the value of the step before
  };
  std::string model; ///< the file's name
  std::vector<Cluster> clusters = {{}};
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::string caption;
};

/// The graph in Graphviz's language, with subgraphs as clusters.
std::string dotOf(const GraphPicture &picture);

/// From inputs at the top to outputs at the bottom, laid out by Graphviz's dot. As wide as the
/// style says, or wider where the graph is. An error of more nodes or edges than it lays out in
/// seconds. One layout at a time, whatever the threads.
nir::Result<Drawing> graphFigure(const GraphPicture &picture, const FigureStyle &style);

} // namespace nirc
