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
#include "backends/reference/Describe.h"
#include "backends/reference/Exact.h"
#include "backends/reference/Quantized.h"
#include "backends/reference/Stepped.h"
#include "backends/reference/steps/Interpreter.h"
#include "backends/run/Recordable.h"

#include <fmt/format.h>

namespace nirc::reference {

namespace {

template <typename Number>
class GraphStepper : public Stepped<nir::BasicInterpreter<Number>> {
public:
  using Interpreter = nir::BasicInterpreter<Number>;
  GraphStepper(std::vector<Interpreter> interpreters, ProgramInfo info)
      : Stepped<Interpreter>(std::move(interpreters)), info(std::move(info)) {}

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override {
    return this->at(sample).setInput(info.inputs[input].node, values);
  }
  void readLast(size_t output, int64_t sample, std::span<double> values) const override {
    read(info.outputs[output], sample, values);
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    read(info.states[state], sample, values);
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    return this->at(sample).setState(info.states[state].node, info.states[state].observable,
                                     values);
  }

private:
  void read(const PortInfo &port, int64_t sample, std::span<double> values) const {
    auto numbers = *this->at(sample).observe(port.node, port.observable);
    std::copy(numbers.begin(), numbers.end(), values.begin());
  }

  ProgramInfo info;
};

/// Steps through the graph as it is.
class Interpreted : public Executable {
public:
  Interpreted(const Job &job, ProgramInfo info) : job(job), description(std::move(info)) {}

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<std::vector<nir::Probe>> probes = chosenProbes(description, options);
    if (!probes) {
      return probes.takeError();
    }
    nir::Result<nir::Recording> recording = nir::interpret(*job.graph, job.semantics, input,
                                                           {.probes = *std::move(probes),
                                                            .steps = options.steps,
                                                            .progress = options.progress,
                                                            .stop = options.stop,
                                                            .dtype = job.dtype});
    if (!recording) {
      return recording.takeError().in(job.file);
    }
    return recording;
  }
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    return job.dtype == nir::DType::F32 ? startIn<float>(batch) : startIn<double>(batch);
  }

private:
  template <typename Number>
  nir::Result<std::unique_ptr<Stepper>> startIn(int64_t batch) const {
    std::vector<nir::BasicInterpreter<Number>> samples;
    for (int64_t sample = 0; sample < batch; ++sample) {
      auto interpreter = nir::BasicInterpreter<Number>::create(*job.graph, job.semantics);
      if (!interpreter) {
        return interpreter.takeError().in(job.file);
      }
      samples.push_back(*std::move(interpreter));
    }
    return std::unique_ptr<Stepper>(
        std::make_unique<GraphStepper<Number>>(std::move(samples), description));
  }

  Job job;
  ProgramInfo description;
};

/// What the semantics cannot be applied to is refused before any input is read.
template <typename Number>
nir::Status check(const Job &job) {
  auto interpreter = nir::BasicInterpreter<Number>::create(*job.graph, job.semantics);
  return interpreter ? nir::Status() : nir::Status(interpreter.takeError().in(job.file));
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
    if (job.quantization || job.isClocked()) {
      return compileQuantized(job);
    }
    if (job.balanceLatency) {
      return nir::Error(nir::Cause::UnsupportedByTarget,
                        "balance-latency is a pass of the compiler, and target 'reference' steps "
                        "through the graph as it is")
          .in(job.file)
          .note("take --target cpu, or --schedule sequential, which is what it balances to");
    }
    if (job.fold == Folding::All) {
      return nir::Error(nir::Cause::UnsupportedByTarget,
                        "--fold all is of the compiler, and target 'reference' steps through the "
                        "graph as it is")
          .in(job.file)
          .note("take --target cpu, or leave out --fold: exact folds change no bit");
    }
    if (job.semantics.timing == nir::Timing::Events) {
      return compileExact(job);
    }
    nir::Status bad = job.dtype == nir::DType::F32 ? check<float>(job) : check<double>(job);
    if (bad) {
      return std::move(*bad);
    }
    nir::Result<ProgramInfo> info = reference::describe(job);
    if (!info) {
      return info.takeError();
    }
    return std::unique_ptr<Executable>(std::make_unique<Interpreted>(job, *std::move(info)));
  }
};
} // namespace

std::unique_ptr<Target> createTarget() { return std::make_unique<Reference>(); }

} // namespace nirc::reference
