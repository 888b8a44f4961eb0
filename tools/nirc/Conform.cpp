//===- Conform.cpp - the command conform ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "api/io/Units.h"
#include "conformance/files/Names.h"
#include "conformance/judge/Parallel.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "tools/nirc/ConformView.h"
#include "tools/nirc/Options.h"

#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace nirc {

using namespace conformance;

namespace {
struct ConformCommand {
  std::string path; ///< a model, a suite or a case
  WayOptions ways;
  ChoiceOptions single; ///< options of single targets
  ModelRun run;
  std::vector<std::string> only;
  size_t limit = SIZE_MAX;
  int jobs = 0;
  std::string external, externalBatch, name;
  std::string timeout = "60s";
  AnswerOptions answers;
  std::string json, junit, markdown, badge;
  bool all = false, quiet = false;

  bool isExternal() const { return !external.empty() || !externalBatch.empty(); }
};
} // namespace

//===----------------------------------------------------------------------===//
// What is judged
//===----------------------------------------------------------------------===//

static bool isChosen(const ConformCommand &command, const std::string &name) {
  return command.only.empty() ||
         std::any_of(command.only.begin(), command.only.end(),
                     [&](const std::string &pattern) { return matches(name, pattern); });
}

/// The folders of the cases that are asked for; of a model alone none.
static nir::Result<std::vector<std::string>> foldersOf(const ConformCommand &command) {
  nir::Result<std::vector<std::string>> all = caseFolders(command.path);
  if (!all) {
    return all.takeError();
  }
  std::error_code ignored;
  std::vector<std::string> chosen;
  for (const std::string &folder : *all) {
    std::string name = std::filesystem::relative(folder, command.path, ignored).generic_string();
    name = name == "." ? std::filesystem::path(folder).filename().string() : name;
    if (isChosen(command, name) && chosen.size() < command.limit) {
      chosen.push_back(folder);
    }
  }
  if (chosen.empty()) {
    return nir::Error::usage(nir::Cause::UnknownName,
                             fmt::format("no case of '{}' is called '{}'", command.path,
                                         command.only.empty() ? "" : command.only.front()))
        .note("--only takes patterns such as 'nodes/lif/*'");
  }
  return chosen;
}

