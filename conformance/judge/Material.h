//===- Material.h - a network, an input and a step to run -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Model.h"
#include "conformance/files/Manifest.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::conformance {

/// What one judgement is about: the same network, input and step for everybody.
struct Material {
  std::string name;                  ///< of the case, or the model's file
  std::vector<std::string> features; ///< rows of tables, the main one first
  std::string folder;                ///< of a case; else empty
  std::optional<Manifest> manifest;  ///< of a case
  Model model;
  nir::Recording input; ///< a trace "value" [batch, T, shape...] for each Input
  int64_t steps = 0;

  double dtSeconds() const { return input.dtSeconds; }
};

/// How a model alone is driven.
struct ModelRun {
  std::vector<std::string> inputs; ///< NODE=SOURCE each; none: random spikes at every Input
  std::string dt;                  ///< as --dt; empty: the file's
  std::string timeUnit;            ///< as --time-unit; empty: the file's
  int64_t steps = 0;               ///< 0: as many as a file has, or 100
  uint64_t seed = 0;               ///< of random spikes
};

/// A case of the suite: its model and input, read as files from anywhere.
nir::Result<Material> loadCase(const std::string &folder);

/// A model with an input. Random spikes come in 30 % of the steps. Errors are those of `nirc run`.
nir::Result<Material> loadModelAlone(const std::string &path, const ModelRun &run);

/// NIR's primitives that are in the graph and in its subgraphs, each once, in alphabetical order.
std::vector<std::string> primitivesOf(const nir::Graph &graph);

/// The paths of all neurons, in the order of the graph.
std::vector<std::string> neuronsOf(const nir::Graph &graph);

/// A file of recordings. Its shapes are [samples, steps, elements]; events come on a grid of that
/// step.
nir::Result<nir::Recording> readRecording(const std::string &path, double dtSeconds);

} // namespace nirc::conformance
