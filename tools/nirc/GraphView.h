//===- GraphView.h - the edges and the order of a graph ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Check.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/Report.h"
#include "tools/pictures/graph/GraphPicture.h"

#include <map>
#include <string>
#include <vector>

namespace nirc {

/// A graph without nesting, as it is shown. Independent of the graph that it was made of.
struct GraphView {
  struct Edge {
    std::string source, target; ///< paths
    bool isLate = false;        ///< it carries the value of the step before
  };
  std::vector<std::string> order; ///< paths; each after those that send to it, but for late edges
  std::vector<Edge> edges;        ///< in the file's order
  GraphPicture picture;           ///< with a node for each path, in the file's order

  /// "fc2, output": where each node sends to.
  std::map<std::string, std::string> targets() const;
};

/// Nodes in topological order, those of `late` edges (by index) left out; where a loop is left, as
/// a step evaluates its nodes.
std::vector<int32_t> topologicalOrder(const nir::FlatGraph &flat, const nir::Semantics &semantics,
                                      const std::vector<bool> &late);

/// `late`: the edges that feed back. `semantics` with a step.
GraphView graphView(const nir::Graph &graph, const nir::Checked &checked,
                    const nir::Semantics &semantics, const std::vector<nir::LateEdge> &late);

/// [{"source", "target", "late"}].
Json edgesJson(const GraphView &view);
/// Tensors as values where they are few, else {"dtype", "shape", "min", "max", "uniform"}.
Json metadataJson(const nir::Metadata &metadata);

} // namespace nirc
