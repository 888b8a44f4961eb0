//===- Convert.cpp - `nirc convert` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Check.h"
#include "ir/Writer.h"
#include "tools/io/Files.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/MlirFile.h"
#include "tools/nirc/ModelFile.h"

#include <filesystem>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ConvertOptions {
  std::string from, to;
  bool elide = false;
  nir::ReadLimits limits;
};
} // namespace

static Exit convert(const ConvertOptions &options) {
  std::string ending = std::filesystem::path(options.to).extension().string();
  // "-" is text on standard output: the form for people.
  bool toText = ending == ".mlir" || options.to == "-";
  if (!toText && ending != ".nir" && ending != ".mlirbc") {
    return fail(Exit::Usage,
                nir::Error(fmt::format("found the ending '{}', expected .nir, .mlir or .mlirbc, or "
                                       "- for text on standard output",
                                       ending))
                    .in(options.to));
  }
  if (options.elide && !toText) {
    return fail(
        Exit::Usage,
        nir::Error("--elide leaves out parameters, which only .mlir text may").in(options.to));
  }
  nir::Result<ModelFile> file = loadModel(options.from, options.limits);
  if (!file) {
    return fail(Exit::Input, file.error());
  }
  nir::Checked checked = nir::check(file->model.graph, options.from);
  print(checked.diagnostics);
  if (!checked.ok()) {
    return Exit::Input;
  }
  if (ending == ".nir") {
    nir::Status failed = nir::write(file->model, options.to);
    return failed ? fail(Exit::Input, *failed) : Exit::Done;
  }
  MlirForm form = !toText         ? MlirForm::Bytecode
                  : options.elide ? MlirForm::ElidedText
                                  : MlirForm::Text;
  nir::Result<std::string> bytes = mlirBytes(file->model, options.from, form);
  if (!bytes) {
    return fail(Exit::Input, bytes.error());
  }
  if (options.to == "-") {
    fmt::print("{}", *bytes);
    return Exit::Done;
  }
  nir::Status failed = writeFile(options.to, *bytes);
  return failed ? fail(Exit::Input, *failed) : Exit::Done;
}

void addConvert(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("convert", "Turn a model into another format; nothing is lost");
  auto options = std::make_shared<ConvertOptions>();
  command->add_option("from", options->from, "A .nir, .mlir or .mlirbc file")->required();
  command->add_option("to", options->to, "The file to write: .nir, .mlir, .mlirbc, or - for text")
      ->required();
  command->add_flag("--elide", options->elide,
                    "Leave large parameters out of .mlir text, which cannot be read back then");
  addLimits(*command, options->limits);
  command->footer("Examples:\n"
                  "  nirc convert model.nir model.mlir\n"
                  "  nirc convert model.nir - --elide\n"
                  "  nirc convert model.mlirbc model.nir");
  command->callback([options, &exit] { exit = convert(*options); });
}

} // namespace nirc
