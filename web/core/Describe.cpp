//===- Describe.cpp - a model as JSON for the page ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "web/core/Describe.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/graph/FlatGraph.h"

#include <algorithm>
#include <cmath>

using Json = nlohmann::json;

namespace nirc::web {

static Json nodeJson(const std::string &node) { return node.empty() ? Json() : Json(node); }

Json diagnosticsJson(const std::vector<nir::Diagnostic> &diagnostics) {
  Json list = Json::array();
  for (const nir::Diagnostic &diagnostic : diagnostics) {
    Json notes = Json::array();
    for (const nir::Note &note : diagnostic.notes) {
      notes.push_back({{"node", nodeJson(note.node)}, {"message", note.message}});
    }
    list.push_back({{"name", nodeJson(diagnostic.code)},
                    {"severity", nir::name(diagnostic.severity)},
                    {"node", nodeJson(diagnostic.node)},
                    {"message", diagnostic.message},
                    {"notes", std::move(notes)}});
  }
  return list;
}

static Json parameterJson(const char *name, const nir::Tensor &tensor) {
  Json json = {{"name", name}, {"shape", tensor.shape()}, {"dtype", nir::name(tensor.dtype())}};
  std::vector<double> values = tensor.toDoubles();
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) {
    return json;
  }
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  double from = *least, to = *most, sum = 0.0;
  constexpr size_t parts = 24;
  std::vector<int64_t> counts(parts);
  for (double value : values) {
    sum += value;
    double part = to > from ? (value / to - from / to) / (1.0 - from / to) * parts : 0.0;
    part = std::isfinite(part) ? part : (value - from) / (to - from) * parts;
    counts[std::min(static_cast<size_t>(std::max(part, 0.0)), parts - 1)]++;
  }
  json["min"] = from;
  json["max"] = to;
  json["mean"] = sum / static_cast<double>(values.size());
  if (values.size() > 1) {
    json["histogram"] = {{"from", from}, {"to", to}, {"counts", counts}};
  }
  return json;
}

static Json parametersJson(const nir::Node &node) {
  Json list = Json::array();
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, nir::Tensor>) {
      list.push_back(parameterJson(name, parameter));
    } else if constexpr (std::is_same_v<T, std::optional<nir::Tensor>>) {
      if (parameter) {
        list.push_back(parameterJson(name, *parameter));
      }
    } else if (const auto *text = std::get_if<std::string>(&parameter)) {
      list.push_back({{"name", name}, {"text", *text}});
    } else {
      list.push_back(parameterJson(name, std::get<nir::Tensor>(parameter)));
    }
  });
  return list;
}

Json graphJson(const nir::Graph &graph, const nir::Checked &checked) {
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  std::vector<const nir::NodeShapes *> shapes;
  if (checked.ok()) {
    shapes = nir::flatShapes(flat, checked.shapes);
  }
  Json nodes = Json::array(), edges = Json::array();
  std::vector<std::string> paths;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const nir::Node &node = *flat.nodes[i].node;
    paths.push_back(flat.path(static_cast<int32_t>(i)));
    nodes.push_back({{"name", paths.back()},
                     {"kind", node.type()},
                     {"shape", shapes.empty() ? Json() : Json(shapes[i]->output)},
                     {"parameters", parametersJson(node)}});
  }
  for (const nir::FlatGraph::Edge &edge : flat.edges) {
    edges.push_back(
        {paths[static_cast<size_t>(edge.source)], paths[static_cast<size_t>(edge.target)]});
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

Json semanticsJson() {
  Json presets = Json::array(), choices = Json::array();
  for (const nir::Preset &preset : nir::presets()) {
    presets.push_back(
        {{"name", preset.name}, {"summary", preset.summary}, {"choices", preset.choices}});
  }
  for (const nir::Choice &choice : nir::choices()) {
    Json values = Json::array();
    for (const nir::Choice::Value &value : choice.values) {
      values.push_back({{"name", value.name}, {"meaning", value.meaning}});
    }
    choices.push_back({{"name", choice.name},
                       {"summary", choice.summary},
                       {"open", choice.isOpen},
                       {"values", std::move(values)}});
  }
  return {{"presets", std::move(presets)}, {"choices", std::move(choices)}};
}

} // namespace nirc::web
