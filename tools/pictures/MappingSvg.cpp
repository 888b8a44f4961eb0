//===- MappingSvg.cpp - a mapping as a picture ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From top to bottom: a title; chips as grids of cores, with what enters from outside to their
// left; what the colours, the filling and the lines mean. Lengths are in pixels.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "tools/pictures/MappingLayout.h"
#include "tools/pictures/Svg.h"
#include "tools/text/Figures.h"
#include "tools/text/MappingView.h"
#include "tools/text/NodeText.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace nirc {

/// The colours of Okabe and Ito (Color Universal Design, 2008) without their black: people
/// distinguish them however they see colours.
constexpr std::array<std::string_view, 7> palette = {"#0072B2", "#E69F00", "#009E73", "#CC79A7",
                                                     "#56B4E9", "#D55E00", "#F0E442"};
/// What lies over a colour when all colours have been used once: nothing, stripes, dots.
constexpr size_t textures = 3;
constexpr std::string_view otherColor = "#9AA0A8", outsideColor = "#5A6270";

constexpr double side = Layout::side, margin = Layout::margin, entryHeight = 24;
constexpr double letter = 7.2; ///< about the width of one
constexpr double thinnest = 0.8, widest = 5.0;
constexpr size_t mostRoutes = 300, mostInputs = 100, manyRoutes = 60;

namespace {
class MappingPicture {
public:
  explicit MappingPicture(const MappedModel &model);
  std::string str() const;

private:
  /// How a node looks: the place in the palette, and nothing for those beyond its end.
  struct Look {
    std::string_view color = otherColor;
    size_t texture = 0;
  };

  Look lookOf(size_t rank) const;
  void keepStrongest();
  double widthOf(int64_t sources) const;
  std::string_view colorOf(int32_t core) const;

  std::string head() const;
  std::string title() const;
  std::string chips() const;
  std::string outlines(int32_t chip) const;
  std::string core(const Mapping::Core &core, size_t number) const;
  std::string tooltip(const Mapping::Core &core, size_t number) const;
  std::string routes() const;
  std::string labels() const;
  std::string legend() const;
  std::string entry(double x, double y, Look look, std::string_view name,
                    std::string_view rest) const;
  std::string key(double x, double y) const;

  const MappedModel &model;
  const Mapping &mapping;
  std::vector<MappedNode> nodes;
  std::map<std::string, Look> looks;
  std::vector<LongRoute> strongest;
  size_t allRoutes = 0;
  int64_t mostSources = 1; ///< of a line
  std::optional<size_t> shown;
  Layout layout;
  double height, entryWidth = 0.0;
  size_t entriesInRow;
};
} // namespace

static std::string nameOf(const MappedNode &node) { return shortened(printable(node.name), 20); }

static std::string neuronsText(const MappedNode &node) {
  return fmt::format("{}, {}", nir::counted(node.neurons, "neuron"),
                     nir::counted(node.cores.size(), "core"));
}

static double rowsOf(size_t entries, size_t inRow) {
  size_t rows = (entries + inRow - 1) / inRow;
  return static_cast<double>(rows);
}

static int64_t usedOn(const Mapping &mapping, int32_t chip) {
  return std::count_if(mapping.cores.begin(), mapping.cores.end(),
                       [&](const Mapping::Core &core) { return core.chip == chip; });
}

/// Routes from outside and routes between cores cannot be ranked together: some of both.
void MappingPicture::keepStrongest() {
  size_t between = 0, inputs = 0;
  std::erase_if(strongest, [&](const LongRoute &route) {
    return route.from < 0 ? ++inputs > mostInputs : ++between > mostRoutes;
  });
}

MappingPicture::MappingPicture(const MappedModel &model)
    : model(model), mapping(model.mapping), nodes(nodesOf(mapping, model.order)),
      strongest(strongestRoutes(mapping)), shown(shownResource(mapping)), layout(mapping) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    looks.emplace(nodes[i].name, lookOf(i));
  }
  allRoutes = strongest.size();
  keepStrongest();
  for (const LongRoute &route : strongest) {
    mostSources = std::max(mostSources, route.sources);
  }
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      bool isOwn = route.to == static_cast<int32_t>(from);
      mostSources = std::max(mostSources, isOwn ? route.sources : 0);
    }
  }
  size_t entries = std::min(nodes.size(), palette.size() * textures + 1);
  for (const MappedNode &node : nodes) {
    size_t letters = displayWidth(nameOf(node)) + neuronsText(node).size();
    entryWidth = std::max(entryWidth, 46 + letter * static_cast<double>(letters));
  }
  entriesInRow =
      std::max<size_t>(static_cast<size_t>((layout.width() - 2 * margin) / entryWidth), 1);
  height = layout.bottom() + 26 + (rowsOf(entries, entriesInRow) + 2) * entryHeight + margin - 4;
}

