//===- GraphPicture.cpp - a graph as a picture ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/graph/GraphPicture.h"

#include "ir/Wording.h"
#include "tools/pictures/draw/Font.h"
#include "tools/pictures/graph/Layout.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

/// More take minutes, and cannot be read.
constexpr size_t mostNodes = 800, mostEdges = 2500;
constexpr double boxHeight = 24.0, mostNameWidth = 110.0;

namespace {
class GraphSheet {
public:
  GraphSheet(const GraphPicture &picture, const FigureStyle &style, const GraphLayout &layout);
  Drawing draw();

private:
  static FigureStyle sized(FigureStyle style, const GraphLayout &layout) {
    double least = (layout.width + 2 * Sheet::margin) / pointsPerMillimetre;
    style.millimetres = std::max(style.millimetres, least);
    return style;
  }
  Point moved(Point point) const { return {point.x + x, point.y + y}; }
  Rectangle moved(const Rectangle &at) const { return {at.x + x, at.y + y, at.width, at.height}; }
  Color colorOf(GraphPicture::Kind kind) const;
  void cluster(size_t number);
  void edge(size_t number);
  void node(size_t number);
  std::vector<LegendEntry> legend() const;

  const GraphPicture &picture;
  const GraphLayout &layout;
  Sheet sheet;
  double x, y = 0.0; ///< of the layout's corner
};
} // namespace

GraphSheet::GraphSheet(const GraphPicture &picture, const FigureStyle &style,
                       const GraphLayout &layout)
    : picture(picture), layout(layout), sheet(sized(style, layout)),
      x((sheet.drawing.width() - layout.width) / 2) {}

Color GraphSheet::colorOf(GraphPicture::Kind kind) const {
  switch (kind) {
  case GraphPicture::Kind::Neurons:
    return sheet.theme.line(0);
  case GraphPicture::Kind::Connection:
    return sheet.theme.line(4);
  case GraphPicture::Kind::Port:
  case GraphPicture::Kind::Other:
    break;
  }
  return sheet.theme.muted;
}

void GraphSheet::cluster(size_t number) {
  if (!layout.clusters[number]) {
    return;
  }
  Rectangle at = moved(*layout.clusters[number]);
  sheet.drawing.begin({"cluster", {{"name", picture.clusters[number].name}}});
  sheet.drawing.add(std::move(Path().rectangle(at, 4.0)),
                    {.fill = sheet.theme.panel, .stroke = sheet.theme.muted, .width = widths.hair});
  sheet.drawing.add({at.x + 5.0, at.y + 9.5},
                    fitted(picture.clusters[number].name, at.width - 10.0, sizes.tick, true),
                    {.color = sheet.theme.muted, .size = sizes.tick, .isBold = true});
  sheet.drawing.end();
}

void GraphSheet::edge(size_t number) {
  const GraphPicture::Edge &edge = picture.edges[number];
  const GraphLayout::Way &way = layout.edges[number];
  if (way.points.size() < 4) {
    return;
  }
  Color color = edge.isLate ? sheet.theme.line(1) : sheet.theme.muted;
  sheet.drawing.begin(
      {edge.isLate ? "edge late" : "edge",
       {{"from", picture.nodes[edge.from].name}, {"to", picture.nodes[edge.to].name}}});
  Path path;
  path.move(moved(way.points[0]));
  for (size_t i = 1; i + 2 < way.points.size(); i += 3) {
    path.curve(moved(way.points[i]), moved(way.points[i + 1]), moved(way.points[i + 2]));
  }
  Point base = moved(way.points.back()), tip = moved(way.tip);
  sheet.drawing.add(std::move(path),
                    {.stroke = color, .width = widths.line, .dash = edge.isLate ? 2.0 : 0.0});
  double length = std::max(std::hypot(tip.x - base.x, tip.y - base.y), 1e-6);
  double across = 1.9 / length, dx = tip.x - base.x, dy = tip.y - base.y;
  sheet.drawing.add(std::move(Path()
                                  .move(tip)
                                  .line({base.x - across * dy, base.y + across * dx})
                                  .line({base.x + across * dy, base.y - across * dx})
                                  .close()),
                    {.fill = color});
  sheet.drawing.end();
}

