//===- Parameters.h - whether a node's numbers can be meant -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <string>
#include <vector>

namespace nir {

/// Looks at the values of a node's parameters: adds an error to `found` for each that is NaN or
/// infinite, for a time constant that is not positive, for a negative delay, and a warning for a
/// reset that does not end a spike. The caller fills in where the node is.
void checkValues(const Node &node, std::vector<Diagnostic> &found);

} // namespace nir