MappingPicture::Look MappingPicture::lookOf(size_t rank) const {
  if (rank >= palette.size() * textures) {
    return {};
  }
  return {palette[rank % palette.size()], rank / palette.size()};
}

double MappingPicture::widthOf(int64_t sources) const {
  return thinnest +
         (widest - thinnest) * static_cast<double>(sources) / static_cast<double>(mostSources);
}

/// That of the node with most neurons on the core.
std::string_view MappingPicture::colorOf(int32_t core) const {
  const std::vector<Mapping::Neurons> &all = mapping.cores[core].neurons;
  auto most = std::max_element(all.begin(), all.end(),
                               [](const auto &a, const auto &b) { return count(a) < count(b); });
  return most == all.end() ? otherColor : looks.at(most->node).color;
}

static std::string rectangle(const Rectangle &place, std::string_view attributes) {
  return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {}/>\n",
                     place.x, place.y, place.width, place.height, attributes);
}

std::string MappingPicture::head() const {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\" "
      "fill=\"#20242B\">\n"
      "<defs>\n"
      "<pattern id=\"t1\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
      "patternTransform=\"rotate(45)\"><rect width=\"2.4\" height=\"6\" fill=\"#FFFFFF\" "
      "fill-opacity=\"0.75\"/></pattern>\n"
      "<pattern id=\"t2\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">"
      "<circle cx=\"3.5\" cy=\"3.5\" r=\"1.7\" fill=\"#20242B\" fill-opacity=\"0.7\"/>"
      "</pattern>\n"
      "<clipPath id=\"core\"><rect width=\"{2:.0f}\" height=\"{2:.0f}\" rx=\"5\"/></clipPath>\n"
      "</defs>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n",
      layout.width(), height, side);
}

std::string MappingPicture::title() const {
  double most = (layout.width() - 2 * margin) / 6.6;
  std::string cores = fmt::format("{} on {}", nir::counted(mapping.cores.size(), "core"),
                                  nir::counted(layout.chips().size(), "chip"));
  if (mapping.leastCores > 0) {
    cores += fmt::format(", at least {} needed", mapping.leastCores);
  }
  if (!mapping.partitioner.empty()) {
    cores += " · " + mapping.partitioner;
  }
  auto line = [&](double y, std::string_view attributes, const std::string &text, double share) {
    return svgText({margin, y}, attributes,
                   shortened(printable(text), static_cast<size_t>(share * most)));
  };
  return line(38, "font-size=\"19\" font-weight=\"bold\"", model.model, 0.6) +
         line(60, "font-size=\"13\"",
              fmt::format("on {}, semantics {}, format {}", mapping.target, model.semantics,
                          model.format),
              0.95) +
         line(79, "font-size=\"12\" fill=\"#5A6270\"", cores, 1.0);
}

/// The places of a chip's cores, dashed where there are more than are shown.
std::string MappingPicture::outlines(int32_t chip) const {
  std::string text;
  for (int32_t row = layout.rows().first; row < layout.rows().end; ++row) {
    for (int32_t column = layout.columns().first; column < layout.columns().end; ++column) {
      bool goesOn = layout.rows().goesOnAt(row) || layout.columns().goesOnAt(column);
      text += rectangle(layout.placeOf(chip, column, row),
                        goesOn ? "rx=\"5\" fill=\"none\" stroke=\"#C9CFD6\" "
                                 "stroke-dasharray=\"3 4\""
                               : "rx=\"5\" fill=\"none\" stroke=\"#D3D8DE\"");
    }
  }
  return text;
}

