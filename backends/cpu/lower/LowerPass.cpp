//===- LowerPass.cpp - the lowering alone, for nir-opt --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Passes.h"
#include "backends/cpu/lower/Lower.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace nirc::cpu {
#define GEN_PASS_DEF_CPULOWER
#include "backends/cpu/Passes.h.inc"
} // namespace nirc::cpu

using namespace nirc;

namespace {
struct LowerPass : cpu::impl::CpuLowerBase<LowerPass> {
  using CpuLowerBase::CpuLowerBase;
  void runOnOperation() override {
    cpu::LowerOptions options;
    options.vectorBits = vectorBits;
    options.compresses = compresses;
    options.expands = expands;
    options.parts = parts;
    options.leastShared = leastShared;
    options.nearBytes = nearBytes;
    options.farBytes = farBytes;
    options.leastEqual = leastEqual;
    options.leastListed = leastListed;
    if (failed(cpu::lower(getOperation(), options))) {
      signalPassFailure();
    }
  }
};
} // namespace
