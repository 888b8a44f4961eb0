//===- GraphData.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/report/GraphData.h"

#include "api/io/Totals.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace nirc {

/// Bars enough for the shape of a distribution, and few enough to tell each from the next.
static constexpr size_t bars = 40;

static Json histogramJson(const std::vector<double> &values, double least, double most) {
  std::vector<int64_t> counts(bars, 0);
  for (double value : values) {
    double place = (value - least) / (most - least) * static_cast<double>(bars);
    counts[std::min(bars - 1, static_cast<size_t>(place))] += 1;
  }
  return {{"from", least}, {"to", most}, {"counts", counts}};
}

static Json tensorJson(const nir::Tensor &tensor) {
  std::vector<double> values = tensor.toDoubles();
  Json json = {{"dtype", nir::name(tensor.dtype())}, {"shape", tensor.shape()}};
  if (values.empty()) {
    return json;
  }
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  double sum = 0.0;
  for (double value : values) {
    sum += value;
  }
  json["min"] = *least;
  json["max"] = *most;
  json["mean"] = sum / static_cast<double>(values.size());
  bool spread = *most > *least && std::isfinite(*most - *least);
  if (spread && values.size() > 1) {
    json["histogram"] = histogramJson(values, *least, *most);
  }
  return json;
}

static Json parametersJson(const nir::Node &node) {
  Json parameters = Json::array();
  auto add = [&](const char *name, const Json &json) {
    Json whole = {{"name", name}};
    whole.update(json);
    parameters.push_back(std::move(whole));
  };
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, nir::Tensor>) {
      add(name, tensorJson(parameter));
    } else if constexpr (std::is_same_v<T, std::optional<nir::Tensor>>) {
      if (parameter) {
        add(name, tensorJson(*parameter));
      }
    } else if (const nir::Tensor *numbers = std::get_if<nir::Tensor>(&parameter)) {
      add(name, tensorJson(*numbers));
    } else {
      add(name, Json{{"text", std::get<std::string>(parameter)}});
    }
  });
  return parameters;
}

static Json nodeJson(const nir::FlatGraph &flat, int32_t index, const nir::NodeShapes &shapes) {
  const nir::FlatGraph::Leaf &leaf = flat.nodes[static_cast<size_t>(index)];
  return {{"name", flat.path(index)},
          {"label", leaf.node->name},
          {"group", flat.scopePath(leaf.scope)},
          {"kind", leaf.node->type()},
          {"input", shapes.input},
          {"shape", shapes.output},
          {"neurons", neurons(*leaf.node, shapes)},
          {"synapses", synapses(*leaf.node, shapes)},
          {"parameters", parametersJson(*leaf.node)}};
}

Json graphJson(const nir::Graph &graph, const nir::Checked &checked,
               const std::vector<nir::LateEdge> &late) {
  std::vector<nir::Diagnostic> problems; // none: the graph passed the check
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  std::vector<const nir::NodeShapes *> shapes = nir::flatShapes(flat, checked.shapes);
  Json nodes = Json::array(), edges = Json::array(), lateEdges = Json::array();
  std::map<std::string, int32_t> numbers;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto index = static_cast<int32_t>(i);
    numbers.emplace(flat.path(index), index);
    nodes.push_back(nodeJson(flat, index, *shapes[i]));
  }
  for (const nir::FlatGraph::Edge &edge : flat.edges) {
    edges.push_back({edge.source, edge.target});
  }
  for (const nir::LateEdge &edge : late) {
    auto source = numbers.find(edge.source), target = numbers.find(edge.target);
    if (source != numbers.end() && target != numbers.end()) {
      lateEdges.push_back({source->second, target->second});
    }
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}, {"late", std::move(lateEdges)}};
}

} // namespace nirc