static bool isFolder(const std::string &path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

static std::string aboutCases(size_t count, const std::string &path) {
  return fmt::format("{}: {}", path, nir::counted(count, "case"));
}

static std::string aboutModel(const Material &material) {
  return fmt::format("{}: {} of {}", material.name, nir::counted(material.steps, "step"),
                     secondsText(material.dtSeconds()));
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

/// Writes the reports that are asked for, "-" on standard output in the place of the text.
template <typename Report>
static Exit finish(const ConformCommand &command, const Report &report) {
  bool printed = false;
  auto write = [&](const std::string &path, const std::string &text) -> nir::Status {
    if (path == "-") {
      fmt::print("{}", text);
      printed = true;
      return std::nullopt;
    }
    return path.empty() ? nir::Status() : writeFile(path, text);
  };
  std::string badge;
  if constexpr (std::is_same_v<Report, Scorecard>) {
    badge = dump(badgeOf(report));
  }
  for (nir::Status failed :
       {write(command.json, dump(jsonOf(report))), write(command.junit, junitOf(report)),
        write(command.markdown, markdownOf(report)),
        write(badge.empty() ? "" : command.badge, badge)}) {
    if (failed) {
      return fail(*failed);
    }
  }
  if (!command.quiet && !printed) {
    fmt::print("{}", conformText(report, command.all));
  }
  return report.isGood() ? Exit::Done : Exit::Input;
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

static CaseVerdict judgeFolder(const std::string &folder, const std::vector<Way> &ways) {
  nir::Result<Material> material = loadCase(folder);
  if (!material) {
    CaseVerdict verdict{folder, {}, {}, {}, {}};
    verdict.error = material.takeError();
    return verdict;
  }
  return judgeCase(*material, ways);
}

static Exit conformTargets(const ConformCommand &command) {
  WayOptions how = command.ways;
  how.settings = command.single.settings;
  nir::Result<std::vector<Way>> ways = waysOf(how);
  if (!ways) {
    return fail(ways.error());
  }
  TargetsReport report;
  report.ways = *std::move(ways);
  if (!isFolder(command.path)) {
    nir::Result<Material> material = loadModelAlone(command.path, command.run);
    if (!material) {
      return fail(material.error());
    }
    report.about = aboutModel(*material);
    report.cases.push_back(judgeCase(*material, report.ways));
    return finish(command, report);
  }
  nir::Result<std::vector<std::string>> folders = foldersOf(command);
  if (!folders) {
    return fail(folders.error());
  }
  report.about = aboutCases(folders->size(), command.path);
  report.cases.resize(folders->size());
  Progress progress("case", command.quiet);
  auto total = static_cast<int64_t>(folders->size());
  int64_t done = 0;
  inParallel(
      folders->size(), command.jobs,
      [&](size_t i) { report.cases[i] = judgeFolder((*folders)[i], report.ways); },
      [&] { progress.update(++done, total); });
  return finish(command, report);
}

//===----------------------------------------------------------------------===//
// Simulators of others
//===----------------------------------------------------------------------===//

/// All of them, since what explains one failing case has to give the others, too.
static nir::Result<std::vector<Material>> loadAll(const ConformCommand &command,
                                                  const std::vector<std::string> &folders) {
  std::vector<std::optional<nir::Result<Material>>> loaded(folders.size());
  inParallel(folders.size(), command.jobs, [&](size_t i) { loaded[i] = loadCase(folders[i]); });
  std::vector<Material> cases;
  for (std::optional<nir::Result<Material>> &one : loaded) {
    if (!*one) {
      return one->takeError();
    }
    cases.push_back(**std::move(one));
  }
  return cases;
}

static nir::Result<External> externalOf(const ConformCommand &command) {
  bool isBatch = command.external.empty();
  nir::Result<External> external =
      conformance::externalOf(isBatch ? command.externalBatch : command.external, isBatch);
  if (!external) {
    return external;
  }
  nir::Result<double> seconds = parseSeconds(command.timeout);
  if (!seconds) {
    return nir::Error::usage(fmt::format("--timeout: {}", seconds.error().message));
  }
  external->timeoutSeconds = *seconds;
  external->jobs = command.jobs;
  return external;
}

static Exit conformExternal(const ConformCommand &command) {
  nir::Result<External> external = externalOf(command);
  if (!external) {
    return fail(external.error());
  }
  Scorecard card;
  std::vector<Material> cases;
  if (isFolder(command.path)) {
    nir::Result<std::vector<std::string>> folders = foldersOf(command);
    nir::Result<std::vector<Material>> all =
        folders ? loadAll(command, *folders) : folders.takeError();
    if (!all) {
      return fail(all.error());
    }
    cases = *std::move(all);
    card.about = aboutCases(cases.size(), command.path);
  } else {
    nir::Result<Material> material = loadModelAlone(command.path, command.run);
    if (!material) {
      return fail(material.error());
    }
    card.about = aboutModel(*material);
    cases.push_back(*std::move(material));
  }
  AnswerOptions options = command.answers;
  options.semantics = command.ways.semantics.empty() ? "nir" : command.ways.semantics;
  if (nir::Result<nir::Semantics> known = nir::semanticsOf(options.semantics); !known) {
    return fail(Exit::Usage, known.error());
  }
  card.name = !command.name.empty() ? command.name : command.external + command.externalBatch;
  card.semantics = options.semantics;
  Progress progress("call", command.quiet);
  auto total = static_cast<int64_t>(cases.size());
  int64_t done = 0;
  nir::Result<std::vector<Answer>> answers =
      judgeExternal(*external, cases, options, [&] { progress.update(++done, total); });
  if (!answers) {
    return fail(answers.error());
  }
  card.answers = *std::move(answers);
  Waiting waiting("explaining", command.quiet);
  card.explanations = explain(cases, card.answers, options, command.jobs);
  return finish(command, card);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Exit conform(const ConformCommand &command) {
  if (!command.external.empty() && !command.externalBatch.empty()) {
    return fail(nir::Error::usage(nir::Cause::OptionConflict,
                                  "found --external and --external-batch, expected one"));
  }
  if (!command.badge.empty() && !command.isExternal()) {
    return fail(nir::Error::usage(nir::Cause::OptionConflict,
                                  "found --badge without --external: it is of a scorecard"));
  }
  if (command.isExternal() && !(command.ways.targets.empty() && command.ways.formats.empty() &&
                                command.ways.dtype.empty())) {
    return fail(nir::Error::usage(nir::Cause::OptionConflict,
                                  "found --targets, --format or --dtype with --external: a "
                                  "simulator of others is judged alone"));
  }
  return command.isExternal() ? conformExternal(command) : conformTargets(command);
}

static void addTargetsOptions(CLI::App &app, ConformCommand &command) {
  app.add_option_function<std::vector<std::string>>(
         "--targets",
         [&command](const std::vector<std::string> &names) {
           command.ways.targets =
               names == std::vector<std::string>{"all"} ? std::vector<std::string>() : names;
         },
         "Which are judged, separated by commas; all: every one but reference")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str("all");
  app.add_option("--format", command.ways.formats,
                 "Integers of this number format alone; repeat it. Otherwise the target's own")
      ->allow_extra_args(false);
  app.add_option("--dtype", command.ways.dtype, "Floats of this type alone: float32 or float64");
  app.add_option("--semantics", command.ways.semantics,
                 "What a step computes; otherwise nir, or the preset of the target's name. Of "
                 "--external: what the simulator claims to follow");
  addTargetOptions(app, command.single);
}

static void addExternalOptions(CLI::App &app, ConformCommand &command) {
  const char *group = "A simulator of others";
  app.add_option("--external", command.external,
                 "Judge a simulator of others: the command to run for each case, with {model}, "
                 "{input} and {output} for its files")
      ->group(group);
  app.add_option("--external-batch", command.externalBatch,
                 "The same, once for many cases: {list} is a file that lists them")
      ->group(group);
  app.add_option("--name", command.name, "Of the simulator, for reports")->group(group);
  app.add_option("--timeout", command.timeout,
                 "After which a call is killed, for each of its cases")
      ->capture_default_str()
      ->group(group);
  app.add_option("--tolerance", command.answers.tolerance,
                 "By how much values may differ; otherwise 1e-5 of the largest. Spikes must be "
                 "equal")
      ->check(notNegative)
      ->group(group);
  app.add_flag("--outputs-only", command.answers.outputsOnly,
               "Do not look at what it recorded of the nodes inside")
      ->group(group);
  app.add_option("--badge", command.badge, "Write a badge, as shields.io reads it")->group(group);
}

static void addModelOptions(CLI::App &app, ConformCommand &command) {
  const char *group = "Of a model alone";
  app.add_option("-i,--input", command.run.inputs,
                 "What drives it, NODE=SOURCE, as `nirc run` takes it; otherwise random spikes")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--dt", command.run.dt, "Length of a step, as 1e-4, 0.1ms or 100us")->group(group);
  app.add_option("--steps", command.run.steps, "How many; otherwise those of the input, or 100")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 40))
      ->group(group);
  app.add_option("--seed", command.run.seed, "Of random spikes")->check(isSeed)->group(group);
  app.add_option("--time-unit", command.run.timeUnit,
                 "In what the file counts time: s, ms or steps; otherwise what it says itself")
      ->group(group);
}

void addConform(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "conform", "Judge targets, and simulators of others, by a suite or a model");
  auto options = std::make_shared<ConformCommand>();
  command
      ->add_option("model", options->path,
                   "A folder that `nirc conformance export` wrote, one of its cases, or a model")
      ->required();
  addTargetsOptions(*command, *options);
  addExternalOptions(*command, *options);
  addModelOptions(*command, *options);
  command
      ->add_option("--only", options->only,
                   "Cases whose names match the pattern, as 'nodes/lif/*'; repeat it")
      ->allow_extra_args(false);
  command->add_option("--limit", options->limit, "So many cases at most");
  command->add_option("-j,--jobs", options->jobs, "Cases at once; 0: as many as there are cores")
      ->check(CLI::Range(0, 4096));
  command->add_option("--json", options->json, "Write all of it as JSON; -: on standard output");
  command->add_option("--junit", options->junit, "Write it as JUnit's XML");
  command->add_option("--markdown", options->markdown, "Write the table in Markdown");
  command->add_flag("--all", options->all, "Print every line of long lists");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer(
      "A target is right where it gives the bits of reference, or refuses the network and says "
      "why. The exit code is 0 where all are right, 1 where something differs or failed.\n\n"
      "Examples:\n"
      "  nirc conformance export suite && nirc conform suite\n"
      "  nirc conform --targets cpu,loihi2 model.nir --dt 1ms\n"
      "  nirc conform suite --external 'python3 simulator.py {model} {input} {output}'\n"
      "  nirc conform suite --only 'nodes/lif/*' --external-batch 'python3 simulator.py {list}'");
  command->callback([options, &exit] { exit = conform(*options); });
}

} // namespace nirc
