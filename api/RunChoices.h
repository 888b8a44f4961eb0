//===- RunChoices.h - the choices of a run ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/ClockedModel.h"
#include "api/io/Inputs.h"
#include "backends/Target.h"
#include "ir/Error.h"
#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nirc {

/// What the command line says of the choices of a run, as text.
struct ChoiceOptions {
  std::string dt, bin;   ///< empty where they are not given
  std::string semantics; ///< "norse,reset=subtract"; empty: the file's, else "nir"
  std::vector<std::pair<std::string, std::string>> overrides; ///< choices on top, in their order
  std::string target;                                         ///< empty: cpu, or that of a program
  std::string dtype;
  std::string format; ///< "int8,weight-bits=6"; empty or "none": floats
  std::vector<std::string> record;
  bool balanceLatency = false;
  std::string fold = "exact";
  std::vector<std::string> accept;   ///< advice that is known: docs/advice.md
  std::optional<CacheOptions> cache; ///< of compiled code; no result depends on it
  Settings settings;                 ///< of the target's own options

  std::string targetName() const { return target.empty() ? "cpu" : target; }
};

/// The semantics that the options ask for, or else the file, with dt 0 where neither says it. Where
/// the options say nothing of late edges those of the file stay.
nir::Result<nir::Semantics> semanticsFor(const ChoiceOptions &options, const nir::Model &model);
/// Which edges are late is a matter of the network, not of a platform: takes those of the file's
/// own semantics, where it has any, as far as they lie on cycles under this one.
void keepLate(const nir::Model &model, nir::Semantics &semantics);
/// Those of the file's own semantics.
std::vector<nir::LateEdge> statedLate(const nir::Model &model);
/// Whether a text of choices says which edges are late, and whether the options do.
bool namesLate(std::string_view text);
bool namesLate(const ChoiceOptions &options);
/// Whether either of them names one; else it is "nir" for want of another.
bool isSemanticsStated(const ChoiceOptions &options, const nir::Model &model);

/// The same, understood.
struct Choices {
  nir::Semantics semantics;
  bool isSemanticsStated = true; ///< by the options or the file; else it is "nir" and its overrides
  std::string dtOrigin;          ///< "--dt", "--bin", or "the file"
  const Target *target = nullptr;
  nir::DType dtype = nir::DType::F32;
  /// The number format, where one is asked for; a calibration is its user's to add.
  std::optional<QuantizationOptions> quantization;
  std::vector<nir::Probe> probes;
  bool balanceLatency = false;
  Folding fold = Folding::Exact;
  std::optional<CacheOptions> cache;    ///< of compiled code
  Settings settings;                    ///< of the target's own options
  std::vector<nir::Diagnostic> remarks; ///< on the files that the calibration is from
};

/// Errors are faults of the command line; where a name is wrong they list those that exist. `graph`
/// is the one to run, `model` the file it is from.
nir::Result<Choices> choose(const ChoiceOptions &options, const nir::Model &model,
                            const nir::Graph &graph, bool hasEventFile);

/// The same for a network that is clocked already, of which target and records are all that is left
/// to choose.
nir::Result<Choices> choose(const ChoiceOptions &options, const ClockedModel &clocked,
                            bool hasEventFile);

/// The same for a program, of which records are all that is left to choose.
nir::Result<Choices> choose(const ChoiceOptions &options, const ProgramInfo &info,
                            bool hasEventFile);

/// "steps of 1 ms, semantics nir, target cpu in float32".
std::string text(const ProgramInfo &info);

/// The Input nodes of the graph itself, with the shapes of their signals.
std::vector<InputPort> inputPorts(const nir::Graph &graph, const nir::Checked &checked);

} // namespace nirc
