//===- Layout.cpp - where the nodes of a graph are ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/graph/Layout.h"

#include "tools/pictures/graph/Dot.h"

#include <fmt/format.h>
#include <graphviz/gvc.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nirc {

using Json = nlohmann::json;

constexpr double pointsPerInch = 72.0;

/// The graph with the sizes of its nodes: with those Graphviz needs no font, and every machine gets
/// the same layout.
static std::string sizedDot(const GraphPicture &picture, const std::vector<Point> &sizes,
                            const std::vector<double> &names) {
  DotAttributes attributes;
  bool isLarge = picture.nodes.size() > 200;
  attributes.graph = fmt::format("rankdir=TB; nodesep=0.16; ranksep=0.22; labeljust=l{}",
                                 isLarge ? "; nslimit=2; nslimit1=2; mclimit=0.2" : "");
  attributes.node = "shape=box, fixedsize=true, label=\"\"";
  attributes.edge = "arrowsize=0.4";
  attributes.ofNode = [&](size_t i) {
    return fmt::format("width={:.4f}, height={:.4f}", sizes[i].x / pointsPerInch,
                       sizes[i].y / pointsPerInch);
  };
  attributes.ofCluster = [&](size_t i) {
    return fmt::format("label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"{:.0f}\" "
                       "HEIGHT=\"9\"><TR><TD></TD></TR></TABLE>>",
                       names[i] + 4.0);
  };
  attributes.ofEdge = [](size_t i) { return fmt::format("id=\"e{}\"", i); };
  return dotWith(picture, attributes);
}

/// What Graphviz says of the graph in JSON; empty where it cannot lay it out.
static std::string laidOut(const std::string &dot) {
  static std::mutex oneAtATime; // Graphviz keeps what it does in globals
  std::scoped_lock lock(oneAtATime);
  agseterr(AGMAX); // what it says is of the text, which users do not see
  GVC_t *context = gvContext();
  Agraph_t *graph = agmemread(dot.c_str());
  std::string json;
  if (graph && gvLayout(context, graph, "dot") == 0) {
    char *text = nullptr;
    unsigned length = 0;
    if (gvRenderData(context, graph, "json0", &text, &length) == 0) {
      json.assign(text, length);
      gvFreeRenderData(text);
    }
    gvFreeLayout(context, graph);
  }
  if (graph) {
    agclose(graph);
  }
  gvFreeContext(context);
  return json;
}

/// "1.5,2": numbers between any of commas and blanks.
static std::vector<double> numbersIn(std::string text) {
  for (char &c : text) {
    c = c == ',' ? ' ' : c;
  }
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  std::vector<double> numbers;
  for (double number = 0.0; in >> number;) {
    numbers.push_back(number);
  }
  return numbers;
}

/// "e,x,y x,y x,y x,y x,y": where its head ends, and its curves.
static GraphLayout::Way wayIn(const std::string &pos, double height) {
  GraphLayout::Way way;
  bool hasTip = pos.starts_with("e,");
  std::vector<double> numbers = numbersIn(hasTip ? pos.substr(2) : pos);
  for (size_t i = 0; i + 1 < numbers.size(); i += 2) {
    way.points.push_back({numbers[i], height - numbers[i + 1]});
  }
  if (hasTip && !way.points.empty()) {
    way.tip = way.points.front();
    way.points.erase(way.points.begin());
  } else if (!way.points.empty()) {
    way.tip = way.points.back();
  }
  return way;
}

nir::Result<GraphLayout> layoutOf(const GraphPicture &picture, const std::vector<Point> &sizes,
                                  const std::vector<double> &names) {
  Json json = Json::parse(laidOut(sizedDot(picture, sizes, names)), nullptr, false);
  auto failed = [&] {
    return nir::Error(nir::Cause::CannotWrite, "Graphviz cannot lay out the graph")
        .note("--dot writes the graph for other programs");
  };
  std::vector<double> box =
      json.is_object() ? numbersIn(json.value("bb", "")) : std::vector<double>();
  if (box.size() != 4) {
    return failed();
  }
  GraphLayout layout;
  layout.width = box[2];
  layout.height = box[3];
  layout.nodes.resize(picture.nodes.size());
  layout.clusters.resize(picture.clusters.size());
  layout.edges.resize(picture.edges.size());
  for (const Json &object : json.value("objects", Json::array())) {
    std::string name = object.value("name", "");
    std::vector<double> pos = numbersIn(object.value("pos", ""));
    std::vector<double> bounds = numbersIn(object.value("bb", ""));
    if (name.starts_with("cluster_") && bounds.size() == 4) {
      layout.clusters.at(std::stoul(name.substr(8))) =
          Rectangle{bounds[0], box[3] - bounds[3], bounds[2] - bounds[0], bounds[3] - bounds[1]};
    } else if (name.starts_with("n") && pos.size() == 2) {
      size_t node = std::stoul(name.substr(1));
      layout.nodes.at(node) = {pos[0] - sizes[node].x / 2, box[3] - pos[1] - sizes[node].y / 2,
                               sizes[node].x, sizes[node].y};
    }
  }
  for (const Json &edge : json.value("edges", Json::array())) {
    std::string id = edge.value("id", "");
    if (id.starts_with("e")) {
      layout.edges.at(std::stoul(id.substr(1))) = wayIn(edge.value("pos", ""), box[3]);
    }
  }
  return layout;
}

} // namespace nirc
