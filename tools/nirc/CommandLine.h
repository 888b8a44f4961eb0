//===- CommandLine.h - help, and faults of a command line ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace nirc {

/// Help as wide as the terminal: what the command does, examples, then its options by group.
class HelpFormatter : public CLI::Formatter {
public:
  HelpFormatter();
  std::string make_help(const CLI::App *app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_option(const CLI::Option *option, bool isPositional) const override;
  std::string make_option_opts(const CLI::Option *option) const override;
  std::string make_subcommand(const CLI::App *command) const override;

private:
  /// Two columns; the right one is wrapped.
  std::string row(std::string left, const std::string &right) const;
  size_t width;
};

/// `nirc help` and `nirc help run` as the options that they stand for. `arguments` are without the
/// program's name.
std::vector<std::string> withHelpAsOption(std::vector<std::string> arguments);

bool isCommand(const CLI::App &app, const std::string &name);

/// What to say where the first of the arguments is no command, or there is none.
nir::Error unknownCommand(const CLI::App &app, const std::vector<std::string> &arguments);

/// What is wrong with these arguments, after `app` has refused to parse them: what was found, what
/// is expected, the nearest name, and of what stands alone the option that takes it.
nir::Error commandLineError(const CLI::App &app, const CLI::ParseError &error,
                            const std::vector<std::string> &arguments);

} // namespace nirc
