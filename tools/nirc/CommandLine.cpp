//===- CommandLine.cpp - help, and faults of a command line ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/CommandLine.h"

#include "api/io/EventFile.h"
#include "api/io/Units.h"
#include "backends/Target.h"
#include "ir/Wording.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "tools/manual/Manual.h"
#include "tools/text/Terminal.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace nirc {

//===----------------------------------------------------------------------===//
// Help
//===----------------------------------------------------------------------===//

HelpFormatter::HelpFormatter()
    : width(std::clamp<size_t>(static_cast<size_t>(terminalWidth(stdout, 100)), 60, 120)) {
  column_width(26);
  label("Positionals", "Arguments");
  label("Subcommands", "Commands");
  label("SUBCOMMAND", "COMMAND");
}

std::string HelpFormatter::row(std::string left, const std::string &right) const {
  size_t column = get_column_width();
  left = "  " + left;
  left += left.size() + 1 > column ? "\n" + std::string(column, ' ')
                                   : std::string(column - left.size(), ' ');
  std::string lines = wrapped(right, column, width);
  return left + (lines.empty() ? "\n" : lines.substr(column));
}

std::string HelpFormatter::make_option_opts(const CLI::Option *option) const {
  return valueText(*option);
}

std::string HelpFormatter::make_option(const CLI::Option *option, bool isPositional) const {
  return row(make_option_name(option, isPositional) + make_option_opts(option),
             make_option_desc(option));
}

std::string HelpFormatter::make_subcommand(const CLI::App *command) const {
  return row(command->get_name(), command->get_description());
}

std::string HelpFormatter::make_help(const CLI::App *app, std::string name,
                                     CLI::AppFormatMode mode) const {
  auto [examples, rest] = examplesOf(app->get_footer());
  std::string text = wrapped(app->get_description(), 0, width) + make_usage(app, name);
  text += examples.empty() ? "" : "\n" + examples + "\n";
  text += make_positionals(app) + make_groups(app, mode) + make_subcommands(app, mode);
  return text + (rest.empty() ? "" : "\n" + wrapped(rest, 0, width));
}

std::vector<std::string> withHelpAsOption(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.resize(std::min<size_t>(arguments.size(), 1));
    arguments.emplace_back("--help");
  }
  return arguments;
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

