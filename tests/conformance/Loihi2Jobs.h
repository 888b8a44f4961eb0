//===- Loihi2Jobs.h - runs on the chip model and on the cpu -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/choices/Choices.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"
#include "tests/support/Recordings.h"

#include <fmt/format.h>

namespace nir::test {

inline nirc::Job jobOf(const Graph &graph, const Recording &input, std::vector<Probe> probes) {
  nirc::Job job;
  job.graph = &graph;
  job.file = "test.nir";
  job.semantics = *semanticsOf("loihi2");
  job.semantics.dtSeconds = input.dtSeconds;
  job.dtype = DType::F64;
  job.probes = std::move(probes);
  auto calibration = std::make_shared<nirc::Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  job.quantization = nirc::QuantizationOptions{*numberFormatOf("loihi2"), calibration};
  return job;
}

inline Result<Recording> runOn(const char *target, const nirc::Job &job, const Recording &input) {
  auto executable = (*nirc::findTarget(target))->compile(job);
  return executable ? (*executable)->run(input, {.threads = 1}) : executable.takeError();
}

/// All that neurons have: v, i, their spikes, and the numbers that they pass on.
inline std::vector<Probe> neuronsOf(const Graph &graph, const Semantics &semantics) {
  std::vector<Probe> all = everything(graph, semantics), probes;
  for (const Probe &probe : all) {
    bool hasMembrane = std::ranges::any_of(all, [&](const Probe &other) {
      return other.node == probe.node && other.observable == "v";
    });
    if (hasMembrane) {
      probes.push_back(probe);
    }
  }
  return probes;
}

/// What random networks of layers are grown with.
struct GraphGrower {
  GraphGrower(uint64_t seed, double oneSigned) : random(seed), oneSigned(oneSigned) {}

  /// A node behind `from`; its name.
  std::string add(const std::string &from, Params params) {
    std::string name = fmt::format("n{}", graph.nodes.size());
    graph.nodes.push_back({name, std::move(params), {}});
    graph.edges.push_back({from, name});
    return name;
  }

  /// A fifth of them 0, and in a share `oneSigned` of the calls none negative.
  std::vector<double> weights(int64_t count, double mean) {
    bool oneSign = random.chance(oneSigned);
    std::vector<double> values;
    for (int64_t i = 0; i < count; ++i) {
      values.push_back(random.chance(0.2) ? 0.0
                                          : random.uniform(oneSign ? 0.0 : -mean, 1.5 * mean));
    }
    return values;
  }

  Random random;
  double oneSigned;
  Graph graph;
};

/// Spikes in a share of the steps, which differs by sample.
inline Recording spikesFor(const Graph &graph, double dtSeconds, int64_t steps, uint64_t seed) {
  Random random(seed);
  constexpr int64_t batch = 2;
  Recording out{dtSeconds, {}};
  for (const Node &node : graph.nodes) {
    const auto *in = node.as<Input>();
    if (!in) {
      continue;
    }
    Shape shape{batch, steps};
    for (int64_t i = 0; i < in->shape.size(); ++i) {
      shape.push_back(in->shape.intAt(i));
    }
    std::vector<double> values;
    for (int64_t i = 0; i < numElements(shape); ++i) {
      values.push_back(random.chance(i < numElements(shape) / 2 ? 0.1 : 0.5) ? 1.0 : 0.0);
    }
    out.traces.push_back({node.name, "value", Tensor::of<double>(shape, values)});
  }
  return out;
}

/// What the chip model says that differs from the cpu's integers, of every state, spike and output;
/// or the error.
inline std::string onChip(const Graph &graph, nirc::Job job, const Recording &input) {
  job.probes = neuronsOf(graph, job.semantics);
  Result<Recording> want = runOn("cpu", job, input), got = runOn("loihi2", job, input);
  if (!want || !got) {
    return (want ? got : want).error().str();
  }
  return difference(*got, *want);
}

inline std::string onChip(const Graph &graph, double dtSeconds) {
  Recording input = spikesFor(graph, dtSeconds, 80, 1);
  return onChip(graph, jobOf(graph, input, {}), input);
}

} // namespace nir::test
