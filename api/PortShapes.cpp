//===- PortShapes.cpp - shapes in the place of those that a file declares -===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/PortShapes.h"

#include "ir/Wording.h"

#include <charconv>
#include <fmt/format.h>

namespace nirc {

/// Every Input and Output, with its path.
static void collectPorts(nir::Graph &graph, const std::string &prefix,
                         std::vector<std::pair<std::string, nir::Node *>> &ports) {
  for (nir::Node &node : graph.nodes) {
    if (node.as<nir::Input>() || node.as<nir::Output>()) {
      ports.emplace_back(prefix + node.name, &node);
    } else if (auto *inner = std::get_if<nir::Graph>(&node.params)) {
      collectPorts(*inner, prefix + node.name + ".", ports);
    }
  }
}

static nir::Result<nir::Tensor> shapeOf(std::string_view text) {
  std::vector<int64_t> dims;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view part = rest.substr(0, rest.find(','));
    int64_t dim = 0;
    auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), dim);
    bool isLast = part.size() == rest.size();
    if (failed != std::errc() || end != part.data() + part.size() || dim < 1 ||
        (!isLast && part.size() + 1 == rest.size())) {
      return nir::Error::usage(
          fmt::format("--shape: found '{}', expected dimensions as 2,34,34", text));
    }
    dims.push_back(dim);
    rest = isLast ? std::string_view() : rest.substr(part.size() + 1);
  }
  return nir::Tensor::vector<int64_t>(dims);
}

nir::Status takeShapes(nir::Graph &graph, const std::vector<std::string> &texts) {
  std::vector<std::pair<std::string, nir::Node *>> ports;
  if (!texts.empty()) {
    collectPorts(graph, "", ports);
  }
  for (const std::string &text : texts) {
    size_t split = text.rfind('=');
    if (split == std::string::npos) {
      return nir::Error::usage(
          fmt::format("--shape: found '{}', expected a node and its shape as input=2,34,34", text));
    }
    std::string name = text.substr(0, split);
    std::vector<std::string> names;
    nir::Node *node = nullptr;
    for (const auto &[path, port] : ports) {
      names.push_back(path);
      node = path == name ? port : node;
    }
    if (!node) {
      return nir::Error::usage(nir::Cause::UnknownNode,
                               fmt::format("--shape: no Input or Output is called '{}', there are "
                                           "{}",
                                           name, names.empty() ? "none" : nir::quoted(names)));
    }
    nir::Result<nir::Tensor> shape = shapeOf(std::string_view(text).substr(split + 1));
    if (!shape) {
      return shape.takeError();
    }
    if (auto *input = std::get_if<nir::Input>(&node->params)) {
      input->shape = *shape;
    } else {
      std::get<nir::Output>(node->params).shape = *shape;
    }
  }
  return std::nullopt;
}

} // namespace nirc