/// The chips with their cores, those that are not used as outlines.
std::string MappingPicture::chips() const {
  std::string text;
  for (int32_t chip : layout.chips()) {
    Rectangle around = layout.chipAt(chip);
    text += rectangle(around, "rx=\"10\" fill=\"#F6F7F9\" stroke=\"#C6CBD3\"");
    text += svgText(
        {around.x + 25, around.y + 22}, "fill=\"#5A6270\"",
        fmt::format("chip {}: {} of {}", chip, usedOn(mapping, chip),
                    nir::counted(int64_t(mapping.grid.columns) * mapping.grid.rows, "core")));
    text += layout.hasRoomForUnused() ? outlines(chip) : "";
  }
  for (size_t i = 0; i < mapping.cores.size(); ++i) {
    text += core(mapping.cores[i], i);
  }
  return text;
}

/// What a browser shows where the pointer rests.
std::string MappingPicture::tooltip(const Mapping::Core &core, size_t number) const {
  std::string text =
      fmt::format("core {}, chip {} at ({}, {})", number, core.chip, core.column, core.row);
  for (const Mapping::Neurons &neurons : core.neurons) {
    text += fmt::format("\n{}: {}", neurons.node, nir::counted(count(neurons), "neuron"));
  }
  for (size_t i = 0; i < mapping.resources.size(); ++i) {
    if (std::optional<double> share = shareOf(mapping, core, i)) {
      text += fmt::format("\n{}: {} of {}, {:.1f} %", mapping.resources[i].name, core.used[i],
                          mapping.resources[i].limit, 100.0 * *share);
    }
  }
  std::string escaped;
  for (size_t at = 0; at <= text.size();) { // line by line: a break is not part of a name here
    size_t end = std::min(text.find('\n', at), text.size());
    escaped += (at == 0 ? "" : "\n") + xmlText(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return "<title>" + escaped + "</title>";
}

/// Side by side its nodes, wider for more neurons, filled as its memory is.
std::string MappingPicture::core(const Mapping::Core &core, size_t number) const {
  Rectangle place = layout.placeOf(static_cast<int32_t>(number));
  double level = 1.0;
  if (shown) {
    level = std::clamp(shareOf(mapping, core, *shown).value_or(1.0), 0.0, 1.0);
  }
  std::string text =
      fmt::format("<g transform=\"translate({:.1f} {:.1f})\">{}\n<g clip-path=\"url(#core)\">\n",
                  place.x, place.y, tooltip(core, number));
  text += rectangle({0, 0, side, side}, "fill=\"#FFFFFF\"");
  auto all = static_cast<double>(std::max<int64_t>(neuronsOf(core), 1));
  auto parts = static_cast<double>(core.neurons.size());
  double thinnestStrip = std::min(3.0, side / (2 * parts)), x = 0.0; // ten of a thousand are seen
  for (const Mapping::Neurons &neurons : core.neurons) {
    Look look = looks.at(neurons.node);
    double strip =
        thinnestStrip + (side - parts * thinnestStrip) * static_cast<double>(count(neurons)) / all;
    text += rectangle({x, 0, strip, side},
                      fmt::format("fill=\"{}\" fill-opacity=\"0.22\"", look.color));
    Rectangle full{x, side * (1.0 - level), strip, side * level};
    text += rectangle(full, fmt::format("fill=\"{}\"", look.color));
    if (look.texture > 0) {
      text += rectangle(full, fmt::format("fill=\"url(#t{})\"", look.texture));
    }
    x += strip;
  }
  return text + "</g>\n" +
         rectangle({0, 0, side, side}, "rx=\"5\" fill=\"none\" stroke=\"#3A404A\"") + "</g>\n";
}

std::string MappingPicture::routes() const {
  std::string text = "<g pointer-events=\"none\">\n";
  double opacity = strongest.size() > manyRoutes ? 0.35 : 0.65;
  // The strongest are last in the file, and so on top.
  for (auto route = strongest.rbegin(); route != strongest.rend(); ++route) {
    bool isInput = route->from < 0;
    text += svgArrow(isInput ? layout.outside() : layout.placeOf(route->from),
                     layout.placeOf(route->to), widthOf(route->sources),
                     isInput ? outsideColor : colorOf(route->from), opacity);
  }
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      auto core = static_cast<int32_t>(from);
      if (route.to == core) {
        text += svgLoop(layout.placeOf(core), widthOf(route.sources), colorOf(core), 0.65);
      }
    }
  }
  if (!mapping.inputs.empty()) {
    Rectangle place = layout.outside();
    text += rectangle(place, "rx=\"19\" fill=\"#FFFFFF\" stroke=\"#5A6270\"");
    text += svgText({place.center().x, place.center().y + 4},
                    "text-anchor=\"middle\" fill=\"#3A404A\"", "input");
  }
  return text + "</g>\n";
}

