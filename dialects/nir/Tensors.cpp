//===- Tensors.cpp - tensors as attributes --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Tensors.h"
#include "dialects/nir/Dialect.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace nir {

/// More elements than this, and different ones, are written as a resource.
static constexpr int64_t maxInlineElements = 16;
/// So are more bytes than this where all elements are equal: one element is easy to read, but
/// whoever needs the tensor has to fill it.
static constexpr size_t maxUniformBytes = size_t{1} << 20;

void SharedBlobs::add(const std::shared_ptr<const std::byte> &memory) {
  std::lock_guard lock(mutex);
  owners[memory.get()] = memory;
}

std::shared_ptr<const std::byte> SharedBlobs::find(const void *address) {
  std::lock_guard lock(mutex);
  auto it = owners.find(address);
  return it == owners.end() ? nullptr : it->second.lock();
}

/// A resource's name is a bare identifier, whatever the node's is.
static std::string resourceName(llvm::StringRef hint) {
  std::string name;
  for (char c : hint) {
    name += llvm::isAlnum(c) || c == '.' ? c : '_';
  }
  return name.empty() || llvm::isDigit(name[0]) || name[0] == '.' ? "_" + name : name;
}

static mlir::ElementsAttr resourceOf(const Tensor &tensor, mlir::RankedTensorType type,
                                     llvm::StringRef hint) {
  // Bytecode is only read from a buffer aligned like its resources, and MLIR's readers align
  // theirs to 16 where they do not map the file.
  constexpr size_t mostAlignment = 16;
  auto address = reinterpret_cast<uintptr_t>(tensor.bytes());
  size_t alignment = address % mostAlignment == 0 ? mostAlignment : sizeOf(tensor.dtype());
  llvm::ArrayRef<char> data(reinterpret_cast<const char *>(tensor.bytes()), tensor.sizeInBytes());
  // The deleter frees nothing: what it holds is the memory's owner.
  mlir::AsmResourceBlob blob = mlir::UnmanagedAsmResourceBlob::allocateWithAlign(
      data, alignment, [owner = tensor.share()](void *, size_t, size_t) {});
  type.getContext()->getOrLoadDialect<NirDialect>()->sharedBlobs().add(tensor.share());
  return mlir::DenseResourceElementsAttr::get(type, resourceName(hint), std::move(blob));
}

mlir::ElementsAttr attributeOf(const Tensor &tensor, llvm::StringRef hint,
                               mlir::MLIRContext *context) {
  auto type = mlir::RankedTensorType::get(tensor.shape(), elementTypeOf(tensor.dtype(), context));
  bool uniform = tensor.size() > 0 && tensor.sizeInBytes() <= maxUniformBytes && tensor.isUniform();
  if (!uniform && tensor.size() > maxInlineElements) {
    return resourceOf(tensor, type, hint);
  }
  size_t count = uniform ? 1 : static_cast<size_t>(tensor.size());
  if (tensor.dtype() == DType::Bool) {
    llvm::SmallVector<bool> values;
    for (uint8_t byte : llvm::ArrayRef(reinterpret_cast<const uint8_t *>(tensor.bytes()), count)) {
      values.push_back(byte != 0);
    }
    return mlir::DenseElementsAttr::get(type, llvm::ArrayRef<bool>(values));
  }
  return mlir::DenseElementsAttr::getFromRawBuffer(
      type, llvm::ArrayRef(reinterpret_cast<const char *>(tensor.bytes()),
                           count * sizeOf(tensor.dtype())));
}

/// The memory behind a resource, owned by whoever holds the pointer. Where only the context owned
/// it (it was parsed), the context hands it over and becomes one of its holders.
static std::shared_ptr<const std::byte> share(mlir::DenseResourceElementsAttr attribute) {
  mlir::DenseResourceElementsHandle handle = attribute.getRawHandle();
  mlir::AsmResourceBlob &blob = *handle.getBlob();
  SharedBlobs &shared = attribute.getContext()->getOrLoadDialect<NirDialect>()->sharedBlobs();
  const char *data = blob.getData().data();
  if (std::shared_ptr<const std::byte> owner = shared.find(data)) {
    return owner;
  }
  llvm::ArrayRef<char> view = blob.getData();
  size_t alignment = blob.getDataAlignment();
  auto whole = std::make_shared<mlir::AsmResourceBlob>(std::move(blob));
  std::shared_ptr<const std::byte> owner(whole, reinterpret_cast<const std::byte *>(data));
  handle.getResource()->setBlob(mlir::UnmanagedAsmResourceBlob::allocateWithAlign(
      view, alignment, [owner](void *, size_t, size_t) {}));
  shared.add(owner);
  return owner;
}

Tensor tensorOf(mlir::ElementsAttr attribute) {
  RawElements raw = rawElements(attribute);
  auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(attribute);
  if (resource && !raw.owner) {
    return {raw.dtype, shapeOf(attribute), share(resource)};
  }
  Tensor view = viewOf(attribute);
  if (view.share().use_count() > 0) { // it was made for the view
    return view;
  }
  auto [tensor, bytes] = Tensor::allocate(raw.dtype, shapeOf(attribute));
  std::copy_n(view.bytes(), view.sizeInBytes(), bytes);
  return tensor;
}

} // namespace nir
