//===- RemoveZeroDelays.cpp - the example of docs/add-a-pass.md -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/passes/example/RemoveZeroDelays.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Ops.h"

namespace nirc {
#define GEN_PASS_DEF_REMOVEZERODELAYS
#include "tests/passes/example/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

struct RemoveZeroDelays : nirc::impl::RemoveZeroDelaysBase<RemoveZeroDelays> {
  using RemoveZeroDelaysBase::RemoveZeroDelaysBase;

  void runOnOperation() override {
    SmallVector<nir::DelayOp> delays;
    getOperation().walk([&](nir::DelayOp delay) { delays.push_back(delay); });
    for (nir::DelayOp delay : delays) {
      if (isShort(delay) && failed(remove(delay))) {
        return signalPassFailure();
      }
    }
  }

private:
  bool isShort(nir::DelayOp delay) const {
    return llvm::all_of(nir::doublesOf(delay.getDelay()),
                        [&](double seconds) { return seconds <= atMostSeconds; });
  }

  static LogicalResult remove(nir::DelayOp delay);
};

} // namespace

/// A Delay with several incoming edges adds them up, and stays.
LogicalResult RemoveZeroDelays::remove(nir::DelayOp delay) {
  if (delay.getInputs().size() != 1) {
    return success();
  }
  Value input = delay.getInputs().front();
  if (input == delay.getOutput()) {
    return nir::nodeError(delay) << "a Delay of 0 s drives itself, expected a delay above 0";
  }
  delay->getParentOfType<nir::GraphOp>().removeEdgeOrderAttr();
  delay.getOutput().replaceAllUsesWith(input);
  delay.erase();
  return success();
}
