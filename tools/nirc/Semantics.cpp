//===- Semantics.cpp - `nirc semantics` -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "ir/equations/Equations.h"
#include "tools/equations/Emit.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Report.h"
#include "tools/nirc/SemanticsView.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace nirc {

struct SemanticsOptions {
  std::string text, form, family, out;
  bool all = false, json = false, markdown = false;
};

static Json choicesJson(const nir::Semantics &semantics) {
  Json list = Json::array();
  for (const Chosen &each : chosen(semantics)) {
    list.push_back({{"name", each.choice->name},
                    {"family", each.family ? Json(nir::name(*each.family)) : Json()},
                    {"value", each.value},
                    {"summary", each.choice->summary},
                    {"meaning", each.meaning},
                    {"differs", each.differs}});
  }
  return list;
}

/// "semantics" is what `--semantics` takes, "family" null where a choice holds for all.
static Json semanticsJson(const nir::Semantics &semantics) {
  const nir::Preset &preset = presetOf(semantics);
  Json equations;
  for (nir::Family family : nir::families) {
    equations[std::string(nir::name(family))] = nir::equations(semantics, family);
  }
  return {{"semantics", semantics.text()},
          {"preset", preset.name},
          {"summary", preset.summary},
          {"source", preset.source},
          {"notes", preset.notes},
          {"differences", differences(semantics)},
          {"choices", choicesJson(semantics)},
          {"equations", equations}};
}

static void printList(const SemanticsOptions &options) {
  if (options.json) {
    Json list = Json::array();
    for (const nir::Preset &preset : nir::presets()) {
      list.push_back(semanticsJson(*nir::presetSemantics(preset.name)));
    }
    fmt::print("{}", dump(list));
  } else if (options.markdown) {
    printMarkdown();
  } else if (options.all) {
    printFullTable();
  } else {
    printList();
  }
}

/// Writes the equations in the form that was asked for.
static Exit emitForm(const SemanticsOptions &options, const nir::Semantics &semantics) {
  std::optional<nir::Family> family;
  for (nir::Family each : nir::families) {
    if (nir::name(each) == options.family) {
      family = each;
    }
  }
  if (!family && !options.family.empty()) {
    return fail(Exit::Usage,
                nir::Error(nir::Cause::UnknownName,
                           fmt::format("no family of neurons is called '{}', there are IF, LIF, "
                                       "CubaLIF",
                                       options.family)));
  }
  nir::Result<std::string> text = emit(options.form, semantics, family);
  if (!text) {
    return fail(Exit::Usage, text.error());
  }
  if (options.out.empty()) {
    fmt::print("{}", *text);
    return Exit::Done;
  }
  nir::Status failed = writeFile(options.out, *text);
  return failed ? fail(Exit::Input, *failed) : Exit::Done;
}

static Exit show(const SemanticsOptions &options) {
  if (options.text.empty()) {
    printList(options);
    return Exit::Done;
  }
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(options.text);
  if (!semantics) {
    return fail(Exit::Usage, semantics.error());
  }
  if (nir::Status bad = nir::checkSemantics(*semantics)) {
    return fail(Exit::Usage, *bad);
  }
  if (!options.form.empty()) {
    return emitForm(options, *semantics);
  }
  if (options.json) {
    fmt::print("{}", dump(semanticsJson(*semantics)));
  } else {
    printExplanation(*semantics);
  }
  return Exit::Done;
}

void addSemantics(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("semantics", "List the choices of each platform, or explain one");
  auto options = std::make_shared<SemanticsOptions>();
  CLI::Option *name =
      command->add_option("semantics", options->text,
                          "A preset and what differs from it, as --semantics of `run` takes it");
  CLI::Option *json = command->add_flag("--json", options->json, "Print JSON");
  CLI::Option *all =
      command->add_flag("--all", options->all, "Every choice of every preset, in one table");
  all->excludes(name)->excludes(json);
  command->add_flag("--markdown", options->markdown, "Print docs/presets.md")
      ->excludes(name)
      ->excludes(json)
      ->excludes(all);
  CLI::Option *form = command
                          ->add_option("--emit", options->form,
                                       fmt::format("Print its equations as data: {}",
                                                   fmt::join(emittedForms, ", ")))
                          ->needs(name)
                          ->excludes(json);
  command->add_option("--family", options->family, "Of these neurons alone: IF, LIF or CubaLIF")
      ->needs(form);
  command->add_option("-o,--out", options->out, "Write the equations to this file")->needs(form);
  command->footer("Examples:\n  nirc semantics\n  nirc semantics snntorch\n"
                  "  nirc semantics norse,reset=subtract\n"
                  "  nirc semantics --json | jq '.[].semantics'\n"
                  "  nirc semantics norse --emit=sympy --family LIF -o norse.py");
  command->callback([options, &exit] { exit = show(*options); });
}

} // namespace nirc
