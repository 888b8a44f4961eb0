//===- CompareText.cpp - a comparison for people --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Units.h"
#include "ir/Wording.h"
#include "tools/nirc/CompareReport.h"
#include "tools/nirc/Options.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static constexpr int64_t shownSamples = 16;
static constexpr size_t shownNodes = 40;

static std::string classText(int64_t klass) { return klass < 0 ? "-" : fmt::format("{}", klass); }

/// A row a run: what it is, its spikes, and which class it calls each sample.
static std::string runsText(const CompareReport &report) {
  const std::vector<RunReport> &runs = report.runs;
  bool hasNodes = std::any_of(runs.begin(), runs.end(),
                              [](const RunReport &run) { return !run.spikes.empty(); });
  const std::vector<OutputReport> &outputs = runs.front().outputs;
  bool hasClasses =
      report.samples <= shownSamples && !outputs.empty() && outputs.front().sums.front().size() > 1;
  Table table(3);
  std::vector<std::string> header = {"run", "target", "semantics"};
  if (hasNodes) {
    header.emplace_back("spikes");
  }
  header.emplace_back("output spikes");
  if (hasClasses) {
    header.emplace_back(report.samples == 1 ? "class" : "class of");
    for (int64_t sample = 0; report.samples > 1 && sample < report.samples; ++sample) {
      header.push_back(printable(report.sampleName(sample)));
    }
  }
  table.add(header);
  for (const RunReport &run : runs) {
    std::vector<std::string> row = {printable(run.label), printable(targetText(run.provenance)),
                                    printable(semanticsText(run.provenance))};
    if (hasNodes) {
      row.push_back(fmt::format("{}", run.spikesOfNodes()));
    }
    row.push_back(fmt::format("{}", run.spikesOfOutputs()));
    if (hasClasses) {
      if (report.samples > 1) {
        row.emplace_back();
      }
      for (int64_t klass : run.outputs.front().classes) {
        row.push_back(classText(klass));
      }
    }
    table.add(row);
  }
  return table.str();
}

/// A value with as many digits as tell it from the one beside it, at least those of a float32.
static std::string valueText(double value, double beside) {
  std::string text = fmt::format("{:.9g}", value);
  return value != beside && text == fmt::format("{:.9g}", beside) ? fmt::format("{:.17g}", value)
                                                                  : text;
}

/// Where it begins: the place, the values on both sides, and the states around it.
static std::string divergenceText(const CompareReport &report, const ComparisonReport &comparison,
                                  const TraceDifference &trace) {
  const Divergence &first = *trace.first;
  std::string time;
  if (report.dtSeconds > 0.0) {
    double seconds = static_cast<double>(first.step) * report.dtSeconds;
    time = fmt::format(" ({})", first.step == 0 ? "0 s" : secondsText(seconds));
  }
  std::string sample;
  if (report.samples > 1) {
    std::string name = printable(report.sampleName(first.sample));
    sample = report.sampleNames.empty() ? ", sample " + name : ", sample '" + name + "'";
  }
  std::string text = fmt::format(
      "first difference: step {}{}{}, node '{}', {} {}: {} {}, in {} {}\n", first.step, time,
      sample, printable(trace.node), trace.isSpikes ? "neuron" : "element",
      indexText(first.element, trace.shape), trace.observable, valueText(first.other, first.base),
      printable(report.runs.front().label), valueText(first.base, first.other));
  if (comparison.states.empty()) {
    return text;
  }
  Table table(2);
  std::vector<std::string> header = {"", ""};
  for (int64_t step = std::max<int64_t>(0, first.step - 1); step <= first.step; ++step) {
    header.push_back(fmt::format("step {}", step));
  }
  table.add(header);
  for (const StatePair &state : comparison.states) {
    for (bool isBase : {true, false}) {
      const RunReport &run = report.runs[isBase ? 0 : comparison.run];
      std::vector<std::string> row = {"  " + printable(state.observable), printable(run.label)};
      const std::vector<double> &values = isBase ? state.base : state.other;
      const std::vector<double> &beside = isBase ? state.other : state.base;
      for (size_t i = 0; i < values.size(); ++i) {
        row.push_back(valueText(values[i], beside[i]));
      }
      table.add(row);
    }
  }
  return text + table.str();
}

