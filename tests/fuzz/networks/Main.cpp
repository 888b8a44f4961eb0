//===- Main.cpp - nirc-fuzz -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Random networks on every target, and all that must be the same of them. tests/fuzz/README.md
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Campaign.h"
#include "tests/fuzz/networks/Draw.h"
#include "tests/support/Describe.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

using namespace nir;
using namespace nir::fuzz;

namespace {

struct Arguments {
  CampaignOptions campaign;
  std::vector<std::string> targets;
  std::string again;
  bool lists = false, shows = false;
};

int list(const std::vector<std::unique_ptr<Check>> &all) {
  for (const auto &check : all) {
    fmt::print("{:<18} one case in {}\n", check->name(), check->every());
  }
  return 0;
}

int show(uint64_t seed) {
  Case drawn = drawCase(seed);
  fmt::print("{}\n{}", drawn.options(), test::describe(drawn.graph));
  return 0;
}

/// 1 where the finding still fails, 2 where it cannot be read.
int again(const std::string &folder, const std::vector<std::unique_ptr<Check>> &all) {
  Result<Finding> finding = readFinding(folder);
  if (!finding) {
    fmt::print(stderr, "{}\n", finding.error().str());
    return 2;
  }
  auto check =
      std::ranges::find_if(all, [&](const auto &one) { return one->name() == finding->check; });
  if (check == all.end()) {
    fmt::print(stderr, "{}/case.json: error: found check '{}', expected one that --list names\n",
               folder, finding->check);
    return 2;
  }
  std::optional<Failure> failure = failureOf(finding->of, **check);
  fmt::print("{}: {}\n", finding->check, failure ? failure->text : "holds");
  return failure ? 1 : 0;
}

int parse(int argc, char **argv, Arguments &arguments) {
  CLI::App app{"Runs random networks on every target and compares them, bit by bit", "nirc-fuzz"};
  CampaignOptions &options = arguments.campaign;
  app.add_option("--seed", options.seed, "of the first case (1)");
  app.add_option("--cases", options.cases, "how many; without it and --minutes 200");
  app.add_option("--minutes", options.minutes, "start none after that time");
  app.add_option("--jobs", options.jobs, "cases at a time (1)")->check(CLI::Range(1, 256));
  app.add_option("--targets", arguments.targets, "these checks alone, of --list")->delimiter(',');
  app.add_option("--out", options.out, "a folder for findings, each as a test");
  app.add_flag("!--no-shrink", options.shrinks, "tell findings as they are");
  app.add_flag("!--quiet", options.shows, "do not tell how far it is");
  app.add_option("--again", arguments.again,
                 "the finding in that folder: exit 0 where it holds now");
  app.add_flag("--list", arguments.lists, "list the checks");
  app.add_flag("--show", arguments.shows, "print the case of --seed and run nothing");
  CLI11_PARSE(app, argc, argv);
  if (options.cases == 0 && options.minutes <= 0) {
    options.cases = 200;
  }
  return 0;
}

/// Those that are asked for.
Checks chosen(const std::vector<std::unique_ptr<Check>> &all,
              const std::vector<std::string> &names) {
  Checks checks;
  for (const auto &check : all) {
    if (names.empty() || std::ranges::find(names, check->name()) != names.end()) {
      checks.push_back(check.get());
    }
  }
  return checks;
}

} // namespace

int main(int argc, char **argv) {
  Arguments arguments;
  if (int code = parse(argc, argv, arguments)) {
    return code;
  }
  std::vector<std::unique_ptr<Check>> all = allChecks();
  if (arguments.lists) {
    return list(all);
  }
  if (arguments.shows) {
    return show(arguments.campaign.seed);
  }
  if (!arguments.again.empty()) {
    return again(arguments.again, all);
  }
  Checks checks = chosen(all, arguments.targets);
  if (checks.empty()) {
    fmt::print(stderr, "error: --targets names no check; --list prints them\n");
    return 2;
  }
  fmt::print("seed {}\n", arguments.campaign.seed);
  Campaigned done = campaign(checks, arguments.campaign);
  fmt::print("{}", done.text(arguments.campaign));
  return done.findings.empty() ? 0 : 1;
}
