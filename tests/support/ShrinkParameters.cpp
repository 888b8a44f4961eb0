//===- ShrinkParameters.cpp - plain numbers that still fail ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Shrink.h"

#include "ir/graph/Check.h"
#include "tests/support/Random.h"

#include <cmath>

namespace nir::test {

/// Calls `each` with every tensor, in one order.
static void forEachTensor(Graph &graph, const std::function<void(Tensor &)> &each) {
  for (Node &node : graph.nodes) {
    visitParams(node.params, [&](const char *, auto &parameter) {
      using T = std::decay_t<decltype(parameter)>;
      if constexpr (std::is_same_v<T, Tensor>) {
        each(parameter);
      } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
        if (parameter) {
          each(*parameter);
        }
      } else if (auto *tensor = std::get_if<Tensor>(&parameter)) {
        each(*tensor);
      }
    });
    if (auto *inner = std::get_if<Graph>(&node.params)) {
      forEachTensor(*inner, each);
    }
  }
}

size_t countParameters(const Graph &graph) {
  Graph copy = graph;
  size_t count = 0;
  forEachTensor(copy, [&](Tensor &) { ++count; });
  return count;
}

Graph withParameter(Graph graph, size_t index,
                    const std::function<Tensor(const Tensor &)> &change) {
  size_t at = 0;
  forEachTensor(graph, [&](Tensor &tensor) {
    if (at++ == index) {
      tensor = change(tensor);
    }
  });
  return graph;
}

static Tensor filled(const Tensor &tensor, double value) {
  return tensorOf(tensor.dtype(), tensor.shape(),
                  std::vector<double>(static_cast<size_t>(tensor.size()), value));
}

/// Every element as a multiple of a power of two that is about `1 / parts` of it.
static Tensor rounded(const Tensor &tensor, double parts) {
  std::vector<double> values = tensor.toDoubles();
  for (double &value : values) {
    if (value != 0.0 && std::isfinite(value)) {
      double unit = std::exp2(std::floor(std::log2(std::abs(value)))) / parts;
      value = unit == 0.0 ? value : std::round(value / unit) * unit;
    }
  }
  return tensorOf(tensor.dtype(), tensor.shape(), values);
}

/// From the plainest on. Integers are sizes and strides, which stay.
static std::vector<std::function<Tensor(const Tensor &)>> plainer() {
  return {[](const Tensor &t) { return filled(t, 1.0); },
          [](const Tensor &t) { return filled(t, 0.0); },
          [](const Tensor &t) { return filled(t, t.size() ? t.at(0) : 0.0); },
          [](const Tensor &t) { return tensorOf(DType::F64, t.shape(), t.toDoubles()); },
          [](const Tensor &t) { return rounded(t, 1.0); },
          [](const Tensor &t) { return rounded(t, 8.0); }};
}

static void withoutMetadata(Graph &graph) {
  for (Node &node : graph.nodes) {
    node.metadata.clear();
    if (auto *inner = std::get_if<Graph>(&node.params)) {
      withoutMetadata(*inner);
    }
  }
}

Graph simplifyParameters(Graph graph, const std::function<bool(const Graph &)> &stillFails) {
  auto keepIfFails = [&](Graph plain) {
    if (plain == graph || !check(plain).ok() || !stillFails(plain)) {
      return false;
    }
    graph = std::move(plain);
    return true;
  };
  Graph bare = graph;
  withoutMetadata(bare);
  keepIfFails(std::move(bare));
  for (size_t i = 0; i < countParameters(graph); ++i) {
    for (const auto &change : plainer()) {
      bool isKept = keepIfFails(withParameter(graph, i, [&](const Tensor &tensor) {
        return isFloat(tensor.dtype()) ? change(tensor) : tensor;
      }));
      if (isKept) {
        break;
      }
    }
  }
  return graph;
}

} // namespace nir::test
