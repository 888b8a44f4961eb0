//===- Rates.cpp - rates of nodes over time -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Spikes.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

constexpr size_t mostLines = 14; ///< twice the colours: the second time dashed
constexpr double plotHeight = 96.0;

/// Whole steps, so many that about 60 bins make the sample.
static int64_t stepsOfBin(int64_t steps) {
  auto least = static_cast<double>(steps) / 60.0;
  int64_t power = 1;
  while (10 * power <= static_cast<int64_t>(least)) {
    power *= 10;
  }
  for (int64_t factor : {1, 2, 5}) {
    if (static_cast<double>(factor * power) >= least) {
      return factor * power;
    }
  }
  return 10 * power;
}

/// Spikes a second and neuron, in each bin.
static std::vector<double> ratesOf(const NodeSpikes &node, int64_t bin, double dt) {
  std::vector<double> rates(static_cast<size_t>((node.steps + bin - 1) / bin));
  double width = static_cast<double>(bin) * dt;
  for (const NodeSpikes::Spike &spike : node.spikes) {
    auto at = std::min(static_cast<size_t>(spike.seconds / width), rates.size() - 1);
    rates[at] += static_cast<double>(spike.count);
  }
  for (size_t i = 0; i < rates.size(); ++i) {
    int64_t steps = std::min(bin, node.steps - static_cast<int64_t>(i) * bin);
    rates[i] /= static_cast<double>(steps) * dt * static_cast<double>(node.neurons);
  }
  return rates;
}

/// Steps: a rate is that of a whole bin.
static Path stepsThrough(const std::vector<double> &rates, double width, double seconds,
                         const Axis &time, const Axis &rate) {
  Path path;
  for (size_t i = 0; i < rates.size(); ++i) {
    double y = rate.at(rates[i]), from = time.at(static_cast<double>(i) * width);
    double to = time.at(std::min(static_cast<double>(i + 1) * width, seconds));
    i == 0 ? path.move({from, y}) : path.line({from, y});
    path.line({to, y});
  }
  return path;
}

Drawing rateFigure(const RunPicture &run, const FigureStyle &style) {
  Sheet sheet(style);
  sheet.drawing.title = "Spikes a second and neuron over time";
  std::vector<NodeSpikes> nodes = spikesOf(run);
  size_t shown = std::min(nodes.size(), mostLines);
  double seconds = endOf(*run.recording), dt = run.recording->dtSeconds, most = 0.0;
  TimeScale scale = timeScaleFor(seconds);
  int64_t bin = stepsOfBin(nodes.empty() ? 1 : nodes.front().steps);
  std::vector<std::vector<double>> rates;
  std::vector<LegendEntry> entries;
  for (size_t i = 0; i < shown; ++i) {
    rates.push_back(ratesOf(nodes[i], bin, dt));
    for (double rate : rates.back()) {
      most = std::max(most, rate);
    }
    entries.push_back({nodes[i].node, sheet.theme.line(i),
                       i < okabeIto.size() ? LegendEntry::Mark::Line : LegendEntry::Mark::Dashes});
  }
  most = most > 0.0 ? 1.05 * most : 1.0;
  std::vector<Tick> rateTicks = ticks(0.0, most, 5);
  double x = sheet.left() + Sheet::leftWidth(rateTicks, true);
  double top = sheet.legend(x, sheet.right(), Sheet::margin, entries) + 4.0;
  Axis time{0.0, seconds, x, sheet.right() - 2.0}, rate{0.0, most, top + plotHeight, top};
  sheet.grid(rate, rateTicks, time.begin, time.end, false);
  for (size_t i = 0; i < shown; ++i) {
    sheet.drawing.begin({"rate", {{"node", nodes[i].node}}});
    sheet.drawing.add(stepsThrough(rates[i], static_cast<double>(bin) * dt, seconds, time, rate),
                      {.stroke = entries[i].color,
                       .width = widths.line,
                       .dash = entries[i].mark == LegendEntry::Mark::Dashes ? 2.0 : 0.0});
    sheet.drawing.end();
  }
  sheet.leftAxis(rate, x, rateTicks, "rate (Hz)");
  Axis axis = time;
  axis.to = seconds / scale.seconds;
  sheet.bottomAxis(axis, rate.begin, ticks(0.0, axis.to, 7), fmt::format("time ({})", scale.unit));
  double width = static_cast<double>(bin) * dt;
  TimeScale ofBin = timeScaleFor(2.0 * width);
  std::string said = fmt::format("{}{} Mean over the neurons of a node, in bins of {} {}.",
                                 sampleText(*run.recording), run.caption,
                                 numberLabel(width / ofBin.seconds), ofBin.unit);
  said +=
      shown < nodes.size() ? fmt::format(" The first {} of {} nodes.", shown, nodes.size()) : "";
  sheet.caption(rate.begin + Sheet::bottomHeight(true) + 3.0, said);
  return std::move(sheet.drawing);
}

} // namespace nirc
