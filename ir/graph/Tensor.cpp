//===- Tensor.cpp - arrays of any dtype -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Tensor.h"

#include "ir/graph/Half.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <new>

namespace nir {

std::string str(const Shape &shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

int64_t numElements(const Shape &shape) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    return 0; // however large the others are: nobody has to multiply them
  }
  int64_t count = 1;
  for (int64_t dim : shape) {
    count *= dim;
  }
  return count;
}

size_t sizeOf(DType dtype) {
  switch (dtype) {
  case DType::Bool:
  case DType::I8:
  case DType::U8:
    return 1;
  case DType::I16:
  case DType::U16:
  case DType::F16:
    return 2;
  case DType::I32:
  case DType::U32:
  case DType::F32:
    return 4;
  case DType::I64:
  case DType::U64:
  case DType::F64:
    return 8;
  }
  return 0;
}

std::string_view name(DType dtype) {
  static constexpr std::string_view names[] = {"bool",   "int8",    "uint8",   "int16",
                                               "uint16", "int32",   "uint32",  "int64",
                                               "uint64", "float16", "float32", "float64"};
  return names[static_cast<size_t>(dtype)];
}

bool isFloat(DType dtype) {
  return dtype == DType::F16 || dtype == DType::F32 || dtype == DType::F64;
}

/// Calls f with the elements as a span of their C++ type.
template <typename F>
static auto visit(const Tensor &tensor, F f) {
  switch (tensor.dtype()) {
  case DType::Bool:
  case DType::U8:
    return f(tensor.as<uint8_t>());
  case DType::I8:
    return f(tensor.as<int8_t>());
  case DType::I16:
    return f(tensor.as<int16_t>());
  case DType::U16:
    return f(tensor.as<uint16_t>());
  case DType::I32:
    return f(tensor.as<int32_t>());
  case DType::U32:
    return f(tensor.as<uint32_t>());
  case DType::I64:
    return f(tensor.as<int64_t>());
  case DType::U64:
    return f(tensor.as<uint64_t>());
  case DType::F16:
    return f(tensor.as<Half>());
  case DType::F32:
    return f(tensor.as<float>());
  case DType::F64:
    break;
  }
  return f(tensor.as<double>());
}

Tensor::Tensor() : Tensor(scalar(0.0)) {}

Tensor::Tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data)
    : type(dtype), dims(std::move(shape)), buffer(std::move(data)) {}

std::pair<Tensor, std::byte *> Tensor::allocate(DType dtype, Shape shape) {
  constexpr std::align_val_t alignment{64};
  size_t count = std::max<size_t>(1, static_cast<size_t>(nir::numElements(shape)) * sizeOf(dtype));
  auto *memory = static_cast<std::byte *>(::operator new(count, alignment));
  std::memset(memory, 0, count);
  std::shared_ptr<const std::byte> owner(memory, [](const std::byte *bytes) {
    ::operator delete(const_cast<std::byte *>(bytes), alignment);
  });
  return {Tensor(dtype, std::move(shape), std::move(owner)), memory};
}

double Tensor::at(int64_t flat) const {
  assert(flat >= 0 && flat < size() && "element outside the tensor");
  return visit(*this, [&](auto values) { return static_cast<double>(values[flat]); });
}

int64_t Tensor::intAt(int64_t flat) const {
  assert(flat >= 0 && flat < size() && "element outside the tensor");
  return visit(*this, [&](auto values) { return static_cast<int64_t>(values[flat]); });
}

std::vector<double> Tensor::toDoubles() const {
  return visit(*this, [](auto values) {
    std::vector<double> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(),
                   [](auto value) { return static_cast<double>(value); });
    return out;
  });
}

std::vector<int64_t> Tensor::toInts() const {
  return visit(*this, [](auto values) {
    std::vector<int64_t> out(values.size());
    std::transform(values.begin(), values.end(), out.begin(),
                   [](auto value) { return static_cast<int64_t>(value); });
    return out;
  });
}

bool Tensor::isUniform() const {
  size_t width = sizeOf(type);
  size_t count = static_cast<size_t>(size());
  // Every element equals its neighbour exactly when the bytes equal themselves shifted by one
  // element.
  return count < 2 || std::memcmp(bytes(), bytes() + width, (count - 1) * width) == 0;
}

bool operator==(const Tensor &a, const Tensor &b) {
  return a.type == b.type && a.dims == b.dims &&
         (a.buffer == b.buffer || std::memcmp(a.bytes(), b.bytes(), a.sizeInBytes()) == 0);
}

} // namespace nir