/// The cores' numbers, and how full they are: above all lines.
std::string MappingPicture::labels() const {
  std::string text = "<g text-anchor=\"middle\" stroke=\"#FFFFFF\" stroke-width=\"3\" "
                     "stroke-linejoin=\"round\" paint-order=\"stroke\" "
                     "pointer-events=\"none\">\n";
  for (size_t i = 0; i < mapping.cores.size(); ++i) {
    Point middle = layout.placeOf(static_cast<int32_t>(i)).center();
    std::optional<double> share;
    if (shown) {
      share = shareOf(mapping, mapping.cores[i], *shown);
    }
    text += svgText({middle.x, middle.y + (share ? 0 : 4)}, "font-size=\"13\" font-weight=\"bold\"",
                    fmt::format("{}", i));
    if (share) {
      text += svgText({middle.x, middle.y + 13}, "font-size=\"10\"",
                      fmt::format("{:.0f} %", 100.0 * *share));
    }
  }
  return text + "</g>\n";
}

std::string MappingPicture::entry(double x, double y, Look look, std::string_view name,
                                  std::string_view rest) const {
  Rectangle box{x, y, 16, 16};
  std::string text =
      rectangle(box, fmt::format("rx=\"3\" fill=\"{}\" stroke=\"#3A404A\"", look.color));
  if (look.texture > 0) {
    text += rectangle(box, fmt::format("rx=\"3\" fill=\"url(#t{})\"", look.texture));
  }
  return text + fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"><tspan font-weight=\"bold\">{}</tspan>"
                            "<tspan fill=\"#5A6270\" dx=\"6\">{}</tspan></text>\n",
                            x + 24, y + 12.5, xmlText(name), xmlText(rest));
}

/// What filling and lines mean.
std::string MappingPicture::key(double x, double y) const {
  std::string text;
  if (shown) {
    text += rectangle({x, y, 16, 16}, "rx=\"3\" fill=\"#9AA0A8\" fill-opacity=\"0.22\"");
    text += rectangle({x, y + 7, 16, 9}, "fill=\"#9AA0A8\"");
    text += rectangle({x, y, 16, 16}, "rx=\"3\" fill=\"none\" stroke=\"#3A404A\"");
    text += svgText({x + 24, y + 12.5}, "fill=\"#5A6270\"",
                    fmt::format("a core, filled as its {} is; pale ones are not used",
                                mapping.resources[*shown].name));
    y += entryHeight;
  }
  if (mostSources > 1 || !strongest.empty()) {
    Rectangle from{x - 12, y, 12, 16}, to{x + 38, y, 12, 16};
    text += svgArrow(from, to, widest, outsideColor, 0.8);
    std::string what =
        fmt::format("sends spikes; of this width from {}", nir::counted(mostSources, "neuron"));
    if (allRoutes > strongest.size()) {
      what += fmt::format(" (the {} strongest of {} are drawn)", strongest.size(), allRoutes);
    }
    text += svgText({x + 50, y + 12.5}, "fill=\"#5A6270\"", what);
  }
  return text;
}

std::string MappingPicture::legend() const {
  std::string text;
  size_t looking = std::min(nodes.size(), palette.size() * textures);
  auto at = [&](size_t i) {
    size_t column = i % entriesInRow, row = i / entriesInRow;
    return Point{margin + static_cast<double>(column) * entryWidth,
                 layout.bottom() + 26 + static_cast<double>(row) * entryHeight};
  };
  for (size_t i = 0; i < looking; ++i) {
    text += entry(at(i).x, at(i).y, lookOf(i), nameOf(nodes[i]), neuronsText(nodes[i]));
  }
  size_t entries = looking;
  if (looking < nodes.size()) {
    text += entry(at(entries).x, at(entries).y, {},
                  fmt::format("{}", nir::counted(nodes.size() - looking, "more node")), "");
    ++entries;
  }
  return text + key(margin, layout.bottom() + 32 + rowsOf(entries, entriesInRow) * entryHeight);
}

std::string MappingPicture::str() const {
  return head() + title() + chips() + routes() + labels() + legend() + "</svg>\n";
}

std::string mappingSvg(const MappedModel &model) { return MappingPicture(model).str(); }

} // namespace nirc
