//===- MapPass.cpp - the mapping, into the IR -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Passes.h"
#include "backends/loihi2/map/CheckAxons.h"
#include "backends/loihi2/map/MapNetwork.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "passes/partition/InNetwork.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace nirc::loihi2 {
#define GEN_PASS_DEF_LOIHI2MAP
#include "backends/loihi2/Passes.h.inc"
} // namespace nirc::loihi2

using namespace mlir;
using namespace nirc;

namespace {
struct MapPass : loihi2::impl::Loihi2MapBase<MapPass> {
  using Loihi2MapBase::Loihi2MapBase;
  void runOnOperation() override {
    for (auto network : getOperation().getOps<snn::NetworkOp>()) {
      if (failed(loihi2::checkAxons(network, loihi2::loihi2Core))) {
        return signalPassFailure();
      }
      FailureOr<loihi2::Model> model = loihi2::buildModel(network);
      if (failed(model)) {
        return signalPassFailure();
      }
      nir::Result<Mapping> mapping =
          loihi2::mapToCores(*model, loihi2::loihi2Core, {.shareCores = !ownCores});
      if (!mapping) {
        network.emitError() << mapping.error().message;
        return signalPassFailure();
      }
      writeMapping(network, *mapping);
    }
  }
};
} // namespace
