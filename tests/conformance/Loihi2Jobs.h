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
#include "tests/support/RandomLayers.h"
#include "tests/support/Recordings.h"

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
