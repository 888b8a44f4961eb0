//===- ReportParts.h - what a report is of, as its page takes it *- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/nirc/Options.h"

#include <string>
#include <vector>

namespace nirc {

struct ReportCommand : ExecutionOptions {
  std::string out;
  std::string other; ///< a run to compare with, as in `nirc compare`
  int64_t sample = 0;
  int64_t traces = 16;
  bool withoutNetwork = false;
};

/// A run of the model, made or to be made.
struct ReportedRun {
  std::string label;
  Choices choices;
  nir::Recording recording;
  Json provenance;
};

/// What the report is of.
struct Reported {
  Network network;
  Inputs inputs; ///< one sample
  std::string extent, sampleName;
  std::vector<ReportedRun> runs; ///< one, or two that are compared
  std::vector<nir::Diagnostic> advice;
};

/// The nodes with spikes in the order in which signals go from input to output, also where each
/// takes a step of its own.
std::vector<nir::Probe> orderedSpikes(const Network &network, double dtSeconds);

/// All that web/report shows, of runs that went through. Its parts are in the order of this file.
nir::Result<Json> reportJson(const ReportCommand &command, const Reported &report);

} // namespace nirc
