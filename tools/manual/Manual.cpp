//===- Manual.cpp - the command line as data ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Manual.h"

#include <algorithm>

namespace nirc {

std::pair<std::string, std::string> examplesOf(const std::string &footer) {
  constexpr std::string_view title = "Examples:\n";
  size_t begin = footer.find(title);
  if (begin == std::string::npos) {
    return {"", footer};
  }
  size_t end = footer.find("\n\n", begin);
  std::string examples = footer.substr(begin, end - begin);
  std::string rest = footer.substr(0, begin);
  rest += end == std::string::npos ? "" : footer.substr(end + 2);
  while (!rest.empty() && rest.back() == '\n') {
    rest.pop_back();
  }
  return {examples, rest};
}

/// CLI11 names types by what they are converted to, with what is checked of it.
static std::string typeOf(const CLI::Option &option) {
  std::string type = option.get_type_name();
  bool isNumber = type.starts_with("INT") || type.starts_with("UINT");
  return type.starts_with("TEXT")    ? "VALUE"
         : type.starts_with("FLOAT") ? "X"
         : isNumber                  ? "N"
                                     : type;
}

std::string valueText(const CLI::Option &option) {
  std::string type = typeOf(option);
  if (type.empty()) { // a flag
    return "";
  }
  std::string text = " " + type;
  if (option.get_positional()) {
    text = "";
  } else if (!option.get_default_str().empty()) {
    text += "=" + option.get_default_str();
  }
  return text + (option.get_required() && !option.get_positional() ? ", required" : "");
}

std::string brief(const std::string &help) {
  constexpr size_t most = 60;
  size_t end = help.size();
  for (const char *mark : {". ", "; ", ": ", " ("}) {
    end = std::min(end, help.find(mark));
  }
  if (end > most) {
    size_t comma = help.rfind(", ", most), space = help.rfind(' ', most);
    end = comma != std::string::npos && comma > most / 2 ? comma : std::min(space, most);
  }
  return help.substr(0, end);
}

static OptionText optionText(const std::string &command, const CLI::Option &option) {
  OptionText text;
  for (const std::string &name : option.get_snames()) {
    text.names.push_back("-" + name);
  }
  for (const std::string &name : option.get_lnames()) {
    text.names.push_back("--" + name);
  }
  text.isArgument = option.get_positional();
  if (text.isArgument) {
    text.names = {option.get_name(/*positional=*/true)};
  }
  text.value = typeOf(option);
  text.fallback = option.get_default_str();
  text.group = option.get_group();
  text.help = option.get_description();
  text.isRequired = option.get_required();
  constexpr int many = 1000;
  text.takesMany = option.get_expected_max() >= many && option.get_allow_extra_args();
  text.canRepeat = option.get_expected_max() >= many;
  text.values = valuesOf(command, text.names.back());
  bool isFlag = text.value.empty(), isNumber = text.value == "N" || text.value == "X";
  if (!text.values && (isFlag || isNumber)) {
    text.values = Values();
  }
  text.canOmitValue = isFlag && !text.values->words.empty();
  return text;
}

static CommandText commandText(const CLI::App &app) {
  CommandText text;
  text.name = app.get_name();
  text.help = app.get_description();
  std::tie(text.examples, text.rest) = examplesOf(app.get_footer());
  text.examples.erase(0, std::min(text.examples.find('\n'), text.examples.size() - 1) + 1);
  text.usage = "[OPTIONS]";
  for (const CLI::Option *option :
       app.get_options([](const CLI::Option *one) { return !one->get_group().empty(); })) {
    OptionText one = optionText(text.name, *option);
    if (one.isArgument) {
      std::string name = one.names.front() + (one.takesMany ? "..." : "");
      text.usage += one.isRequired ? " " + name : " [" + name + "]";
    }
    text.options.push_back(std::move(one));
  }
  return text;
}

static Values namesOf(const std::vector<CommandText> &commands) {
  Values values;
  for (const CommandText &command : commands) {
    values.words.push_back({command.name, command.help});
  }
  return values;
}

Manual manualOf(const CLI::App &app, std::string version) {
  Manual manual;
  manual.version = std::move(version);
  manual.program = commandText(app);
  manual.program.usage = "COMMAND [OPTIONS]";
  for (const CLI::App *command :
       app.get_subcommands([](const CLI::App *one) { return !one->get_group().empty(); })) {
    manual.commands.push_back(commandText(*command));
  }
  for (CommandText &command : manual.commands) {
    for (OptionText &option : command.options) {
      if (option.isArgument && option.names.front() == "command") {
        option.values = namesOf(manual.commands);
      }
    }
  }
  return manual;
}

} // namespace nirc
