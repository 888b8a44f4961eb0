//===- Tensors.h - parameters as attributes ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/Elements.h"
#include "ir/graph/Graph.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <mutex>

namespace nir {

/// `dense` where the tensor is small or uniform. Else `dense_resource`, named after `hint`, over
/// the tensor's own memory, which the context then keeps alive.
mlir::ElementsAttr attributeOf(const Tensor &tensor, llvm::StringRef hint,
                               mlir::MLIRContext *context);
/// The tensor of an attribute with no `brokenValues`. It shares the memory of a `dense_resource`
/// and keeps it alive beyond the context; `dense` is copied. Not while another thread reads the
/// resources of this context. `viewOf` (dialects/Elements.h) shares nothing.
Tensor tensorOf(mlir::ElementsAttr attribute);

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
