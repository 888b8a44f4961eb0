//===- LiveBody.cpp - what of a body becomes hardware ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/LiveBody.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

LiveBody::LiveBody(snn::PopulationOp op) : ranges(op) {
  SmallVector<Value> open(op.getBody().front().getTerminator()->getOperands());
  while (!open.empty()) {
    Value value = open.pop_back_val();
    if (!read.insert(value).second || onlyNumber(value)) {
      continue;
    }
    if (Operation *def = value.getDefiningOp()) {
      llvm::append_range(open, def->getOperands());
    }
  }
}

std::optional<int64_t> LiveBody::onlyNumber(Value value) {
  if (!value.getType().isInteger()) {
    return std::nullopt;
  }
  Interval bounds = ranges.boundsOf(value);
  return bounds.least == bounds.most ? std::optional(bounds.least) : std::nullopt;
}
