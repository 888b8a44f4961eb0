//===- Formats.cpp - `nirc formats` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Command.h"
#include "tools/nirc/FormatsView.h"
#include "tools/nirc/Report.h"

#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct FormatsOptions {
  std::string text;
  bool json = false, markdown = false;
};
} // namespace

/// "format" is what `--format` takes.
static Json formatJson(const nir::NumberFormat &format) {
  PresetView preset = presetOf(format);
  Json fields = Json::array();
  for (const FieldView &each : fieldsOf(format)) {
    fields.push_back({{"name", each.field->name},
                      {"value", each.value},
                      {"meaning", each.meaning},
                      {"expected", each.field->expected},
                      {"differs", each.differs}});
  }
  return {{"format", format.text()},
          {"preset", format.preset},
          {"summary", preset.summary},
          {"source", preset.source},
          {"fields", std::move(fields)}};
}

static void printList(const FormatsOptions &options) {
  if (options.markdown) {
    printFormatMarkdown();
  } else if (options.json) {
    Json list = Json::array();
    for (const nir::FormatPreset &preset : nir::formatPresets()) {
      list.push_back(formatJson(*nir::numberFormatOf(preset.name)));
    }
    fmt::print("{}", dump(list));
  } else {
    printFormatList();
  }
}

static Exit show(const FormatsOptions &options) {
  if (options.text.empty()) {
    printList(options);
    return Exit::Done;
  }
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(options.text);
  if (!format) {
    return fail(Exit::Usage, format.error());
  }
  if (options.json) {
    fmt::print("{}", dump(formatJson(*format)));
  } else {
    printFormat(*format);
  }
  return Exit::Done;
}

void addFormats(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("formats", "List the number formats of integer networks, or explain one");
  auto options = std::make_shared<FormatsOptions>();
  CLI::Option *name = command->add_option(
      "format", options->text, "A preset and what differs from it, as --format of `run` takes it");
  CLI::Option *json = command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--markdown", options->markdown, "Print the tables of docs/formats.md")
      ->excludes(name)
      ->excludes(json);
  command->footer("Examples:\n  nirc formats\n  nirc formats loihi2\n"
                  "  nirc formats int8,weight-bits=6,granularity=channel");
  command->callback([options, &exit] { exit = show(*options); });
}

} // namespace nirc
