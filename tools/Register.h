//===- Register.h - what all tools know -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/DialectRegistry.h"

namespace nirc {

/// nirc's dialects, those of MLIR that its road leads through, and those of loaded backends.
void registerDialects(mlir::DialectRegistry &registry);
/// nirc's passes, the general ones of MLIR and those of loaded backends, by their flags.
void registerPasses();

} // namespace nirc
