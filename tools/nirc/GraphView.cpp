//===- GraphView.cpp - the edges and the order of a graph -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/GraphView.h"

#include "api/io/Printable.h"
#include "api/io/Totals.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace nirc {

static GraphPicture::Kind kindOf(const nir::Node &node) {
  if (node.as<nir::Input>() || node.as<nir::Output>()) {
    return GraphPicture::Kind::Port;
  }
  if (nir::isNeuron(node) || node.as<nir::LI>() || node.as<nir::CubaLI>() || node.as<nir::I>()) {
    return GraphPicture::Kind::Neurons;
  }
  bool isOther = strengths(node).empty() || node.as<nir::Threshold>() || node.as<nir::Delay>();
  return isOther ? GraphPicture::Kind::Other : GraphPicture::Kind::Connection;
}

/// "[20]", or "[12] → [20]" where the shape changes.
static std::string shapesText(const nir::NodeShapes &shapes) {
  return shapes.input == shapes.output || shapes.input.empty()
             ? nir::str(shapes.output)
             : nir::str(shapes.input) + " → " + nir::str(shapes.output);
}

std::vector<int32_t> topologicalOrder(const nir::FlatGraph &flat, const nir::Semantics &semantics,
                                      const std::vector<bool> &late) {
  std::vector<size_t> waitsFor(flat.nodes.size());
  for (size_t i = 0; i < flat.edges.size(); ++i) {
    waitsFor[static_cast<size_t>(flat.edges[i].target)] += !late[i];
  }
  std::vector<int32_t> order;
  std::vector<bool> isThere(flat.nodes.size());
  auto add = [&](int32_t node) {
    if (!isThere[static_cast<size_t>(node)]) {
      isThere[static_cast<size_t>(node)] = true;
      order.push_back(node);
    }
  };
  // Nodes that wait for the step before alone come when no other can.
  std::vector<int32_t> lateAlone;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (flat.incoming(node).empty()) {
      add(node);
    } else if (waitsFor[i] == 0) {
      lateAlone.push_back(node);
    }
  }
  std::vector<int32_t> fallback = nir::evaluationOrder(flat, nir::opaqueNodes(flat, semantics));
  size_t next = 0, nextLate = 0;
  for (size_t at = 0; order.size() < flat.nodes.size() || at < order.size();) {
    if (at == order.size()) { // all that is left waits for a loop
      add(nextLate < lateAlone.size() ? lateAlone[nextLate++] : fallback[next++]);
      continue;
    }
    for (int32_t edge : flat.outgoing(order[at++])) {
      auto target = static_cast<size_t>(flat.edges[static_cast<size_t>(edge)].target);
      if (!late[static_cast<size_t>(edge)] && --waitsFor[target] == 0) {
        add(static_cast<int32_t>(target));
      }
    }
  }
  return order;
}

GraphView graphView(const nir::Graph &graph, const nir::Checked &checked,
                    const nir::Semantics &semantics, const std::vector<nir::LateEdge> &late) {
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  std::vector<const nir::NodeShapes *> shapes = nir::flatShapes(flat, checked.shapes);
  GraphView view;
  for (size_t i = 1; i < flat.scopes.size(); ++i) {
    const nir::FlatGraph::Scope &scope = flat.scopes[i];
    view.picture.clusters.push_back(
        {printable(scope.node->name), static_cast<size_t>(scope.parent)});
  }
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const nir::Node &node = *flat.nodes[i].node;
    view.picture.nodes.push_back({printable(node.name), std::string(node.type()),
                                  shapesText(*shapes[i]), kindOf(node),
                                  static_cast<size_t>(flat.nodes[i].scope)});
  }
  std::set<std::pair<std::string, std::string>> isLate;
  for (const nir::LateEdge &edge : late) {
    isLate.emplace(edge.source, edge.target);
  }
  std::vector<bool> isLateEdge;
  for (const nir::FlatGraph::Edge &edge : flat.edges) {
    GraphView::Edge shown{flat.path(edge.source), flat.path(edge.target)};
    shown.isLate = isLate.contains({shown.source, shown.target});
    view.picture.edges.push_back(
        {static_cast<size_t>(edge.source), static_cast<size_t>(edge.target), shown.isLate});
    isLateEdge.push_back(shown.isLate);
    view.edges.push_back(std::move(shown));
  }
  for (int32_t node : topologicalOrder(flat, semantics, isLateEdge)) {
    view.order.push_back(flat.path(node));
  }
  return view;
}

std::map<std::string, std::string> GraphView::targets() const {
  std::map<std::string, std::string> all;
  for (const Edge &edge : edges) {
    std::string &text = all[edge.source];
    text += (text.empty() ? "" : ", ") + printable(edge.target);
  }
  return all;
}

Json edgesJson(const GraphView &view) {
  Json edges = Json::array();
  for (const GraphView::Edge &edge : view.edges) {
    edges.push_back({{"source", edge.source}, {"target", edge.target}, {"late", edge.isLate}});
  }
  return edges;
}

static Json tensorJson(const nir::Tensor &tensor) {
  constexpr int64_t few = 64;
  std::vector<double> values = tensor.toDoubles();
  auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  if (tensor.rank() == 0) {
    return number(values.front());
  }
  if (tensor.size() <= few) {
    Json list = Json::array();
    for (double value : values) {
      list.push_back(number(value));
    }
    return {{"dtype", nir::name(tensor.dtype())}, {"shape", tensor.shape()}, {"values", list}};
  }
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  return {{"dtype", nir::name(tensor.dtype())},
          {"shape", tensor.shape()},
          {"min", number(*least)},
          {"max", number(*most)},
          {"uniform", tensor.isUniform()}};
}

Json metadataJson(const nir::Metadata &metadata) {
  Json json = Json::object();
  for (const nir::MetadataEntry &entry : metadata) {
    Json &value = json[entry.name];
    if (const auto *tensor = std::get_if<nir::Tensor>(&entry.value)) {
      value = tensorJson(*tensor);
    } else if (const auto *text = std::get_if<std::string>(&entry.value)) {
      value = *text;
    } else if (const auto *inner = std::get_if<nir::Metadata>(&entry.value)) {
      value = metadataJson(*inner);
    } else {
      const auto &strings = std::get<nir::Strings>(entry.value);
      value = {{"shape", strings.shape}, {"values", strings.values}};
    }
  }
  return json;
}

} // namespace nirc
