//===- MatchText.cpp - a match for people and for programs ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"
#include "ir/Wording.h"
#include "tools/nirc/MatchView.h"
#include "tools/nirc/Options.h"
#include "tools/text/Grouped.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static constexpr size_t shownRows = 24;

static std::string spikesText(const Agreement &found) {
  if (found.expected == 0.0) {
    return found.extra == 0.0 ? "no spikes, as expected"
                              : fmt::format("{} spikes, none expected", grouped(found.extra));
  }
  std::string extra = found.extra > 0.0 ? fmt::format(", {} too many", grouped(found.extra)) : "";
  return (found.agree == found.expected
              ? fmt::format("all {} spikes", grouped(found.expected))
              : fmt::format("{} of {} spikes", grouped(found.agree), grouped(found.expected))) +
         extra;
}

static std::string valuesText(const Agreement &found) {
  std::string within = found.largest > 0.0 ? fmt::format(", within {:.3g}", found.largest) : "";
  return found.unequal == 0
             ? "all values" + within
             : fmt::format("{} of {} values, the largest error {:.3g}",
                           grouped(static_cast<double>(found.values - found.unequal)),
                           grouped(static_cast<double>(found.values)), found.largest);
}

static bool hasSpikes(const MatchReport &report) {
  return std::any_of(report.expected.begin(), report.expected.end(),
                     [](const Expected &one) { return one.isSpikes; });
}

static bool hasValues(const MatchReport &report) {
  return std::any_of(report.expected.begin(), report.expected.end(),
                     [](const Expected &one) { return !one.isSpikes; });
}

/// "all 3,667 spikes", "3,102 of 3,667 spikes, 12 too many; all values, within 2e-07".
static std::string outcomeText(const MatchReport &report, const Candidate &candidate) {
  Agreement total = candidate.total();
  std::string text = hasSpikes(report) ? spikesText(total) : "";
  if (hasValues(report)) {
    text += (text.empty() ? "" : "; ") + valuesText(total);
  }
  if (candidate.shift != 0) {
    text += fmt::format("; the recording {} {}", nir::counted(std::abs(candidate.shift), "step"),
                        candidate.shift > 0 ? "late" : "early");
  }
  return text;
}

/// Where a candidate differs first, and in which recording.
static std::string firstText(const MatchView &view, const Candidate &candidate) {
  const Divergence *first = nullptr;
  const Expected *where = nullptr;
  for (size_t i = 0; i < candidate.agreements.size(); ++i) {
    const std::optional<Divergence> &one = candidate.agreements[i].first;
    if (one && (!first || one->step < first->step)) {
      first = &*one;
      where = &view.report.expected[i];
    }
  }
  if (!first) {
    return "";
  }
  const nir::Shape &shape = where->data.shape();
  std::string sample =
      view.inputs.batch == 1 ? ""
      : view.inputs.samples.empty()
          ? fmt::format(", sample {}", first->sample)
          : fmt::format(", sample '{}'",
                        printable(view.inputs.samples[static_cast<size_t>(first->sample)]));
  return fmt::format("step {}{}, {}: {} {:.6g}, expected {:.6g}", first->step, sample,
                     indexText(first->element, {shape.begin() + 2, shape.end()}),
                     where->probe.observable, first->other, first->base);
}

static std::string expectedText(const Expected &expected) {
  std::string what = expected.isSpikes ? grouped(expected.spikes)
                                       : fmt::format("equal within {:.3g}", expected.tolerance);
  std::string note = expected.note.empty() ? "" : fmt::format(" ({})", printable(expected.note));
  return fmt::format("{}: {} of '{}', {}{}\n", printable(expected.file), expected.probe.observable,
                     printable(expected.probe.node), what, note);
}

static std::vector<std::string> namesOf(const std::vector<const Candidate *> &candidates) {
  std::vector<std::string> names;
  names.reserve(candidates.size());
  for (const Candidate *candidate : candidates) {
    names.push_back(candidate->semantics);
  }
  return names;
}

/// The answer in a line or two.
static std::string answerText(const MatchView &view) {
  const MatchReport &report = view.report;
  if (report.candidates.empty()) {
    return "no preset runs this network\n";
  }
  const Candidate &first = report.candidates.front();
  std::string text = report.matches() ? "" : "no preset has all of it; the closest is ";
  text += fmt::format("{}: {}", first.semantics, outcomeText(report, first));
  if (const Candidate *preset = report.presetOf(first)) {
    text += fmt::format("; without {}: {}", first.changed, outcomeText(report, *preset));
  } else if (const Candidate *next = report.nextTo(first)) {
    text += fmt::format("; with {}: {}", next->changed, outcomeText(report, *next));
  }
  text += "\n";
  bool isSilent = !hasValues(report) && first.total().expected == 0.0;
  text += isSilent ? "a recording without spikes says little: any silent network fits it\n" : "";
  std::vector<const Candidate *> best = report.best();
  if (best.size() > 1) {
    text += fmt::format("{}: {}; the recording does not tell them apart\n",
                        report.matches() ? "equally right" : "equally close",
                        fmt::join(namesOf(best), ", "));
  }
  std::vector<std::string> undecided = report.undecided(first);
  if (!undecided.empty()) {
    text += fmt::format("no difference to {}: {}\n", first.semantics, fmt::join(undecided, ", "));
  }
  if (!report.matches() && view.mayBeSwapped) {
    text += "arrays are read as [B, T, ...]; --layout TBN reads [T, B, ...]\n";
  }
  return text;
}

