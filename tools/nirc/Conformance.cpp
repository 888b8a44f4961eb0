//===- Conformance.cpp - `nirc conformance` -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Export.h"
#include "conformance/files/Names.h"
#include "conformance/suite/Features.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Progress.h"
#include "tools/nirc/Report.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace nirc {

using conformance::Case;

struct ConformanceOptions {
  std::string action, folder;
  std::vector<std::string> only;
  bool json = false, markdown = false, quiet = false;
};

/// The cases that the patterns mean; all without one. A pattern that means none is an error.
static nir::Result<std::vector<Case>> chosenCases(const std::vector<std::string> &patterns) {
  std::vector<Case> cases = conformance::allCases();
  std::vector<bool> isChosen(cases.size(), patterns.empty());
  for (const std::string &pattern : patterns) {
    bool isUsed = false;
    for (size_t i = 0; i < cases.size(); ++i) {
      if (conformance::matches(cases[i].name, pattern)) {
        isChosen[i] = isUsed = true;
      }
    }
    if (!isUsed) {
      return nir::Error::usage(nir::Cause::UnknownName,
                               fmt::format("found no case called '{}'", pattern))
          .note("`nirc conformance list` has all names; * stands for any letters");
    }
  }
  std::vector<Case> chosen;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (isChosen[i]) {
      chosen.push_back(std::move(cases[i]));
    }
  }
  return chosen;
}

static Exit listCases(const ConformanceOptions &options) {
  nir::Result<std::vector<Case>> cases = chosenCases(options.only);
  if (!cases) {
    return fail(Exit::Usage, cases.error());
  }
  Json list = Json::array();
  for (const Case &one : *cases) {
    if (options.json) {
      list.push_back({{"name", one.name},
                      {"tests", one.tests},
                      {"clause", one.clause},
                      {"features", one.features}});
    } else {
      fmt::print("{:<48} {}\n", one.name, fmt::join(one.features, ", "));
    }
  }
  if (options.json) {
    fmt::print("{}", dump(list));
  }
  return Exit::Done;
}

static Exit listFeatures(const ConformanceOptions &options) {
  std::map<std::string, int64_t, std::less<>> counts;
  for (const Case &one : conformance::allCases()) {
    for (const std::string &feature : one.features) {
      ++counts[feature];
    }
  }
  Json list = Json::array();
  if (options.markdown) {
    fmt::print("| feature | cases | what a case of it shows |\n| --- | --- | --- |\n");
  }
  for (const conformance::Feature &feature : conformance::features()) {
    int64_t count = counts[std::string(feature.name)];
    if (options.json) {
      list.push_back({{"name", feature.name}, {"cases", count}, {"summary", feature.summary}});
    } else if (options.markdown) {
      fmt::print("| `{}` | {} | {} |\n", feature.name, count, feature.summary);
    } else {
      fmt::print("{:<18} {:>4}  {}\n", feature.name, count, feature.summary);
    }
  }
  if (options.json) {
    fmt::print("{}", dump(list));
  }
  return Exit::Done;
}

static Exit exportCases(const ConformanceOptions &options) {
  if (options.folder.empty()) {
    return fail(Exit::Usage, nir::Error::usage(nir::Cause::MissingOption,
                                               "`nirc conformance export` needs a folder")
                                 .note("for example: nirc conformance export suite"));
  }
  nir::Result<std::vector<Case>> cases = chosenCases(options.only);
  if (!cases) {
    return fail(Exit::Usage, cases.error());
  }
  Progress progress("case", options.quiet);
  conformance::ExportOptions how;
  how.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  nir::Result<conformance::Suite> suite = conformance::exportSuite(*cases, options.folder, how);
  if (!suite) {
    return fail(Exit::Input, suite.error());
  }
  if (!options.quiet) {
    fmt::print("{}: {} cases of version {}, sha256 {}\n", options.folder, suite->cases.size(),
               suite->version, suite->sha256);
  }
  return Exit::Done;
}

static Exit act(const ConformanceOptions &options) {
  if (options.action == "export") {
    return exportCases(options);
  }
  if (options.action == "list") {
    return listCases(options);
  }
  if (options.action == "features") {
    return listFeatures(options);
  }
  return fail(Exit::Usage,
              nir::Error::usage(
                  nir::Cause::UnknownName,
                  fmt::format("found '{}', expected export, list or features", options.action)));
}

void addConformance(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "conformance", "Write the suite that tells how a simulator reads NIR, or list its cases");
  auto options = std::make_shared<ConformanceOptions>();
  command->add_option("action", options->action, "export, list or features")->required();
  command->add_option("folder", options->folder, "Of `export`: a folder that is new or empty");
  command
      ->add_option("--only", options->only,
                   "Cases of this name alone; * stands for any letters, ? for one; repeat it")
      ->type_name("PATTERN");
  CLI::Option *json = command->add_flag("--json", options->json, "Print JSON");
  command
      ->add_flag("--markdown", options->markdown,
                 "Of `features`: print the table of docs/conformance.md")
      ->excludes(json);
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer("Examples:\n"
                  "  nirc conformance export suite\n"
                  "  nirc conformance export ties --only 'nodes/*tie*'\n"
                  "  nirc conformance list --only 'models/*'\n"
                  "  nirc conformance features");
  command->callback([options, &exit] { exit = act(*options); });
}

} // namespace nirc
