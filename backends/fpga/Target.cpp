//===- Target.cpp - FPGAs as a target -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"

#include "backends/FrontEnd.h"
#include "backends/fpga/emit/Emit.h"
#include "backends/fpga/sim/SimulationFiles.h"
#include "backends/fpga/verilog/Names.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <filesystem>

using namespace mlir;

namespace nirc::fpga {

namespace {

constexpr std::string_view designKind = "design";

class Fpga : public Target {
public:
  std::string_view name() const override { return "fpga"; }
  std::string_view summary() const override {
    return "an event-driven circuit in Verilog, simulated by Verilator; --format int8 or another";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {{"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI",
                                             "CubaLIF", "Delay", "Flatten", "I", "IF", "Input",
                                             "LI", "LIF", "Linear", "NIRGraph", "Output", "Scale",
                                             "SumPool2d", "Threshold"},
                                            {nir::DType::F64}};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override {
    return {{designKind, "a folder of Verilog, memory images, test benches and a report",
             /*runs=*/true}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override;
};

} // namespace

static nir::Result<NetworkCopy> integersOf(const Job &job) {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             "target 'fpga' computes in integers, and no number format was chosen")
        .in(job.file)
        .note("--format int8");
  }
  return networkOf(job);
}

nir::Result<std::unique_ptr<Executable>> Fpga::compile(const Job &job) const {
  return nir::Error::usage(nir::Cause::UnsupportedByTarget, "not yet").in(job.file);
}

nir::Result<Artifact> Fpga::emit(const Job &job, const EmitOptions &options) const {
  Job observed = job;
  observed.states = true;
  nir::Result<NetworkCopy> copy = integersOf(observed);
  if (!copy) {
    return copy.takeError();
  }
  copy->context().loadDialect<arith::ArithDialect>();
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  EmitChoices choices;
  choices.name =
      options.name.empty() ? std::filesystem::path(job.file).stem().string() : options.name;
  FailureOr<Written> written =
      writeDesign(copy->network(), infoOf("fpga", observed, *copy), choices);
  if (failed(written)) {
    return collector.takeError().in(job.file);
  }
  Artifact artifact;
  artifact.files = std::move(written->files);
  FailureOr<Stimulus> stimulus = recordStimulus(copy->network(), written->circuits.design);
  if (failed(stimulus)) {
    return collector.takeError().in(job.file);
  }
  for (Artifact::File &file : simulationFiles(written->circuits.design, *stimulus)) {
    artifact.files.push_back(std::move(file));
  }
  return artifact;
}

std::unique_ptr<Target> createTarget() { return std::make_unique<Fpga>(); }

} // namespace nirc::fpga