static std::string distanceText(const std::optional<double> &distance) {
  return distance ? fmt::format("{:.6g}", *distance) : "-";
}

/// The traces of one kind, a row each.
static std::string tracesText(const Difference &difference, bool spikes) {
  Table table(1);
  table.add(
      spikes ? std::vector<std::string>{"node", "spikes", "change", "van Rossum", "Victor-Purpura",
                                        "cosine"}
             : std::vector<std::string>{"node", "unequal values", "largest difference", "cosine"});
  size_t count = 0;
  for (const TraceDifference &trace : difference.traces) {
    if (trace.isSpikes != spikes || ++count > shownNodes) {
      continue;
    }
    if (spikes) {
      table.add({printable(trace.node), fmt::format("{}", trace.otherSpikes),
                 fmt::format("{:+}", trace.otherSpikes - trace.baseSpikes),
                 distanceText(trace.vanRossum), distanceText(trace.victorPurpura),
                 fmt::format("{:.6g}", trace.cosine)});
    } else {
      table.add({fmt::format("{} {}", nameText(trace.node), printable(trace.observable)),
                 fmt::format("{}", trace.unequal), fmt::format("{:.6g}", trace.largest),
                 fmt::format("{:.6g}", trace.cosine)});
    }
  }
  std::string more =
      count > shownNodes ? fmt::format("and {} more; --json has all\n", count - shownNodes) : "";
  return count == 0 ? "" : "\n" + table.str() + more;
}

/// ", 1 step late".
static std::string shiftText(int64_t shift) {
  return shift == 0 ? ""
                    : fmt::format(", {} {}", nir::counted(std::abs(shift), "step"),
                                  shift > 0 ? "late" : "early");
}

/// "not equal, another class for 2 of 5 samples".
static std::string verdict(const CompareReport &report, const ComparisonReport &comparison) {
  if (comparison.difference.equal()) {
    double tolerance = report.options.tolerance;
    return tolerance > 0.0 ? fmt::format("equal, values within {}", tolerance) : "equal";
  }
  const RunReport &base = report.runs.front();
  if (base.outputs.empty() || base.outputs.front().sums.front().size() < 2) {
    return "not equal";
  }
  int64_t changed = changedClasses(base, report.runs[comparison.run]);
  if (report.samples == 1) {
    return fmt::format("not equal, {} class", changed ? "another" : "the same");
  }
  return changed ? fmt::format("not equal, another class for {} of {}", changed,
                               nir::counted(report.samples, "sample"))
                 : "not equal, the same classes";
}

std::string compareText(const CompareReport &report) {
  std::string text = fmt::format("{}\n\n{}", printable(report.title), runsText(report));
  for (const ComparisonReport &comparison : report.comparisons) {
    const Difference &difference = comparison.difference;
    text += fmt::format("\n{} against {}{}: {}\n", printable(report.runs[comparison.run].label),
                        printable(report.runs.front().label), shiftText(comparison.shift),
                        verdict(report, comparison));
    if (const TraceDifference *first = difference.first()) {
      text += divergenceText(report, comparison, *first);
      text += tracesText(difference, /*spikes=*/true);
      text += tracesText(difference, /*spikes=*/false);
    }
    for (const auto &[names, whose] : {std::pair(&difference.onlyInBase, "the first"),
                                       std::pair(&difference.onlyInOther, "this one")}) {
      if (!names->empty()) {
        text += fmt::format("not compared, since {} alone recorded it: {}\n", whose,
                            printable(fmt::format("{}", fmt::join(*names, ", "))));
      }
    }
  }
  return text;
}

} // namespace nirc
