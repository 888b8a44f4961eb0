//===- ManPage.cpp - pages of the manual ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Manual.h"
#include "tools/manual/Surroundings.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

/// Text as roff: no character is taken for markup. A hyphen stays one that can be copied.
static std::string roff(std::string_view text) {
  std::string all;
  for (size_t i = 0; i < text.size(); ++i) {
    bool startsLine = i == 0 || text[i - 1] == '\n';
    switch (text[i]) {
    case '\\':
      all += "\\e";
      break;
    case '-':
      all += "\\-";
      break;
    case '`':
      all += "\\(ga";
      break;
    case '^':
      all += "\\(ha";
      break;
    case '~':
      all += "\\(ti";
      break;
    case '\'':
      all += "\\(aq";
      break;
    case '.':
      all += startsLine ? "\\&." : ".";
      break;
    default:
      all += text[i];
    }
  }
  return all;
}

/// A name in roff for macros that divide their arguments at blanks.
static std::string argument(std::string_view text) { return "\"" + roff(text) + "\""; }

/// Prose, a sentence a line as roff wants it, and a paragraph where a line ends.
static std::string prose(std::string_view text) {
  std::string all;
  size_t begin = 0;
  while (begin < text.size()) {
    size_t line = text.find('\n', begin), sentence = text.find(". ", begin);
    size_t end = std::min({line, sentence == text.npos ? sentence : sentence + 1, text.size()});
    if (end > begin) {
      all += roff(text.substr(begin, end - begin)) + "\n";
    }
    bool endsParagraph = end == line && text.substr(line).find_first_not_of('\n') != text.npos;
    all += endsParagraph ? ".PP\n" : "";
    begin = text.find_first_not_of(" \n", end);
  }
  return all;
}

static std::string heading(const Manual &manual, std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return fmt::format(
      ".\\\" Generated from the options of nirc.\n.TH {} 1 \"\" {} \"User commands\"\n",
      argument(name), argument("nirc " + manual.version));
}

static std::string lowerFirst(std::string text) {
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  while (!text.empty() && text.back() == '.') {
    text.pop_back();
  }
  return text;
}

static std::string optionEntry(const OptionText &option) {
  std::vector<std::string> names;
  for (const std::string &name : option.names) {
    std::string value =
        option.canOmitValue && !option.value.empty() ? "[=" + option.value + "]" : option.value;
    names.push_back(
        fmt::format("\\fB{}\\fR{}", roff(name),
                    option.isArgument || value.empty() ? "" : " \\fI" + roff(value) + "\\fR"));
  }
  std::string text = fmt::format(".TP\n{}\n{}", fmt::join(names, ", "), prose(option.help));
  if (option.isRequired && !option.isArgument) {
    text += "Required.\n";
  }
  if (!option.fallback.empty()) {
    text += fmt::format("Default: {}.\n", roff(option.fallback));
  }
  return text;
}

/// Arguments, then the options under the titles of their groups.
static std::string options(const CommandText &command) {
  std::string arguments;
  std::vector<std::pair<std::string, std::string>> groups;
  for (const OptionText &option : command.options) {
    if (option.isArgument) {
      arguments += optionEntry(option);
      continue;
    }
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto &one) { return one.first == option.group; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), {option.group, ""});
    }
    group->second += optionEntry(option);
  }
  std::string text = arguments.empty() ? "" : ".SH ARGUMENTS\n" + arguments;
  text += ".SH OPTIONS\n";
  for (const auto &[name, entries] : groups) {
    text += (name == "Options" ? "" : fmt::format(".SS {}\n", argument(name))) + entries;
  }
  return text;
}

static std::string entries(const char *title, std::span<const Surrounding> all) {
  std::string text = fmt::format(".SH {}\n", title);
  for (const Surrounding &one : all) {
    text += fmt::format(".TP\n.B {}\n{}", roff(one.name), prose(one.meaning));
  }
  return text;
}

/// Command lines as they are.
static std::string verbatim(const std::string &lines) {
  std::string text = ".SH EXAMPLES\n.nf\n";
  size_t begin = 0;
  while (begin < lines.size()) {
    size_t end = std::min(lines.find('\n', begin), lines.size());
    std::string line = lines.substr(begin, end - begin);
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    text += line.empty() ? "" : roff(line) + "\n";
    begin = end + 1;
  }
  return text + ".fi\n";
}

static std::string seeAlso(std::vector<std::string> pages) {
  std::string text = ".SH \"SEE ALSO\"\n";
  for (size_t i = 0; i < pages.size(); ++i) {
    text += fmt::format(".BR {} (1){}\n", roff(pages[i]), i + 1 < pages.size() ? "," : "");
  }
  return text;
}

std::string manPage(const Manual &manual) {
  const CommandText &program = manual.program;
  std::vector<std::string> pages;
  std::string commands = ".SH COMMANDS\n";
  for (const CommandText &command : manual.commands) {
    pages.push_back(program.name + "-" + command.name);
    commands += fmt::format(".TP\n.BR {} (1)\n{}", roff(pages.back()), prose(command.help + "."));
  }
  return heading(manual, program.name) +
         fmt::format(".SH NAME\n{} \\- {}\n", roff(program.name), roff(lowerFirst(program.help))) +
         fmt::format(".SH SYNOPSIS\n.B {0}\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.br\n.B {0} "
                     "help\n[\\fICOMMAND\\fR]\n",
                     roff(program.name)) +
         ".SH DESCRIPTION\n" + prose(program.help) + prose(program.rest) + commands +
         options(program) + entries("EXIT STATUS", exitCodes()) +
         entries("ENVIRONMENT", variables()) + entries("FILES", files()) + seeAlso(pages);
}

std::string manPage(const Manual &manual, const CommandText &command) {
  const std::string &program = manual.program.name;
  std::string name = program + "-" + command.name;
  std::string text =
      heading(manual, name) +
      fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(lowerFirst(command.help))) +
      fmt::format(".SH SYNOPSIS\n.B {} {}\n{}\n", roff(program), roff(command.name),
                  roff(command.usage)) +
      ".SH DESCRIPTION\n" + prose(command.help + ".");
  text += command.rest.empty() ? "" : ".PP\n" + prose(command.rest);
  text += options(command);
  text += command.examples.empty() ? "" : verbatim(command.examples);
  return text + ".SH \"EXIT STATUS\"\nAs of\n.BR " + roff(program) + " (1).\n" + seeAlso({program});
}

} // namespace nirc