void GraphSheet::node(size_t number) {
  const GraphPicture::Node &node = picture.nodes[number];
  Rectangle at = moved(layout.nodes[number]);
  Color color = colorOf(node.kind);
  bool isPort = node.kind == GraphPicture::Kind::Port;
  Color fill = node.kind == GraphPicture::Kind::Other ? sheet.theme.panel
                                                      : mixed(sheet.theme.paper, color, 0.14);
  sheet.drawing.begin({"node",
                       {{"node", node.name}, {"type", node.type}},
                       fmt::format("{}\n{} {}", node.name, node.type, node.said)});
  sheet.drawing.add(
      std::move(Path().rectangle(at, isPort ? at.height / 2 : 3.0)),
      {.fill = isPort ? sheet.theme.paper : fill, .stroke = color, .width = widths.axis});
  double room = at.width - 8.0;
  sheet.drawing.add(
      {at.center().x, at.y + 10.0}, fitted(node.name, room, sizes.label, true),
      {.color = sheet.theme.ink, .size = sizes.label, .anchor = Anchor::Middle, .isBold = true});
  sheet.drawing.add({at.center().x, at.y + 19.0},
                    fitted(node.type + " " + node.said, room, sizes.tick),
                    {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::Middle});
  sheet.drawing.end();
}

std::vector<LegendEntry> GraphSheet::legend() const {
  std::vector<LegendEntry> entries;
  auto has = [&](GraphPicture::Kind kind) {
    return std::any_of(picture.nodes.begin(), picture.nodes.end(),
                       [&](const GraphPicture::Node &node) { return node.kind == kind; });
  };
  using Mark = LegendEntry::Mark;
  if (has(GraphPicture::Kind::Neurons)) {
    entries.push_back({"neurons", colorOf(GraphPicture::Kind::Neurons), Mark::Box});
  }
  if (has(GraphPicture::Kind::Connection)) {
    entries.push_back({"weights", colorOf(GraphPicture::Kind::Connection), Mark::Box});
  }
  if (std::any_of(picture.edges.begin(), picture.edges.end(),
                  [](const GraphPicture::Edge &edge) { return edge.isLate; })) {
    entries.push_back({"one step late", sheet.theme.line(1), Mark::Dashes});
  }
  return entries;
}

Drawing GraphSheet::draw() {
  sheet.drawing.title = "The graph of " + picture.model;
  y = sheet.legend(sheet.left(), sheet.right(), Sheet::margin, legend()) + 4.0;
  for (size_t i = 1; i < picture.clusters.size(); ++i) {
    cluster(i);
  }
  for (size_t i = 0; i < picture.edges.size(); ++i) {
    edge(i);
  }
  for (size_t i = 0; i < picture.nodes.size(); ++i) {
    node(i);
  }
  sheet.caption(y + layout.height + 6.0, picture.caption);
  return std::move(sheet.drawing);
}

nir::Result<Drawing> graphFigure(const GraphPicture &picture, const FigureStyle &style) {
  if (picture.nodes.size() > mostNodes || picture.edges.size() > mostEdges) {
    return nir::Error::usage(nir::Cause::Limit,
                             fmt::format("found {} and {} to draw, expected at most {} and {}",
                                         nir::counted(picture.nodes.size(), "node"),
                                         nir::counted(picture.edges.size(), "edge"), mostNodes,
                                         mostEdges))
        .note("--dot writes the graph for programs that draw large ones");
  }
  std::vector<Point> sizesOfNodes;
  std::vector<double> names;
  for (const GraphPicture::Node &node : picture.nodes) {
    double width = std::max(textWidth(node.name, sizes.label, true),
                            textWidth(node.type + " " + node.said, sizes.tick));
    sizesOfNodes.push_back({std::clamp(width + 12.0, 40.0, mostNameWidth + 12.0), boxHeight});
  }
  for (const GraphPicture::Cluster &cluster : picture.clusters) {
    names.push_back(std::min(textWidth(cluster.name, sizes.tick, true), mostNameWidth));
  }
  nir::Result<GraphLayout> layout = layoutOf(picture, sizesOfNodes, names);
  return layout ? nir::Result<Drawing>(GraphSheet(picture, style, *layout).draw())
                : layout.takeError();
}

} // namespace nirc
