//===- Dialect.h - the nir dialect ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/Dialect.h"

#include <memory>

namespace nir {
class SharedBlobs; // Tensors.h
}

#include "dialects/nir/NirDialect.h.inc"
