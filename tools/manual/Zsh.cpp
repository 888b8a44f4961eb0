//===- Zsh.cpp - completion for zsh ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

/// As one word of the shell.
static std::string inQuotes(std::string_view text) {
  std::string all = "'";
  for (char c : text) {
    all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return all + "'";
}

/// With a backslash before what _arguments and _values read.
static std::string escaped(std::string_view text, std::string_view what = "[]:\\") {
  std::string all;
  for (char c : text) {
    all += what.find(c) == std::string_view::npos ? "" : "\\";
    all += c;
  }
  return all;
}

namespace {
/// A function for each set of values; equal sets share one.
class Functions {
public:
  /// What stands behind a colon of _arguments.
  std::string actionOf(const OptionText &option) {
    if (!option.values || option.values->isPath) {
      return "_files";
    }
    const Values &values = *option.values;
    if (values.isFolder) {
      return "_files -/";
    }
    if (values == Values()) {
      return " ";
    }
    for (size_t i = 0; i < known.size(); ++i) {
      if (known[i] == values) {
        return fmt::format("_nirc_values_{}", i);
      }
    }
    known.push_back(values);
    return fmt::format("_nirc_values_{}", known.size() - 1);
  }

  std::string text() const {
    std::string all;
    for (size_t i = 0; i < known.size(); ++i) {
      all += fmt::format("_nirc_values_{}() {{\n{}}}\n\n", i, bodyOf(known[i]));
    }
    return all;
  }

private:
  static std::string described(const std::vector<Values::Word> &words, const char *ending = "") {
    std::string all;
    for (const Values::Word &word : words) {
      std::string meaning = word.meaning.empty() ? "" : ":" + brief(word.meaning);
      all += fmt::format(" {}", inQuotes(escaped(word.name + ending, ":\\") + meaning));
    }
    return all;
  }

  /// "'norse[as Norse]' 'reset[what a reset does]:value:(subtract to-value)'"
  static std::string record(const Values &values) {
    std::string all;
    auto label = [](const std::string &name, const std::string &meaning) {
      return name + (meaning.empty() ? "" : "[" + escaped(brief(meaning)) + "]");
    };
    for (const Values::Word &word : values.words) {
      all += " " + inQuotes(label(word.name, word.meaning));
    }
    for (const Values::Field &field : values.fields) {
      std::vector<std::string> words;
      for (const Values::Word &word : field.words) {
        words.push_back(word.name);
      }
      all += " " + inQuotes(fmt::format("{}:value:({})", label(field.name, field.meaning),
                                        fmt::join(words, " ")));
    }
    return all;
  }

  static std::string bodyOf(const Values &values) {
    if (!values.fields.empty()) {
      return fmt::format("  _values -s , value{}\n", record(values));
    }
    if (values.isList) {
      return fmt::format("  _values -s , value{}\n", record(values));
    }
    if (values.endings.empty()) {
      std::vector<Values::Word> whole, open;
      for (const Values::Word &word : values.words) {
        (word.name.ends_with(':') ? open : whole).push_back(word);
      }
      std::string text = fmt::format("  local -a words=({} )\n", described(whole));
      if (open.empty()) {
        return text + "  _describe -V value words\n";
      }
      return text + fmt::format("  local -a open=({} )\n  _describe -V value words -- open -S ''\n",
                                described(open));
    }
    std::vector<std::string> globs;
    for (const std::string &ending : values.endings) {
      globs.push_back("*" + ending);
    }
    std::string files =
        fmt::format("_files -g {}", inQuotes(fmt::format("({})(-.)", fmt::join(globs, "|"))));
    if (values.words.empty()) {
      return "  compset -P '*='\n  " + files + "\n";
    }
    std::vector<Values::Word> open = values.words;
    return fmt::format("  if compset -P '*[=:]'; then\n    {0}\n  else\n    local -a words=({1} )\n"
                       "    _describe -V source words {2}\n    {0}\n  fi\n",
                       files, described(open), open.front().name.ends_with(':') ? "-S ''" : "");
  }

  std::vector<Values> known;
};
} // namespace

/// The specifications of an option for _arguments: one for each of its names.
static std::vector<std::string> specsOf(const OptionText &option, Functions &functions) {
  std::string help = "[" + escaped(brief(option.help)) + "]";
  std::string value =
      option.value.empty() && !option.canOmitValue ? "" : functions.actionOf(option);
  if (option.isArgument) {
    std::string place = option.takesMany ? "*" : option.isRequired ? "" : ":";
    return {inQuotes(fmt::format("{}:{}:{}", place, option.names.front(), value))};
  }
  std::vector<std::string> specs;
  std::string others = option.canRepeat ? "*" : fmt::format("({})", fmt::join(option.names, " "));
  for (const std::string &name : option.names) {
    bool isLong = name.starts_with("--");
    std::string ending = value.empty() ? "" : option.canOmitValue ? "=-" : isLong ? "=" : "+";
    std::string label = value.empty()         ? ""
                        : option.canOmitValue ? "::value:"
                        : option.takesMany    ? ":*-*:" + escaped(option.value) + ":"
                                              : ":" + escaped(option.value) + ":";
    label += value;
    specs.push_back(inQuotes(fmt::format("{}{}{}{}{}", others, name, ending, help, label)));
  }
  return specs;
}

static std::string argumentsOf(const CommandText &command, Functions &functions) {
  std::string text = "    _arguments -s";
  for (const OptionText &option : command.options) {
    for (const std::string &spec : specsOf(option, functions)) {
      text += " \\\n      " + spec;
    }
  }
  return text + "\n";
}

std::string zshCompletion(const Manual &manual) {
  Functions functions;
  std::string commands, branches, options;
  for (const CommandText &command : manual.commands) {
    commands +=
        fmt::format("    {}\n", inQuotes(command.name + ":" + escaped(brief(command.help), ":\\")));
    branches += fmt::format("  {})\n{}    ;;\n", command.name, argumentsOf(command, functions));
  }
  for (const OptionText &option : manual.program.options) {
    for (const std::string &spec : specsOf(option, functions)) {
      options += "    " + spec + " \\\n";
    }
  }
  return fmt::format(R"(#compdef nirc
# Completion of nirc {} for zsh, as `nirc completion zsh` writes it.

{}_nirc_commands() {{
  local -a commands=(
{}    'help:Examples and all options of a command'
  )
  _describe -V 'command of nirc' commands
}}

_nirc() {{
  local context curcontext=$curcontext state state_descr line
  local -A opt_args
  _arguments -C \
{}    '1:command:_nirc_commands' \
    '*::argument:->arguments' && return
  [[ $state == arguments ]] || return 1
  curcontext=${{curcontext%:*:*}}:nirc-$words[1]:
  case $words[1] in
  help)
    _arguments '1:command:_nirc_commands'
    ;;
{}  esac
}}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _nirc "$@"
else
  compdef _nirc nirc
fi
)",
                     manual.version, functions.text(), commands, options, branches);
}

} // namespace nirc
