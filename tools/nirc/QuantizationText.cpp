//===- QuantizationText.cpp - a quantization for people -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Units.h"
#include "ir/Wording.h"
#include "tools/nirc/QuantizationView.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

CodeRange codeRange(const nir::NumberFormat &format, const WeightsReport &weights) {
  int64_t most = nir::largestWeight(format);
  if (format.weightCode == nir::WeightCode::Symmetric) {
    return {-most, most};
  }
  // Loihi's codes of one sign go up to 255, and of both from -256.
  int64_t ofOneSign = 256 - (int64_t(1) << (8 - format.weightBits));
  if (weights.least < 0 && weights.most > 0) {
    return {-256, most};
  }
  return weights.least < 0 ? CodeRange{-ofOneSign, 0} : CodeRange{0, ofOneSign};
}

double usedShare(const nir::NumberFormat &format, const WeightsReport &weights) {
  CodeRange range = codeRange(format, weights);
  auto share = [](int64_t part, int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  return std::max(share(weights.least, range.least), share(weights.most, range.most));
}

static std::string scaleText(const std::vector<double> &scales) {
  if (scales.empty()) {
    return "-";
  }
  auto [least, most] = std::minmax_element(scales.begin(), scales.end());
  return *least == *most ? fmt::format("{:.4g}", *least)
                         : fmt::format("{:.4g} … {:.4g}", *least, *most);
}

static std::string rangeText(int64_t least, int64_t most) {
  return fmt::format("{} … {}", least, most);
}

/// Connections: their weights, and what their sums can be.
static std::string weightsText(const QuantizationReport &report) {
  Table table(2);
  table.add({"node", "kind", "weights", "bits", "scale", "codes", "used", "clipped", "to 0",
             "rms error", "sums", "bits"});
  bool any = false;
  for (const NodeReport &node : report.nodes) {
    if (!node.weights) {
      continue;
    }
    any = true;
    const WeightsReport &weights = *node.weights;
    table.add({printable(node.node), node.kind, fmt::format("{}", weights.count),
               fmt::format("{}", weights.bits), scaleText(weights.scales),
               rangeText(weights.least, weights.most),
               fmt::format("{:.0f} %", 100.0 * usedShare(report.format, weights)),
               fmt::format("{}", weights.clipped), fmt::format("{}", weights.vanished),
               fmt::format("{:.2g}", weights.rootMeanSquareError),
               node.signal ? rangeText(node.signal->least, node.signal->most) : "-",
               node.signal ? fmt::format("{}", node.signal->neededBits) : "-"});
  }
  return any ? table.str() + "\n" : "";
}

/// What a state keeps of a time constant: "10 ms", "9.99 ms (-0.1 %)".
static std::string effectiveTau(const StateReport &state) {
  if (!state.effectiveTauSeconds) {
    return "-";
  }
  double error = *state.effectiveTauSeconds / *state.tauSeconds - 1.0;
  return fmt::format(
      "{} ({:+.3g} %)",
      std::isinf(*state.effectiveTauSeconds) ? "never" : secondsText(*state.effectiveTauSeconds),
      100.0 * error);
}

/// Populations: their states.
static std::string statesText(const QuantizationReport &report,
                              const QuantizationMeasure *measure) {
  Table table(2);
  std::vector<std::string> header = {"node",     "state",        "bits", "scale",
                                     "fraction", "proven range", "tau",  "effective"};
  if (measure) {
    header.emplace_back("saturated");
  }
  table.add(header);
  bool any = false;
  for (const NodeReport &node : report.nodes) {
    for (const StateReport &state : node.states) {
      any = true;
      std::vector<std::string> row = {printable(node.node),
                                      printable(state.name),
                                      fmt::format("{}", state.bits),
                                      scaleText(state.scales),
                                      fmt::format("{}", state.fractionBits),
                                      rangeText(state.least, state.most) +
                                          (state.canOverflow ? " full" : ""),
                                      state.tauSeconds ? secondsText(*state.tauSeconds) : "-",
                                      effectiveTau(state)};
      if (measure) {
        const QuantizationMeasure::Limit *limit = measure->limitOf(node.node, state.name);
        row.push_back(limit ? fmt::format("{}", limit->count) : "never");
      }
      table.add(row);
    }
  }
  return any ? table.str() + "\n" : "";
}

/// Signals of numbers that no weights make: inputs, pools, rescales, what analog neurons pass on.
static std::string signalsText(const QuantizationReport &report) {
  Table table(2);
  table.add({"node", "kind", "scale", "proven range", "bits", "seen"});
  bool any = false;
  for (const NodeReport &node : report.nodes) {
    if (!node.signal || node.weights) {
      continue;
    }
    any = true;
    const SignalReport &signal = *node.signal;
    table.add({printable(node.node), node.kind, scaleText(signal.scales),
               rangeText(signal.least, signal.most), fmt::format("{}", signal.neededBits),
               signal.seenLeast
                   ? fmt::format("{:.4g} … {:.4g}", *signal.seenLeast, *signal.seenMost)
                   : "-"});
  }
  return any ? table.str() + "\n" : "";
}

static std::string notesText(const QuantizationReport &report) {
  std::string text;
  for (const NodeReport &node : report.nodes) {
    for (const std::string &note : node.notes) {
      text += fmt::format("'{}': {}\n", printable(node.node), note);
    }
  }
  return text.empty() ? "" : text + "\n";
}

static std::string bytesText(int64_t bytes) {
  return bytes < 10000 ? fmt::format("{}", nir::counted(bytes, "byte"))
                       : fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000.0);
}

