//===- VerifyStage.cpp - what each stage promises -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Ops.h"
#include "dialects/snn/Snn.h"
#include "passes/Passes.h"

namespace nirc {
#define GEN_PASS_DEF_VERIFYSTAGE
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

/// What each stage leaves: how many ops of a kind stand in the module, and which dialect is gone.
struct VerifyStage : nirc::impl::VerifyStageBase<VerifyStage> {
  using VerifyStageBase::VerifyStageBase;

  void runOnOperation() override {
    if (stage == "import") {
      expectOne<nir::GraphOp>("nir.graph");
      expectNone("snn");
    } else if (stage == "discretize" || stage == "quantize") {
      expectOne<snn::NetworkOp>("snn.network");
      expectNone("nir");
      expectAlone(/*isInteger=*/stage == "quantize");
    } else {
      getOperation().emitError() << "no stage is called '" << stage
                                 << "', there are import, discretize, quantize";
      signalPassFailure();
    }
  }

private:
  template <typename OpT>
  void expectOne(StringRef name) {
    auto ops = llvm::to_vector(getOperation().template getOps<OpT>());
    if (ops.size() != 1) {
      getOperation().emitError() << "after " << stage << " there are " << ops.size() << " " << name
                                 << ", expected 1";
      signalPassFailure();
    }
  }

  /// Networks alone, of that kind of number; a graph has been told of.
  void expectAlone(bool isInteger) {
    for (Operation &op : getOperation().getBody()->getOperations()) {
      auto network = dyn_cast<snn::NetworkOp>(op);
      if (!network && !isa<nir::GraphOp>(op)) {
        op.emitError() << "after " << stage << " the module holds the network alone, but this is "
                       << op.getName();
        signalPassFailure();
      } else if (network && network.getElement().isSignlessInteger() !=
                                (isInteger && !hasFloatStates(network))) {
        network.emitError() << "after " << stage << " the network is of " << network.getElement()
                            << ", expected " << (isInteger ? "i32" : "f32 or f64");
        signalPassFailure();
      }
    }
  }

  /// Whether its number format has integers for weights alone, as that of SpiNNaker 2.
  static bool hasFloatStates(snn::NetworkOp network) {
    return network.getFormat() &&
           network.getFormat()->getFormat().states == nir::StateArithmetic::Float32;
  }

  void expectNone(StringRef dialect) {
    getOperation().walk([&](Operation *op) {
      if (op->getName().getDialectNamespace() == dialect) {
        op->emitError() << "after " << stage << " nothing of the " << dialect
                        << " dialect is left, but this is";
        signalPassFailure();
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
  }
};

} // namespace
