//===- FileReading.h - how a model is read, and what is said of it -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/ModelFile.h"
#include "ir/origin/Origin.h"

#include <optional>
#include <string>

namespace nirc {

/// What the command line says of it, as text; empty where it says nothing.
struct ReadingOptions {
  std::string dt, semantics, timeUnit;
  std::vector<std::string> shapes; ///< of ports, see api/PortShapes.h
};

/// What is known of a model's reading.
struct FileReading {
  nir::Reading reading; ///< the command line's, else the file's
  nir::Origin origin;
  std::optional<double> statedDtSeconds; ///< the file's own, whatever the command line says
  std::string dtFrom; ///< "--dt", "the file" or "the parameters"; empty where nothing says it

  /// The step: stated, or else the one that the parameters were made for beyond doubt.
  std::optional<double> dtSeconds() const;
};

/// The command line comes before the file, and the file before what its parameters show. Errors are
/// of usage where the options are at fault, and of input where the file's metadata are.
nir::Result<FileReading> readReading(const ModelFile &file, const ReadingOptions &options);

/// Writes a semantics that the reading has by name in full, with what the name means today. A name
/// that means nothing stays.
void completeSemantics(nir::Reading &reading);

/// What is to be said where a name in the file, of its semantics or its number format, means
/// something else today: the file's own choices count.
std::vector<nir::Diagnostic> driftNotes(const ModelFile &file);

/// A warning where the file is of a version of NIR that nirc does not know yet.
std::vector<nir::Diagnostic> versionNotes(const ModelFile &file);

/// "origin: as Norse writes it: …" and "time: in seconds: …; dt is not in the file: give --dt".
std::vector<nir::Diagnostic> readingNotes(const FileReading &reading, const std::string &file);
/// The same in a few words: "as Norse writes it, time in seconds".
std::string readingBrief(const FileReading &reading);

} // namespace nirc
