//===- Manual.h - the command line as data ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/manual/Values.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nirc {

/// An option, a flag or an argument.
struct OptionText {
  std::vector<std::string> names; ///< "-i", "--input"; of an argument its name alone
  std::string value;              ///< "N", "HOW"; empty: a flag
  std::string fallback;           ///< the value without the option, where help shows one
  std::string group, help;
  bool isArgument = false, isRequired = false;
  bool canRepeat = false;       ///< --input a --input b
  bool takesMany = false;       ///< --formats int8 int4
  bool canOmitValue = false;    ///< --emulate, and --emulate=qemu
  std::optional<Values> values; ///< nothing: nobody has said
};

struct CommandText {
  std::string name, help;
  std::string usage;    ///< "[OPTIONS] model"
  std::string examples; ///< lines, indented
  std::string rest;     ///< what help says at its end
  std::vector<OptionText> options;
};

/// A whole command line.
struct Manual {
  CommandText program;
  std::vector<CommandText> commands;
  std::string version; ///< "0.1.0"
};

Manual manualOf(const CLI::App &app, std::string version);

/// " N" or " HOW=both, required": what help shows behind the names of an option.
std::string valueText(const CLI::Option &option);

/// Of the end of a help its examples, under their title, and the rest.
std::pair<std::string, std::string> examplesOf(const std::string &footer);

/// The first clause of a help, for a list: at most 60 characters.
std::string brief(const std::string &help);

std::string bashCompletion(const Manual &manual);
std::string fishCompletion(const Manual &manual);
std::string zshCompletion(const Manual &manual);

/// The page of the program, or of a command, in man's macros. They have no date: a page is the same
/// bytes for the same nirc.
std::string manPage(const Manual &manual);
std::string manPage(const Manual &manual, const CommandText &command);

} // namespace nirc
