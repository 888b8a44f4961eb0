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

#include <cstring>

namespace nir {

/// More elements than this, and different ones, are written as a resource.
static constexpr int64_t maxInlineElements = 16;
/// So are more bytes than this where all elements are equal: one element is easy to read, but
/// whoever needs the tensor has to fill it.
static constexpr size_t maxUniformBytes = size_t{1} << 20;
/// The most bytes that one element in a text may stand for. A resource has no limit.
static constexpr uint64_t maxDenseBytes = uint64_t{1} << 28;

void SharedBlobs::add(const std::shared_ptr<const std::byte> &memory) {
  std::lock_guard lock(mutex);
  owners[memory.get()] = memory;
}

std::shared_ptr<const std::byte> SharedBlobs::find(const void *address) {
  std::lock_guard lock(mutex);
  auto it = owners.find(address);
  return it == owners.end() ? nullptr : it->second.lock();
}

mlir::Type elementTypeOf(DType dtype, mlir::MLIRContext *context) {
  auto integer = [&](unsigned bits, bool isUnsigned = false) -> mlir::Type {
    return mlir::IntegerType::get(
        context, bits, isUnsigned ? mlir::IntegerType::Unsigned : mlir::IntegerType::Signless);
  };
  switch (dtype) {
  case DType::Bool:
    return integer(1);
  case DType::I8:
  case DType::I16:
  case DType::I32:
  case DType::I64:
    return integer(8 * sizeOf(dtype));
  case DType::U8:
  case DType::U16:
  case DType::U32:
  case DType::U64:
    return integer(8 * sizeOf(dtype), /*isUnsigned=*/true);
  case DType::F16:
    return mlir::Float16Type::get(context);
  case DType::F32:
    return mlir::Float32Type::get(context);
  case DType::F64:
    break;
  }
  return mlir::Float64Type::get(context);
}

std::optional<DType> dtypeOf(mlir::Type elementType) {
  static constexpr DType all[] = {DType::Bool, DType::I8,  DType::U8,  DType::I16,
                                  DType::U16,  DType::I32, DType::U32, DType::I64,
                                  DType::U64,  DType::F16, DType::F32, DType::F64};
  for (DType dtype : all) {
    if (elementTypeOf(dtype, elementType.getContext()) == elementType) {
      return dtype;
    }
  }
  return std::nullopt;
}

bool isTensor(mlir::Attribute attribute) {
  if (!llvm::isa<mlir::DenseElementsAttr, mlir::DenseResourceElementsAttr>(attribute)) {
    return false;
  }
  mlir::ShapedType type = llvm::cast<mlir::ElementsAttr>(attribute).getShapedType();
  return llvm::isa<mlir::RankedTensorType>(type) && type.hasStaticShape() &&
         dtypeOf(type.getElementType()).has_value();
}

Shape shapeOf(mlir::ElementsAttr tensor) {
  llvm::ArrayRef<int64_t> shape = tensor.getShapedType().getShape();
  return {shape.begin(), shape.end()};
}

static DType dtypeOf(mlir::ElementsAttr tensor) {
  std::optional<DType> dtype = dtypeOf(tensor.getElementType());
  assert(dtype && "the verifier admits only NIR's dtypes");
  return dtype.value_or(DType::F64);
}

/// Bytes that a resource of this type has to hold, or nothing where the product overflows.
static std::optional<uint64_t> bytesOf(mlir::ElementsAttr tensor) {
  uint64_t bytes = sizeOf(dtypeOf(tensor));
  for (int64_t dim : tensor.getShapedType().getShape()) {
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(dim), &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

std::string brokenValues(mlir::ElementsAttr tensor) {
  std::optional<uint64_t> expected = bytesOf(tensor);
  auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(tensor);
  if (!resource) {
    bool fits = expected && *expected <= maxDenseBytes;
    return fits ? std::string() : "stands for more than 2^28 bytes, expected a dense_resource";
  }
  const mlir::AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob) {
    return "has no values, expected them under dialect_resources";
  }
  if (!expected || blob->getData().size() != *expected) {
    return "has " + std::to_string(blob->getData().size()) + " bytes of values, expected " +
           (expected ? std::to_string(*expected) : "more than there can be") + " for its type";
  }
  if (dtypeOf(tensor) == DType::Bool &&
      llvm::any_of(blob->getData(), [](unsigned char byte) { return byte > 1; })) {
    return "has a byte above 1, expected 0 or 1 for a boolean";
  }
  return {};
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

/// The memory of a resource, without a share in it.
static std::shared_ptr<const std::byte> borrow(mlir::DenseResourceElementsAttr attribute) {
  const char *data = attribute.getRawHandle().getBlob()->getData().data();
  return {std::shared_ptr<const std::byte>(), reinterpret_cast<const std::byte *>(data)};
}

/// `dense` keeps its elements in a form of its own: one for all where they are equal, booleans
/// apart.
static Tensor copyOf(mlir::DenseElementsAttr dense) {
  auto [tensor, bytes] = Tensor::allocate(dtypeOf(dense), shapeOf(dense));
  auto count = static_cast<size_t>(tensor.size());
  size_t width = sizeOf(tensor.dtype());
  if (tensor.dtype() == DType::Bool) {
    size_t i = 0;
    for (bool value : dense.getValues<bool>()) {
      bytes[i++] = static_cast<std::byte>(value);
    }
  } else if (dense.isSplat()) {
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(bytes + i * width, dense.getRawData().data(), width);
    }
  } else {
    std::memcpy(bytes, dense.getRawData().data(), count * width);
  }
  return tensor;
}

template <typename F>
static Tensor tensorWith(mlir::ElementsAttr attribute, F hold) {
  auto resource = llvm::dyn_cast<mlir::DenseResourceElementsAttr>(attribute);
  if (!resource) {
    return copyOf(llvm::cast<mlir::DenseElementsAttr>(attribute));
  }
  DType dtype = dtypeOf(attribute);
  llvm::ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
  if (!data.empty() && reinterpret_cast<uintptr_t>(data.data()) % sizeOf(dtype) == 0) {
    return {dtype, shapeOf(attribute), hold(resource)};
  }
  // A file may have put it at an odd address.
  auto [tensor, bytes] = Tensor::allocate(dtype, shapeOf(attribute));
  std::copy(data.begin(), data.end(), reinterpret_cast<char *>(bytes));
  return tensor;
}

Tensor tensorOf(mlir::ElementsAttr attribute) { return tensorWith(attribute, share); }

Tensor viewOf(mlir::ElementsAttr attribute) { return tensorWith(attribute, borrow); }

llvm::SmallVector<double, 1> doublesOf(mlir::ElementsAttr attribute) {
  if (attribute.isSplat()) {
    // One element stands for all; the rest need not be made.
    auto one = llvm::cast<mlir::DenseElementsAttr>(attribute).resizeSplat(
        mlir::RankedTensorType::get({}, attribute.getElementType()));
    return {viewOf(one).at(0)};
  }
  std::vector<double> values = viewOf(attribute).toDoubles();
  return {values.begin(), values.end()};
}

} // namespace nir
