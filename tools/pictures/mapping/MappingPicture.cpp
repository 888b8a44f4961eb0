//===- MappingPicture.cpp - a mapping as a picture ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/MappingPicture.h"

#include "ir/Wording.h"
#include "tools/pictures/draw/Font.h"
#include "tools/pictures/mapping/CoreLooks.h"
#include "tools/pictures/mapping/Flow.h"
#include "tools/pictures/mapping/MappingLayout.h"
#include "tools/pictures/mapping/Wires.h"
#include "tools/text/Grouped.h"
#include "tools/text/NodeText.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace nirc {

/// From so many cores on lines would be a tangle: what is sent is bundled, and shown on demand.
constexpr size_t manyCores = 18;
constexpr size_t mostRoutes = 4000; ///< in a file
constexpr double headHeight = 24.0, entryHeight = 10.0;

namespace {
class MappingPicture {
public:
  MappingPicture(const MappedModel &model, const FigureStyle &style);
  Drawing draw();

private:
  static FigureStyle sized(FigureStyle style, const MappingLayout &layout) {
    style.millimetres = layout.width() / pointsPerMillimetre;
    return style;
  }
  bool isBundled() const { return mapping.cores.size() >= manyCores; }
  double widthOf(int64_t sources) const {
    return 0.5 + 1.7 * static_cast<double>(sources) / static_cast<double>(mostSources);
  }
  std::optional<double> levelOf(const Mapping::Core &core) const {
    return shown ? shareOf(mapping, core, *shown) : std::nullopt;
  }
  void planWires();
  void title();
  void chip(int32_t number);
  void core(size_t number);
  void label(size_t number);
  void wire(int32_t from, int32_t to, double width, Color color);
  void wiresFrom(size_t number);
  void wiresOutside();
  void outside(const Rectangle &at, const std::string &text);
  std::string saidOf(const MappedNode &node) const {
    return fmt::format("{}, {}",
                       nir::withNoun(grouped(static_cast<double>(node.neurons)), "neuron"),
                       nir::counted(node.cores.size(), "core"));
  }
  double widthOf(const MappedNode &node) const;
  double entry(size_t node, double x, double y);
  double legend(double y);
  double flow(double y);
  double key(double y);
  std::string tip(size_t number) const;
  std::string saidOf() const;

  const MappedModel &model;
  const Mapping &mapping;
  std::vector<MappedNode> nodes;
  MappingLayout layout;
  Sheet sheet;
  CoreLooks looks;
  Wires wires;
  std::optional<size_t> shown;
  std::map<int32_t, std::vector<Mapping::Route>> drawn; ///< by sender
  size_t allRoutes = 0, drawnRoutes = 0;
  int64_t mostSources = 1; ///< of a line
  bool goesOn = false;     ///< whether there are cores that are not shown
};
} // namespace

MappingPicture::MappingPicture(const MappedModel &model, const FigureStyle &style)
    : model(model), mapping(model.mapping), nodes(nodesOf(mapping, model.order)),
      layout(mapping, model.outputs, style.points(), headHeight + MappingLayout::margin),
      sheet(sized(style, layout)), looks(mapping, nodes, sheet.theme), wires(layout),
      shown(shownResource(mapping)) {
  planWires();
}

/// The strongest routes, in the order of their senders.
void MappingPicture::planWires() {
  std::vector<LongRoute> strongest = strongestRoutes(mapping);
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      if (route.to == static_cast<int32_t>(from)) {
        strongest.push_back({route.to, route.to, route.sources});
      }
    }
  }
  allRoutes = strongest.size();
  std::sort(strongest.begin(), strongest.end(), [](const LongRoute &a, const LongRoute &b) {
    return std::tuple(-a.sources, a.from, a.to) < std::tuple(-b.sources, b.from, b.to);
  });
  drawnRoutes = std::min(strongest.size(), mostRoutes);
  strongest.resize(drawnRoutes);
  for (const LongRoute &route : strongest) {
    mostSources = std::max(mostSources, route.sources);
    drawn[route.from].push_back({route.to, route.sources});
  }
  for (auto &[from, routes] : drawn) {
    std::sort(routes.begin(), routes.end(),
              [](const auto &a, const auto &b) { return a.to < b.to; });
    for (Mapping::Route route : routes) {
      wires.reserve(from, route.to);
    }
  }
}

static int64_t usedOn(const Mapping &mapping, int32_t chip) {
  return std::count_if(mapping.cores.begin(), mapping.cores.end(),
                       [&](const Mapping::Core &core) { return core.chip == chip; });
}