static std::string tableText(const MatchView &view) {
  const MatchReport &report = view.report;
  bool spikes = hasSpikes(report), values = hasValues(report);
  Table table(1);
  std::vector<std::string> header = {"semantics"};
  for (const auto &[shown, name] :
       {std::pair(spikes, "agree"), std::pair(spikes, "missing"), std::pair(spikes, "too many"),
        std::pair(values, "unequal values"), std::pair(values, "largest error"),
        std::pair(true, "shift")}) {
    if (shown) {
      header.emplace_back(name);
    }
  }
  table.add(header);
  std::vector<std::string> firsts = {"first difference"};
  size_t count = 0;
  for (const Candidate &candidate : report.candidates) {
    if (!view.all && (report.changesNothing(candidate) || ++count > shownRows)) {
      continue;
    }
    Agreement total = candidate.total();
    std::vector<std::string> row = {candidate.semantics};
    if (spikes) {
      row.push_back(grouped(total.agree));
      row.push_back(grouped(total.expected - total.agree));
      row.push_back(grouped(total.extra));
    }
    if (values) {
      row.push_back(grouped(static_cast<double>(total.unequal)));
      row.push_back(fmt::format("{:.3g}", total.largest));
    }
    row.push_back(candidate.shift == 0 ? "0" : fmt::format("{:+}", candidate.shift));
    table.add(row);
    firsts.push_back(firstText(view, candidate));
  }
  // Texts are flush left, and a table has those on its left alone.
  std::string lines = table.str(), text;
  for (const std::string &first : firsts) {
    size_t end = lines.find('\n');
    text += lines.substr(0, end) + (first.empty() ? "" : "  " + first) + "\n";
    lines.erase(0, end + 1);
  }
  std::string more = count > shownRows ? fmt::format("and {} more; --all and --json have them\n",
                                                     count - shownRows)
                                       : "";
  return report.candidates.empty() ? "" : "\n" + text + more;
}

std::string matchText(const MatchView &view) {
  std::string text = printable(view.title) + "\n";
  for (const Expected &expected : view.report.expected) {
    text += expectedText(expected);
  }
  text += "\n" + answerText(view) + tableText(view);
  for (const Candidate &refused : view.report.refused) {
    text += fmt::format("{} does not run it: {}\n", refused.semantics, printable(refused.refusal));
  }
  return text;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static Json candidateJson(const MatchReport &report, const Candidate &candidate) {
  Json traces = Json::array();
  for (size_t i = 0; i < candidate.agreements.size(); ++i) {
    const Agreement &found = candidate.agreements[i];
    Json trace = {{"equal", found.isFull()}};
    if (report.expected[i].isSpikes) {
      trace["agree"] = found.agree;
      trace["missing"] = found.expected - found.agree;
      trace["extra"] = found.extra;
    } else {
      trace["values"] = found.values;
      trace["unequal"] = found.unequal;
      trace["largest_difference"] = std::isfinite(found.largest) ? Json(found.largest) : Json();
    }
    trace["first_difference"] = Json();
    if (found.first) {
      trace["first_difference"] = {{"step", found.first->step},
                                   {"sample", found.first->sample},
                                   {"element", found.first->element},
                                   {"expected", found.first->base},
                                   {"run", found.first->other}};
    }
    traces.push_back(std::move(trace));
  }
  return {{"semantics", candidate.semantics},
          {"preset", candidate.preset},
          {"changed", candidate.changed.empty() ? Json() : Json(candidate.changed)},
          {"equal", candidate.isFull()},
          {"shift", candidate.shift},
          {"traces", std::move(traces)}};
}

Json matchJson(const MatchView &view) {
  const MatchReport &report = view.report;
  Json expected = Json::array();
  for (const Expected &one : report.expected) {
    expected.push_back({{"file", one.file},
                        {"node", one.probe.node},
                        {"observable", one.probe.observable},
                        {"spikes", one.isSpikes ? Json(one.spikes) : Json()},
                        {"tolerance", one.isSpikes ? Json() : Json(one.tolerance)}});
  }
  Json candidates = Json::array(), refused = Json::array(), best = Json::array();
  for (const Candidate &candidate : report.candidates) {
    candidates.push_back(candidateJson(report, candidate));
  }
  for (const Candidate &candidate : report.refused) {
    refused.push_back({{"semantics", candidate.semantics}, {"reason", candidate.refusal}});
  }
  if (!report.candidates.empty()) {
    for (const std::string &name : namesOf(report.best())) {
      best.push_back(name);
    }
  }
  return {{"equal", report.matches()},
          {"best", std::move(best)},
          {"dt", view.inputs.recording.dtSeconds},
          {"steps", view.inputs.steps},
          {"samples", view.inputs.batch},
          {"sample_names", view.inputs.samples},
          {"target", report.target},
          {"dtype", nir::name(report.dtype)},
          {"advice", diagnosticsJson(view.advice)},
          {"expected", std::move(expected)},
          {"candidates", std::move(candidates)},
          {"refused", std::move(refused)}};
}

} // namespace nirc
