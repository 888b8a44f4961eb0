//===- Voltages.cpp - membrane voltages over time -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "tools/pictures/charts/Spikes.h"
#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace nirc {

constexpr size_t mostPanels = 10;
constexpr size_t mostNeurons = 3; ///< of a node: more lines cannot be followed
constexpr double headingHeight = 10.0, panelHeight = 46.0, panelGap = 7.0;
constexpr double spikesHeight = 2.6; ///< of a row of spikes

namespace {
/// The neurons of a node that are drawn.
struct Traces {
  const nir::Trace &v;
  int64_t neurons, steps;
  const NodeSpikes *spikes; ///< null where they were not recorded
  const nir::Tensor *thresholds;
  std::vector<int64_t> shown = {};

  /// What the rows of spikes take: one a neuron.
  double headHeight() const {
    return spikes ? spikesHeight * static_cast<double>(shown.size()) + 1.5 : 2.0;
  }
  double at(int64_t step, int64_t neuron) const { return v.data.at(step * neurons + neuron); }
  std::optional<double> threshold(int64_t neuron) const {
    if (!thresholds || thresholds->size() == 0 ||
        (thresholds->size() != 1 && thresholds->size() != neurons)) {
      return std::nullopt;
    }
    return thresholds->at(thresholds->size() == 1 ? 0 : neuron);
  }
};
} // namespace

/// Those with most spikes, of as many those with the lowest number; in ascending order.
static std::vector<int64_t> mostActive(int64_t neurons, const NodeSpikes *spikes) {
  std::vector<int64_t> order(static_cast<size_t>(neurons)), counts(order.size());
  std::iota(order.begin(), order.end(), 0);
  if (spikes && spikes->neurons == neurons) {
    for (const NodeSpikes::Spike &spike : spikes->spikes) {
      counts[static_cast<size_t>(spike.neuron)] += spike.count;
    }
  }
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    int64_t ofA = counts[static_cast<size_t>(a)], ofB = counts[static_cast<size_t>(b)];
    return ofA != ofB ? ofA > ofB : a < b;
  });
  order.resize(std::min(order.size(), mostNeurons));
  std::sort(order.begin(), order.end());
  return order;
}

/// From the least to the most that is drawn, and a little more.
static std::pair<double, double> rangeOf(const Traces &traces) {
  double least = 0.0, most = 0.0;
  bool isFirst = true;
  auto take = [&](double value) {
    if (std::isfinite(value)) {
      least = isFirst ? value : std::min(least, value);
      most = isFirst ? value : std::max(most, value);
      isFirst = false;
    }
  };
  for (int64_t neuron : traces.shown) {
    for (int64_t step = 0; step < traces.steps; ++step) {
      take(traces.at(step, neuron));
    }
    if (std::optional<double> threshold = traces.threshold(neuron)) {
      take(*threshold);
    }
  }
  double slack = most > least ? 0.05 * (most - least) : std::max(0.5 * std::abs(most), 0.5);
  return {least - slack, most + slack};
}

/// A line through all steps. Of many to a point of the sheet, the least and the most: no peak is
/// lost.
static Path lineOf(const Traces &traces, int64_t neuron, const Axis &time, const Axis &v,
                   double dt) {
  Path path;
  auto columns = static_cast<int64_t>(4.0 * (time.end - time.begin));
  int64_t each = std::max<int64_t>(1, traces.steps / columns);
  bool isOpen = false;
  auto add = [&](int64_t step) {
    double value = traces.at(step, neuron);
    if (!std::isfinite(value)) {
      isOpen = false;
      return;
    }
    Point point{time.at((static_cast<double>(step) + 1.0) * dt), v.at(value)};
    isOpen ? path.line(point) : path.move(point);
    isOpen = true;
  };
  for (int64_t first = 0; first < traces.steps; first += each) {
    int64_t end = std::min(first + each, traces.steps), low = first, high = first;
    for (int64_t step = first; step < end; ++step) {
      low = traces.at(step, neuron) < traces.at(low, neuron) ? step : low;
      high = traces.at(step, neuron) > traces.at(high, neuron) ? step : high;
    }
    add(std::min(low, high));
    if (low != high) {
      add(std::max(low, high));
    }
  }
  return path;
}

static void drawSpikes(Sheet &sheet, const Traces &traces, const Axis &time, double bottom) {
  for (size_t i = 0; i < traces.shown.size(); ++i) {
    Path marks;
    double last = -1.0;
    double y = bottom - 1.5 - spikesHeight * static_cast<double>(traces.shown.size() - 1 - i);
    for (const NodeSpikes::Spike &spike : traces.spikes->spikes) {
      double x = time.at(spike.seconds);
      // Of several at one place one is drawn.
      if (spike.neuron == traces.shown[i] && x > last + 0.1) {
        last = x;
        marks.move({x, y - spikesHeight + 0.5}).line({x, y});
      }
    }
    sheet.drawing.begin(
        {"spikes", {{"node", traces.v.node}, {"neuron", fmt::format("{}", traces.shown[i])}}});
    sheet.drawing.add(std::move(marks), {.stroke = sheet.theme.line(i), .width = 0.7});
    sheet.drawing.end();
  }
}

