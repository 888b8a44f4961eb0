//===- Passes.h - the passes, and pipelines of them -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/Folding.h"
#include "passes/Notice.h"
#include "passes/Quantization.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <functional>

namespace nirc {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

/// `fold` that tells `listener` of every fold, and gives no remarks.
std::unique_ptr<mlir::Pass> createFold(FoldOptions options,
                                       std::function<void(const Notice &)> listener);
/// `quantize` with a calibration, that tells what it did.
std::unique_ptr<mlir::Pass> createQuantize(QuantizationOptions options);

} // namespace nirc
