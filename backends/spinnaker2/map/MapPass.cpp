//===- MapPass.cpp - the mapping, into the IR -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/Passes.h"
#include "backends/spinnaker2/map/MapNetwork.h"
#include "backends/spinnaker2/model/BuildModel.h"
#include "passes/partition/InNetwork.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace nirc::spinnaker2 {
#define GEN_PASS_DEF_SPINNAKER2MAP
#include "backends/spinnaker2/Passes.h.inc"
} // namespace nirc::spinnaker2

using namespace mlir;
using namespace nirc;

namespace {
struct MapPass : spinnaker2::impl::Spinnaker2MapBase<MapPass> {
  using Spinnaker2MapBase::Spinnaker2MapBase;
  void runOnOperation() override {
    for (auto network : getOperation().getOps<snn::NetworkOp>()) {
      FailureOr<spinnaker2::Model> model = spinnaker2::buildModel(network);
      if (failed(model)) {
        return signalPassFailure();
      }
      nir::Result<Mapping> mapping =
          spinnaker2::mapToCores(*model, spinnaker2::Site{}, {.shareCores = !ownCores});
      if (!mapping) {
        network.emitError() << mapping.error().message;
        return signalPassFailure();
      }
      writeMapping(network, *mapping);
    }
  }
};
} // namespace
