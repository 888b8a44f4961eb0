//===- MapPass.cpp - the mapping, into the IR -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/map/MapPass.h"

#include "backends/loihi2/map/MapNetwork.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "passes/partition/InNetwork.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace nirc;

namespace {

struct MapPass : PassWrapper<MapPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MapPass)

  MapPass() = default;
  MapPass(const MapPass &other) : PassWrapper(other) {} // its options copy themselves

  StringRef getArgument() const override { return "loihi2-map"; }
  StringRef getDescription() const override {
    return "write into a network which core of Loihi 2 has which neurons";
  }
  void runOnOperation() override {
    for (auto network : getOperation().getOps<snn::NetworkOp>()) {
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

  Option<bool> ownCores{*this, "own-cores", llvm::cl::desc("no core has neurons of two nodes")};
};

} // namespace

std::unique_ptr<Pass> loihi2::createMapPass() { return std::make_unique<MapPass>(); }
