//===- Values.h - numbers as attributes -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/Elements.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/STLExtras.h"

namespace nirc {

/// Few numbers are text that a person can read; many are a blob. A T is an element of `type` in
/// memory.
template <typename T>
mlir::ElementsAttr denseOf(mlir::RankedTensorType type, llvm::ArrayRef<T> values) {
  constexpr size_t readable = 16;
  if (values.size() <= readable || llvm::all_equal(values)) {
    return mlir::DenseElementsAttr::get(type, values);
  }
  return mlir::DenseResourceElementsAttr::get(
      type, "coefficients", mlir::HeapAsmResourceBlob::allocateAndCopyInferAlign(values));
}

} // namespace nirc