static void drawPanel(Sheet &sheet, const Traces &traces, const Axis &time, const Axis &v,
                      double dt) {
  for (size_t i = 0; i < traces.shown.size(); ++i) {
    int64_t neuron = traces.shown[i];
    sheet.drawing.begin(
        {"voltage", {{"node", traces.v.node}, {"neuron", fmt::format("{}", neuron)}}});
    if (std::optional<double> threshold = traces.threshold(neuron)) {
      double y = v.at(*threshold);
      if (y >= v.end && y <= v.begin) {
        sheet.drawing.add(std::move(Path().move({time.begin, y}).line({time.end, y})),
                          {.stroke = sheet.theme.line(i), .width = widths.axis, .dash = 2.0});
      }
    }
    sheet.drawing.add(lineOf(traces, neuron, time, v, dt),
                      {.stroke = sheet.theme.line(i), .width = widths.line});
    sheet.drawing.end();
  }
  if (traces.spikes) {
    drawSpikes(sheet, traces, time, v.end);
  }
}

static std::vector<LegendEntry> legendOf(const Sheet &sheet, const Traces &traces) {
  std::vector<LegendEntry> entries;
  for (size_t i = 0; i < traces.shown.size(); ++i) {
    entries.push_back({fmt::format("{}", traces.shown[i]), sheet.theme.line(i)});
  }
  return entries;
}

/// The name to the left, the neurons with their colours to the right.
static void drawHeading(Sheet &sheet, const Traces &traces, const Axis &time, double y) {
  std::vector<LegendEntry> entries = legendOf(sheet, traces);
  double ofLegend = 0.0;
  for (const LegendEntry &entry : entries) {
    ofLegend += 22.5 + textWidth(entry.name, sizes.tick);
  }
  double from = std::max(time.end - ofLegend + 8.0, time.begin);
  std::string noun = traces.neurons > 1 ? "neurons" : "neuron";
  double before = from - textWidth(noun, sizes.tick) - 5.0;
  sheet.heading(time.begin, before - 4.0, y + 7.0, traces.v.node, "");
  sheet.drawing.add({before, y + 4.5 + 0.36 * sizes.tick}, noun,
                    {.color = sheet.theme.muted, .size = sizes.tick});
  sheet.legend(from, time.end + 8.0, y, entries);
}

Drawing voltageFigure(const RunPicture &run, const FigureStyle &style) {
  Sheet sheet(style);
  sheet.drawing.title = "Membrane voltages over time";
  std::vector<const nir::Trace *> all = tracesOf(run, "v");
  std::vector<NodeSpikes> spikes = spikesOf(run);
  double seconds = endOf(*run.recording), dt = run.recording->dtSeconds;
  TimeScale scale = timeScaleFor(seconds);
  std::vector<Traces> panels;
  std::vector<Axis> voltages;
  double ofLabels = 0.0, y = Sheet::margin;
  bool hasThresholds = false, isSome = false;
  for (const nir::Trace *trace : all) {
    if (panels.size() == mostPanels) {
      break;
    }
    auto found = std::find_if(spikes.begin(), spikes.end(),
                              [&](const NodeSpikes &one) { return one.node == trace->node; });
    auto threshold = run.thresholds.find(trace->node);
    int64_t neurons = neuronsOf(*trace);
    const NodeSpikes *own = found == spikes.end() ? nullptr : &*found;
    panels.push_back({*trace, neurons, trace->data.shape()[1], own,
                      threshold == run.thresholds.end() ? nullptr : &threshold->second,
                      mostActive(neurons, own)});
    auto [least, most] = rangeOf(panels.back());
    double top = y + headingHeight + panels.back().headHeight();
    voltages.push_back({least, most, top + panelHeight, top});
    ofLabels = std::max(ofLabels, Sheet::leftWidth(ticks(least, most, 4), true));
    hasThresholds = hasThresholds || panels.back().threshold(0);
    isSome = isSome || neurons > static_cast<int64_t>(mostNeurons);
    y = top + panelHeight + panelGap;
  }
  y -= panels.empty() ? 0.0 : panelGap;
  Axis time{0.0, seconds, sheet.left() + ofLabels, sheet.right() - 2.0};
  for (size_t i = 0; i < panels.size(); ++i) {
    const Axis &v = voltages[i];
    std::vector<Tick> marked = ticks(v.from, v.to, 4);
    drawHeading(sheet, panels[i], time, v.end - panels[i].headHeight() - headingHeight);
    sheet.grid(v, marked, time.begin, time.end, false);
    drawPanel(sheet, panels[i], time, v, dt);
    sheet.leftAxis(v, time.begin, marked, "v");
  }
  Axis axis = time;
  axis.to = seconds / scale.seconds;
  sheet.bottomAxis(axis, y, ticks(0.0, axis.to, 7), fmt::format("time ({})", scale.unit));
  std::string said = sampleText(*run.recording) + run.caption;
  said += hasThresholds ? " Dashed: thresholds; above: spikes." : "";
  said += isSome ? fmt::format(" Of each node the {} neurons with most spikes.", mostNeurons) : "";
  said += panels.size() < all.size()
              ? fmt::format(" The first {} of {} nodes.", panels.size(), all.size())
              : "";
  sheet.caption(y + Sheet::bottomHeight(true) + 3.0, said);
  return std::move(sheet.drawing);
}

} // namespace nirc
