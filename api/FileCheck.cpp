//===- FileCheck.cpp - what is wrong with a model -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileCheck.h"

#include "api/Advice.h"

namespace nirc {

/// Adds what is to be said of the unit of time, and of running the graph in steps.
static nir::Status addAdvice(const ChoiceOptions &options, const ModelFile &file,
                             const FileReading &reading, nir::Checked &checked) {
  nir::Result<nir::Semantics> semantics = semanticsFor(options, file.model);
  if (!semantics) {
    return semantics.takeError();
  }
  if (!checked.ok()) {
    return std::nullopt;
  }
  const nir::TimeReading &time = reading.origin.time;
  if (nir::Status undecided = nir::undecidedUnit(reading.origin)) {
    checked.diagnostics.push_back(std::move(*undecided).in(file.path));
  }
  std::optional<double> dt = reading.dtSeconds();
  nir::Result<nir::Graph> graph =
      nir::inSeconds(file.model.graph, time.unit.value_or(nir::TimeUnit::Seconds), dt);
  // What a step does to times of unknown length cannot be said.
  bool isKnown = time.unit && graph;
  Intent intent{isKnown ? dt : std::nullopt, *std::move(semantics),
                isSemanticsStated(options, file.model)};
  std::vector<nir::Diagnostic> advice =
      adviceOn(file.path, isKnown ? *graph : file.model.graph, reading, intent);
  checked.diagnostics.insert(checked.diagnostics.end(), advice.begin(), advice.end());
  nir::Result<std::vector<nir::Diagnostic>> left =
      withoutAccepted(std::move(checked.diagnostics), options.accept);
  if (!left) {
    return left.takeError();
  }
  checked.diagnostics = *std::move(left);
  return std::nullopt;
}

nir::Result<FileCheck> checkFile(const ModelFile &file, const ChoiceOptions &choices,
                                 const ReadingOptions &reading) {
  nir::Result<FileReading> read = readReading(file, reading);
  if (!read) {
    return read.takeError();
  }
  FileCheck found{*std::move(read), nir::check(file.model.graph, file.path)};
  std::vector<nir::Diagnostic> &said = found.checked.diagnostics;
  found.isGraph = found.checked.ok();
  std::vector<nir::Diagnostic> newer = versionNotes(file);
  said.insert(said.end(), newer.begin(), newer.end());
  if (choices.semantics.empty()) {
    std::vector<nir::Diagnostic> notes = driftNotes(file);
    said.insert(said.end(), notes.begin(), notes.end());
  }
  if (nir::Status failed = addAdvice(choices, file, found.reading, found.checked)) {
    return std::move(*failed).as(nir::ErrorKind::Usage);
  }
  return found;
}

} // namespace nirc
