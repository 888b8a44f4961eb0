//===- TargetTables.cpp - how targets did, as files ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/report/TargetTables.h"

#include "api/compare/Difference.h"
#include "api/io/Printable.h"
#include "conformance/report/Junit.h"
#include "ir/Wording.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>

namespace nirc::conformance {

std::vector<std::string> featuresOf(const TargetsReport &report) {
  std::vector<std::string> features;
  for (const CaseVerdict &one : report.cases) {
    for (const std::string &feature : one.features) {
      if (std::find(features.begin(), features.end(), feature) == features.end()) {
        features.push_back(feature);
      }
    }
  }
  return features;
}

/// The message without what is of one case alone: names in quotes, and numbers.
static std::string generalized(const std::string &message) {
  std::string text;
  for (size_t i = 0; i < message.size(); ++i) {
    size_t end = message[i] == '\'' ? message.find('\'', i + 1) : std::string::npos;
    bool isDigit = std::isdigit(static_cast<unsigned char>(message[i])) != 0;
    if (end != std::string::npos) {
      i = end;
    } else if (!isDigit) {
      text += message[i];
    }
  }
  return text;
}

std::vector<Refusal> refusalsOf(const TargetsReport &report, size_t way) {
  std::vector<Refusal> all;
  for (const CaseVerdict &one : report.cases) {
    for (const TargetVerdict &verdict : one.verdicts) {
      if (verdict.way != way || verdict.outcome != Outcome::Refused) {
        continue;
      }
      const nir::Error &error = *verdict.error;
      std::string kind = generalized(error.message);
      auto found = std::find_if(all.begin(), all.end(), [&](const Refusal &other) {
        return other.code == error.code && generalized(other.message) == kind;
      });
      if (found == all.end()) {
        all.push_back({error.code, error.message, 0});
        found = all.end() - 1;
      }
      ++found->cases;
    }
  }
  std::sort(all.begin(), all.end(), [](const Refusal &a, const Refusal &b) {
    return std::pair(-a.cases, a.message) < std::pair(-b.cases, b.message);
  });
  return all;
}

std::string reasonOf(const TargetVerdict &verdict) {
  if (!verdict.error) {
    return verdict.divergences.text();
  }
  const nir::Error &error = *verdict.error;
  std::string text =
      error.node.empty() ? error.message : fmt::format("node '{}': {}", error.node, error.message);
  for (const nir::Note &note : error.notes) {
    text += "; " + note.message;
  }
  return error.code.empty() ? text : fmt::format("{} [{}]", text, error.code);
}

//===----------------------------------------------------------------------===//
// Markdown
//===----------------------------------------------------------------------===//

/// "12", "10, 2 refused", "refused", "11, **1 differs**".
static std::string cellOf(const TargetsReport &report, size_t way, const std::string &feature) {
  std::array<int64_t, 4> counts = {};
  for (const CaseVerdict &one : report.cases) {
    if (std::find(one.features.begin(), one.features.end(), feature) == one.features.end()) {
      continue;
    }
    for (const TargetVerdict &verdict : one.verdicts) {
      counts[static_cast<size_t>(verdict.outcome)] += verdict.way == way;
    }
  }
  auto [equal, differs, refused, failed] = counts;
  std::string text = equal > 0 ? fmt::format("{}", equal) : "";
  auto add = [&](const std::string &more) { text += (text.empty() ? "" : ", ") + more; };
  if (refused > 0) {
    add(fmt::format("{} refused", refused));
  }
  if (differs > 0) {
    add(fmt::format("**{} {}**", differs, differs == 1 ? "differs" : "differ"));
  }
  if (failed > 0) {
    add(fmt::format("**{} failed**", failed));
  }
  return text;
}

static std::string inCell(std::string text) {
  text = printable(text);
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.replace(at, 1, "\\|");
  }
  return text;
}

std::string markdownOf(const TargetsReport &report) {
  std::string text = "| feature |";
  std::string line = "| --- |";
  for (const Way &way : report.ways) {
    text += fmt::format(" {} |", way.text());
    line += " --- |";
  }
  text += "\n" + line + "\n";
  for (const std::string &feature : featuresOf(report)) {
    text += fmt::format("| {} |", inCell(feature));
    for (size_t way = 0; way < report.ways.size(); ++way) {
      text += fmt::format(" {} |", cellOf(report, way, feature));
    }
    text += "\n";
  }
  text += "| **all cases** |";
  for (size_t way = 0; way < report.ways.size(); ++way) {
    text += fmt::format(" {} of {} |", report.count(way, Outcome::Equal), report.cases.size());
  }
  text += "\n";
  bool hasRefusals = false;
  std::string refusals = "\n| refused by | cases | code | because |\n| --- | --- | --- | --- |\n";
  for (size_t way = 0; way < report.ways.size(); ++way) {
    for (const Refusal &refusal : refusalsOf(report, way)) {
      hasRefusals = true;
      refusals += fmt::format("| {} | {} | `{}` | {} |\n", report.ways[way].text(), refusal.cases,
                              refusal.code, inCell(refusal.message));
    }
  }
  return hasRefusals ? text + refusals : text;
}

