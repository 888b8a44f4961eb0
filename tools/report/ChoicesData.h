//===- ChoicesData.h - the choices of a run for the report ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

namespace nirc {

/// [{"name", "summary", "isUsual", "values": [{"value", "meaning", "families"}]}]: every choice of
/// the semantics, with the values that the neurons of the graph have. `isUsual`: all are those of
/// the preset nir. A choice of the whole network has no "families".
Json choicesJson(const nir::Semantics &semantics, const nir::Graph &graph);

} // namespace nirc
