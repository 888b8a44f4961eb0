//===- Plan.h - every choice made -------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Model.h"
#include "api/RunChoices.h"
#include "backends/Target.h"

#include <memory>
#include <optional>
#include <string>

namespace nirc {

/// What is chosen; what is left empty is the model's own, or the target's. Texts are as the options
/// of the same name take them: dt = "1ms", semantics = "norse,reset=subtract", format = "int8",
/// record = {"lif1:v,spikes"}.
struct PlanOptions : ChoiceOptions {
  /// What the ranges of a number format are found from: a trace "value" [batch, T, shape...] for
  /// each Input. Null: proven from the weights alone, inputs as whole numbers.
  std::shared_ptr<const Calibration> calibration = {};
};

/// A model with every choice made. Nothing is left to a default that could not be printed.
class Plan {
public:
  /// The error is one of usage where the options are at fault, and lists what there is.
  static nir::Result<Plan> make(const Model &model, const PlanOptions &options = {});

  const nir::Semantics &semantics() const { return content->choices.semantics; }
  double dtSeconds() const { return semantics().dtSeconds; }
  const Target &target() const { return *content->choices.target; }
  /// As --format takes it; empty for floats.
  std::string format() const;
  /// In words, a line: "steps of 1 ms, semantics nir, target cpu in float32".
  std::string text() const;
  /// The same and all else, in JSON: what result files and reports carry.
  std::string json() const;

  /// What there is to know of running the model so (docs/advice.md), without what `accept` names;
  /// `make` refuses what is an error.
  const std::vector<nir::Diagnostic> &advice() const;

  /// What the target writes of it: `options.kind` is one of its `artifacts()`.
  nir::Result<Artifact> emit(const EmitOptions &options = {}) const;
  /// Why a run on `input` gave `output`, if no output has a spike in it: the note "silent-network".
  /// It runs the network again; nothing where that takes long.
  std::optional<nir::Diagnostic> silence(const nir::Recording &input,
                                         const nir::Recording &output) const;
  /// Which core computes what, on a target that has cores to choose from.
  nir::Result<Mapping> map(const MapOptions &options = {}) const;

  /// What a target is asked for. It refers to the plan's graph: keep the plan. The passes run once
  /// for all that is made of one plan.
  Job job() const;

private:
  /// Of which the network is the model's with its times in seconds.
  struct Content {
    std::shared_ptr<const Network> network;
    Choices choices;
    std::shared_ptr<FrontEnd> frontEnd;
    std::vector<nir::Diagnostic> advice;
  };
  explicit Plan(std::shared_ptr<const Content> content) : content(std::move(content)) {}

  std::shared_ptr<const Content> content;
};

} // namespace nirc
