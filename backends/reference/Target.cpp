//===- Target.cpp - the interpreter as a target ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The float64 interpreter of ir/ behind the interface of a target: what all others are held
// against.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/Exact.h"

#include "ir/Interpreter.h"

#include <fmt/format.h>

namespace nirc::reference {

namespace {
class Interpreted : public Executable {
public:
  explicit Interpreted(const Job &job) : job(job) {}

  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<nir::Recording> recording = nir::interpret(
        *job.graph, job.semantics, input,
        {.probes = job.probes, .steps = options.steps, .progress = options.progress});
    if (!recording) {
      return recording.takeError().in(job.file);
    }
    return recording;
  }

private:
  Job job;
};

class Reference : public Target {
public:
  std::string_view name() const override { return "reference"; }
  std::string_view summary() const override {
    return "the float64 interpreter, step by step from the equations; slow";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {{"Input", "Output", "Affine", "Linear", "Scale",
                                             "Conv1d", "Conv2d", "SumPool2d", "AvgPool2d",
                                             "Flatten", "Delay", "Threshold", "I", "IF", "LI",
                                             "LIF", "CubaLI", "CubaLIF", "NIRGraph"},
                                            {nir::DType::F64}};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override {
    if (job.dtype != nir::DType::F64) {
      return nir::Error(fmt::format("found dtype {}, expected float64: target 'reference' has no "
                                    "other",
                                    nir::name(job.dtype)))
          .in(job.file);
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
    // What the semantics cannot be applied to is refused here rather than after the input is read.
    nir::Result<nir::Interpreter> interpreter = nir::Interpreter::create(*job.graph, job.semantics);
    if (!interpreter) {
      return interpreter.takeError().in(job.file);
    }
    return std::unique_ptr<Executable>(std::make_unique<Interpreted>(job));
  }
};
} // namespace

std::unique_ptr<Target> createTarget() { return std::make_unique<Reference>(); }

} // namespace nirc::reference
