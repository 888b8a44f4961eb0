//===- RemoveZeroDelays.h - the example of docs/add-a-pass.md ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace nirc {

#define GEN_PASS_DECL
#include "tests/passes/example/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tests/passes/example/Passes.h.inc"

} // namespace nirc
