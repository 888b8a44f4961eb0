//===- Convert.cpp - `nirc convert` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileReading.h"
#include "api/MlirFile.h"
#include "api/RunChoices.h"
#include "api/io/Files.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"
#include "ir/file/Writer.h"
#include "ir/graph/Check.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/Report.h"

#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace nirc {

namespace {
struct ConvertOptions {
  std::string from, to;
  std::optional<std::string> late;
  bool elide = false, json = false, quiet = false;
  ReadingOptions reading;
  nir::ReadLimits limits;
};
} // namespace

/// Late edges of the options are added to the semantics that is written, and those of the file stay
/// where another semantics is. One that cannot be late is an error.
static nir::Status chooseLate(const ConvertOptions &options, const nir::Model &model,
                              nir::Reading &reading) {
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(reading.semantics);
  if (!semantics) { // the file's own may be a name that means nothing
    return options.reading.semantics.empty() && !options.late ? std::nullopt
                                                              : nir::Status(semantics.takeError());
  }
  bool isOther = !options.reading.semantics.empty() && !namesLate(options.reading.semantics);
  if (isOther) {
    keepLate(model, *semantics);
  }
  if (options.late) {
    if (nir::Status failed = nir::choose(*semantics, "late", *options.late)) {
      return failed;
    }
  }
  if (semantics->late.empty() && !options.late) {
    return std::nullopt;
  }
  nir::Semantics stepped = *semantics;
  stepped.dtSeconds = reading.dtSeconds.value_or(1e-9);
  if (nir::Result<nir::LoopReport> loops = nir::loopsOf(model.graph, stepped); !loops) {
    return loops.takeError();
  }
  reading.semantics = semantics->dtSeconds != 0.0 ? semantics->str() : semantics->text();
  return std::nullopt;
}

/// Writes into the model how it is to be read: what the options say, what the file says, and what
/// its parameters show beyond doubt. With a unit given, its times become seconds.
static Exit addReading(const ConvertOptions &options, ModelFile &file) {
  nir::Result<FileReading> read = readReading(file, options.reading);
  if (!read) {
    return fail(read.error());
  }
  nir::Reading reading = nir::completed(read->reading, read->origin);
  if (nir::Status failed = chooseLate(options, file.model, reading)) {
    return fail(failed->node.empty() ? Exit::Usage : Exit::Input,
                std::move(*failed).in(options.from));
  }
  completeSemantics(reading);
  if (!options.reading.timeUnit.empty()) {
    nir::Result<nir::Graph> graph =
        nir::inSeconds(file.model.graph, *reading.timeUnit, reading.dtSeconds);
    if (!graph) {
      return fail(Exit::Usage, graph.error());
    }
    file.model.graph = *std::move(graph);
    reading.timeUnit = nir::TimeUnit::Seconds;
  }
  nir::writeReading(file.model, reading);
  return Exit::Done;
}

/// What is wrong with the names of the files and the form that they ask for.
static nir::Status checkForm(const ConvertOptions &options, const std::string &ending,
                             bool isText) {
  if (!isText && ending != ".nir" && ending != ".mlirbc") {
    return nir::Error::usage(nir::Cause::FileEnding,
                             fmt::format("found the ending '{}', expected .nir, .mlir or .mlirbc, "
                                         "or - for text on standard output",
                                         ending))
        .in(options.to);
  }
  if (options.elide && !isText) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "--elide leaves out parameters, which only .mlir text may")
        .in(options.to);
  }
  if (options.json && options.to == "-") {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --json and -, expected one of them: both print on standard "
                             "output");
  }
  return checkOutput(options.to, {options.from});
}

