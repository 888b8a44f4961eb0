//===- test-opt.cpp - nir-opt with the example pass -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Dialect.h"
#include "tests/passes/example/RemoveZeroDelays.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<nir::NirDialect>();
  nirc::registerExamplePasses();
  return mlir::failed(mlir::MlirOptMain(argc, argv, "runs the example pass\n", registry));
}
