//===- MappingView.h - what is shown of a mapping ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace nirc {

/// A mapping, and of what it is.
struct MappedModel {
  std::string model;             ///< the file
  std::string semantics, format; ///< as the command line takes them
  Mapping mapping;
  std::vector<std::string> order = {}; ///< of the nodes, where it is known
};

/// For people: how many cores, how full each is, and what is sent between them. For many
/// cores it shows the nodes, and the fullest and emptiest cores; `all` shows every core.
std::string mappingText(const MappedModel &model, bool all);

/// Complete, for programs: {"target", "chips", "grid", "least_cores", "partitioner", "resources",
/// "cores", "inputs", "traffic"}.
nlohmann::ordered_json mappingJson(const MappedModel &model);

/// A picture, SVG 1.1: chips as grids of cores, coloured by node, filled as their memory is, with
/// the strongest routes. The same mapping gives the same bytes.
std::string mappingSvg(const MappedModel &model);

} // namespace nirc
