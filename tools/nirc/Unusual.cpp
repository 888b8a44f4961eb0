//===- Unusual.cpp - what is unusual about a file -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Unusual.h"

#include "api/io/Totals.h"
#include "tools/text/NodeText.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

/// "'a', 'b' and 3 more".
static std::string some(const std::vector<std::string> &names) {
  constexpr size_t shown = 4;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), shown); ++i) {
    text += fmt::format("{}'{}'", i ? ", " : "", printable(names[i]));
  }
  return names.size() > shown ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

/// The optional parameters that a primitive of today's library always has and this node lacks.
static std::vector<std::string> missing(const nir::Node &node) {
  std::vector<std::string> names;
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, std::optional<nir::Tensor>>) {
      if (!parameter) {
        names.emplace_back(name);
      }
    }
  });
  return names;
}

std::vector<std::string> unusual(const nir::Model &model, const nir::Checked &checked) {
  std::vector<std::string> lines;
  for (const nir::Diagnostic &diagnostic : checked.diagnostics) {
    std::string where =
        diagnostic.node.empty() ? "" : fmt::format("node '{}': ", printable(diagnostic.node));
    lines.push_back(where + diagnostic.message);
  }
  if (model.version.empty()) {
    lines.emplace_back("the file does not say which version of NIR it is of");
  }
  if (model.isLoneNode()) {
    lines.emplace_back("the file holds a lone node and no graph");
  }
  // One line for all nodes of which the same is to be said.
  std::map<std::string, std::vector<std::string>> absent, dtypes;
  std::vector<std::string> names;
  forEachNode(model.graph, checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                for (const std::string &name : missing(node)) {
                  absent[name].push_back(path);
                }
                for (const NamedParameter &parameter : strengths(node)) {
                  if (parameter.value.dtype() != nir::DType::F32) {
                    dtypes[std::string(nir::name(parameter.value.dtype()))].push_back(
                        fmt::format("{}.{}", path, parameter.name));
                  }
                }
                if (node.name.find_first_of("./") != std::string::npos) {
                  names.push_back(path);
                }
              });
  for (const auto &[name, nodes] : absent) {
    lines.push_back(fmt::format("{} is absent in {}", name, some(nodes)));
  }
  for (const auto &[dtype, parameters] : dtypes) {
    lines.push_back(fmt::format("{} instead of float32 in {}", dtype, some(parameters)));
  }
  if (!names.empty()) {
    lines.push_back(fmt::format("names with a dot or a slash: {}", some(names)));
  }
  return lines;
}

} // namespace nirc
