//===- ArrayInput.h - one file of input -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/EventFile.h"
#include "api/io/Inputs.h"

namespace nirc {

/// What was said of the files of events so far.
struct Heard {
  std::vector<EventFacts> facts;
  EventRemarks remarks;
};

/// What a file holds for a port.
struct FileInput {
  nir::Tensor array;    ///< [batch, T, port...], or of values without steps [batch, port...]
  bool isBatch = false; ///< whether the file has the dimension; else batch is 1
  bool hasSteps = true;
  bool isBrightness = false;                 ///< of values: uint8 from 0 to 255
  std::vector<nir::Diagnostic> remarks = {}; ///< on how the array was read
};

/// Reads an array, a table, NIRData, IDX or events. `source`: what --input says of it or of the set
/// that it is of, for the format of events.
nir::Result<FileInput> readFileInput(const std::string &file, const EventSource &source,
                                     const InputPort &port, const InputOptions &options,
                                     Heard &heard);

/// The events in each step, [T, signal...].
nir::Result<nir::Tensor> framesOf(const EventRecording &recording, const std::string &file,
                                  const InputPort &port, const InputOptions &options, Heard &heard);

/// An error where an encoder is asked for: events need none.
nir::Status refuseEncoding(const InputOptions &options, const std::string &file);

/// What `options` says of values from which the encoder makes steps.
EncodingRun encodingRun(const InputOptions &options, bool hasSteps);

} // namespace nirc
