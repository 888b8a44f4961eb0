//===- Dot.cpp - a graph in Graphviz's language ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/graph/Dot.h"

#include "tools/pictures/draw/Words.h"

#include <fmt/format.h>

namespace nirc {

/// Graphviz walks clusters by recursion: deeper ones are left out, and their nodes are in the
/// deepest that is there.
constexpr size_t mostDepth = 30;

/// Text for a quoted string of DOT.
static std::string quoted(const std::string &text) {
  std::string out = "\"";
  for (char c : plainText(text)) {
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "\"";
}

namespace {
/// Which clusters are written, and what is in each.
class Tree {
public:
  explicit Tree(const GraphPicture &picture)
      : shown(picture.clusters.size()), depth(picture.clusters.size()),
        inner(picture.clusters.size()), nodes(picture.clusters.size()) {
    for (size_t i = 1; i < picture.clusters.size(); ++i) {
      size_t parent = picture.clusters[i].parent;
      depth[i] = depth[parent] + 1;
      shown[i] = depth[i] > mostDepth ? shown[parent] : i;
      if (shown[i] == i) {
        inner[shown[parent]].push_back(i);
      }
    }
    for (size_t i = 0; i < picture.nodes.size(); ++i) {
      nodes[shown[picture.nodes[i].cluster]].push_back(i);
    }
  }

  std::string text(size_t cluster, const DotAttributes &attributes) const {
    std::string indent(2 * depth[cluster] + 2, ' '), out;
    for (size_t node : nodes[cluster]) {
      out += fmt::format("{}n{} [{}];\n", indent, node, attributes.ofNode(node));
    }
    for (size_t child : inner[cluster]) {
      out += fmt::format("{}subgraph cluster_{} {{\n{}  {};\n{}{}}}\n", indent, child, indent,
                         attributes.ofCluster(child), text(child, attributes), indent);
    }
    return out;
  }

private:
  std::vector<size_t> shown, depth;
  std::vector<std::vector<size_t>> inner, nodes;
};
} // namespace

std::string dotWith(const GraphPicture &picture, const DotAttributes &attributes) {
  std::string out =
      fmt::format("digraph {} {{\n  {};\n  node [{}];\n  edge [{}];\n", quoted(picture.model),
                  attributes.graph, attributes.node, attributes.edge);
  out += Tree(picture).text(0, attributes);
  for (size_t i = 0; i < picture.edges.size(); ++i) {
    std::string own = attributes.ofEdge(i);
    out += fmt::format("  n{} -> n{}{};\n", picture.edges[i].from, picture.edges[i].to,
                       own.empty() ? "" : " [" + own + "]");
  }
  return out + "}\n";
}

std::string dotOf(const GraphPicture &picture) {
  DotAttributes attributes;
  attributes.graph =
      fmt::format("rankdir=TB; fontname=\"{}\"; fontsize=10; style=rounded", fontName);
  attributes.node = fmt::format("shape=box, style=\"rounded,filled\", fillcolor=\"#F4F5F7\", "
                                "fontname=\"{}\", fontsize=10",
                                fontName);
  attributes.edge = "arrowsize=0.7";
  attributes.ofNode = [&](size_t i) {
    const GraphPicture::Node &node = picture.nodes[i];
    std::string name = quoted(node.name), said = quoted(node.type + " " + node.said);
    // A break is written between the two, and is no part of either.
    return fmt::format("label={}\\n{}{}", name.substr(0, name.size() - 1), said.substr(1),
                       node.kind == GraphPicture::Kind::Neurons ? ", fillcolor=\"#CCE3F0\"" : "");
  };
  attributes.ofCluster = [&](size_t i) { return "label=" + quoted(picture.clusters[i].name); };
  attributes.ofEdge = [&](size_t i) {
    return picture.edges[i].isLate ? "style=dashed, label=\"one step late\", fontsize=8" : "";
  };
  return dotWith(picture, attributes);
}

} // namespace nirc
