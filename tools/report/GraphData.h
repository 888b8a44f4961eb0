//===- GraphData.h - a graph for the report ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"

namespace nirc {

/// {"nodes": [{"name", "label", "group", "kind", "input", "shape", "neurons", "synapses",
/// "parameters"}], "edges": [[from, to]], "late": [[from, to]]}. Ends of edges are numbers of
/// nodes. `name` is a node's path, `label` the last word of it and `group` the subgraph that it is
/// in; a subgraph itself is no node. A parameter is {"name", "dtype", "shape", "min", "max",
/// "mean", "histogram": {"from", "to", "counts"}}, or {"name", "text"}. Of a graph that the check
/// passed.
Json graphJson(const nir::Graph &graph, const nir::Checked &checked,
               const std::vector<nir::LateEdge> &late);

} // namespace nirc
