//===- ConformText.cpp - what conform prints -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Printable.h"
#include "ir/Wording.h"
#include "tools/nirc/ConformView.h"
#include "tools/text/Table.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

using namespace conformance;

static constexpr size_t shown = 10; ///< lines of a list, where not all are asked for

/// Its lines, wrapped, and the end of the last one.
static std::string indented(const std::string &text, size_t columns) {
  std::string lines;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    lines += wrapped(printable(text.substr(begin, end - begin)), columns);
    lines += lines.ends_with('\n') ? "" : "\n";
    begin = end + 1;
  }
  return lines;
}

namespace {
/// Lines of which the first few are enough.
class List {
public:
  List(std::string title, bool all) : title(std::move(title)), all(all) {}
  void add(const std::string &line) {
    if (++count <= shown || all) {
      lines += indented(line, 2);
    }
  }
  std::string str() const {
    std::string more = count > shown && !all
                           ? fmt::format("  and {} more: --all, or --json FILE\n", count - shown)
                           : "";
    return count == 0 ? "" : fmt::format("{}\n{}{}", title, lines, more);
  }

private:
  std::string title, lines;
  bool all;
  size_t count = 0;
};
} // namespace

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

static std::string tableText(const TargetsReport &report) {
  Table table(1);
  table.add({"", "equal", "differs", "refused", "failed"});
  for (size_t i = 0; i < report.ways.size(); ++i) {
    std::vector<std::string> row = {report.ways[i].text()};
    for (Outcome outcome : {Outcome::Equal, Outcome::Differs, Outcome::Refused, Outcome::Failed}) {
      row.push_back(std::to_string(report.count(i, outcome)));
    }
    table.add(row);
  }
  return table.str();
}

std::string conformText(const TargetsReport &report, bool all) {
  std::string text = fmt::format("{}, compared with reference to the bit\n{}",
                                 printable(report.about), tableText(report));
  List refused("refused:", all), wrong("differs or failed:", all), stale("stale:", all),
      unreadable("cannot be read:", all);
  for (size_t way = 0; way < report.ways.size(); ++way) {
    for (const Refusal &refusal : refusalsOf(report, way)) {
      refused.add(fmt::format("{}: {}: {} [{}]", report.ways[way].text(),
                              nir::counted(refusal.cases, "case"), refusal.message, refusal.code));
    }
  }
  for (const CaseVerdict &one : report.cases) {
    for (const TargetVerdict &verdict : one.verdicts) {
      if (verdict.outcome == Outcome::Failed || verdict.outcome == Outcome::Differs) {
        wrong.add(fmt::format("{}: {} {}: {}", one.name, report.ways[verdict.way].text(),
                              name(verdict.outcome), reasonOf(verdict)));
      }
    }
    for (const Stale &file : one.stale) {
      stale.add(fmt::format("{}/{}: {}", one.name, file.file, file.why));
    }
    if (one.error) {
      unreadable.add(fmt::format("{}: {}", one.name, one.error->message));
    }
  }
  return text + refused.str() + wrong.str() + stale.str() + unreadable.str();
}

//===----------------------------------------------------------------------===//
// A simulator of others
//===----------------------------------------------------------------------===//

static std::string scoreTable(const Scorecard &card, bool all) {
  Table table(1);
  table.add({"feature", "pass", "fail", "unsupported", "crashed"});
  size_t right = 0;
  for (const FeatureRow &row : rowsOf(card)) {
    if (!all && row.fail + row.unsupported + row.crashed == 0) {
      ++right;
      continue;
    }
    table.add({printable(row.feature), std::to_string(row.pass), std::to_string(row.fail),
               std::to_string(row.unsupported), std::to_string(row.crashed)});
  }
  table.add({"all cases", std::to_string(card.count(Mark::Pass)),
             std::to_string(card.count(Mark::Fail)), std::to_string(card.count(Mark::Unsupported)),
             std::to_string(card.count(Mark::Crashed))});
  return table.str() +
         (right > 0 ? fmt::format("and {} that {} in every case\n", nir::counted(right, "feature"),
                                  right == 1 ? "passes" : "pass")
                    : "");
}

static std::string explanationsText(const Scorecard &card) {
  std::string text;
  for (const std::string &sentence : sentencesOf(card)) {
    text += "\n" + indented(sentence + ".", 0);
  }
  for (const Explanation &one : card.explanations.all) {
    for (const ChangedChoice &change : one.changes) {
      text += indented(fmt::format("{}{}={}: {}", change.family.empty() ? "" : change.family + ".",
                                   change.choice, change.value, change.words),
                       2);
    }
  }
  return text;
}

std::string conformText(const Scorecard &card, bool all) {
  std::string text = fmt::format("{}: {}, compared with the semantics {}\n{}", printable(card.name),
                                 printable(card.about), card.semantics, scoreTable(card, all));
  text += explanationsText(card);
  List failing("\nfail, by no semantics:", all), unsupported("\nnot supported:", all),
      crashed("\nno answer:", all);
  for (size_t i = 0; i < card.answers.size(); ++i) {
    const Answer &answer = card.answers[i];
    std::string line = fmt::format("{}: {}", answer.name, answer.why);
    if (answer.mark == Mark::Fail && !card.explanationOf(i)) {
      failing.add(line);
    } else if (answer.mark == Mark::Unsupported) {
      unsupported.add(line);
    } else if (answer.mark == Mark::Crashed) {
      crashed.add(answer.log.empty() ? line : line + "\n" + answer.log);
    }
  }
  return text + failing.str() + crashed.str() + unsupported.str();
}

} // namespace nirc
