//===- Ports.h - Input and Output nodes for a graph without -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

namespace nir {

/// The graph with a way in and a way out for every signal, as the official library completes it: a
/// node of the outermost graph that no edge enters and that is not an Input gets an Input node
/// "input_NAME", a node that no edge leaves and that is not an Output gets an Output node
/// "output_NAME"; "_0", "_1", ... is added where the name is taken. New nodes and edges come after
/// those of the file. A subgraph is treated through its only Input or Output node; one with several
/// gets a port each ("input_G.B"). A lone node, which has no name, is called by its type in lower
/// case first. The graph comes back unchanged where `check` refuses it.
Graph withPorts(const Graph &graph);

} // namespace nir
