//===- ReportFigures.cpp - figures of formats and quantizations -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ReportFigures.h"

#include "api/io/Printable.h"
#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

FrontPicture frontOf(const Exploration &exploration, const std::string &model) {
  FrontPicture picture;
  bool isAccuracy = exploration.yardstick == Yardstick::Accuracy;
  picture.isMoreBetter = isAccuracy;
  picture.scoreTitle = isAccuracy ? "accuracy (%)" : "distance (%)";
  if (isAccuracy) {
    picture.floatScore = 100.0 * exploration.floatScore;
  }
  if (!exploration.mostBytes) {
    picture.wished = 100.0 * exploration.leastScore;
  }
  size_t failed = 0;
  for (size_t i = 0; i < exploration.trials.size(); ++i) {
    const FormatTrial &trial = exploration.trials[i];
    if (!trial.error.empty()) {
      ++failed;
      continue;
    }
    picture.points.push_back({static_cast<double>(trial.bytes()), 100.0 * trial.score,
                              fmt::format("{}/{}", trial.format.weightBits, trial.format.stateBits),
                              trial.onFront, exploration.proposed == i});
  }
  if (exploration.proposed) {
    picture.proposed = exploration.trials[*exploration.proposed].format.text();
  }
  std::string title = printable(exploration.title);
  picture.caption = model + title.substr(std::min(title.find(": "), title.size())) + ".";
  picture.caption += isAccuracy ? "" : " Distances are to float64.";
  picture.caption +=
      failed ? fmt::format(" {} could not be run.", nir::counted(failed, "format")) : "";
  return picture;
}

static RangesPicture::Row rowOf(const nir::NumberFormat &format, const std::string &node,
                                const WeightsReport &weights) {
  CodeRange range = codeRange(format, weights);
  RangesPicture::Row row{node,          "weights",    RangesPicture::Row::Kind::Weights,
                         weights.least, weights.most, range.least,
                         range.most,    weights.bits, ""};
  if (weights.vanished > 0 && weights.present > 0) {
    double percent =
        100.0 * static_cast<double>(weights.vanished) / static_cast<double>(weights.present);
    row.note = percent < 0.1 ? "<0.1 % to 0" : fmt::format("{:.2g} % to 0", percent);
  }
  return row;
}

/// Of two's complement.
static std::pair<int64_t, int64_t> limitsOf(int bits) {
  int64_t half = int64_t(1) << (std::clamp(bits, 1, 62) - 1);
  return {-half, half - 1};
}

RangesPicture rangesOf(const QuantizationReport &report, const std::string &caption) {
  using Kind = RangesPicture::Row::Kind;
  RangesPicture picture;
  for (const NodeReport &node : report.nodes) {
    std::string name = printable(node.node);
    if (node.weights) {
      picture.rows.push_back(rowOf(report.format, name, *node.weights));
    }
    if (node.signal) {
      // Sums have the accumulator, other numbers the bits of signals.
      int bits = node.weights ? report.format.accumulatorBits : node.signal->neededBits;
      auto [lowest, highest] = limitsOf(bits);
      picture.rows.push_back({name, node.weights ? "sums" : "signal", Kind::Signal,
                              node.signal->least, node.signal->most, lowest, highest,
                              node.signal->neededBits, ""});
    }
    for (const StateReport &state : node.states) {
      auto [lowest, highest] = limitsOf(state.bits);
      picture.rows.push_back({name, printable(state.name), Kind::State, state.least, state.most,
                              lowest, highest, state.bits, state.canOverflow ? "full" : ""});
    }
  }
  picture.caption = caption;
  return picture;
}

} // namespace nirc