/// Writes the model in the form that the ending says, or prints it.
static nir::Status write(const ConvertOptions &options, const std::string &ending, bool isText,
                         const nir::Model &model) {
  if (ending == ".nir") {
    return nir::write(model, options.to);
  }
  MlirForm form = !isText         ? MlirForm::Bytecode
                  : options.elide ? MlirForm::ElidedText
                                  : MlirForm::Text;
  nir::Result<std::string> bytes = mlirBytes(model, options.from, form);
  if (!bytes) {
    return bytes.takeError();
  }
  if (options.to == "-") {
    fmt::print("{}", *bytes);
    return std::nullopt;
  }
  return writeFile(options.to, *bytes);
}

static Json convertedJson(const ConvertOptions &options, const ModelFile &file,
                          const std::vector<nir::Diagnostic> &diagnostics) {
  std::error_code none;
  nir::Result<nir::Reading> reading = nir::readingOf(file.model);
  bool hasDt = reading && reading->dtSeconds, hasUnit = reading && reading->timeUnit,
       hasSemantics = reading && !reading->semantics.empty();
  return {{"nirc", NIRC_VERSION},
          {"model", options.from},
          {"model_sha256", file.sha256()},
          {"semantics", hasSemantics ? Json(nir::labelOf(reading->semantics)) : Json()},
          {"dt", hasDt ? Json(*reading->dtSeconds) : Json()},
          {"time_unit", hasUnit ? Json(nir::name(*reading->timeUnit)) : Json()},
          {"file", options.to},
          {"bytes", std::filesystem::file_size(options.to, none)},
          {"diagnostics", diagnosticsJson(diagnostics)}};
}

static Exit convert(const ConvertOptions &options) {
  std::string ending = std::filesystem::path(options.to).extension().string();
  // "-" is text on standard output: the form for people.
  bool isText = ending == ".mlir" || options.to == "-";
  if (nir::Status failed = checkForm(options, ending, isText)) {
    return fail(*failed);
  }
  nir::Result<ModelFile> file =
      loadModel(options.from, options.limits, Clocked::Refused, options.reading.shapes);
  if (!file) {
    return fail(file.error());
  }
  nir::Checked checked = nir::check(file->model.graph, options.from);
  if (!options.quiet || !checked.ok()) {
    print(checked.diagnostics);
  }
  if (!checked.ok()) {
    return Exit::Input;
  }
  const ReadingOptions &given = options.reading;
  bool isGiven =
      !given.dt.empty() || !given.semantics.empty() || !given.timeUnit.empty() || options.late;
  if (ending == ".nir" || isGiven) {
    if (Exit exit = addReading(options, *file); exit != Exit::Done) {
      return exit;
    }
  }
  if (nir::Status failed = write(options, ending, isText, file->model)) {
    return fail(Exit::Input, *failed);
  }
  if (options.json) {
    fmt::print("{}", dump(convertedJson(options, *file, checked.diagnostics)));
  } else if (!options.quiet && options.to != "-") {
    fmt::print("written to {}\n", options.to);
  }
  return Exit::Done;
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
  command->add_option("--dt", options->reading.dt,
                      "Length of a step, as 1e-4 or 0.1ms, to be written into the file");
  command->add_option("--semantics", options->reading.semantics,
                      "How to read the network in steps, to be written into the file");
  command
      ->add_option("--late", options->late,
                   "Edges of cycles that are late, SOURCE:TARGET, to be written into the file")
      ->join('+');
  addShapes(*command, options->reading);
  command->add_option("--time-unit", options->reading.timeUnit,
                      "The file's unit of time: s, ms or steps. The result is in seconds");
  addLimits(*command, options->limits);
  command->add_flag("--json", options->json,
                    "Print what was written, and what of, in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer("Examples:\n"
                  "  nirc convert model.nir model.mlir\n"
                  "  nirc convert model.nir - --elide\n"
                  "  nirc convert model.mlirbc model.nir\n"
                  "  nirc convert sinabs.nir seconds.nir --time-unit steps --dt 1ms");
  command->callback([options, &exit] { exit = convert(*options); });
}

} // namespace nirc
