//===- nir-opt.cpp - single passes on .mlir files -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/Register.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  nirc::registerDialects(registry);
  nirc::registerPasses();
  return mlir::failed(mlir::MlirOptMain(argc, argv, "runs passes on nir and snn\n", registry));
}
