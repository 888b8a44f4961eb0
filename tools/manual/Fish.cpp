//===- Fish.cpp - completion for fish -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Manual.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static constexpr std::string_view machinery = R"(
# The command, behind the options that can stand before it.
function __nirc_command
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip -eq 1
            set skip 0
        else if contains -- $word $__nirc_valued
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end

function __nirc_no_command
    test -z (__nirc_command | string collect --allow-empty)
end

function __nirc_in
    set -l command (__nirc_command)
    test -n "$command"; and contains -- $command $argv
end

# What is typed of a value.
function __nirc_typed
    set -l token (commandline -ct)
    string replace -r '^--[a-z0-9-]+=' '' -- "$token"
end

# ENDING...: files that end so, and folders; behind the last = or : where there is one.
function __nirc_files
    set -l typed (__nirc_typed)
    set -l kept (string match -r '^.*[=:]' -- "$typed")
    set -l rest (string replace -r '^.*[=:]' '' -- "$typed")
    for file in $rest*
        if test -d $file
            echo "$kept"$file/
            continue
        end
        for ending in $argv
            if string match -q -- "*$ending" $file
                echo "$kept"$file
                break
            end
        end
    end
end

# Before each line of a word and its meaning, what is typed up to the last comma.
function __nirc_after_comma
    set -l typed (__nirc_typed)
    set -l kept (string match -r '^.*,' -- "$typed")
    while read -l line
        echo "$kept"$line
    end
end

function __nirc_record # WORDS FIELDS: functions that print presets, and fields with their values
    set -l typed (__nirc_typed)
    begin
        string match -q '*,*' -- "$typed"; or $argv[1]
        if string match -qr '(^|,)[^,=]*=[^,]*$' -- "$typed"
            $argv[2]
        else
            $argv[2] | string replace -r '=.*' '=' | sort -u
        end
    end | __nirc_after_comma
end

complete -c nirc -f
)";

static std::string inQuotes(std::string_view text) {
  std::string all = "'";
  for (char c : text) {
    all += c == '\'' || c == '\\' ? "\\" : "";
    all += c;
  }
  return all + "'";
}

static std::string printed(const std::vector<Values::Word> &words) {
  std::string all = "    printf '%s\\t%s\\n'";
  for (const Values::Word &word : words) {
    all += fmt::format(" {} {}", inQuotes(word.name), inQuotes(brief(word.meaning)));
  }
  return words.empty() ? "" : all + "\n";
}

static std::string function(const std::string &name, const std::string &body) {
  return fmt::format("function {}\n{}end\n\n", name, body);
}

namespace {
/// A function for each set of values; equal sets share one.
class Functions {
public:
  std::string nameOf(const Values &values) {
    size_t i = 0;
    while (i < known.size() && known[i] != values) {
      ++i;
    }
    if (i == known.size()) {
      known.push_back(values);
    }
    return fmt::format("__nirc_values_{}", i);
  }

  std::string text() const {
    std::string all;
    for (size_t i = 0; i < known.size(); ++i) {
      all += textOf(fmt::format("__nirc_values_{}", i), known[i]);
    }
    return all;
  }

private:
  static std::string textOf(const std::string &name, const Values &values) {
    std::string words = printed(values.words);
    if (values.isFolder) {
      return function(name, "    __fish_complete_directories (__nirc_typed)\n");
    }
    if (values.isPath) {
      return function(name, "    __nirc_files ''\n");
    }
    if (!values.endings.empty()) {
      return function(name,
                      words + fmt::format("    __nirc_files {}\n", fmt::join(values.endings, " ")));
    }
    if (values.isList) {
      return function(name, fmt::format("    begin\n    {}    end | __nirc_after_comma\n", words));
    }
    if (values.fields.empty()) {
      return function(name, words);
    }
    std::vector<Values::Word> fields;
    for (const Values::Field &field : values.fields) {
      for (const Values::Word &word : field.words) {
        fields.push_back({field.name + "=" + word.name, word.meaning});
      }
      if (field.words.empty()) {
        fields.push_back({field.name + "=", field.meaning});
      }
    }
    return function(name + "_words", words) + function(name + "_fields", printed(fields)) +
           function(name, fmt::format("    __nirc_record {0}_words {0}_fields\n", name));
  }

  std::vector<Values> known;
};
} // namespace

static std::string completeOption(const OptionText &option, const std::string &when,
                                  Functions &functions) {
  std::string text = fmt::format("complete -c nirc -n {}", inQuotes(when));
  bool hasValue = !option.value.empty() || option.canOmitValue;
  Values values = option.values ? *option.values : Values{.isPath = true};
  std::string action =
      values == Values() ? "" : fmt::format(" -k -a '({})'", functions.nameOf(values));
  if (option.isArgument) {
    return action.empty() ? "" : text + action + "\n";
  }
  for (const std::string &name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  // A value that may be missing is completed behind = alone.
  text += hasValue && !option.canOmitValue ? " -x" + action : action;
  return text + " -d " + inQuotes(brief(option.help)) + "\n";
}

std::string fishCompletion(const Manual &manual) {
  Functions functions;
  std::string lines;
  for (const OptionText &option : manual.program.options) {
    lines += completeOption(option, "__nirc_no_command", functions);
  }
  for (const CommandText &command : manual.commands) {
    lines += fmt::format("complete -c nirc -n '__nirc_no_command; or __nirc_in help' -a {} -d {}\n",
                         command.name, inQuotes(brief(command.help)));
  }
  lines +=
      "complete -c nirc -n __nirc_no_command -a help -d 'Examples and all options of a command'\n";
  for (const CommandText &command : manual.commands) {
    lines += "\n";
    for (const OptionText &option : command.options) {
      lines += completeOption(option, "__nirc_in " + command.name, functions);
    }
  }
  std::string valued;
  for (const OptionText &option : manual.program.options) {
    for (const std::string &name : option.names) {
      valued += option.value.empty() ? "" : " " + name;
    }
  }
  return fmt::format(
      "# Completion of nirc {} for fish, as `nirc completion fish` writes it.\nset -g "
      "__nirc_valued{}\n{}\n{}{}",
      manual.version, valued, machinery, functions.text(), lines);
}

} // namespace nirc
