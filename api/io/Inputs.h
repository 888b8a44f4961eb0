//===- Inputs.h - what drives a network -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Encoding.h"
#include "api/io/EventFile.h"
#include "api/io/SavedData.h"
#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// An Input node of the graph, and the shape of the signal that it takes.
struct InputPort {
  std::string node;
  nir::Shape shape;
};

/// What `--input` said of one port. `source`: the path of a .npy file, of a table (x.csv, or
/// x.csv:2 for a column), of NIRData (.nird, .nir.h5
/// by its content), of events (`eventEndings`, "events:x.npy", "events-csv:x.csv"), or
/// "constant:0.5", or "poisson:20Hz"; or a folder or pattern of such files, each a sample.
struct InputSource {
  InputPort port;
  std::string source;
};

/// Gives each argument of `flag`, "NODE=SOURCE" or a lone SOURCE where there is one port, to its
/// port. Errors are faults of the command line; they list the names that exist.
nir::Result<std::vector<InputSource>> assignInputs(const std::vector<std::string> &arguments,
                                                   const std::vector<InputPort> &ports,
                                                   std::string_view flag = "--input");

/// Whether it is "constant:" or "poisson:".
bool isGenerated(const std::string &source);
/// Whether the source is a file of events or has one among several, which `--bin` is for.
bool isEventFile(const std::string &source);
/// The same, or NIRData, which can hold events too: what `--one-per-step` is for.
bool mayHoldEvents(const std::string &source);

struct InputOptions {
  double dtSeconds = 0.0;
  int64_t steps = 0; ///< 0: those of the longest file; needed where no file says
  uint64_t seed = 0; ///< of poisson:
  uint64_t maxBytes = uint64_t(1) << 34; ///< of one file, and of what is made of it
  bool onePerStep = false;               ///< of several events in an element and step take one
  Layout layout = Layout::Auto;          ///< of arrays; what it says of events is not looked at
  EventFraming framing = {};             ///< of events
  std::optional<Encoder> encoder = {};   ///< of arrays, where one is asked for
  /// What the model's metadata says of values without steps: how they are shown where no encoder is
  /// asked for, direct where it is empty; and for how many steps where `steps` is 0.
  std::string fileEncoding = {};
  int64_t fileSteps = 0;
  bool arraysAreValues = false; ///< [batch, port...] where the layout does not say otherwise
  bool isOneSample = false;     ///< whether a file is one of several: it has no batch
  int64_t samples = 0;          ///< how many there are, where labels say it; else 0
};

/// The signals of all ports, ready to run.
struct Inputs {
  nir::Recording recording; ///< a trace "value" [batch, T, shape...] a port, all of one length
  bool batched = false;     ///< whether a file had a batch: results are then [batch, T, ...]
  int64_t batch = 1;
  int64_t steps = 0;
  /// Where a source is several files: their names without folder and ending, one a sample, and the
  /// steps of the shortest. Else empty.
  std::vector<std::string> samples;
  int64_t shortest = 0;
  std::vector<int64_t> labels;          ///< of each sample, where a file has them; else empty
  std::vector<EventFacts> events;       ///< of each file of events
  std::vector<nir::Diagnostic> remarks; ///< what their readers noticed
};

/// Whether the constant: and poisson: sources can be made under the options, and whether something
/// says how many steps to run. Errors are faults of the command line.
nir::Status checkGenerated(const std::vector<InputSource> &sources, const InputOptions &options);

/// Reads the files and makes the generated signals. A file shorter than the longest goes on with
/// zeros.
nir::Result<Inputs> loadInputs(const std::vector<InputSource> &sources,
                               const InputOptions &options);

/// `array` as [batch, T, port...]: of shape [T, port...] or [batch, T, port...], where the port's
/// dimensions may be one, flattened; [T] alone fits a port of one element. `batched` says which.
nir::Result<nir::Tensor> fitToPort(const nir::Tensor &array, const InputPort &port, bool &batched,
                                   const std::string &file);

/// The dimensions of one shape and then those of another.
nir::Shape joined(nir::Shape first, const nir::Shape &rest);

/// ", 2, 34, 34": the dimensions that follow others.
std::string innerText(const nir::Shape &shape);

} // namespace nirc
