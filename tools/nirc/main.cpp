//===- main.cpp - the command line ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Command.h"
#include "tools/nirc/CommandLine.h"
#include "tools/nirc/Faults.h"
#include "tools/text/Terminal.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <hdf5.h>

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

static int run(int argc, char **argv) {
  CLI::App app("Compiles and runs spiking neural networks in the Neuromorphic Intermediate "
               "Representation (NIR).",
               "nirc");
  app.set_version_flag("--version", "nirc " NIRC_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.footer("`nirc help COMMAND` has examples.\n"
             "Exit codes: 0 done, 1 a file is at fault, 2 the command line is, 3 nirc is.");
  auto exit = Exit::Done;
  addRun(app, exit);
  addEval(app, exit);
  addInspect(app, exit);
  addCheck(app, exit);
  addCompare(app, exit);
  addMatch(app, exit);
  addCompile(app, exit);
  addConvert(app, exit);
  addQuantize(app, exit);
  addMap(app, exit);
  addExplore(app, exit);
  addSemantics(app, exit);
  addFormats(app, exit);
  addTargets(app, exit);
  addExplain(app, exit);
  if (argc > 2 && std::string_view(argv[1]) == "help" && !isCommand(app, argv[2])) {
    return static_cast<int>(fail(Exit::Usage, unknownCommand(app, {argv[2]})));
  }
  std::vector<std::string> arguments = withHelpAsOption({argv + std::min(argc, 1), argv + argc});
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // last one first
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0) { // help and version
      app.exit(error);
    } else {
      exit = fail(Exit::Usage, commandLineError(app, error, arguments));
    }
  }
  return static_cast<int>(exit);
}

} // namespace nirc

int main(int argc, char **argv) {
  nirc::openStandardFiles();
  // A limit of the size of files is an error of writing, as a full disk is.
  signal(SIGXFSZ, SIG_IGN);
  // A file that could not be written to its end keeps HDF5 from closing, on which it crashes.
  H5dont_atexit();
  return nirc::endingFaults([&] { return nirc::run(argc, argv); });
}
