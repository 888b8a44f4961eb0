//===- InterpreterNumbers.cpp - weights and parameters as numbers ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"

#include <cstring>

using namespace mlir;
using namespace snn;

/// The bytes of all elements, or of the one that stands for them; nothing where they are missing.
static ArrayRef<char> bytesOf(ElementsAttr values) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob ? blob->getData() : ArrayRef<char>();
  }
  return cast<DenseElementsAttr>(values).getRawData();
}

template <typename From, typename To>
static void convert(ArrayRef<char> bytes, std::vector<To> &to) {
  bool single = bytes.size() == sizeof(From);
  for (size_t i = 0; i < to.size(); ++i) {
    From number;
    std::memcpy(&number, bytes.data() + (single ? 0 : i * sizeof(From)), sizeof(From));
    to[i] = static_cast<To>(number);
  }
}

namespace {
/// A 16-bit float, which C++20 has no type for.
struct Half {
  uint16_t bits;
  template <typename T>
  explicit operator T() const {
    return static_cast<T>(
        llvm::APFloat(llvm::APFloat::IEEEhalf(), llvm::APInt(16, bits)).convertToDouble());
  }
};
} // namespace

/// Whether the element type is one of those that networks have.
template <typename To>
static bool convertFrom(Type type, ArrayRef<char> bytes, std::vector<To> &to) {
  if (type.isF64()) {
    convert<double>(bytes, to);
  } else if (type.isF32()) {
    convert<float>(bytes, to);
  } else if (type.isF16()) {
    convert<Half>(bytes, to);
  } else if (type.isSignlessInteger(8)) {
    convert<int8_t>(bytes, to);
  } else if (type.isSignlessInteger(16)) {
    convert<int16_t>(bytes, to);
  } else if (type.isSignlessInteger(32)) {
    convert<int32_t>(bytes, to);
  } else {
    return false;
  }
  return true;
}

template <typename T>
FailureOr<std::vector<T>> snn::numbersOf(Operation *op, StringRef name, ElementsAttr values) {
  Type type = values.getElementType();
  bool isWhole = std::is_integral_v<T>;
  if (!type.isIntOrFloat() || (isWhole && !type.isSignlessInteger())) {
    return nodeError(op) << name << " is " << values.getType() << ", expected "
                         << (isWhole ? "integers of 8, 16 or 32 bits" : "numbers");
  }
  std::vector<T> numbers(static_cast<size_t>(values.getNumElements()));
  ArrayRef<char> bytes = bytesOf(values);
  size_t width = type.getIntOrFloatBitWidth() / 8;
  if (width != 0 && bytes.size() != numbers.size() * width && bytes.size() != width) {
    return nodeError(op) << "the IR lacks the numbers of " << name
                         << ": it was printed without them";
  }
  if (!convertFrom(type, bytes, numbers)) {
    return nodeError(op) << name << " is " << values.getType()
                         << ", expected f64, f32, f16, i8, i16 or i32";
  }
  return numbers;
}

template FailureOr<std::vector<double>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<float>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<int32_t>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<int64_t>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
