//===- Describe.cpp - a graph as text -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Describe.h"

#include <fmt/format.h>

namespace nir::test {

static std::string describe(const Tensor &tensor) {
  constexpr int64_t shown = 8;
  std::string text = fmt::format("{}{}", name(tensor.dtype()), str(tensor.shape()));
  for (int64_t i = 0; i < std::min(shown, tensor.size()); ++i) {
    text += fmt::format("{}{}", i ? ", " : " {", tensor.at(i));
  }
  return text + (tensor.size() > shown ? ", …}" : "}");
}

static std::string describe(const std::optional<Tensor> &tensor) {
  return tensor ? describe(*tensor) : "absent";
}

static std::string describe(const Padding &padding) {
  const auto *name = std::get_if<std::string>(&padding);
  return name ? *name : describe(std::get<Tensor>(padding));
}

static void describe(const Graph &graph, const std::string &indent, std::string &text) {
  for (const Node &node : graph.nodes) {
    text += fmt::format("{}{} '{}'\n", indent, node.type(), node.name);
    visitParams(node.params, [&](const char *name, const auto &parameter) {
      text += fmt::format("{}    {} = {}\n", indent, name, describe(parameter));
    });
    if (const Graph *inner = node.as<Graph>()) {
      describe(*inner, indent + "  ", text);
    }
  }
  for (const Edge &edge : graph.edges) {
    text += fmt::format("{}'{}' -> '{}'\n", indent, edge.source, edge.target);
  }
}

std::string describe(const Graph &graph) {
  std::string text;
  describe(graph, "", text);
  return text;
}

} // namespace nir::test
