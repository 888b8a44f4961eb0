//===- Padding.h - what a kernel reads --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/BuiltinAttributes.h"

namespace nirc {

/// A parameter that is one number or one a dimension, as one a dimension.
llvm::SmallVector<int64_t> perDimension(mlir::ElementsAttr attr, size_t dims);

/// What lies before the signal in each dimension. "same" adds (K - 1) dilation in total, the
/// smaller half first.
llvm::SmallVector<int64_t> padsOf(mlir::Attribute padding, llvm::ArrayRef<int64_t> kernel,
                                  llvm::ArrayRef<int64_t> dilations);

} // namespace nirc
