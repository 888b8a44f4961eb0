//===- Command.h - the subcommands of nirc ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <CLI/CLI.hpp>
#include <vector>

namespace nirc {

/// What nirc ends with, and scripts may rely on. Input: a file is at fault, one that is read or one
/// that cannot be written, or what `compare` compares differs, or `match` finds no
/// match. Usage: the command line. Internal:
/// nirc.
enum class Exit { Done = 0, Input = 1, Usage = 2, Internal = 3 };

/// Each adds its subcommand, whose callback sets `exit`.
void addInspect(CLI::App &app, Exit &exit);
void addCompare(CLI::App &app, Exit &exit);
void addConform(CLI::App &app, Exit &exit);
void addCompletion(CLI::App &app, Exit &exit);
void addCheck(CLI::App &app, Exit &exit);
void addCompile(CLI::App &app, Exit &exit);
void addConformance(CLI::App &app, Exit &exit);
void addConvert(CLI::App &app, Exit &exit);
void addEval(CLI::App &app, Exit &exit);
void addExplain(CLI::App &app, Exit &exit);
void addExplore(CLI::App &app, Exit &exit);
void addFormats(CLI::App &app, Exit &exit);
void addMap(CLI::App &app, Exit &exit);
void addManual(CLI::App &app, Exit &exit);
void addMatch(CLI::App &app, Exit &exit);
void addProve(CLI::App &app, Exit &exit);
void addQuantize(CLI::App &app, Exit &exit);
void addReport(CLI::App &app, Exit &exit);
void addRun(CLI::App &app, Exit &exit);
void addSemantics(CLI::App &app, Exit &exit);
void addStats(CLI::App &app, Exit &exit);
void addTargets(CLI::App &app, Exit &exit);

/// Prints the diagnostic on stderr and is `exit`, to be returned.
Exit fail(Exit exit, const nir::Diagnostic &diagnostic);
void print(const std::vector<nir::Diagnostic> &diagnostics);

} // namespace nirc
