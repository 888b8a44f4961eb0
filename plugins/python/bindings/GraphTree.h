//===- GraphTree.h - graphs as Python's own lists and dicts -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include <pybind11/pybind11.h>
#include <string_view>

namespace nirc::python {

// A model is (version, nodes, edges, metadata). A node is (name, type, parameters, metadata,
// subgraph), parameters a dict of arrays and texts, the subgraph None or as a model. Metadata is a
// dict of texts, arrays, arrays of texts and dicts. nirc.Graph is made of them.

/// Arrays share the model's memory and cannot be written.
pybind11::tuple treeOf(const nir::Model &model);

/// Names keep bytes that are no UTF-8, so that they are found again.
pybind11::str strOf(std::string_view bytes);

/// The parameters of each primitive, by its name.
pybind11::dict primitives();

/// The arrays are copied. Raises an exception where the tree is malformed, or holds what NIR does
/// not have.
nir::Model modelOf(pybind11::handle tree);

} // namespace nirc::python
