//===- main.cpp - the command line ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/CommandLine.h"
#include "tools/nirc/Faults.h"
#include "tools/text/Terminal.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <hdf5.h>
#include <iterator>
#include <optional>

namespace nirc {

/// Where nobody can be told, the exit code still says it.
static void say(const nir::Diagnostic &diagnostic) {
  std::string text = diagnostic.str() + '\n';
  if (!diagnostic.code.empty()) { // for `nirc explain`
    text.insert(text.find('\n'), " [" + diagnostic.code + "]");
  }
  std::fputs((hasColour(stderr) ? coloured(text) : text).c_str(), stderr);
}

Exit fail(Exit exit, const nir::Diagnostic &diagnostic) {
  say(diagnostic);
  return exit;
}

void print(const std::vector<nir::Diagnostic> &diagnostics) {
  for (const nir::Diagnostic &diagnostic : diagnostics) {
    say(diagnostic);
  }
}

namespace {
/// A subcommand, and what adds it.
struct Command {
  std::string_view name;
  void (*add)(CLI::App &app, Exit &exit);
  bool needsAll = false; ///< that the others are there
};
} // namespace

constexpr Command commands[] = {{"run", addRun},
                                {"eval", addEval},
                                {"inspect", addInspect},
                                {"stats", addStats},
                                {"check", addCheck},
                                {"compare", addCompare},
                                {"match", addMatch},
                                {"conform", addConform},
                                {"compile", addCompile},
                                {"convert", addConvert},
                                {"conformance", addConformance},
                                {"quantize", addQuantize},
                                {"prove", addProve},
                                {"map", addMap},
                                {"explore", addExplore},
                                {"report", addReport},
                                {"semantics", addSemantics},
                                {"formats", addFormats},
                                {"targets", addTargets},
                                {"explain", addExplain},
                                {"completion", addCompletion, true},
                                {"manual", addManual, true}};

/// For help: the arguments have been read when the options are added, as what a backend brings is
/// among them.
static void addBackendOption(CLI::App &app) {
  app.add_option_function<std::string>(
         "--load-backend", [](const std::string &) {},
         "Load a chip of others first: a library or a chip file, on top of those of NIRC_BACKENDS; "
         "repeat it")
      ->type_name("FILE");
}

/// Adds the options of a command, or of all. An error where a backend has one of their names.
static nir::Status addCommands(CLI::App &app, std::optional<std::string_view> only, Exit &exit) {
  addBackendOption(app);
  try {
    for (const Command &command : commands) {
      if (!only || command.name == *only) {
        command.add(app, exit);
      }
    }
    for (CLI::App *command : app.get_subcommands({})) {
      addBackendOption(*command);
    }
  } catch (const CLI::OptionAlreadyAdded &clash) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("an option of a loaded backend has the name of one of "
                                         "nirc's own: {}",
                                         clash.what()))
        .note("`nirc targets` lists the options of targets; whoever made the backend can rename "
              "it");
  }
  return {};
}

/// Does what the arguments ask for. With `only`, no other command is known than the one of that
/// name; then nothing is done, and nothing said, where the command line has an error.
static std::optional<Exit> run(const std::vector<std::string> &given,
                               std::optional<std::string_view> only) {
  CLI::App app("Compiles and runs spiking neural networks in the Neuromorphic Intermediate "
               "Representation (NIR).",
               "nirc");
  app.set_version_flag("--version", "nirc " NIRC_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer("`nirc help COMMAND` has examples.\n"
             "Exit codes: 0 done, 1 a file is at fault, 2 the command line is, 3 nirc is.");
  auto exit = Exit::Done;
  if (nir::Status clash = addCommands(app, only, exit)) {
    return fail(Exit::Usage, *clash);
  }
  if (given.size() > 1 && given[0] == "help" && !isCommand(app, given[1])) {
    return fail(Exit::Usage, unknownCommand(app, {given[1]}));
  }
  std::vector<std::string> arguments = withHelpAsOption(given);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // last one first
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0) { // help and version
      app.exit(error);
    } else if (only) {
      return std::nullopt;
    } else {
      exit = fail(Exit::Usage, commandLineError(app, error, arguments));
    }
  }
  return exit;
}

static Exit run(std::vector<std::string> arguments) {
  if (nir::Status failed = loadBackendsOf(arguments)) {
    return fail(failed->kind == nir::ErrorKind::Usage ? Exit::Usage : Exit::Input, *failed);
  }
  std::string_view first = arguments.empty() ? "" : std::string_view(arguments.front());
  auto isFirst = [&](const Command &command) { return command.name == first && !command.needsAll; };
  // The options of all commands take as long to add as a short command takes to run.
  if (first == "--version" || std::any_of(std::begin(commands), std::end(commands), isFirst)) {
    if (std::optional<Exit> done = run(arguments, first)) {
      return *done;
    }
  }
  return run(arguments, std::nullopt).value_or(Exit::Internal);
}

} // namespace nirc

int main(int argc, char **argv) {
  nirc::openStandardFiles();
  // A limit of the size of files is an error of writing, as a full disk is.
  signal(SIGXFSZ, SIG_IGN);
  // A file that could not be written to its end keeps HDF5 from closing, on which it crashes.
  H5dont_atexit();
  return nirc::endingFaults(
      [&] { return static_cast<int>(nirc::run({argv + std::min(argc, 1), argv + argc})); });
}
