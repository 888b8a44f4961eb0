//===- Explain.cpp - `nirc explain` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "ir/Wording.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Report.h"
#include "tools/text/Table.h"
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
} // namespace

static Json kindJson(const AdviceKind &kind) {
  return {{"name", kind.name},
          {"summary", kind.summary},
          {"found", kind.found},
          {"why", kind.why},
          {"fix", kind.fix}};
}

static void printKind(const AdviceKind &kind) {
  constexpr size_t indent = 8;
  auto width = static_cast<size_t>(std::clamp<int64_t>(terminalWidth(stdout, 100), 60, 120));
  fmt::print("{}: {}\n\n", kind.name, kind.summary);
  for (const auto &[title, text] :
       {std::pair("found", kind.found), std::pair("why", kind.why), std::pair("fix", kind.fix)}) {
    fmt::print("{:<{}}{}", title, indent, wrapped(text, indent, width).substr(indent));
  }
  fmt::print("\n--accept {} says that it is known\n", kind.name);
}

static void printAll(const ExplainOptions &options) {
  if (options.json) {
    Json kinds = Json::array();
    for (const AdviceKind &kind : adviceKinds()) {
      kinds.push_back(kindJson(kind));
    }
    fmt::print("{}", dump(kinds));
    return;
  }
  if (options.markdown) {
    fmt::print("| advice | found | why it matters | to fix it |\n| --- | --- | --- | --- |\n");
    for (const AdviceKind &kind : adviceKinds()) {
      fmt::print("| `{}` | {} | {} | {} |\n", kind.name, kind.found, kind.why, kind.fix);
    }
    return;
  }
  Table table(2);
  for (const AdviceKind &kind : adviceKinds()) {
    table.add({std::string(kind.name), std::string(kind.summary)});
  }
  fmt::print("{}\n`nirc explain NAME` says more of one.\n", table.str());
}

static Exit explain(const ExplainOptions &options) {
  if (options.name.empty()) {
    printAll(options);
    return Exit::Done;
  }
  if (const AdviceKind *kind = findAdvice(options.name)) {
    options.json ? fmt::print("{}", dump(kindJson(*kind))) : printKind(*kind);
    return Exit::Done;
  }
  std::vector<std::string> names;
  for (const AdviceKind &kind : adviceKinds()) {
    names.emplace_back(kind.name);
  }
  nir::Error error = nir::Error::usage(fmt::format("no advice is called '{}'", options.name));
  std::string meant = nir::nearest(options.name, names);
  return fail(Exit::Usage,
              std::move(error).note(meant.empty() ? "`nirc explain` lists them"
                                                  : fmt::format("did you mean {}?", meant)));
}

void addExplain(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "explain", "List the advice that nirc gives, or explain one: found, why it matters, fix");
  auto options = std::make_shared<ExplainOptions>();
  CLI::Option *name = command->add_option(
      "name", options->name, "What stands in [brackets] behind an error, a warning or a note");
  CLI::Option *json = command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--markdown", options->markdown, "Print the table of docs/advice.md")
      ->excludes(name)
      ->excludes(json);
  command->footer("Examples:\n  nirc explain\n  nirc explain unstable-step");
  command->callback([options, &exit] { exit = explain(*options); });
}

} // namespace nirc
