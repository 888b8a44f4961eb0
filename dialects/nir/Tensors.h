//===- Tensors.h - parameters as attributes ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <mutex>
#include <optional>

namespace nir {

/// NIR's dtype as an element type: bool is i1, unsigned integers are ui8 to ui64, signed ones i8 to
/// i64.
mlir::Type elementTypeOf(DType dtype, mlir::MLIRContext *context);
std::optional<DType> dtypeOf(mlir::Type elementType);

/// Whether an attribute can stand for a Tensor: dense or dense_resource of one of these dtypes.
bool isTensor(mlir::Attribute attribute);
/// The shape of such an attribute.
Shape shapeOf(mlir::ElementsAttr tensor);
/// What is wrong with the values of such an attribute, which text without its resources or a
/// damaged file can lack; empty where nothing is.
std::string brokenValues(mlir::ElementsAttr tensor);

/// `dense` where the tensor is small or uniform. Else `dense_resource`, named after `hint`, over
/// the tensor's own memory, which the context then keeps alive.
mlir::ElementsAttr attributeOf(const Tensor &tensor, llvm::StringRef hint,
                               mlir::MLIRContext *context);
/// The tensor of an attribute with no `brokenValues`. It shares the memory of a `dense_resource`
/// and keeps it alive beyond the context; `dense` is copied. Not while another thread reads the
/// resources of this context.
Tensor tensorOf(mlir::ElementsAttr attribute);
/// The same, valid only as long as the context, from any thread.
Tensor viewOf(mlir::ElementsAttr attribute);
/// Elements as doubles: one where all are the same or the rank is 0, else all.
llvm::SmallVector<double, 1> doublesOf(mlir::ElementsAttr attribute);

/// Metadata as a list of [name, value], which keeps the order that a dictionary would sort away. An
/// array of texts is [array<i64: shape>, "text"...].
mlir::ArrayAttr attributeOf(const Metadata &metadata, llvm::StringRef hint,
                            mlir::MLIRContext *context);
bool isMetadata(mlir::Attribute attribute);
/// What is wrong with the values of its tensors; empty where nothing is.
std::string brokenMetadata(mlir::ArrayAttr metadata);
Metadata metadataOf(mlir::ArrayAttr attribute);

/// Who owns the memory that resources point into. A resource's own record of that, its deleter,
/// cannot be asked.
class SharedBlobs {
public:
  void add(const std::shared_ptr<const std::byte> &memory);
  /// The owner of the memory at that address, or null.
  std::shared_ptr<const std::byte> find(const void *address);

private:
  std::mutex mutex;
  llvm::DenseMap<const void *, std::weak_ptr<const std::byte>> owners;
};

} // namespace nir