static std::string distance(const std::optional<double> &value) {
  return value ? fmt::format("{:.5g}", *value) : "-";
}

/// Against float64: the spikes of every node, and of outputs the classes.
static std::string measureText(const QuantizationMeasure &measure) {
  std::string text =
      fmt::format("against float64, over {} of {}:\n", nir::counted(measure.samples, "sample"),
                  nir::counted(measure.steps, "step"));
  Table spikes(1), values(1);
  spikes.add({"node", "spikes", "in integers", "van Rossum", "Victor-Purpura", "cosine"});
  values.add({"node", "largest difference", "cosine"});
  bool anySpikes = false, anyValues = false;
  for (const TraceDifference &trace : measure.difference.traces) {
    (trace.isSpikes ? anySpikes : anyValues) = true;
    if (trace.isSpikes) {
      spikes.add({printable(trace.node), fmt::format("{}", trace.baseSpikes),
                  fmt::format("{}", trace.otherSpikes), distance(trace.vanRossum),
                  distance(trace.victorPurpura), fmt::format("{:.6g}", trace.cosine)});
    } else {
      values.add({printable(trace.node), fmt::format("{:.6g}", trace.largest),
                  fmt::format("{:.6g}", trace.cosine)});
    }
  }
  text += (anySpikes ? spikes.str() : "") + (anyValues ? values.str() : "");
  bool hasClasses =
      !measure.base.outputs.empty() && measure.base.outputs.front().sums.front().size() > 1;
  if (hasClasses && measure.samples > 1) {
    text +=
        fmt::format("another class for {} of {}\n", changedClasses(measure.base, measure.integers),
                    nir::counted(measure.samples, "sample"));
  } else if (hasClasses) {
    bool changed = changedClasses(measure.base, measure.integers) > 0;
    text += changed ? "another class\n" : "the same class\n";
  }
  for (const QuantizationMeasure::Limit &limit : measure.limits) {
    if (limit.what == "u" && limit.count > 0) {
      text += fmt::format("'{}': the sum of the inputs met the limit of the accumulator {}\n",
                          printable(limit.node), nir::counted(limit.count, "time"));
    }
  }
  return text;
}

std::string quantizationText(const QuantizationReport &report, const QuantizationMeasure *measure) {
  std::string text =
      weightsText(report) + statesText(report, measure) + signalsText(report) + notesText(report);
  text += fmt::format("weights {}, states {}\n", bytesText(report.weightBytes),
                      bytesText(report.stateBytes));
  return measure ? text + "\n" + measureText(*measure) : text;
}

} // namespace nirc
