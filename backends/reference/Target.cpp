//===- Target.cpp - the interpreter as a target ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreters of ir/, and of networks of integers, behind the interface of a target: what all
// others are held against.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/Exact.h"
#include "backends/reference/Quantized.h"

#include "backends/reference/steps/Interpreter.h"

#include <fmt/format.h>

namespace nirc::reference {

namespace {
class Interpreted : public Executable {
public:
  explicit Interpreted(const Job &job) : job(job) {}

  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<nir::Recording> recording = nir::interpret(*job.graph, job.semantics, input,
                                                           {.probes = job.probes,
                                                            .steps = options.steps,
                                                            .progress = options.progress,
                                                            .dtype = job.dtype});
    if (!recording) {
      return recording.takeError().in(job.file);
    }
    return recording;
  }

private:
  Job job;
};

/// What the semantics cannot be applied to is refused before the input is read.
template <typename Number>
nir::Status check(const Job &job) {
  nir::Result<nir::BasicInterpreter<Number>> interpreter =
      nir::BasicInterpreter<Number>::create(*job.graph, job.semantics);
  if (!interpreter) {
    return interpreter.takeError().in(job.file);
  }
  return {};
}

class Reference : public Target {
public:
  std::string_view name() const override { return "reference"; }
  std::string_view summary() const override {
    return "an interpreter, step by step from the equations; slow";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {{"Input", "Output", "Affine", "Linear", "Scale",
                                             "Conv1d", "Conv2d", "SumPool2d", "AvgPool2d",
                                             "Flatten", "Delay", "Threshold", "I", "IF", "LI",
                                             "LIF", "CubaLI", "CubaLIF", "NIRGraph"},
                                            {nir::DType::F64, nir::DType::F32}};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override {
    if (job.quantization || !job.network.empty()) {
      return compileQuantized(job);
    }
    if (job.balanceLatency) {
      return nir::Error("balance-latency is a pass of the compiler, and target 'reference' steps "
                        "through the graph as it is")
          .in(job.file)
          .note("take --target cpu, or --schedule sequential, which is what it balances to");
    }
    if (job.fold == Folding::All) {
      return nir::Error("--fold all is of the compiler, and target 'reference' steps through the "
                        "graph as it is")
          .in(job.file)
          .note("take --target cpu, or leave --fold away: exact folds change no bit");
    }
    if (job.semantics.timing == nir::Timing::Events) {
      return compileExact(job);
    }
    nir::Status bad = job.dtype == nir::DType::F32 ? check<float>(job) : check<double>(job);
    if (bad) {
      return std::move(*bad);
    }
    return std::unique_ptr<Executable>(std::make_unique<Interpreted>(job));
  }
};
} // namespace

std::unique_ptr<Target> createTarget() { return std::make_unique<Reference>(); }

} // namespace nirc::reference
