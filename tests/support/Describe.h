//===- Describe.h - a graph in a failure message ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include <string>

namespace nir::test {

/// The nodes with their parameters and the edges, a line each, subgraphs indented.
std::string describe(const Graph &graph);

} // namespace nir::test
