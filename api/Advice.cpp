//===- Advice.cpp ---------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"

#include "api/io/Units.h"
#include "ir/choices/Presets.h"
#include "ir/choices/Stored.h"
#include "ir/origin/Advice.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

bool isOfSemantics(std::string_view code) {
  const AdviceKind *kind = findAdvice(code);
  return kind && kind->isOfSemantics;
}

static nir::Diagnostic make(nir::Severity severity, const char *code, std::string message,
                            std::string fix) {
  nir::Diagnostic diagnostic = nir::Error::advice(code, std::move(message)).note(std::move(fix));
  diagnostic.severity = severity;
  return diagnostic;
}

/// What the file states, or else what its parameters show, is another step.
static std::optional<nir::Diagnostic> otherStep(const FileReading &reading, double dtSeconds,
                                                std::optional<double> stated) {
  auto fix = [](double dt) { return fmt::format("--dt {:g} is that step", dt); };
  if (stated) {
    if (nir::near(dtSeconds, *stated)) {
      return std::nullopt;
    }
    return make(nir::Severity::Warning, "other-step",
                fmt::format("found steps of {}, expected {}, as the file states",
                            secondsText(dtSeconds), secondsText(*stated)),
                fix(*stated));
  }
  const nir::Origin &origin = reading.origin;
  std::optional<double> implied = origin.impliedDtSeconds;
  // A weak clue may be chance: `check` alone shows it.
  if (!implied || origin.dtStrength == nir::Strength::Weak || nir::near(dtSeconds, *implied)) {
    return std::nullopt;
  }
  bool isSure = origin.dtStrength == nir::Strength::Sure;
  return make(nir::Severity::Warning, "other-step",
              fmt::format("found steps of {}, expected {}: the parameters {} made for these, {}",
                          secondsText(dtSeconds), secondsText(*implied), isSure ? "are" : "seem",
                          nir::evidenceText(origin)),
              fix(*implied));
}

/// Nobody chose a semantics, and the file shows whose would fit. A clue that many a file written by
/// hand has, as r = 1, is shown by `check` alone.
static std::optional<nir::Diagnostic> otherSemantics(const nir::Origin &origin,
                                                     const nir::Semantics &semantics) {
  std::vector<nir::Platform> writers = writersOf(origin);
  if (writers.empty() || !nir::isEvident(origin)) {
    return std::nullopt;
  }
  std::vector<std::string> titles, options;
  std::string trained;
  for (nir::Platform platform : writers) {
    nir::Result<nir::Semantics> preset = nir::presetSemantics(nir::presetOf(platform));
    if (preset && nir::completeChoices(*preset) == nir::completeChoices(semantics)) {
      return std::nullopt;
    }
    titles.emplace_back(nir::title(platform));
    options.push_back(fmt::format("--semantics {}", nir::presetOf(platform)));
    if (std::string_view preset = nir::trainedPresetOf(platform); !preset.empty()) {
      trained =
          fmt::format("; --semantics {} gives the spikes of the network that was trained", preset);
    }
  }
  std::string who = fmt::format("{} {} it", fmt::join(titles, " or "),
                                writers.size() == 1 ? "exports" : "export");
  return make(writers.size() == 1 ? nir::Severity::Warning : nir::Severity::Note, "other-semantics",
              fmt::format("the file is as {}, and runs under nir, since nothing names a semantics: "
                          "{}",
                          who,
                          origin.stated.empty() ? nir::evidenceText(origin) : "it says so itself"),
              fmt::format("as {}: {}{}; --semantics nir says that nir is meant", who,
                          fmt::join(options, " or "), trained));
}

/// Whether the semantics is a preset of the platform that wrote the file beyond doubt.
static bool isOfWriter(const nir::Origin &origin, const nir::Semantics &semantics) {
  std::vector<nir::Platform> writers = writersOf(origin);
  return nir::isEvident(origin) &&
         std::any_of(writers.begin(), writers.end(), [&](nir::Platform platform) {
           return semantics.preset == nir::presetOf(platform) ||
                  semantics.preset == nir::trainedPresetOf(platform);
         });
}

std::vector<nir::Diagnostic> adviceOn(const std::string &file, const nir::Graph &graph,
                                      const FileReading &reading, const Intent &intent) {
  // A run from event to event has no step length to give advice on.
  std::optional<double> dt =
      intent.semantics.timing == nir::Timing::Events ? std::nullopt : intent.dtSeconds;
  nir::Stepping stepping{dt, intent.semantics, nir::isMadeForEuler(reading.origin, dt)};
  std::vector<nir::Diagnostic> found = nir::adviceOn(graph, stepping, file);
  auto add = [&](std::optional<nir::Diagnostic> diagnostic) {
    if (diagnostic) {
      diagnostic->file = file;
      found.push_back(*std::move(diagnostic));
    }
  };
  if (dt) {
    add(otherStep(reading, *dt, reading.statedDtSeconds));
  }
  if (!intent.isSemanticsStated) {
    add(otherSemantics(reading.origin, intent.semantics));
  }
  // What its own writer ignores it does not mean.
  if (!isOfWriter(reading.origin, intent.semantics)) {
    for (nir::Diagnostic &note : nir::ignoredParameters(graph, intent.semantics, file)) {
      found.push_back(std::move(note));
    }
  }
  return found;
}

nir::Result<std::vector<nir::Diagnostic>>
withoutAccepted(std::vector<nir::Diagnostic> advice, const std::vector<std::string> &accepted) {
  for (const std::string &name : accepted) {
    if (!findAdvice(name)) {
      std::vector<std::string_view> names;
      for (const AdviceKind &kind : adviceKinds()) {
        names.push_back(kind.name);
      }
      return nir::Error::usage(nir::Cause::UnknownName,
                               fmt::format("--accept: no advice is called '{}', there are {}", name,
                                           fmt::join(names, ", ")));
    }
  }
  std::vector<nir::Diagnostic> left;
  for (nir::Diagnostic &diagnostic : advice) {
    bool isAccepted =
        std::find(accepted.begin(), accepted.end(), diagnostic.code) != accepted.end();
    if (isAccepted && diagnostic.severity != nir::Severity::Error) {
      continue;
    }
    if (isAccepted) {
      diagnostic.severity = nir::Severity::Warning;
    }
    left.push_back(std::move(diagnostic));
  }
  return left;
}

nir::Status refusal(const std::vector<nir::Diagnostic> &advice) {
  for (const nir::Diagnostic &diagnostic : advice) {
    if (diagnostic.severity == nir::Severity::Error) {
      nir::Error error;
      static_cast<nir::Diagnostic &>(error) = diagnostic;
      return error;
    }
  }
  return std::nullopt;
}

} // namespace nirc
