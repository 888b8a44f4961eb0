//===- Graph.cpp - finding and comparing nodes ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Graph.h"

#include <algorithm>

namespace nir {

Params::Params() = default;
Params::Params(const Params &) = default;
Params::Params(Params &&) noexcept = default;
Params &Params::operator=(const Params &) = default;
Params &Params::operator=(Params &&) noexcept = default;
Params::~Params() = default;

const Node *Graph::find(std::string_view name) const {
  auto it = std::find_if(nodes.begin(), nodes.end(), [&](const Node &n) { return n.name == name; });
  return it == nodes.end() ? nullptr : &*it;
}

std::string_view Node::type() const {
  return std::visit([](const auto &primitive) { return std::decay_t<decltype(primitive)>::type; },
                    params);
}

bool Model::isLoneNode() const { return graph.nodes.size() == 1 && graph.nodes[0].name.empty(); }

template <size_t Index = 0>
static std::optional<Params> primitiveAt(std::string_view type) {
  if constexpr (Index == std::variant_size_v<Params::Variant>) {
    return std::nullopt;
  } else {
    using T = std::variant_alternative_t<Index, Params::Variant>;
    if (T::type == type) {
      return Params(T{});
    }
    return primitiveAt<Index + 1>(type);
  }
}

std::optional<Params> primitiveOfType(std::string_view type) { return primitiveAt(type); }

/// A primitive's parameters, to compare two without naming each.
static std::vector<std::variant<Tensor, std::optional<Tensor>, Padding>>
list(const Params &params) {
  std::vector<std::variant<Tensor, std::optional<Tensor>, Padding>> all;
  visitParams(params, [&](const char *, const auto &parameter) {
    all.emplace_back(std::in_place_type<std::decay_t<decltype(parameter)>>, parameter);
  });
  return all;
}

bool operator==(const Node &a, const Node &b) {
  if (a.name != b.name || a.params.index() != b.params.index() || !(a.metadata == b.metadata)) {
    return false;
  }
  if (const Graph *inner = a.as<Graph>()) {
    return *inner == *b.as<Graph>();
  }
  return list(a.params) == list(b.params);
}

bool operator==(const Graph &a, const Graph &b) { return a.nodes == b.nodes && a.edges == b.edges; }

bool operator==(const Model &a, const Model &b) {
  return a.version == b.version && a.graph == b.graph && a.metadata == b.metadata;
}

std::string join(std::string_view path, std::string_view name) {
  std::string joined(path);
  if (!joined.empty()) {
    joined += '.';
  }
  return joined.append(name);
}

} // namespace nir
