//===- main.cpp - the command line ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Command.h"
#include "tools/nirc/Faults.h"

#include <csignal>
#include <cstdio>
#include <hdf5.h>

namespace nirc {

/// Where nobody can be told, the exit code still says it.
static void say(const nir::Diagnostic &diagnostic) {
  std::fputs((diagnostic.str() + '\n').c_str(), stderr);
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
  app.footer("`nirc COMMAND --help` has examples.\n"
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    // Help and version are done here too; CLI11 gives each kind of error a code of its own.
    int code = app.exit(error);
    exit = code == 0 ? Exit::Done : Exit::Usage;
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
