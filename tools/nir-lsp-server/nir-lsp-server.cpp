//===- nir-lsp-server.cpp - nir and snn in editors ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "tools/Register.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

#include <cstdio>

int main(int argc, char **argv) {
  if (nir::Status failed = nirc::loadBackendsOfEnvironment()) {
    std::fprintf(stderr, "%s\n", failed->str().c_str());
    return 1;
  }
  mlir::DialectRegistry registry;
  nirc::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
