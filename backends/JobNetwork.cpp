//===- JobNetwork.cpp - the network of a job ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/JobNetwork.h"

#include "passes/pipeline/Pipeline.h"

using namespace mlir;

OwningOpRef<ModuleOp> nirc::networkOf(const Job &job, MLIRContext &context,
                                      const std::function<void()> &onImported) {
  if (job.network.empty()) {
    NetworkOptions options{job.semantics,      job.dtype, job.probes,
                           job.balanceLatency, job.fold,  job.onFold};
    options.onImported = onImported;
    options.quantization = job.quantization;
    return buildNetwork(*job.graph, job.file, options, context);
  }
  OwningOpRef<ModuleOp> module = loadNetwork(job.network, job.file, context);
  if (onImported) {
    onImported();
  }
  bool records =
      module && succeeded(addRecords(*module->getOps<snn::NetworkOp>().begin(), job.probes));
  return records ? std::move(module) : OwningOpRef<ModuleOp>();
}