static std::vector<std::string> commandNames(const CLI::App &app) {
  std::vector<std::string> names;
  for (const CLI::App *command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

/// "--input", "-i".
static std::vector<std::string> optionNames(const CLI::App &app) {
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options()) {
    for (const std::string &name : option->get_lnames()) {
      names.push_back("--" + name);
    }
    for (const std::string &name : option->get_snames()) {
      names.push_back("-" + name);
    }
  }
  return names;
}

static bool hasOption(const CLI::App &command, const std::string &name) {
  std::vector<std::string> names = optionNames(command);
  return std::find(names.begin(), names.end(), name) != names.end();
}

static bool endsInOneOf(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

/// The option that takes a word which stands alone: by its ending, or as a name that nirc knows.
static std::optional<std::string> optionFor(const std::string &word) {
  bool isSource =
      word.starts_with("constant:") || word.starts_with("poisson:") || word.starts_with("events");
  if (isSource || hasEventEnding(word) ||
      endsInOneOf(word, {".npy", ".npz", ".csv", ".nird", ".h5"})) {
    return "--input";
  }
  auto isCalled = [&](const auto &one) { return word == one.name; };
  if (std::any_of(nir::presets().begin(), nir::presets().end(), isCalled)) {
    return "--semantics";
  }
  if (nir::numberFormatOf(word)) {
    return "--format";
  }
  if (findTarget(word)) {
    return "--target";
  }
  if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos) {
    return "--steps";
  }
  return parseSeconds(word) ? std::optional<std::string>("--dt") : std::nullopt;
}

/// The last argument of the first example, or all of it.
static std::string firstExample(const CLI::App &command) {
  std::string examples = examplesOf(command.get_footer()).first;
  size_t begin = examples.find("  nirc");
  return begin == std::string::npos
             ? std::string()
             : examples.substr(begin + 2, examples.find('\n', begin) - begin - 2);
}

bool isCommand(const CLI::App &app, const std::string &name) {
  std::vector<std::string> names = commandNames(app);
  return std::find(names.begin(), names.end(), name) != names.end();
}

nir::Error unknownCommand(const CLI::App &app, const std::vector<std::string> &arguments) {
  std::vector<std::string> commands = commandNames(app);
  commands.emplace_back("help");
  if (arguments.empty()) {
    return nir::Error::usage(
        nir::Cause::UnknownCommand,
        fmt::format("found no command, expected one of {}", fmt::join(commands, ", ")));
  }
  const std::string &found = arguments.front();
  if (found.starts_with("-")) {
    nir::Error error = nir::Error::usage(
        nir::Cause::UnknownOption, fmt::format("nirc has no option '{}' before a command", found));
    std::string meant = nir::nearest(found, optionNames(app));
    return meant.empty() ? std::move(error).note("options follow the command: nirc run model.nir "
                                                 "--dt 1ms")
                         : std::move(error).note(fmt::format("did you mean {}?", meant));
  }
  nir::Error error = nir::Error::usage(
      nir::Cause::UnknownCommand,
      fmt::format("nirc has no command '{}', it has {}", found, fmt::join(commands, ", ")));
  if (std::string meant = nir::nearest(found, commands); !meant.empty()) {
    return std::move(error).note(fmt::format("did you mean `nirc {}`?", meant));
  }
  if (endsInOneOf(found, {".nir", ".mlir", ".mlirbc"})) {
    return std::move(error).note(fmt::format("`nirc inspect {0}` shows what the model holds, `nirc "
                                             "run {0}` runs it",
                                             found));
  }
  return error;
}

static nir::Error unknownOption(const CLI::App &app, const CLI::App &command,
                                const std::string &found) {
  std::string name = found.substr(0, found.find('='));
  std::string text = fmt::format("`nirc {}` has no option '{}'", command.get_name(), name);
  std::string meant = name.size() > 2 ? nir::nearest(name, optionNames(command)) : std::string();
  if (!meant.empty()) {
    return nir::Error::usage(nir::Cause::UnknownOption, text)
        .note(fmt::format("did you mean {}?", meant));
  }
  nir::Error error = nir::Error::usage(nir::Cause::UnknownOption, text);
  std::vector<std::string> others;
  for (const CLI::App *other : app.get_subcommands({})) {
    if (hasOption(*other, name)) {
      others.push_back(fmt::format("`nirc {}`", other->get_name()));
    }
  }
  return others.empty() ? error
                        : std::move(error).note(fmt::format("{} {} it", fmt::join(others, ", "),
                                                            others.size() == 1 ? "has" : "have"));
}

static nir::Error looseWord(const CLI::App &command, const std::string &found) {
  nir::Error error = nir::Error::usage(
      nir::Cause::UnknownOption,
      fmt::format("found '{}', which stands alone, and `nirc {}` has no place for it", found,
                  command.get_name()));
  if (endsInOneOf(found, {".nir", ".mlir", ".mlirbc"})) {
    return std::move(error).note(fmt::format("`nirc {}` takes one model", command.get_name()));
  }
  std::optional<std::string> option = optionFor(found);
  return option && hasOption(command, *option)
             ? std::move(error).note(fmt::format("did you mean {} {}?", *option, found))
             : error;
}

/// A value that an option needs and did not get, and one that it does not understand.
static nir::Error otherFault(const CLI::App &command, const CLI::ParseError &error) {
  std::string text = error.what();
  constexpr std::string_view convert = "Could not convert: ", missing = " required ",
                             required = " is required";
  if (text.starts_with(convert)) {
    return nir::Error::usage(
        fmt::format("found {}, expected a number", text.substr(convert.size())));
  }
  if (error.get_name() == "ArgumentMismatch" && text.ends_with(" missing") &&
      text.find(missing) != std::string::npos) {
    return nir::Error::usage(
        nir::Cause::MissingOption,
        fmt::format("found {} without a value", text.substr(0, text.find(':'))));
  }
  if (error.get_name() == "RequiredError" && text.ends_with(required)) {
    nir::Error absent = nir::Error::usage(
        nir::Cause::MissingOption, fmt::format("`nirc {}` needs {}", command.get_name(),
                                               text.substr(0, text.size() - required.size())));
    std::string example = firstExample(command);
    return example.empty() ? absent
                           : std::move(absent).note(fmt::format("for example: {}", example));
  }
  return nir::Error::usage(text);
}

static bool isOfExtras(const CLI::ParseError &error) {
  return error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
}

/// The arguments that nothing took, in their order.
static std::vector<std::string> extrasOf(const CLI::App &app, const CLI::ParseError &error,
                                         const std::vector<std::string> &arguments) {
  if (!isOfExtras(error)) {
    return app.remaining(true);
  }
  // They are in its text alone, with blanks between them.
  std::string text = error.what();
  text = " " + text.substr(std::min(text.find(": ") + 2, text.size())) + " ";
  std::vector<std::string> extras;
  std::copy_if(arguments.begin(), arguments.end(), std::back_inserter(extras),
               [&](const std::string &word) { return text.find(" " + word + " ") != text.npos; });
  return extras;
}

nir::Error commandLineError(const CLI::App &app, const CLI::ParseError &error,
                            const std::vector<std::string> &arguments) {
  std::vector<CLI::App *> parsed = app.get_subcommands();
  if (parsed.empty()) {
    return unknownCommand(app, arguments);
  }
  const CLI::App &command = *parsed.front();
  std::vector<std::string> extras = extrasOf(app, error, arguments);
  // A command that misses its model because a word is wrong: the word is the fault.
  auto option = std::find_if(extras.begin(), extras.end(), [](const std::string &word) {
    return word.size() > 1 && word.front() == '-';
  });
  nir::Error fault = option != extras.end()                 ? unknownOption(app, command, *option)
                     : isOfExtras(error) && !extras.empty() ? looseWord(command, extras.front())
                                                            : otherFault(command, error);
  return std::move(fault).note(
      fmt::format("`nirc help {}` has examples and all options", command.get_name()));
}

} // namespace nirc
