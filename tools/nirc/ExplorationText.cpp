//===- ExplorationText.cpp - an exploration in words and numbers ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Printable.h"
#include "ir/Wording.h"
#include "tools/nirc/ExplorationView.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <fmt/format.h>

namespace nirc {

std::string_view name(Yardstick yardstick) {
  switch (yardstick) {
  case Yardstick::Accuracy:
    return "accuracy";
  case Yardstick::SpikeDistance:
    return "spike_distance";
  case Yardstick::NumberDistance:
    break;
  }
  return "number_distance";
}

/// The value of a field of the format.
static std::string valueOf(const nir::NumberFormat &format, std::string_view name) {
  for (const nir::FormatField &field : nir::formatFields()) {
    if (field.name == name) {
      return field.get(format);
    }
  }
  return {};
}

static std::string percent(double share) { return fmt::format("{:.2f} %", 100.0 * share); }

/// How many weights, and thresholds, that are not 0 are 0 in the format: "12 %, 3 thresholds".
static std::string vanishedText(const FormatTrial &trial) {
  double share = trial.weights
                     ? static_cast<double>(trial.vanished) / static_cast<double>(trial.weights)
                     : 0.0;
  std::string text = trial.vanished
                         ? fmt::format("{} %", share < 0.1 ? fmt::format("{:.2g}", 100.0 * share)
                                                           : fmt::format("{:.0f}", 100.0 * share))
                         : "-";
  return trial.vanishedThresholds ? fmt::format("{}, {} thresholds", text, trial.vanishedThresholds)
                                  : text;
}

static std::string tableText(const Exploration &exploration) {
  bool isAccuracy = exploration.yardstick == Yardstick::Accuracy;
  Table table(1);
  std::vector<std::string> header = {"", "weight bits", "state bits", "rounding",
                                     isAccuracy ? "accuracy" : "distance"};
  if (isAccuracy) {
    header.emplace_back("points");
  }
  header.insert(header.end(), {"weight bytes", "state bytes", "all", "to 0"});
  table.add(header);
  for (size_t i = 0; i < exploration.trials.size(); ++i) {
    const FormatTrial &trial = exploration.trials[i];
    bool isProposed = exploration.proposed == i;
    std::vector<std::string> row = {isProposed      ? "*>"
                                    : trial.onFront ? "*"
                                                    : "",
                                    valueOf(trial.format, "weight-bits"),
                                    valueOf(trial.format, "state-bits"),
                                    valueOf(trial.format, "rounding")};
    if (!trial.error.empty()) {
      row.emplace_back("-");
      table.add(row);
      continue;
    }
    row.push_back(percent(trial.score));
    if (isAccuracy) {
      row.push_back(fmt::format("{:+.2f}", 100.0 * (trial.score - exploration.floatScore)));
    }
    row.insert(row.end(),
               {fmt::format("{}", trial.weightBytes), fmt::format("{}", trial.stateBytes),
                fmt::format("{}", trial.bytes()), vanishedText(trial)});
    table.add(row);
  }
  return table.str();
}

static std::string errorsText(const Exploration &exploration) {
  std::string text;
  for (const FormatTrial &trial : exploration.trials) {
    if (!trial.error.empty()) {
      text += fmt::format("{}: {}\n", trial.format.text(), printable(trial.error));
    }
  }
  return text;
}

static std::string wishText(const Exploration &exploration) {
  if (exploration.mostBytes) {
    return fmt::format("in at most {}", nir::counted(*exploration.mostBytes, "byte"));
  }
  return exploration.yardstick == Yardstick::Accuracy
             ? fmt::format("within {} points of float64", exploration.tolerance)
             : fmt::format("within {} % of float64", exploration.tolerance);
}

std::string explorationText(const Exploration &exploration) {
  bool isAccuracy = exploration.yardstick == Yardstick::Accuracy;
  std::string text = fmt::format("{}\n", printable(exploration.title));
  switch (exploration.yardstick) {
  case Yardstick::Accuracy:
    text += fmt::format("float64: {} right\n", percent(exploration.floatScore));
    break;
  case Yardstick::SpikeDistance:
    text += "distance: van Rossum's of the output spikes to those of float64, 100 % is silence\n";
    break;
  case Yardstick::NumberDistance:
    text += "distance: the root mean square of the outputs' difference from float64, 100 % is 0\n";
    break;
  }
  text += fmt::format("\n{}\n* no other is as {} for less memory\n", tableText(exploration),
                      isAccuracy ? "accurate" : "near");
  text += errorsText(exploration);
  if (!exploration.proposed) {
    return text + fmt::format("\nnone of these formats is {}\n", wishText(exploration));
  }
  const FormatTrial &trial = exploration.trials[*exploration.proposed];
  return text + fmt::format("\n{}: --format {}, {} {}, {}\n", wishText(exploration),
                            trial.format.text(), isAccuracy ? "accuracy" : "distance",
                            percent(trial.score), nir::counted(trial.bytes(), "byte"));
}

std::string explorationCsv(const Exploration &exploration) {
  std::string text =
      fmt::format("format,weight_bits,state_bits,rounding,{},weight_bytes,"
                  "state_bytes,bytes,vanished_weights,vanished_thresholds,pareto,proposed,"
                  "error\n",
                  name(exploration.yardstick));
  text += fmt::format("float64,,,,{},,,,,,,,\n", exploration.floatScore);
  for (size_t i = 0; i < exploration.trials.size(); ++i) {
    const FormatTrial &trial = exploration.trials[i];
    bool has = trial.error.empty();
    text +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{:d},{:d},{}\n", csvQuoted(trial.format.text()),
                    valueOf(trial.format, "weight-bits"), valueOf(trial.format, "state-bits"),
                    valueOf(trial.format, "rounding"), has ? fmt::format("{}", trial.score) : "",
                    trial.weightBytes, trial.stateBytes, trial.bytes(), trial.vanished,
                    trial.vanishedThresholds, trial.onFront, exploration.proposed == i,
                    has ? "" : csvQuoted(trial.error));
  }
  return text;
}

Json explorationJson(const Exploration &exploration) {
  Json trials = Json::array();
  for (const FormatTrial &trial : exploration.trials) {
    bool has = trial.error.empty();
    trials.push_back({{"format", trial.format.text()},
                      {"weight_bits", trial.format.weightBits},
                      {"state_bits", trial.format.stateBits},
                      {"rounding", valueOf(trial.format, "rounding")},
                      {"score", has ? Json(trial.score) : Json()},
                      {"weight_bytes", trial.weightBytes},
                      {"state_bytes", trial.stateBytes},
                      {"bytes", trial.bytes()},
                      {"vanished_weights", trial.vanished},
                      {"vanished_thresholds", trial.vanishedThresholds},
                      {"pareto", trial.onFront},
                      {"error", has ? Json() : Json(trial.error)}});
  }
  return {{"score", name(exploration.yardstick)},
          {"float64", exploration.floatScore},
          {"tolerance", exploration.mostBytes ? Json() : Json(exploration.tolerance)},
          {"memory", exploration.mostBytes ? Json(*exploration.mostBytes) : Json()},
          {"proposed", exploration.proposed
                           ? Json(exploration.trials[*exploration.proposed].format.text())
                           : Json()},
          {"formats", std::move(trials)}};
}

} // namespace nirc
