//===- Explain.cpp - `nirc explain` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "ir/Cause.h"
#include "ir/Wording.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Report.h"
#include "tools/text/Terminal.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ExplainOptions {
  std::string name;
  bool json = false, markdown = false;
};

/// An advice or the code of an error.
struct Entry {
  std::string_view name, group, summary, found, why, fix;
  std::string_view example = {}; ///< empty for advice
};
} // namespace

static constexpr std::string_view ofAdvice = "advice", ofErrors = "errors";

static std::vector<Entry> errorEntries() {
  std::vector<Entry> entries;
  for (const nir::CauseKind &kind : nir::causeKinds()) {
    entries.push_back(
        {kind.code, kind.group, kind.summary, kind.found, kind.why, kind.fix, kind.example});
  }
  return entries;
}

static std::vector<Entry> adviceEntries() {
  std::vector<Entry> entries;
  for (const AdviceKind &kind : adviceKinds()) {
    entries.push_back({kind.name, ofAdvice, kind.summary, kind.found, kind.why, kind.fix});
  }
  return entries;
}

/// All, or one of the two.
static std::vector<Entry> entriesOf(std::string_view which) {
  std::vector<Entry> entries = which == ofAdvice ? adviceEntries() : errorEntries();
  if (which.empty()) {
    std::vector<Entry> advice = adviceEntries();
    entries.insert(entries.end(), advice.begin(), advice.end());
  }
  return entries;
}

static Json entryJson(const Entry &entry) {
  return {{"name", entry.name},
          {"group", entry.group},
          {"summary", entry.summary},
          {"found", entry.found},
          {"why", entry.why},
          {"fix", entry.fix},
          {"example", entry.example.empty() ? Json() : Json(entry.example)}};
}

static void printEntry(const Entry &entry) {
  constexpr size_t indent = 9;
  auto width = static_cast<size_t>(std::clamp<int64_t>(terminalWidth(stdout, 100), 60, 120));
  fmt::print("{}: {}\n\n", entry.name, entry.summary);
  for (const auto &[title, text] : {std::pair("found", entry.found), std::pair("why", entry.why),
                                    std::pair("fix", entry.fix)}) {
    fmt::print("{:<{}}{}", title, indent, wrapped(text, indent, width).substr(indent));
  }
  if (entry.example.empty()) {
    fmt::print("\n--accept {} says that it is known\n", entry.name);
  } else {
    fmt::print("{:<{}}{}\n", "example", indent, entry.example);
  }
}

static void printMarkdown(std::string_view which) {
  if (which == ofErrors) {
    fmt::print("| error | group | found | why it matters | to fix it |\n"
               "| --- | --- | --- | --- | --- |\n");
    for (const Entry &entry : errorEntries()) {
      fmt::print("| `{}` | {} | {} | {} | {} |\n", entry.name, entry.group, entry.found, entry.why,
                 entry.fix);
    }
    return;
  }
  fmt::print("| advice | found | why it matters | to fix it |\n| --- | --- | --- | --- |\n");
  for (const Entry &entry : adviceEntries()) {
    fmt::print("| `{}` | {} | {} | {} |\n", entry.name, entry.found, entry.why, entry.fix);
  }
}

/// Under the title of each group its names.
static void printText(const std::vector<Entry> &entries) {
  size_t width = 0;
  for (const Entry &entry : entries) {
    width = std::max(width, entry.name.size());
  }
  std::string_view group;
  for (const Entry &entry : entries) {
    if (entry.group != group) {
      fmt::print("{}{}\n", group.empty() ? "" : "\n", entry.group);
      group = entry.group;
    }
    fmt::print("  {:<{}}  {}\n", entry.name, width, entry.summary);
  }
  fmt::print("\n`nirc explain NAME` says more of one.\n");
}

static void printAll(const ExplainOptions &options) {
  if (options.markdown) {
    return printMarkdown(options.name);
  }
  std::vector<Entry> entries = entriesOf(options.name);
  if (!options.json) {
    return printText(entries);
  }
  Json list = Json::array();
  for (const Entry &entry : entries) {
    list.push_back(entryJson(entry));
  }
  fmt::print("{}", dump(list));
}

static Exit explain(const ExplainOptions &options) {
  if (options.name.empty() || options.name == ofAdvice || options.name == ofErrors) {
    printAll(options);
    return Exit::Done;
  }
  std::vector<std::string> names;
  for (const Entry &entry : entriesOf({})) {
    if (entry.name == options.name) {
      options.json ? fmt::print("{}", dump(entryJson(entry))) : printEntry(entry);
      return Exit::Done;
    }
    names.emplace_back(entry.name);
  }
  nir::Error error = nir::Error::usage(
      nir::Cause::UnknownName, fmt::format("no error and no advice is called '{}'", options.name));
  std::string meant = nir::nearest(options.name, names);
  return fail(Exit::Usage,
              std::move(error).note(meant.empty() ? "`nirc explain` lists them"
                                                  : fmt::format("did you mean {}?", meant)));
}

void addExplain(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "explain", "Say what an error or an advice means: found, why it matters, fix");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("name", options->name,
                      "What stands in [brackets] behind an error, a warning or a note; or errors, "
                      "or advice, to list these");
  CLI::Option *json = command->add_flag("--json", options->json, "Print JSON");
  command
      ->add_flag("--markdown", options->markdown,
                 "Print the table of docs/advice.md; of errors, that of docs/errors.md")
      ->excludes(json);
  command->footer("Examples:\n  nirc explain\n  nirc explain no-step\n  nirc explain advice");
  command->callback([options, &exit] { exit = explain(*options); });
}

} // namespace nirc
