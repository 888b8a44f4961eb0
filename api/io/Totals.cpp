//===- Totals.cpp - neurons, synapses and parameters counted --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Totals.h"

#include "ir/graph/Window.h"

#include <algorithm>
#include <string_view>

namespace nirc {

void forEachNode(
    const nir::Graph &graph, const std::vector<nir::NodeShapes> &shapes,
    const std::function<void(const std::string &, const nir::Node &, const nir::NodeShapes &)> &f) {
  struct Level {
    const nir::Graph *graph;
    const std::vector<nir::NodeShapes> *shapes;
    std::string path;
    size_t next;
  };
  std::vector<Level> levels = {
      {&graph, &shapes, "", 0}}; // a stack of its own: nesting has no limit
  while (!levels.empty()) {
    Level &level = levels.back();
    if (level.next == level.graph->nodes.size()) {
      levels.pop_back();
      continue;
    }
    static const nir::NodeShapes unknown;
    const nir::Node &node = level.graph->nodes[level.next];
    const nir::NodeShapes &shape =
        level.next < level.shapes->size() ? (*level.shapes)[level.next] : unknown;
    ++level.next;
    std::string path = nir::join(level.path, node.name);
    if (const nir::Graph *inner = node.as<nir::Graph>()) {
      levels.push_back({inner, &shape.inner, std::move(path), 0});
    } else {
      f(path, node, shape);
    }
  }
}

int64_t neurons(const nir::Node &node, const nir::NodeShapes &shapes) {
  static constexpr std::string_view types[] = {"I", "IF", "LI", "LIF", "CubaLI", "CubaLIF"};
  bool isNeuron = std::find(std::begin(types), std::end(types), node.type()) != std::end(types);
  return isNeuron ? nir::numElements(shapes.output) : 0;
}

static int64_t countNonZero(const nir::Tensor &weight) {
  std::vector<double> values = weight.toDoubles();
  return static_cast<int64_t>(values.size()) - std::count(values.begin(), values.end(), 0.0);
}

/// Along a dimension of the window: for each of its places in the kernel, at how many outputs it
/// reads the signal and not its padding.
static std::vector<int64_t> reads(const nir::Window &window, size_t d, int64_t in, int64_t out) {
  std::vector<int64_t> counts(static_cast<size_t>(window.kernel[d]), 0);
  for (int64_t k = 0; k < window.kernel[d]; ++k) {
    for (int64_t place = 0; place < out; ++place) {
      int64_t at = place * window.stride[d] - window.before[d] + k * window.dilation[d];
      counts[static_cast<size_t>(k)] += at >= 0 && at < in;
    }
  }
  return counts;
}

static int64_t convSynapses(const nir::Node &node, const nir::Tensor &weight,
                            const nir::NodeShapes &shapes) {
  nir::Result<nir::Window> window = nir::windowOf(node);
  if (!window) {
    return 0; // the check has refused it
  }
  bool flat = shapes.input.size() == 2; // Conv1d: no rows
  std::vector<int64_t> rows =
      reads(*window, 0, flat ? 1 : shapes.input[1], flat ? 1 : shapes.output[1]);
  std::vector<int64_t> columns = reads(*window, 1, shapes.input.back(), shapes.output.back());
  std::vector<double> values = weight.toDoubles();
  int64_t sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    size_t column = i % columns.size();
    size_t row = i / columns.size() % rows.size();
    sum += values[i] != 0.0 ? rows[row] * columns[column] : 0;
  }
  return sum;
}

int64_t synapses(const nir::Node &node, const nir::NodeShapes &shapes) {
  if (const auto *affine = node.as<nir::Affine>()) {
    return countNonZero(affine->weight);
  }
  if (const auto *linear = node.as<nir::Linear>()) {
    return countNonZero(linear->weight);
  }
  if (const auto *conv = node.as<nir::Conv1d>()) {
    return convSynapses(node, conv->weight, shapes);
  }
  if (const auto *conv = node.as<nir::Conv2d>()) {
    return convSynapses(node, conv->weight, shapes);
  }
  return 0;
}

/// Whether a parameter says how large things are rather than how strong.
static bool isLayout(std::string_view name) {
  static constexpr std::string_view names[] = {
      "shape",    "input_shape", "input_type",  "stride",    "padding",
      "dilation", "groups",      "kernel_size", "start_dim", "end_dim"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::vector<NamedParameter> strengths(const nir::Node &node) {
  std::vector<NamedParameter> all;
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if (isLayout(name)) {
      return;
    }
    if constexpr (std::is_same_v<T, nir::Tensor>) {
      all.push_back({name, parameter});
    } else if constexpr (std::is_same_v<T, std::optional<nir::Tensor>>) {
      if (parameter) {
        all.push_back({name, *parameter});
      }
    }
  });
  return all;
}

/// Calls f with every graph and its path, the outermost first.
template <typename F>
static void forEachGraph(const nir::Graph &graph, F f) {
  std::vector<std::pair<std::string, const nir::Graph *>> open = {{"", &graph}};
  while (!open.empty()) {
    auto [path, next] = std::move(open.back());
    open.pop_back();
    f(path, *next);
    for (const nir::Node &node : next->nodes) {
      if (const nir::Graph *inner = node.as<nir::Graph>()) {
        open.emplace_back(nir::join(path, node.name), inner);
      }
    }
  }
}

std::set<std::string, std::less<>> subgraphPaths(const nir::Graph &graph) {
  std::set<std::string, std::less<>> paths;
  forEachGraph(graph, [&](const std::string &path, const nir::Graph &inner) {
    if (&inner != &graph) {
      paths.insert(path);
    }
  });
  return paths;
}

Totals totalsOf(const nir::Graph &graph, const nir::Checked &checked) {
  Totals totals;
  forEachGraph(graph, [&](const std::string &, const nir::Graph &inner) {
    totals.edges += static_cast<int64_t>(inner.edges.size());
  });
  forEachNode(graph, checked.shapes,
              [&](const std::string &, const nir::Node &node, const nir::NodeShapes &shapes) {
                ++totals.nodes;
                totals.neurons += neurons(node, shapes);
                totals.synapses += synapses(node, shapes);
                for (const NamedParameter &parameter : strengths(node)) {
                  totals.parameters += parameter.value.size();
                  totals.bytes += static_cast<int64_t>(parameter.value.sizeInBytes());
                }
              });
  return totals;
}

} // namespace nirc
