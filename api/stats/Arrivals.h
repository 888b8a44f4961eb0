//===- Arrivals.h - what reaches the connections -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nir {
template <typename Number>
class BasicInterpreter;
} // namespace nir

namespace nirc {

/// The signals that the connections of a network take, step by step, found from what its neurons
/// passed on in a run, wherever that run was. So one implementation serves every target that can
/// record spikes. What lies between a neuron and a connection (pools, scales, delays, another
/// connection) is evaluated in float64; a feedback edge carries the value of the step before, and 0
/// into step 0. Not thread safe.
class Arrivals {
public:
  Arrivals(Arrivals &&) noexcept;
  Arrivals &operator=(Arrivals &&) noexcept;
  ~Arrivals();

  /// Of a graph that passed the check, with its times in seconds. An error under a semantics that
  /// has no steps.
  static nir::Result<Arrivals> create(const nir::Graph &graph, const nir::Semantics &semantics);

  /// What the run has to record: spikes of what fires, values of what integrates and is read by a
  /// connection.
  const std::vector<nir::Probe> &probes() const { return wanted; }
  /// Paths of the connections, in the order in which `Visit` counts them.
  const std::vector<std::string> &connections() const { return paths; }

  /// `values`: of one step, row-major; they are valid until the next one.
  using Visit =
      std::function<void(size_t connection, int64_t step, std::span<const double> values)>;
  /// Goes through a sample. `input`: a trace "value" [batch, T, shape...] for each Input node;
  /// `run`: what `probes` asks for, of the same batch.
  nir::Status visit(const nir::Recording &input, const nir::Recording &run, int64_t sample,
                    int64_t steps, const Visit &visit);

private:
  /// Where the numbers of an Input of the cut graph come from; an Input node has no observable.
  struct Source {
    std::string name, node, observable;
    nir::Shape shape;
  };
  struct Cut;
  Arrivals() = default;

  /// Of the graph between neurons and connections.
  std::unique_ptr<nir::BasicInterpreter<double>> interpreter;
  std::vector<Source> sources;
  std::vector<nir::Probe> wanted;
  std::vector<std::string> paths, outputs; ///< of each connection: its path, its Output in the cut
};

} // namespace nirc
