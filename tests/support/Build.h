//===- Build.h - graphs in a few words --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace nir::test {

/// float64 [n].
inline Tensor vec(const std::vector<double> &values) { return Tensor::vector(values); }
/// float64 of that shape.
inline Tensor array(Shape shape, const std::vector<double> &values) {
  return Tensor::of(std::move(shape), values);
}
inline Tensor number(double value) { return Tensor::scalar(value); }
/// int64.
inline Tensor whole(int64_t value) { return Tensor::scalar(value); }
inline Tensor wholes(const std::vector<int64_t> &values) { return Tensor::vector(values); }

inline Input input(const std::vector<int64_t> &shape) { return {wholes(shape)}; }
inline Output output(const std::vector<int64_t> &shape) { return {wholes(shape)}; }

struct NamedParams {
  std::string name;
  Params params;
};

inline Graph graphOf(const std::vector<NamedParams> &nodes,
                     const std::vector<std::pair<std::string, std::string>> &edges) {
  Graph graph;
  for (const NamedParams &node : nodes) {
    graph.nodes.push_back({node.name, node.params, {}});
  }
  for (const auto &[source, target] : edges) {
    graph.edges.push_back({source, target});
  }
  return graph;
}

/// "in" of `shape` -> "node" -> "out" of `outShape`.
inline Graph around(Params params, const std::vector<int64_t> &shape,
                    const std::vector<int64_t> &outShape) {
  return graphOf({{"in", input(shape)}, {"node", std::move(params)}, {"out", output(outShape)}},
                 {{"in", "node"}, {"node", "out"}});
}

} // namespace nir::test
