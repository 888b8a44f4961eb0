//===- Elements.h - the numbers of attributes -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one reader of ElementsAttr. A file from outside can hold elements of any kind (dense, splat,
// sparse, a resource that is missing, short or at an odd address) and of any type. `isTensor` and
// `brokenValues` say whether an attribute is sound; verifiers ask them of every attribute of an op,
// so that all who come later may read. Nothing else in the tree looks inside such an attribute.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nir {

/// NIR's dtype as an element type: bool is i1, unsigned integers are ui8 to ui64, signed ones i8 to
/// i64.
mlir::Type elementTypeOf(DType dtype, mlir::MLIRContext *context);
std::optional<DType> dtypeOf(mlir::Type elementType);

/// Whether an attribute can stand for a Tensor: dense or dense_resource of one of these dtypes,
/// with a static shape.
bool isTensor(mlir::Attribute attribute);
/// The shape of such an attribute.
Shape shapeOf(mlir::ElementsAttr tensor);
/// What is wrong with an attribute that shall be read: it is no tensor, or its values are not
/// there, as in text without its resources or in a damaged file. Empty where nothing is: the
/// attribute is sound. Looks at no element but those of booleans.
std::string brokenValues(mlir::ElementsAttr tensor);

/// The memory of a sound attribute.
struct RawElements {
  DType dtype = DType::F64;
  const std::byte *data = nullptr; ///< aligned for `dtype`
  int64_t count = 0;               ///< elements of the attribute
  bool single = false;             ///< one element in memory stands for all
  /// Of `data` where it had to be copied (booleans, and what lies at an odd address); else null,
  /// and the attribute's own memory lives as long as its context.
  std::shared_ptr<const std::byte> owner = {};
};
RawElements rawElements(mlir::ElementsAttr attribute);

/// A sound attribute as a tensor, valid only as long as the context, from any thread.
Tensor viewOf(mlir::ElementsAttr attribute);
/// Elements as doubles: one where all are the same or the rank is 0, else all.
llvm::SmallVector<double, 1> doublesOf(mlir::ElementsAttr attribute);
/// Elements as doubles, as many as there are.
llvm::SmallVector<double> allDoublesOf(mlir::ElementsAttr attribute);
/// Elements as T (float, double, int32_t or int64_t), as many as there are, each converted as C++
/// does; integers are read as integers alone.
template <typename T>
std::vector<T> numbersOf(mlir::ElementsAttr attribute);

} // namespace nir
