//===- Scorecard.cpp - how a simulator of others did, as files -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/report/Scorecard.h"

#include "api/io/Printable.h"
#include "conformance/report/Junit.h"
#include "conformance/report/TargetTables.h"
#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc::conformance {

int64_t Scorecard::count(Mark mark) const {
  return std::count_if(answers.begin(), answers.end(),
                       [&](const Answer &answer) { return answer.mark == mark; });
}

const Explanation *Scorecard::explanationOf(size_t answer) const {
  for (const Explanation &one : explanations.all) {
    if (std::find(one.cases.begin(), one.cases.end(), answer) != one.cases.end()) {
      return &one;
    }
  }
  return nullptr;
}

std::vector<FeatureRow> rowsOf(const Scorecard &card) {
  std::vector<FeatureRow> rows;
  for (const Answer &answer : card.answers) {
    for (const std::string &feature : answer.features) {
      auto row = std::find_if(rows.begin(), rows.end(),
                              [&](const FeatureRow &one) { return one.feature == feature; });
      if (row == rows.end()) {
        rows.push_back({feature});
        row = rows.end() - 1;
      }
      (answer.mark == Mark::Pass          ? row->pass
       : answer.mark == Mark::Fail        ? row->fail
       : answer.mark == Mark::Unsupported ? row->unsupported
                                          : row->crashed)++;
    }
  }
  return rows;
}

std::vector<std::string> sentencesOf(const Scorecard &card) {
  std::vector<std::string> sentences;
  int64_t failing = card.count(Mark::Fail);
  for (const Explanation &one : card.explanations.all) {
    bool isFirst = &one == &card.explanations.all.front();
    std::string sentence =
        fmt::format("It {}: {} {} of {} failing {} ({}{})", one.headline(),
                    isFirst ? "this gives what it gave in" : "this alone gives what it gave in",
                    one.cases.size(), failing, failing == 1 ? "case" : "cases", one.semantics,
                    one.shift != 0 ? ", " + shiftText(one.shift) : "");
    if (!one.contradicted.empty()) {
      sentence += fmt::format(", and something else in {} that {}",
                              nir::counted(one.contradicted.size(), "case"),
                              one.contradicted.size() == 1 ? "passes" : "pass");
    }
    if (!one.alike.empty()) {
      sentence += fmt::format("; so does {}", fmt::join(one.alike, ", "));
    }
    sentences.push_back(sentence);
  }
  if (!card.explanations.unexplained.empty()) {
    sentences.push_back(
        fmt::format("No semantics gives what it gave in {}",
                    nir::counted(card.explanations.unexplained.size(), "failing case")));
  }
  return sentences;
}

//===----------------------------------------------------------------------===//
// Markdown
//===----------------------------------------------------------------------===//

static std::string inCell(std::string text) {
  text = printable(text);
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.replace(at, 1, "\\|");
  }
  return text;
}

/// An empty cell for 0.
static std::string cell(int64_t number) { return number == 0 ? "" : std::to_string(number); }

static std::string rowText(const std::string &name, int64_t pass, int64_t fail, int64_t unsupported,
                           int64_t crashed) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", inCell(name), cell(pass), cell(fail),
                     cell(unsupported), cell(crashed));
}

std::string markdownOf(const Scorecard &card) {
  std::string text = fmt::format(
      "## {}\n\n{}, compared with the semantics `{}`: {} pass, {} fail, {} are not supported, {} "
      "have no answer.\n\n| feature | pass | fail | unsupported | crashed |\n"
      "| --- | --- | --- | --- | --- |\n",
      printable(card.name), card.about, card.semantics, card.count(Mark::Pass),
      card.count(Mark::Fail), card.count(Mark::Unsupported), card.count(Mark::Crashed));
  for (const FeatureRow &row : rowsOf(card)) {
    text += rowText(row.feature, row.pass, row.fail, row.unsupported, row.crashed);
  }
  text += rowText("**all cases**", card.count(Mark::Pass), card.count(Mark::Fail),
                  card.count(Mark::Unsupported), card.count(Mark::Crashed));
  for (const std::string &sentence : sentencesOf(card)) {
    text += fmt::format("\n{}.\n", printable(sentence));
  }
  for (const Explanation &one : card.explanations.all) {
    for (const ChangedChoice &change : one.changes) {
      text += fmt::format("\n- `{}{}={}` {}\n", change.family.empty() ? "" : change.family + ".",
                          change.choice, change.value, change.words);
    }
  }
  std::string rest;
  for (size_t i = 0; i < card.answers.size(); ++i) {
    const Answer &answer = card.answers[i];
    if (answer.mark == Mark::Pass || card.explanationOf(i)) {
      continue;
    }
    rest += fmt::format("| `{}` | {} | {} |\n", inCell(answer.name), name(answer.mark),
                        inCell(answer.why));
  }
  if (!rest.empty()) {
    text += "\n| case | is | because |\n| --- | --- | --- |\n" + rest;
  }
  return text;
}

