//===- Quantized.cpp - integer networks as executables --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/Quantized.h"

#include "backends/JobNetwork.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "passes/pipeline/Pipeline.h"

using namespace mlir;

namespace nirc::reference {

namespace {
class Quantized : public Executable {
public:
  Quantized(std::unique_ptr<MLIRContext> context, OwningOpRef<ModuleOp> module, std::string file)
      : context(std::move(context)), module(std::move(module)), file(std::move(file)) {}

  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<nir::Recording> recording =
        snn::interpret(*module->getOps<snn::NetworkOp>().begin(), input,
                       {.steps = options.steps, .progress = options.progress, .checkRanges = true});
    if (!recording) {
      return recording.takeError().in(file);
    }
    return recording;
  }

private:
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module; // of the context
  std::string file;
};
} // namespace

nir::Result<std::unique_ptr<Executable>> compileQuantized(const Job &job) {
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  context->printOpOnDiagnostic(false); // a user's error names the node, not the IR
  OwningOpRef<ModuleOp> module;
  {
    DiagnosticCollector collector(*context);
    module = networkOf(job, *context);
    if (!module) {
      return collector.takeError();
    }
  }
  return std::unique_ptr<Executable>(
      std::make_unique<Quantized>(std::move(context), std::move(module), job.file));
}

} // namespace nirc::reference
