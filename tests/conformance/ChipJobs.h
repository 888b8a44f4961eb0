//===- ChipJobs.h - networks for the model of Loihi 2 -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/Choices.h"
#include "tests/support/Random.h"

namespace nir::test {

/// The graph in the format loihi2, its ranges from `input`.
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

} // namespace nir::test
