//===- Raster.cpp - spikes as a raster ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "tools/pictures/charts/Spikes.h"
#include "tools/text/Grouped.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace nirc {

/// More nodes are not shown: a figure has to fit on a page.
constexpr size_t mostPanels = 16;
/// Beyond so many marks a panel is an image of dots.
constexpr size_t mostMarks = 4000;
constexpr double dot = 0.5; ///< least size of one, in points: smaller ones are not seen
constexpr double headingHeight = 10.0, panelGap = 5.0;

namespace {
/// One panel: the node's spikes between two axes.
struct Panel {
  const NodeSpikes &node;
  Axis time, neuron; ///< of seconds; of rows from 0 to the number of neurons, upwards
  Color color;

  double rowHeight() const { return (neuron.begin - neuron.end) / neuron.to; }
  /// The middle of a neuron's row.
  double rowAt(int64_t index) const { return neuron.at(static_cast<double>(index) + 0.5); }
};
} // namespace

static double heightOf(int64_t neurons, size_t panels) {
  double most = panels > 8 ? 36.0 : panels > 4 ? 48.0 : 64.0;
  return std::clamp(5.0 * static_cast<double>(neurons), 14.0, most);
}

/// The marks of a raster as a path: where several would be at the same place, one.
static Path marksOf(const Panel &panel) {
  double height = std::clamp(0.8 * panel.rowHeight(), 0.5, 6.0);
  std::set<std::pair<int64_t, int64_t>> taken; // in tenths of a point
  Path marks;
  for (const NodeSpikes::Spike &spike : panel.node.spikes) {
    double x = panel.time.at(spike.seconds), y = panel.rowAt(spike.neuron);
    if (taken.emplace(std::lround(10.0 * x), std::lround(10.0 * y)).second) {
      marks.move({x, y - height / 2}).line({x, y + height / 2});
    }
  }
  return marks;
}

/// Every dot from the paper's colour, of no spike, to the node's, of most.
static Pixels dotsOf(const Panel &panel, const Theme &theme) {
  double width = panel.time.end - panel.time.begin, height = panel.neuron.begin - panel.neuron.end;
  auto dotsAlong = [](double length, int64_t places) {
    return static_cast<int32_t>(std::min(length / dot, static_cast<double>(places)));
  };
  Pixels pixels{dotsAlong(width, panel.node.steps), dotsAlong(height, panel.node.neurons), {}};
  auto size = static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.height);
  std::vector<int64_t> counts(size);
  auto cellOf = [](double share, int32_t cells) {
    return static_cast<size_t>(std::clamp(static_cast<int32_t>(share * cells), 0, cells - 1));
  };
  for (const NodeSpikes::Spike &spike : panel.node.spikes) {
    size_t x = cellOf(spike.seconds / panel.time.to, pixels.width);
    size_t y = cellOf((static_cast<double>(spike.neuron) + 0.5) / panel.neuron.to, pixels.height);
    counts[(static_cast<size_t>(pixels.height) - 1 - y) * static_cast<size_t>(pixels.width) + x] +=
        spike.count;
  }
  double most = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  for (int64_t count : counts) {
    // One spike alone is seen, and a few of hundreds can be told from one.
    double share = count ? 0.4 + 0.6 * std::sqrt(static_cast<double>(count) / most) : 0.0;
    pixels.colors.push_back(mixed(theme.paper, panel.color, share));
  }
  return pixels;
}

/// Draws the spikes, and says whether as dots.
static bool drawSpikes(Sheet &sheet, const Panel &panel) {
  Path marks = marksOf(panel);
  bool isDense = marks.steps().size() > 2 * mostMarks;
  sheet.drawing.begin({isDense ? "spikes density" : "spikes",
                       {{"node", panel.node.node},
                        {"neurons", fmt::format("{}", panel.node.neurons)},
                        {"spikes", fmt::format("{}", panel.node.total)}}});
  if (isDense) {
    sheet.drawing.add({panel.time.begin, panel.neuron.end, panel.time.end - panel.time.begin,
                       panel.neuron.begin - panel.neuron.end},
                      dotsOf(panel, sheet.theme));
  } else {
    double pitch = (panel.time.end - panel.time.begin) / static_cast<double>(panel.node.steps);
    sheet.drawing.add(std::move(marks),
                      {.stroke = panel.color, .width = std::clamp(pitch, 0.4, 0.9)});
  }
  sheet.drawing.end();
  return isDense;
}

