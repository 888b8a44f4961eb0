//===- FileReading.h - how a model is read, and what is said of it -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/origin/Origin.h"
#include "tools/nirc/Report.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace nirc {

/// What the command line says of it, as text; empty where it says nothing.
struct ReadingOptions {
  std::string dt, semantics, timeUnit;
};

/// Adds --time-unit, which every command has that computes with times.
void addTimeUnit(CLI::App &command, ReadingOptions &options);

/// What is known of a model's reading.
struct FileReading {
  nir::Reading reading; ///< the command line's, else the file's
  nir::Origin origin;
  std::string dtFrom; ///< "--dt", "the file" or "the parameters"; empty where nothing says it

  /// The step: stated, or else the one that the parameters were made for.
  std::optional<double> dtSeconds() const;
};

/// The command line comes before the file, and the file before what its parameters show. Errors are
/// those of the options (without a file), and of the file's metadata (with it).
nir::Result<FileReading> readReading(const ModelFile &file, const ReadingOptions &options);

/// "origin: as Norse writes it: …" and "time: in seconds: …; dt is not in the file: give --dt".
std::vector<nir::Diagnostic> readingNotes(const FileReading &reading, const std::string &file);
/// The same in a few words: "as Norse writes it, time in seconds".
std::string readingBrief(const FileReading &reading);

/// {"platforms", "sure", "stated", "evidence"}.
Json originJson(const FileReading &reading);
/// {"unit", "candidates", "evidence", "dt", "dt_from", "semantics"}.
Json timeJson(const FileReading &reading);

} // namespace nirc