//===----------------------------------------------------------------------===//
// JSON and JUnit
//===----------------------------------------------------------------------===//

/// JSON has no infinities.
static Json numberJson(double value) {
  return std::isfinite(value) ? Json(value) : Json(fmt::format("{}", value));
}

static Json numbersJson(const std::vector<double> &values) {
  Json list = Json::array();
  for (double value : values) {
    list.push_back(numberJson(value));
  }
  return list;
}

Json divergenceJson(const NodeDivergence &divergence) {
  const TraceDifference &trace = divergence.trace;
  Json states = Json::array();
  for (const StatePair &state : divergence.states) {
    states.push_back({{"observable", state.observable},
                      {"expected", numbersJson(state.base)},
                      {"found", numbersJson(state.other)}});
  }
  return {{"node", trace.node},
          {"observable", trace.observable},
          {"sample", trace.first->sample},
          {"step", trace.first->step},
          {"index", indexText(trace.first->element, trace.shape)},
          {"expected", numberJson(trace.first->base)},
          {"found", numberJson(trace.first->other)},
          {"unequal", trace.unequal},
          {"states", std::move(states)}};
}

static Json verdictJson(const TargetVerdict &verdict, const Way &way) {
  Json divergences = Json::array();
  for (const NodeDivergence &node : verdict.divergences.nodes) {
    divergences.push_back(divergenceJson(node));
  }
  return {{"way", way.text()},
          {"outcome", name(verdict.outcome)},
          {"code", verdict.error ? Json(verdict.error->code) : Json()},
          {"message", verdict.outcome == Outcome::Equal ? Json() : Json(reasonOf(verdict))},
          {"divergences", std::move(divergences)},
          {"missing", verdict.divergences.missing},
          {"seconds", verdict.seconds}};
}

Json jsonOf(const TargetsReport &report) {
  Json ways = Json::array(), cases = Json::array();
  for (size_t i = 0; i < report.ways.size(); ++i) {
    const Way &way = report.ways[i];
    ways.push_back({{"way", way.text()},
                    {"target", way.target->name()},
                    {"dtype", way.dtype.empty() ? Json() : Json(way.dtype)},
                    {"format", way.format.empty() ? Json() : Json(way.format)},
                    {"semantics", way.semantics},
                    {"equal", report.count(i, Outcome::Equal)},
                    {"differs", report.count(i, Outcome::Differs)},
                    {"refused", report.count(i, Outcome::Refused)},
                    {"failed", report.count(i, Outcome::Failed)}});
  }
  for (const CaseVerdict &one : report.cases) {
    Json verdicts = Json::array(), stale = Json::array();
    for (const TargetVerdict &verdict : one.verdicts) {
      verdicts.push_back(verdictJson(verdict, report.ways[verdict.way]));
    }
    for (const Stale &file : one.stale) {
      stale.push_back({{"file", file.file}, {"why", file.why}});
    }
    cases.push_back({{"case", one.name},
                     {"features", one.features},
                     {"error", one.error ? Json(one.error->message) : Json()},
                     {"verdicts", std::move(verdicts)},
                     {"stale", std::move(stale)}});
  }
  return {{"about", report.about},
          {"good", report.isGood()},
          {"ways", std::move(ways)},
          {"cases", std::move(cases)}};
}

static JunitCase junitCase(const CaseVerdict &one, const TargetVerdict &verdict, const Way &way) {
  JunitCase test{JunitCase::Kind::Passed, way.text(), one.name, verdict.seconds, "", ""};
  if (verdict.outcome == Outcome::Equal) {
    return test;
  }
  test.kind = verdict.outcome == Outcome::Differs   ? JunitCase::Kind::Failed
              : verdict.outcome == Outcome::Refused ? JunitCase::Kind::Skipped
                                                    : JunitCase::Kind::Broken;
  test.message = reasonOf(verdict);
  for (const NodeDivergence &node : verdict.divergences.nodes) {
    test.text += text(node) + "\n";
  }
  return test;
}

std::string junitOf(const TargetsReport &report) {
  std::vector<JunitCase> tests;
  for (const CaseVerdict &one : report.cases) {
    for (const TargetVerdict &verdict : one.verdicts) {
      tests.push_back(junitCase(one, verdict, report.ways[verdict.way]));
    }
    if (one.error) {
      tests.push_back(
          {JunitCase::Kind::Broken, "files", one.name, 0.0, one.error->message, one.error->str()});
    }
    for (const Stale &stale : one.stale) {
      tests.push_back(
          {JunitCase::Kind::Failed, "files", one.name + "/" + stale.file, 0.0, stale.why, ""});
    }
  }
  return junitText("nirc conform: " + report.about, tests);
}

} // namespace nirc::conformance
