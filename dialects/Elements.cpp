//===- Elements.cpp - the numbers of attributes ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Elements.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <type_traits>

namespace nir {

/// The most bytes that one element in a text may stand for. A resource has no limit.
static constexpr uint64_t maxDenseBytes = uint64_t{1} << 28;

//===----------------------------------------------------------------------===//
// What is sound
//===----------------------------------------------------------------------===//

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
  // Texts are a DenseElementsAttr too, of any element type.
  if (!llvm::isa<mlir::DenseIntOrFPElementsAttr, mlir::DenseResourceElementsAttr>(attribute)) {
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

/// What an attribute is that is no tensor. Its elements are not shown: there can be many.
static std::string notATensor(mlir::ElementsAttr attribute) {
  bool isDense =
      llvm::isa<mlir::DenseIntOrFPElementsAttr, mlir::DenseResourceElementsAttr>(attribute);
  std::string text = isDense ? "is of " : "is neither dense nor a dense_resource, but of ";
  llvm::raw_string_ostream(text) << attribute.getShapedType();
  return text + ", expected a tensor of bool (i1), i8 to i64, ui8 to ui64, f16, f32 or f64";
}

std::string brokenValues(mlir::ElementsAttr tensor) {
  if (!isTensor(tensor)) {
    return notATensor(tensor);
  }
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

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Memory of its own for the elements of `raw`, aligned.
static std::byte *own(RawElements &raw) {
  auto [tensor, bytes] = Tensor::allocate(raw.dtype, {raw.single ? 1 : raw.count});
  raw.owner = tensor.share();
  raw.data = bytes;
  return bytes;
}

RawElements rawElements(mlir::ElementsAttr attribute) {
  assert(brokenValues(attribute).empty() && "verifiers let no other attribute pass");
  RawElements raw{.dtype = dtypeOf(attribute), .count = attribute.getNumElements()};
  auto dense = llvm::dyn_cast<mlir::DenseElementsAttr>(attribute);
  // A resource has all its elements, though MLIR calls one of a single element a splat.
  raw.single = dense && dense.isSplat();
  if (dense && raw.dtype == DType::Bool) { // which `dense` keeps in a form of its own
    std::byte *to = own(raw);
    for (bool value : dense.getValues<bool>()) {
      *to++ = static_cast<std::byte>(value);
      if (raw.single) {
        break;
      }
    }
    return raw;
  }
  llvm::ArrayRef<char> bytes =
      dense ? dense.getRawData() : llvm::cast<mlir::DenseResourceElementsAttr>(attribute).getData();
  raw.data = reinterpret_cast<const std::byte *>(bytes.data());
  if (bytes.empty() || reinterpret_cast<uintptr_t>(bytes.data()) % sizeOf(raw.dtype) != 0) {
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(own(raw)));
  }
  return raw;
}

/// Without a share in it where the attribute's own context holds it.
static std::shared_ptr<const std::byte> memoryOf(const RawElements &raw) {
  return raw.owner ? raw.owner
                   : std::shared_ptr<const std::byte>(std::shared_ptr<const std::byte>(), raw.data);
}

Tensor viewOf(mlir::ElementsAttr attribute) {
  RawElements raw = rawElements(attribute);
  if (!raw.single) {
    return {raw.dtype, shapeOf(attribute), memoryOf(raw)};
  }
  auto [tensor, bytes] = Tensor::allocate(raw.dtype, shapeOf(attribute));
  size_t width = sizeOf(raw.dtype);
  for (int64_t i = 0; i < raw.count; ++i) {
    std::memcpy(bytes + static_cast<size_t>(i) * width, raw.data, width);
  }
  return tensor;
}

/// The elements in memory: one, or all.
static Tensor stored(const RawElements &raw) {
  return {raw.dtype, {raw.single ? 1 : raw.count}, memoryOf(raw)};
}

llvm::SmallVector<double, 1> doublesOf(mlir::ElementsAttr attribute) {
  std::vector<double> values = stored(rawElements(attribute)).toDoubles();
  return {values.begin(), values.end()};
}

llvm::SmallVector<double> allDoublesOf(mlir::ElementsAttr attribute) {
  RawElements raw = rawElements(attribute);
  std::vector<double> values = stored(raw).toDoubles();
  llvm::SmallVector<double> all(values.begin(), values.end());
  all.resize(static_cast<size_t>(raw.count), all.empty() ? 0.0 : all.front());
  return all;
}

template <typename T>
std::vector<T> numbersOf(mlir::ElementsAttr attribute) {
  RawElements raw = rawElements(attribute);
  std::vector<T> all;
  all.reserve(static_cast<size_t>(raw.count));
  auto take = [&](const auto &values) {
    std::transform(values.begin(), values.end(), std::back_inserter(all),
                   [](auto value) { return static_cast<T>(value); });
  };
  if constexpr (std::is_integral_v<T>) {
    assert(!isFloat(raw.dtype) && "integers are read as integers");
    take(stored(raw).toInts());
  } else {
    take(stored(raw).toDoubles());
  }
  all.resize(static_cast<size_t>(raw.count), all.empty() ? T(0) : all.front());
  return all;
}

template std::vector<float> numbersOf(mlir::ElementsAttr);
template std::vector<double> numbersOf(mlir::ElementsAttr);
template std::vector<int32_t> numbersOf(mlir::ElementsAttr);
template std::vector<int64_t> numbersOf(mlir::ElementsAttr);

} // namespace nir
