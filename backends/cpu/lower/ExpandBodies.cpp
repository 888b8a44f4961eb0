//===- ExpandBodies.cpp - ops of bodies that LLVM has in another form -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Ops of integers that neither LLVM nor C has, as those that both have: divisions that round down
// or up, and |x|. math.ctlz becomes LLVM's own, since what is left of `math` becomes calls of libm.

#include "backends/cpu/lower/Emitter.h"

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace nirc::cpu;

/// |x| = max(x, 0 - x), which is the lowest number for itself, as math.absi has it.
static LogicalResult expandAbsI(math::AbsIOp op, PatternRewriter &rewriter) {
  Value x = op.getOperand();
  Value zero = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getZeroAttr(x.getType()));
  Value negated = arith::SubIOp::create(rewriter, op.getLoc(), zero, x);
  rewriter.replaceOpWithNewOp<arith::MaxSIOp>(op, x, negated);
  return success();
}

static LogicalResult expandCtlz(math::CountLeadingZerosOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<LLVM::CountLeadingZerosOp>(op, op.getType(), op.getOperand(),
                                                         /*is_zero_poison=*/false);
  return success();
}

LogicalResult nirc::cpu::expandBodies(snn::NetworkOp network) {
  SmallVector<Operation *> ops;
  network.walk([&](Operation *op) {
    if (isa<arith::FloorDivSIOp, arith::CeilDivSIOp, math::AbsIOp, math::CountLeadingZerosOp>(op)) {
      ops.push_back(op);
    }
  });
  if (ops.empty()) {
    return success();
  }
  RewritePatternSet patterns(network.getContext());
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  patterns.add(expandAbsI).add(expandCtlz);
  return applyOpPatternsGreedily(
      ops, std::move(patterns),
      GreedyRewriteConfig().setStrictness(GreedyRewriteStrictness::ExistingAndNewOps));
}