void MappingPicture::title() {
  std::string cores = fmt::format("{} on {}", nir::counted(mapping.cores.size(), "core"),
                                  nir::counted(chipsOf(mapping).size(), "chip"));
  auto all = static_cast<int64_t>(mapping.cores.size());
  if (mapping.leastCores > 0) {
    cores += all > mapping.leastCores ? fmt::format(", {} needed at least", mapping.leastCores)
                                      : ", as few as neurons and memory allow";
  }
  double right = sheet.right();
  std::string name = printable(model.model.substr(model.model.find_last_of('/') + 1));
  sheet.drawing.add({MappingLayout::margin, 12.0},
                    fitted(fmt::format("{} on {}", name, printable(mapping.target)),
                           right - MappingLayout::margin, sizes.title, true),
                    {.color = sheet.theme.ink, .size = sizes.title, .isBold = true});
  sheet.drawing.add({MappingLayout::margin, 22.0},
                    fitted(cores, right - MappingLayout::margin, sizes.tick),
                    {.color = sheet.theme.muted, .size = sizes.tick});
}

/// A chip with the places of its cores, dashed where there are more than are shown.
void MappingPicture::chip(int32_t number) {
  Rectangle around = layout.chipAt(number);
  sheet.drawing.begin({"chip", {{"chip", fmt::format("{}", number)}}});
  sheet.drawing.add(std::move(Path().rectangle(around, 4.0)),
                    {.fill = sheet.theme.panel, .stroke = sheet.theme.faint, .width = widths.axis});
  std::string said =
      fmt::format("chip {}: {} of {}", number, usedOn(mapping, number),
                  nir::counted(int64_t(mapping.grid.columns) * mapping.grid.rows, "core"));
  sheet.drawing.add({around.x + 8.0, around.y + 10.5}, fitted(said, around.width - 10, sizes.tick),
                    {.color = sheet.theme.muted, .size = sizes.tick});
  CoreRange rows = layout.rows(), columns = layout.columns();
  Path outlines, dashed;
  for (int32_t row = rows.first; layout.hasRoomForUnused() && row < rows.end; ++row) {
    for (int32_t column = columns.first; column < columns.end; ++column) {
      bool isLast = rows.goesOnAt(row) || columns.goesOnAt(column);
      (isLast ? dashed : outlines).rectangle(layout.placeOf(number, column, row), 2.0);
      goesOn = goesOn || isLast;
    }
  }
  sheet.drawing.add(std::move(outlines), {.stroke = sheet.theme.faint, .width = widths.axis});
  sheet.drawing.add(std::move(dashed),
                    {.stroke = sheet.theme.faint, .width = widths.axis, .dash = 1.5});
  sheet.drawing.end();
}

std::string MappingPicture::tip(size_t number) const {
  const Mapping::Core &core = mapping.cores[number];
  std::string text =
      fmt::format("core {}, chip {} at ({}, {})", number, core.chip, core.column, core.row);
  for (const Mapping::Neurons &neurons : core.neurons) {
    text +=
        fmt::format("\n{}: {}", printable(neurons.node), nir::counted(count(neurons), "neuron"));
  }
  for (size_t i = 0; i < mapping.resources.size(); ++i) {
    if (std::optional<double> share = shareOf(mapping, core, i)) {
      text += fmt::format("\n{}: {} of {}, {:.1f} %", printable(mapping.resources[i].name),
                          core.used[i], mapping.resources[i].limit, 100.0 * *share);
    }
  }
  if (!core.routes.empty()) {
    text += fmt::format("\nsends to {}", nir::counted(core.routes.size(), "core"));
  }
  return text;
}

void MappingPicture::wire(int32_t from, int32_t to, double width, Color color) {
  sheet.drawing.begin({"route",
                       {{"from", from < 0 ? "input" : fmt::format("{}", from)},
                        {"to", to < 0 ? "output" : fmt::format("{}", to)}}});
  drawWire(sheet.drawing, wires.between(from, to), width, color, 1.0);
  sheet.drawing.end();
}

void MappingPicture::wiresFrom(size_t number) {
  const Mapping::Core &core = mapping.cores[number];
  auto here = static_cast<int32_t>(number);
  for (Mapping::Route route : drawn[here]) {
    wire(here, route.to, widthOf(route.sources), looks.lineOf(core));
  }
  if (layout.feedsOutput(here, model.outputs)) {
    wire(here, Wires::outside, widths.line, sheet.theme.muted);
  }
}

void MappingPicture::core(size_t number) {
  sheet.drawing.begin({"core", {{"core", fmt::format("{}", number)}}, tip(number)});
  looks.drawCore(sheet.drawing, layout.placeOf(static_cast<int32_t>(number)),
                 mapping.cores[number]);
  if (isBundled()) {
    label(number);
    sheet.drawing.begin({"routes", {}, "", true});
    wiresFrom(number);
    sheet.drawing.end();
  }
  sheet.drawing.end();
}

