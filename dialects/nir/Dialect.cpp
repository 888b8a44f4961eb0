//===- Dialect.cpp - registration of the nir dialect ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Dialect.h"

#include "dialects/Version.h"
#include "dialects/nir/Ops.h"
#include "dialects/nir/Tensors.h"

#include "dialects/nir/NirDialect.cpp.inc"

void nir::NirDialect::initialize() {
  blobs = std::make_shared<SharedBlobs>();
  registerTypes();
  addInterfaces<nirc::VersionInterface<nirc::nirDialectVersion>>();
  addOperations<
#define GET_OP_LIST
#include "dialects/nir/NirOps.cpp.inc"
      >();
}
