//===- Calls.h - the calls of a step ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Emitter.h"

namespace nirc::cpu {

/// Writes the function `name(arena)`, which calls `callees` in order, up to `finish`: one call
/// after the other, or where they are many a loop over a table of them. With `report` each is
/// followed by a call of it with the callee's number.
mlir::func::FuncOp beginCalls(Emitter &emit, mlir::Location loc, llvm::StringRef name,
                              llvm::ArrayRef<Callee> callees, mlir::func::FuncOp report = {});

} // namespace nirc::cpu