/// The core's number, and how full it is where there is room.
void MappingPicture::label(size_t number) {
  Point middle = layout.placeOf(static_cast<int32_t>(number)).center();
  std::optional<double> level = levelOf(mapping.cores[number]);
  bool hasRoom = level && layout.side() >= 18.0;
  double size = std::min(sizes.label, 0.42 * layout.side());
  TextLook look{.color = sheet.theme.ink,
                .size = size,
                .anchor = Anchor::Middle,
                .isBold = true,
                .halo = sheet.theme.paper};
  sheet.drawing.add({middle.x, middle.y + (hasRoom ? -1.0 : 0.36 * size)},
                    fmt::format("{}", number), look);
  if (hasRoom) {
    look.isBold = false;
    look.size = 5.0;
    double percent = 100.0 * *level;
    sheet.drawing.add({middle.x, middle.y + 6.0},
                      percent > 0.0 && percent < 0.5 ? "<1 %" : fmt::format("{:.0f} %", percent),
                      look);
  }
}

void MappingPicture::outside(const Rectangle &at, const std::string &text) {
  sheet.drawing.add(std::move(Path().rectangle(at, 7.0)),
                    {.fill = sheet.theme.paper, .stroke = sheet.theme.muted});
  sheet.drawing.add({at.center().x, at.center().y + 0.36 * sizes.tick}, text,
                    {.color = sheet.theme.ink, .size = sizes.tick, .anchor = Anchor::Middle});
}

/// The boxes for what is outside; those of many cores show their lines on demand.
void MappingPicture::wiresOutside() {
  if (!mapping.inputs.empty()) {
    sheet.drawing.begin({"input", {}});
    outside(layout.input(), "input");
    sheet.drawing.begin({"routes", {}, "", isBundled()});
    for (Mapping::Route route : drawn[Wires::outside]) {
      wire(Wires::outside, route.to, widthOf(route.sources), sheet.theme.muted);
    }
    sheet.drawing.end();
    sheet.drawing.end();
  }
  if (!model.outputs.empty()) {
    outside(layout.output(), "output");
  }
}

/// A node's square, name and size at x. Returns the x behind.
double MappingPicture::entry(size_t node, double x, double y) {
  constexpr double box = 7.0;
  std::string name = fitted(printable(nodes[node].name), 90.0, sizes.tick, true);
  std::string rest = saidOf(nodes[node]);
  double ofName = textWidth(name, sizes.tick, true) + 3.0;
  Rectangle at{x, y + 1.0, box, box};
  looks.drawSquare(sheet.drawing, at, looks.of(nodes[node].name), 1.0);
  sheet.drawing.add(std::move(Path().rectangle(at)),
                    {.stroke = sheet.theme.ink, .width = widths.hair});
  double baseline = at.center().y + 0.36 * sizes.tick;
  sheet.drawing.add({x + box + 4.0, baseline}, name,
                    {.color = sheet.theme.ink, .size = sizes.tick, .isBold = true});
  sheet.drawing.add({x + box + 4.0 + ofName, baseline}, rest,
                    {.color = sheet.theme.muted, .size = sizes.tick});
  return x + box + 4.0 + ofName + textWidth(rest, sizes.tick);
}

double MappingPicture::widthOf(const MappedNode &node) const {
  return 14.0 + textWidth(fitted(printable(node.name), 90.0, sizes.tick, true), sizes.tick, true) +
         textWidth(saidOf(node), sizes.tick);
}

/// Each node with its colour, as many side by side as have room. Returns the y below.
double MappingPicture::legend(double y) {
  double x = MappingLayout::margin;
  for (size_t i = 0; i < looks.distinct(); ++i) {
    if (x > MappingLayout::margin && x + widthOf(nodes[i]) > sheet.right()) {
      x = MappingLayout::margin;
      y += entryHeight;
    }
    x = entry(i, x, y) + 10.0;
  }
  if (looks.distinct() < nodes.size()) {
    y += entryHeight;
    sheet.drawing.add(
        {MappingLayout::margin, y + 7.0},
        fmt::format("in grey {}", nir::counted(nodes.size() - looks.distinct(), "more node")),
        {.color = sheet.theme.muted, .size = sizes.tick});
  }
  return y + (nodes.empty() ? 0.0 : entryHeight);
}

