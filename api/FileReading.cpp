//===- FileReading.cpp ----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileReading.h"

#include "api/io/Units.h"
#include "ir/choices/Choices.h"

#include <fmt/format.h>

namespace nirc {

std::optional<double> FileReading::dtSeconds() const {
  return reading.dtSeconds ? reading.dtSeconds : origin.impliedDtSeconds;
}

/// Puts what the command line says in the place of what the file says.
static nir::Status applyOptions(const ReadingOptions &options, nir::Reading &reading) {
  if (!options.dt.empty()) {
    nir::Result<double> seconds = parseSeconds(options.dt);
    if (!seconds) {
      return nir::Error("--dt: " + seconds.error().message);
    }
    reading.dtSeconds = *seconds;
  }
  if (!options.timeUnit.empty()) {
    nir::Result<nir::TimeUnit> unit = nir::timeUnitOf(options.timeUnit);
    if (!unit) {
      return nir::Error("--time-unit: " + unit.error().message);
    }
    reading.timeUnit = *unit;
  }
  if (!options.semantics.empty()) {
    nir::Result<nir::Semantics> semantics = nir::semanticsOf(options.semantics);
    if (!semantics) {
      return semantics.takeError();
    }
    if (nir::Status failed = nir::checkSemantics(*semantics)) {
      return failed;
    }
    reading.semantics = semantics->text();
    if (semantics->dtSeconds != 0.0 && !reading.dtSeconds) {
      reading.dtSeconds = semantics->dtSeconds;
    }
  }
  return std::nullopt;
}

nir::Result<FileReading> readReading(const ModelFile &file, const ReadingOptions &options) {
  nir::Result<nir::Reading> stated = nir::readingOf(file.model);
  if (!stated) {
    return stated.takeError().in(file.path);
  }
  FileReading result;
  result.reading = *std::move(stated);
  if (nir::Status failed = applyOptions(options, result.reading)) {
    return std::move(*failed).as(nir::ErrorKind::Usage);
  }
  result.origin = nir::originOf(file.model.graph, result.reading);
  result.dtFrom = !options.dt.empty()              ? "--dt"
                  : result.reading.dtSeconds       ? "the file"
                  : result.origin.impliedDtSeconds ? "the parameters"
                                                   : "";
  return result;
}

static std::string dtText(const FileReading &reading) {
  std::optional<double> dt = reading.dtSeconds();
  if (!dt) {
    return "dt is not in the file: give --dt";
  }
  if (reading.dtFrom == "the parameters") {
    return fmt::format("dt is not in the file, and the parameters are made for {}: give --dt {:g}",
                       secondsText(*dt), *dt);
  }
  return fmt::format("dt {}, from {}", secondsText(*dt), reading.dtFrom);
}

std::vector<nir::Diagnostic> readingNotes(const FileReading &reading, const std::string &file) {
  std::vector<nir::Diagnostic> notes;
  auto add = [&](const std::string &text) {
    nir::Diagnostic note = nir::Error(text).in(file);
    note.severity = nir::Severity::Note;
    notes.push_back(std::move(note));
  };
  add("origin: " + nir::originText(reading.origin));
  add("time: " + nir::timeText(reading.origin) + "; " + dtText(reading));
  if (!reading.reading.semantics.empty()) {
    add("semantics: " + reading.reading.semantics + ", as the file states");
  }
  return notes;
}

std::string readingBrief(const FileReading &reading) {
  std::string origin = nir::originText(reading.origin);
  const nir::TimeReading &time = reading.origin.time;
  std::string unit = !time.dependsOnTime ? "no times"
                     : time.unit         ? fmt::format("time in {}", nir::inWords(*time.unit))
                                         : "unit of time unknown";
  return origin.substr(0, origin.find(':')) + ", " + unit;
}

} // namespace nirc
