//===- Case.cpp - a network, and what is asked of it ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Case.h"

#include "tests/support/RandomLayers.h"
#include "tests/support/Recordings.h"

#include <fmt/format.h>

namespace nir::fuzz {

std::string Case::options() const {
  std::string text = fmt::format("--dt={} '--semantics={}'", semantics.dtSeconds, semantics.text());
  if (format) {
    text += fmt::format(" '--format={}'", format->text());
  }
  return text + (balances ? " --balance-latency" : "");
}

nirc::Job jobOf(const Case &of, DType dtype) {
  nirc::Job job;
  job.graph = &of.graph;
  job.file = "random.nir";
  job.semantics = of.semantics;
  job.dtype = dtype;
  job.probes = of.isForChips ? test::neuronsOf(of.graph, of.semantics)
                             : test::everything(of.graph, of.semantics);
  job.balanceLatency = of.balances;
  if (of.format) {
    job.quantization = nirc::QuantizationOptions{*of.format};
  }
  if (of.format && of.calibrated != Calibrated::No) {
    bool inputsOnly = of.calibrated == Calibrated::OnInputs;
    job.quantization->calibration = std::make_shared<nirc::Calibration>(
        nirc::Calibration{.input = of.input, .origin = "the input", .inputsOnly = inputsOnly});
  }
  return job;
}

} // namespace nir::fuzz