static std::string saidOf(const NodeSpikes &node, double seconds) {
  double rate = static_cast<double>(node.total) / static_cast<double>(node.neurons) / seconds;
  auto counted = [](int64_t count, std::string_view noun) {
    return nir::withNoun(grouped(static_cast<double>(count)), noun);
  };
  return fmt::format("{}, {}, {:.3g} Hz", counted(node.neurons, "neuron"),
                     counted(node.total, "spike"), rate);
}

static std::string densityText(const std::vector<std::string> &dense) {
  if (dense.empty()) {
    return "";
  }
  std::string names = fmt::format("{}", dense.front());
  for (size_t i = 1; i < std::min<size_t>(dense.size(), 4); ++i) {
    names += (i + 1 == dense.size() ? " and " : ", ") + dense[i];
  }
  if (dense.size() > 4) {
    names += " and others";
  }
  return fmt::format(" In {} a dot stands for all spikes at its place: the stronger, the more.",
                     names);
}

Drawing rasterFigure(const RunPicture &run, const FigureStyle &style) {
  Sheet sheet(style);
  sheet.drawing.title = "Spikes of each neuron over time";
  std::vector<NodeSpikes> nodes = spikesOf(run);
  size_t shown = std::min(nodes.size(), mostPanels);
  double seconds = endOf(*run.recording);
  TimeScale scale = timeScaleFor(seconds);
  double ofLabels = 0.0;
  for (size_t i = 0; i < shown; ++i) {
    ofLabels =
        std::max(ofLabels, Sheet::leftWidth({{0, fmt::format("{}", nodes[i].neurons - 1)}}, true));
  }
  Axis time{0.0, seconds, sheet.left() + ofLabels, sheet.right() - 2.0};
  double y = Sheet::margin;
  std::vector<std::string> dense;
  for (size_t i = 0; i < shown; ++i) {
    const NodeSpikes &node = nodes[i];
    double top = y + headingHeight, bottom = top + heightOf(node.neurons, shown);
    sheet.heading(time.begin, time.end, y + 7.0, node.node, saidOf(node, seconds));
    Panel panel{
        node, time, {0.0, static_cast<double>(node.neurons), bottom, top}, sheet.theme.line(i)};
    sheet.drawing.add(
        std::move(Path().rectangle({time.begin, top, time.end - time.begin, bottom - top})),
        {.fill = sheet.theme.paper, .stroke = sheet.theme.faint, .width = widths.hair});
    if (drawSpikes(sheet, panel)) {
      dense.push_back(node.node);
    }
    Axis rows = panel.neuron;
    rows.from = -0.5;
    rows.to = static_cast<double>(node.neurons) - 0.5;
    std::vector<Tick> ends = {{0.0, "0"}};
    if (node.neurons > 1) {
      ends.push_back({rows.to - 0.5, fmt::format("{}", node.neurons - 1)});
    }
    sheet.leftAxis(rows, time.begin, ends, i == 0 ? "neuron" : "");
    y = bottom + panelGap;
  }
  y -= panelGap;
  Axis axis = time;
  axis.to = seconds / scale.seconds;
  sheet.bottomAxis(axis, y, ticks(0.0, axis.to, 7), fmt::format("time ({})", scale.unit));
  std::string rest =
      shown < nodes.size() ? fmt::format(" The first {} of {} nodes.", shown, nodes.size()) : "";
  sheet.caption(y + Sheet::bottomHeight(true) + 3.0,
                sampleText(*run.recording) + run.caption + rest + densityText(dense));
  return std::move(sheet.drawing);
}

} // namespace nirc
