//===- FileReading.cpp ----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileReading.h"

#include "api/io/Units.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"
#include "ir/file/Writer.h"

#include <charconv>
#include <fmt/format.h>

namespace nirc {

std::optional<double> FileReading::dtSeconds() const {
  return reading.dtSeconds ? reading.dtSeconds : origin.sureDtSeconds();
}

/// What the semantics states of the reading; a dt that stands already stays.
static void state(const nir::Semantics &semantics, nir::Reading &reading) {
  reading.semantics = semantics.stored();
  if (semantics.dtSeconds != 0.0 && !reading.dtSeconds) {
    reading.dtSeconds = semantics.dtSeconds;
  }
}

/// Puts what the command line says in the place of what the file says.
static nir::Status applyOptions(const ReadingOptions &options, nir::Reading &reading) {
  if (!options.dt.empty()) {
    nir::Result<double> seconds = parseSeconds(options.dt);
    if (!seconds) {
      return nir::Error(nir::Cause::BadOption, "--dt: " + seconds.error().message);
    }
    reading.dtSeconds = *seconds;
  }
  if (!options.timeUnit.empty()) {
    nir::Result<nir::TimeUnit> unit = nir::timeUnitOf(options.timeUnit);
    if (!unit) {
      return nir::Error(nir::Cause::BadOption, "--time-unit: " + unit.error().message);
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
    state(*semantics, reading);
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
  result.statedDtSeconds = result.reading.dtSeconds;
  if (nir::Status failed = applyOptions(options, result.reading)) {
    return std::move(*failed).as(nir::ErrorKind::Usage);
  }
  result.origin = nir::originOf(file.model.graph, result.reading);
  result.dtFrom = !options.dt.empty()             ? "--dt"
                  : result.reading.dtSeconds      ? "the file"
                  : result.origin.sureDtSeconds() ? "the parameters"
                                                  : "";
  return result;
}

static std::string dtText(const FileReading &reading) {
  if (reading.reading.dtSeconds) {
    return fmt::format("dt {}, from {}", secondsText(*reading.reading.dtSeconds), reading.dtFrom);
  }
  const nir::Origin &origin = reading.origin;
  if (origin.impliedDtSeconds && origin.dtStrength == nir::Strength::Weak) {
    return fmt::format("dt is not in the file: give --dt; r fits steps of {}, perhaps by chance",
                       secondsText(*origin.impliedDtSeconds));
  }
  if (origin.impliedDtSeconds) {
    return fmt::format("dt is not in the file, and the parameters {} made for {}: give --dt {:g}",
                       origin.dtStrength == nir::Strength::Sure ? "are" : "seem",
                       secondsText(*origin.impliedDtSeconds), *origin.impliedDtSeconds);
  }
  return "dt is not in the file: give --dt";
}

std::vector<nir::Diagnostic> readingNotes(const FileReading &reading, const std::string &file) {
  std::vector<nir::Diagnostic> notes;
  auto add = [&](const std::string &text) {
    notes.push_back({nir::Severity::Note, file, {}, text, {}});
  };
  std::string presets;
  for (nir::Platform platform : nir::writersOf(reading.origin)) {
    presets +=
        fmt::format("{}--semantics {}", presets.empty() ? "; " : " or ", nir::presetOf(platform));
  }
  for (nir::Platform platform : nir::writersOf(reading.origin)) {
    if (std::string_view trained = nir::trainedPresetOf(platform); !trained.empty()) {
      presets += fmt::format("; {}'s own layers compute {}", nir::title(platform), trained);
    }
  }
  add("origin: " + nir::originText(reading.origin) + presets);
  add("time: " + nir::timeText(reading.origin) + "; " + dtText(reading));
  if (const std::string &semantics = reading.reading.semantics; !semantics.empty()) {
    add(fmt::format("semantics: {}, as the file states{}", nir::labelOf(semantics),
                    nir::isByName(semantics) ? ", by its name alone" : ""));
  }
  return notes;
}

/// Where what a file calls a semantics or a format means something else today.
template <typename T>
static std::string driftOf(const std::string &text, nir::Result<T> (*read)(std::string_view)) {
  if (nir::isByName(text)) {
    return {};
  }
  nir::Result<T> value = read(text);
  return value ? nir::nameDrift(nir::labelOf(text), *value) : "";
}

std::vector<nir::Diagnostic> driftNotes(const ModelFile &file) {
  std::vector<std::string> texts;
  if (file.clocked) {
    texts = file.clocked->drift;
  } else if (file.program) {
    const ProgramInfo &info = file.program->info();
    texts = {driftOf(info.semantics, nir::semanticsOf), driftOf(info.format, nir::numberFormatOf)};
  } else if (nir::Result<nir::Reading> reading = nir::readingOf(file.model)) {
    texts = {driftOf(reading->semantics, nir::semanticsOf)};
  }
  std::vector<nir::Diagnostic> notes;
  for (const std::string &text : texts) {
    if (!text.empty()) {
      notes.push_back({nir::Severity::Note, file.path, {}, text, {}, "name-drift"});
    }
  }
  return notes;
}

/// [1, 0, 8] of "1.0.8"; of "1.1.dev3" what comes before the text.
static std::vector<int> versionNumbers(std::string_view text) {
  std::vector<int> numbers;
  const char *at = text.data(), *end = at + text.size();
  for (int number = 0;;) {
    auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc()) {
      return numbers;
    }
    numbers.push_back(number);
    if (after == end || *after != '.') {
      return numbers;
    }
    at = after + 1;
  }
}

std::vector<nir::Diagnostic> versionNotes(const ModelFile &file) {
  const std::string &version = file.model.version;
  if (versionNumbers(version) <= versionNumbers(nir::writtenVersion)) {
    return {};
  }
  return {{nir::Severity::Warning,
           file.path,
           {},
           fmt::format("is of NIR {}, newer than {}, the last that nirc knows: what that version "
                       "changed is read as before",
                       version, nir::writtenVersion),
           {}}};
}

void completeSemantics(nir::Reading &reading) {
  bool isName = !reading.semantics.empty() && nir::isByName(reading.semantics);
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(reading.semantics);
  if (isName && semantics) {
    state(*semantics, reading);
  }
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
