//===- Stats.h - what a network is and does, counted --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The definitions, with their sources, are in docs/stats.md: NeuroBench's where it has one. All
// counts are int64 and exact.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What a node is to the counts.
enum class Role {
  Connection,  ///< Affine, Linear, Conv1d, Conv2d: has synapses
  Spiking,     ///< IF, LIF, CubaLIF, Threshold: passes on spikes
  Integrating, ///< I, LI, CubaLI: a neuron that never fires
  Other,       ///< has no operations, and may change which class those of the next node are of
};

/// What follows from the graph alone.
struct Size {
  int64_t neurons = 0;
  int64_t synapses = 0;             ///< of a weight other than 0; those of a kernel at each place
  int64_t denseOperations = 0;      ///< of a step: synapses whatever their weights are
  int64_t weights = 0;              ///< numbers in matrices and kernels
  int64_t zeroWeights = 0;          ///< of them
  int64_t parameters = 0;           ///< weights, biases and scales
  int64_t parameterBytes = 0;       ///< in the file's dtypes
  int64_t neuronParameters = 0;     ///< time constants, thresholds and the like; delays
  int64_t neuronParameterBytes = 0; ///< in the file's dtypes
  int64_t bufferBytes = 0;          ///< by the convention: see BufferConvention

  int64_t footprintBytes() const { return parameterBytes + bufferBytes; }
  /// The share of weights that are 0; nothing where there are none.
  std::optional<double> connectionSparsity() const;
  Size &operator+=(const Size &other);
};

/// What happened over all samples and steps.
struct Activity {
  int64_t arrivals = 0;         ///< elements other than 0 in what connections took
  int64_t denseOperations = 0;  ///< if every weight and input were other than 0
  int64_t effectiveMacs = 0;    ///< of calls with a number other than -1, 0 and 1 in their input
  int64_t effectiveAcs = 0;     ///< of all other calls
  int64_t fanOutOperations = 0; ///< arrivals times synapses whatever their weights are
  int64_t outputs = 0;          ///< elements that spiking nodes passed on
  int64_t activeOutputs = 0;    ///< of them, other than 0
  int64_t spikes = 0;           ///< their sum: more where a neuron may spike several times a step
  int64_t neuronUpdates = 0;    ///< neurons with a membrane times steps
  int64_t membraneUpdates = 0;  ///< of them, those that changed v, and all of a sample's first step
  int64_t neuronOperations = 0; ///< membrane updates of spiking neurons times what snnTorch takes
  int64_t denseNeuronOperations = 0; ///< if every update changed v

  int64_t effectiveOperations() const { return effectiveMacs + effectiveAcs; }
  /// The share of outputs that are 0; nothing where there are none.
  std::optional<double> activationSparsity() const;
  Activity &operator+=(const Activity &other);
};

struct NodeStats {
  std::string node; ///< path
  std::string type; ///< NIR's: "LIF"
  nir::Shape shape; ///< of what it passes on
  Role role = Role::Other;
  Size size;
  Activity activity; ///< zeros where nothing was run
};

/// What was run.
struct Workload {
  int64_t samples = 0, steps = 0;
  int64_t batch = 1; ///< samples of a call, which is a MAC or an AC as a whole
  double dtSeconds = 0.0;
  bool hasMembranes = true;           ///< whether membrane updates were counted
  std::vector<std::string> gaps = {}; ///< what was not counted, and why
};

struct Stats {
  std::vector<NodeStats> nodes; ///< each after those that it reads, as far as there are no cycles
  std::string convention;       ///< of the buffers
  std::optional<Workload> workload;

  Size totalSize() const;
  Activity totalActivity() const;
};

/// What a platform keeps beside the parameters, which NIR does not say.
struct BufferConvention {
  std::string_view name, summary;
};
std::span<const BufferConvention> bufferConventions();
/// The error is one of usage and lists them.
nir::Result<const BufferConvention *> findBufferConvention(std::string_view name);

/// Of a graph that passed the check; without a workload.
Stats staticStats(const nir::Graph &graph, const nir::Checked &checked,
                  const BufferConvention &convention);

/// The same as NeuroBench reports it: its names, its roundings, per sample, and its layers only:
/// neurons that fire. Workload metrics are empty without a run.
struct NeuroBenchFigures {
  int64_t footprint = 0, parameterCount = 0;
  std::optional<double> connectionSparsity; ///< in float32, rounded to 4 places as Python does
  std::optional<double> activationSparsity;
  std::optional<double> dense, effectiveMacs, effectiveAcs; ///< synaptic operations
  std::optional<double> membraneUpdates, effectiveNeuronOperations, denseNeuronOperations;
};
NeuroBenchFigures neuroBenchFigures(const Stats &stats);

} // namespace nirc
