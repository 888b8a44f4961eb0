//===- Completion.cpp - `nirc completion`, `nirc manual` ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "ir/Wording.h"
#include "tools/manual/Manual.h"
#include "tools/nirc/Command.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

namespace nirc {

namespace {
/// A shell, where it looks for completion, and what writes it.
struct Shell {
  std::string_view name, folder, file;
  std::string (*write)(const Manual &manual);
};

struct ManualOptions {
  std::string command, out;
};
} // namespace

static constexpr Shell shells[] = {
    {"bash", "bash-completion/completions", "nirc", bashCompletion},
    {"fish", "fish/vendor_completions.d", "nirc.fish", fishCompletion},
    {"zsh", "zsh/site-functions", "_nirc", zshCompletion}};

static Exit complete(const CLI::App &app, const std::string &name) {
  for (const Shell &shell : shells) {
    if (shell.name == name) {
      fmt::print("{}", shell.write(manualOf(app, NIRC_VERSION)));
      return Exit::Done;
    }
  }
  return fail(Exit::Usage,
              nir::Error::usage(nir::Cause::UnknownName,
                                fmt::format("found '{}', expected bash, fish or zsh", name)));
}

/// All pages and completions, where programs have them below share/.
static Exit writeAll(const Manual &manual, const std::string &folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const Shell &shell : shells) {
    files.emplace_back(fmt::format("{}/{}", shell.folder, shell.file), shell.write(manual));
  }
  files.emplace_back("man/man1/nirc.1", manPage(manual));
  for (const CommandText &command : manual.commands) {
    files.emplace_back(fmt::format("man/man1/nirc-{}.1", command.name), manPage(manual, command));
  }
  for (const auto &[path, text] : files) {
    std::filesystem::path whole = std::filesystem::path(folder) / path;
    std::error_code failed;
    std::filesystem::create_directories(whole.parent_path(), failed);
    nir::Status wrong = writeFile(whole.string(), text);
    if (wrong) {
      return fail(Exit::Input, *wrong);
    }
  }
  return Exit::Done;
}

static Exit print(const CLI::App &app, const ManualOptions &options) {
  Manual manual = manualOf(app, NIRC_VERSION);
  if (!options.out.empty()) {
    return writeAll(manual, options.out);
  }
  if (options.command.empty()) {
    fmt::print("{}", manPage(manual));
    return Exit::Done;
  }
  std::vector<std::string> names;
  for (const CommandText &command : manual.commands) {
    if (command.name == options.command) {
      fmt::print("{}", manPage(manual, command));
      return Exit::Done;
    }
    names.push_back(command.name);
  }
  return fail(Exit::Usage, nir::Error::usage(nir::Cause::UnknownCommand,
                                             fmt::format("nirc has no command '{}', it has {}",
                                                         options.command, fmt::join(names, ", "))));
}

void addCompletion(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "completion", "Print what makes a shell complete commands, options and their values");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, fish or zsh")->required();
  command->footer(
      "Installed packages have it where shells look for it. Otherwise the first example "
      "is for this shell, and the others are for every new one.\n\n"
      "Examples:\n"
      "  source <(nirc completion bash)\n"
      "  nirc completion bash > ~/.local/share/bash-completion/completions/nirc\n"
      "  nirc completion fish > ~/.config/fish/completions/nirc.fish\n"
      "  nirc completion zsh > ~/.zfunc/_nirc    # with fpath+=~/.zfunc in .zshrc");
  command->callback([&app, shell, &exit] { exit = complete(app, *shell); });
}

void addManual(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("manual", "Print a page of the manual, as `man` shows it");
  auto options = std::make_shared<ManualOptions>();
  CLI::Option *of =
      command->add_option("command", options->command, "The page of a command; otherwise of nirc");
  command
      ->add_option("-o,--out", options->out,
                   "Write all pages, and completion for all shells, as a folder share/ has them")
      ->excludes(of);
  command->footer("Examples:\n"
                  "  nirc manual run | man -l -\n"
                  "  nirc manual -o ~/.local/share");
  command->callback([&app, options, &exit] { exit = print(app, *options); });
}

} // namespace nirc
