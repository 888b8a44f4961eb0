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
#include <utility>
#include <vector>

namespace nirc {

/// A mapping, and of what it is.
struct MappedModel {
  std::string model;             ///< the file
  std::string semantics, format; ///< as the command line takes them
  Mapping mapping;
  std::vector<std::string> order = {};   ///< of the nodes, where it is known
  std::vector<std::string> outputs = {}; ///< nodes whose spikes leave the network
  /// Which node sends to which; empty names are what is outside.
  std::vector<std::pair<std::string, std::string>> edges = {};
};

/// For people: how many cores, how full each is, and what is sent between them. For many
/// cores it shows the nodes, and the fullest and emptiest cores; `all` shows every core.
std::string mappingText(const MappedModel &model, bool all);

/// Complete, for programs: {"target", "chips", "grid", "least_cores", "partitioner", "resources",
/// "cores", "inputs", "traffic"}.
nlohmann::ordered_json mappingJson(const MappedModel &model);

} // namespace nirc
