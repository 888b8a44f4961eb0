//===- nir-opt.cpp - single passes on .mlir files -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "tools/Register.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"

#include "llvm/Support/ErrorHandling.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/// MLIR's answer to two passes or dialects of one name is fatal.
static void endRegistering(void *, const char *reason, bool) {
  std::fprintf(stderr, "error: of a loaded backend: %s\n", reason);
  std::_Exit(1);
}

int main(int argc, char **argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  if (nir::Status failed = nirc::loadBackendsOf(arguments)) {
    std::fprintf(stderr, "%s\n", failed->str().c_str());
    return 1;
  }
  std::vector<char *> left;
  for (std::string &argument : arguments) {
    left.push_back(argument.data());
  }
  left.push_back(nullptr);
  mlir::DialectRegistry registry;
  {
    llvm::ScopedFatalErrorHandler handler(endRegistering);
    nirc::registerDialects(registry);
    nirc::registerPasses();
  }
  return mlir::failed(mlir::MlirOptMain(static_cast<int>(arguments.size()), left.data(),
                                        "runs passes on nir and snn\n", registry));
}