/// The same one below the other, with arcs for what they send each other. Returns the y below.
double MappingPicture::flow(double y) {
  Flow flow{y, entryHeight + 3.0, 0.0, 0.0, {}};
  std::map<std::string, size_t> rows;
  for (const MappedNode &node : nodes) {
    rows.emplace(node.name, rows.size() + 1);
  }
  for (const auto &[from, to] : model.edges) {
    auto source = rows.find(from), target = rows.find(to);
    if ((from.empty() || source != rows.end()) && (to.empty() || target != rows.end())) {
      flow.edges.emplace_back(from.empty() ? 0 : source->second,
                              to.empty() ? nodes.size() + 1 : target->second);
    }
  }
  flow.left = MappingLayout::margin + roomForArcs(flow, false);
  for (const MappedNode &node : nodes) {
    flow.right = std::max(flow.right, flow.left + widthOf(node));
  }
  auto rowAt = [&](size_t row) { return y + flow.rowHeight * static_cast<double>(row) + 2.0; };
  auto word = [&](const char *text, size_t row) {
    sheet.drawing.add({flow.left + 11.0, rowAt(row) + 4.5 + 0.36 * sizes.tick}, text,
                      {.color = sheet.theme.ink, .size = sizes.tick, .isBold = true});
  };
  word("input", 0);
  for (size_t i = 0; i < nodes.size(); ++i) {
    entry(i, flow.left, rowAt(i + 1));
  }
  word("output", nodes.size() + 1);
  drawFlow(sheet, flow);
  return rowAt(nodes.size() + 2);
}

/// What the squares mean. Returns the y below.
double MappingPicture::key(double y) {
  double x = MappingLayout::margin;
  auto entry = [&](const std::string &text, const auto &draw) {
    double width = 11.0 + textWidth(text, sizes.tick);
    if (x > MappingLayout::margin && x + width > sheet.right()) {
      x = MappingLayout::margin;
      y += entryHeight;
    }
    draw(Rectangle{x, y + 1.0, 7.0, 7.0});
    sheet.drawing.add({x + 11.0, y + 4.5 + 0.36 * sizes.tick}, text,
                      {.color = sheet.theme.muted, .size = sizes.tick});
    x += width + 10.0;
  };
  auto outline = [&](const Rectangle &at, Color color, double dash) {
    sheet.drawing.add(std::move(Path().rectangle(at, 1.0)),
                      {.stroke = color, .width = widths.axis, .dash = dash});
  };
  if (shown && !mapping.cores.empty() && !mapping.cores.front().used.empty()) {
    entry(fmt::format("filled as its {} is", printable(mapping.resources[*shown].name)),
          [&](const Rectangle &at) {
            looks.drawSquare(sheet.drawing, at, {sheet.theme.muted}, 0.5);
            outline(at, sheet.theme.ink, 0.0);
          });
  }
  entry("not used", [&](const Rectangle &at) { outline(at, sheet.theme.muted, 0.0); });
  if (goesOn) {
    entry("there are more cores",
          [&](const Rectangle &at) { outline(at, sheet.theme.muted, 1.2); });
  }
  return y + entryHeight;
}

std::string MappingPicture::saidOf() const {
  std::string text = fmt::format("Semantics {}, format {}.", model.semantics, model.format);
  if (!mapping.partitioner.empty()) {
    text += fmt::format(" Partition: {}.", printable(mapping.partitioner));
  }
  if (allRoutes > 0) {
    text += isBundled() ? " On a screen, a core under the pointer shows where it sends."
                        : fmt::format(" Arrows are spikes, the widest those of {}.",
                                      nir::counted(mostSources, "neuron"));
  }
  if (drawnRoutes < allRoutes) {
    text += fmt::format(" The {} strongest of {} routes are drawn.", drawnRoutes, allRoutes);
  }
  return text;
}

Drawing MappingPicture::draw() {
  sheet.drawing.title = "Neurons on cores";
  title();
  for (int32_t number : layout.chips()) {
    chip(number);
  }
  for (size_t i = 0; i < mapping.cores.size(); ++i) {
    core(i);
  }
  for (size_t i = 0; !isBundled() && i < mapping.cores.size(); ++i) {
    wiresFrom(i);
  }
  wiresOutside();
  for (size_t i = 0; !isBundled() && i < mapping.cores.size(); ++i) {
    label(i);
  }
  constexpr size_t mostRows = 21;
  bool hasFlow = isBundled() && !model.edges.empty() && nodes.size() <= mostRows;
  double y = layout.bottom() + 8.0;
  y = key((hasFlow ? flow(y) : legend(y)) + 2.0);
  sheet.caption(y + 2.0, saidOf());
  return std::move(sheet.drawing);
}

Drawing mappingFigure(const MappedModel &model, const FigureStyle &style) {
  return MappingPicture(model, style).draw();
}

} // namespace nirc
