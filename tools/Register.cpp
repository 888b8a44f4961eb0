//===- Register.cpp - dialects and passes for the tools -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/Register.h"

#include "backends/Plugin.h"
#include "backends/Target.h"
#include "dialects/nir/Dialect.h"
#include "dialects/nir/Passes.h"
#include "dialects/snn/Snn.h"
#include "passes/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/Passes.h"

void nirc::registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<nir::NirDialect, snn::SnnDialect>();
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::math::MathDialect,
                  mlir::memref::MemRefDialect, mlir::quant::QuantDialect, mlir::scf::SCFDialect>();
  registerBackendDialects(registry);
}

void nirc::registerPasses() {
  nir::registerNirPasses();
  registerNircPasses();
  for (const Target *target : targets()) {
    target->registerPasses();
  }
  registerBackendPasses();
  mlir::registerTransformsPasses();
}
