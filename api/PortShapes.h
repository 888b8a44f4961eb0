//===- PortShapes.h - shapes in the place of those that a file declares -*- C++ -*-===//
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

namespace nirc {

/// Gives Input and Output nodes other shapes: each text is "NODE=2,34,34", with NODE a path as
/// "encoder.input", or "NODE=" for a single number. Errors are faults of the command line.
nir::Status takeShapes(nir::Graph &graph, const std::vector<std::string> &texts);

} // namespace nirc
