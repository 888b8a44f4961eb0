//===- Tensor.h - a parameter as the file holds it --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

using Shape = std::vector<int64_t>;

/// "[2, 34, 34]", "[]" for a scalar.
std::string str(const Shape &shape);

/// Number of elements: 1 for a scalar, 0 where a dimension is 0. Shapes read from files are bounded
/// by the reader, so this does not overflow for them.
int64_t numElements(const Shape &shape);

enum class DType : uint8_t { Bool, I8, U8, I16, U16, I32, U32, I64, U64, F16, F32, F64 };

/// Bytes an element takes.
size_t sizeOf(DType dtype);
/// NumPy's name: "float32", "int64", "bool".
std::string_view name(DType dtype);
bool isFloat(DType dtype);

/// The DType of a C++ type. `bool` is stored as one byte of 0 or 1.
template <typename T>
constexpr DType dtypeOf();
template <>
constexpr DType dtypeOf<bool>() {
  return DType::Bool;
}
template <>
constexpr DType dtypeOf<int8_t>() {
  return DType::I8;
}
template <>
constexpr DType dtypeOf<uint8_t>() {
  return DType::U8;
}
template <>
constexpr DType dtypeOf<int16_t>() {
  return DType::I16;
}
template <>
constexpr DType dtypeOf<uint16_t>() {
  return DType::U16;
}
template <>
constexpr DType dtypeOf<int32_t>() {
  return DType::I32;
}
template <>
constexpr DType dtypeOf<uint32_t>() {
  return DType::U32;
}
template <>
constexpr DType dtypeOf<int64_t>() {
  return DType::I64;
}
template <>
constexpr DType dtypeOf<uint64_t>() {
  return DType::U64;
}
template <>
constexpr DType dtypeOf<float>() {
  return DType::F32;
}
template <>
constexpr DType dtypeOf<double>() {
  return DType::F64;
}

/// A dense row-major array of numbers, immutable, with the dtype it was read with. Copies share the
/// buffer: a parameter is read into memory once and never copied. Little-endian in memory. Safe to
/// read from any thread.
class Tensor {
public:
  /// A float64 scalar 0.
  Tensor();
  /// Shares `data`, which holds numElements(shape) * sizeOf(dtype) bytes and is aligned for
  /// `dtype`.
  Tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data);

  /// Owns a copy of `values`, whose number is that of `shape`.
  template <typename T>
  static Tensor of(Shape shape, const std::vector<T> &values) {
    auto [tensor, bytes] = allocate(dtypeOf<T>(), std::move(shape));
    T *out = reinterpret_cast<T *>(bytes);
    for (size_t i = 0; i < values.size(); ++i) {
      out[i] = values[i];
    }
    return tensor;
  }
  template <typename T>
  static Tensor scalar(T value) {
    return of<T>({}, {value});
  }
  template <typename T>
  static Tensor vector(const std::vector<T> &values) {
    return of<T>({static_cast<int64_t>(values.size())}, values);
  }
  /// A zeroed tensor and the bytes to fill it with, valid as long as the tensor; 64-byte aligned.
  static std::pair<Tensor, std::byte *> allocate(DType dtype, Shape shape);

  DType dtype() const { return type; }
  const Shape &shape() const { return dims; }
  int64_t rank() const { return static_cast<int64_t>(dims.size()); }
  int64_t size() const { return nir::numElements(dims); }
  size_t sizeInBytes() const { return static_cast<size_t>(size()) * sizeOf(type); }
  const std::byte *bytes() const { return buffer.get(); }
  const std::shared_ptr<const std::byte> &share() const { return buffer; }
  /// The elements as T; T must be the tensor's own dtype.
  template <typename T>
  std::span<const T> as() const;

  /// Element `flat` in row-major order, converted to double (64-bit integers round) or truncated to
  /// int64.
  double at(int64_t flat) const;
  int64_t intAt(int64_t flat) const;
  std::vector<double> toDoubles() const;
  std::vector<int64_t> toInts() const;
  /// Whether all elements are the same bits; true for a scalar and for no elements.
  bool isUniform() const;

  /// Same dtype, shape and bits.
  friend bool operator==(const Tensor &a, const Tensor &b);

private:
  DType type;
  Shape dims;
  std::shared_ptr<const std::byte> buffer;
};

template <typename T>
std::span<const T> Tensor::as() const {
  return {reinterpret_cast<const T *>(buffer.get()), static_cast<size_t>(size())};
}

} // namespace nir