//===----------------------------------------------------------------------===//
// JSON, JUnit, badge
//===----------------------------------------------------------------------===//

static Json namesJson(const Scorecard &card, const std::vector<size_t> &cases) {
  Json names = Json::array();
  for (size_t i : cases) {
    names.push_back(card.answers[i].name);
  }
  return names;
}

static Json explanationJson(const Scorecard &card, const Explanation &one) {
  Json changes = Json::array();
  for (const ChangedChoice &change : one.changes) {
    changes.push_back({{"family", change.family.empty() ? Json() : Json(change.family)},
                       {"choice", change.choice},
                       {"value", change.value},
                       {"words", change.words}});
  }
  return {{"headline", one.headline()},
          {"semantics", one.semantics},
          {"preset", one.preset},
          {"changes", std::move(changes)},
          {"shift", one.shift},
          {"cases", namesJson(card, one.cases)},
          {"contradicted", namesJson(card, one.contradicted)},
          {"alike", one.alike}};
}

static Json answerJson(const Scorecard &card, size_t i) {
  const Answer &answer = card.answers[i];
  Json divergences = Json::array();
  for (const NodeDivergence &node : answer.divergences.nodes) {
    divergences.push_back(divergenceJson(node));
  }
  const Explanation *explanation = card.explanationOf(i);
  return {{"case", answer.name},
          {"features", answer.features},
          {"mark", name(answer.mark)},
          {"why", answer.mark == Mark::Pass ? Json() : Json(answer.why)},
          {"explained", explanation ? Json(explanation->headline()) : Json()},
          {"divergences", std::move(divergences)},
          {"log", answer.log},
          {"seconds", answer.seconds}};
}

Json jsonOf(const Scorecard &card) {
  Json rows = Json::array(), explanations = Json::array(), answers = Json::array();
  for (const FeatureRow &row : rowsOf(card)) {
    rows.push_back({{"feature", row.feature},
                    {"pass", row.pass},
                    {"fail", row.fail},
                    {"unsupported", row.unsupported},
                    {"crashed", row.crashed}});
  }
  for (const Explanation &one : card.explanations.all) {
    explanations.push_back(explanationJson(card, one));
  }
  for (size_t i = 0; i < card.answers.size(); ++i) {
    answers.push_back(answerJson(card, i));
  }
  return {{"simulator", card.name},
          {"about", card.about},
          {"semantics", card.semantics},
          {"pass", card.count(Mark::Pass)},
          {"fail", card.count(Mark::Fail)},
          {"unsupported", card.count(Mark::Unsupported)},
          {"crashed", card.count(Mark::Crashed)},
          {"features", std::move(rows)},
          {"explanations", std::move(explanations)},
          {"unexplained", namesJson(card, card.explanations.unexplained)},
          {"cases", std::move(answers)}};
}

std::string junitOf(const Scorecard &card) {
  std::vector<JunitCase> tests;
  for (size_t i = 0; i < card.answers.size(); ++i) {
    const Answer &answer = card.answers[i];
    JunitCase test{JunitCase::Kind::Passed,
                   answer.features.empty() ? "" : answer.features.front(),
                   answer.name,
                   answer.seconds,
                   "",
                   ""};
    if (answer.mark != Mark::Pass) {
      test.kind = answer.mark == Mark::Fail          ? JunitCase::Kind::Failed
                  : answer.mark == Mark::Unsupported ? JunitCase::Kind::Skipped
                                                     : JunitCase::Kind::Broken;
      const Explanation *explanation = card.explanationOf(i);
      test.message =
          explanation ? fmt::format("{}: {}", explanation->headline(), answer.why) : answer.why;
      for (const NodeDivergence &node : answer.divergences.nodes) {
        test.text += text(node) + "\n";
      }
      test.text += answer.log;
    }
    tests.push_back(std::move(test));
  }
  return junitText(fmt::format("{}: {}", card.name, card.about), tests);
}

Json badgeOf(const Scorecard &card) {
  constexpr double most = 100.0, nearly = 95.0, half = 50.0;
  auto all = static_cast<double>(card.answers.size());
  double share = all > 0.0 ? most * static_cast<double>(card.count(Mark::Pass)) / all : 0.0;
  return {{"schemaVersion", 1},
          {"label", "NIR conformance"},
          {"message", fmt::format("{} of {}", card.count(Mark::Pass), card.answers.size())},
          {"color", share == most     ? "brightgreen"
                    : share >= nearly ? "green"
                    : share >= half   ? "yellow"
                                      : "red"}};
}

} // namespace nirc::conformance
