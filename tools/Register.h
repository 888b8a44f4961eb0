//===- Register.h - what all tools know -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/DialectRegistry.h"

namespace nirc {

/// nirc's dialects, and those of MLIR that its road leads through.
void registerDialects(mlir::DialectRegistry &registry);
/// nirc's passes, and the general ones of MLIR, by their flags.
void registerPasses();

} // namespace nirc
