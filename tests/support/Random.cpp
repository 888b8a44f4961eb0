//===- Random.cpp - the same numbers everywhere ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Random.h"

#include <algorithm>
#include <cassert>

namespace nir::test {

template <typename T>
static void fill(std::byte *bytes, const std::vector<double> &values) {
  std::transform(values.begin(), values.end(), reinterpret_cast<T *>(bytes),
                 [](double value) { return static_cast<T>(value); });
}

Tensor tensorOf(DType dtype, Shape shape, const std::vector<double> &values) {
  auto [tensor, bytes] = Tensor::allocate(dtype, std::move(shape));
  assert(tensor.size() == static_cast<int64_t>(values.size()) && "a value for each element");
  switch (dtype) {
  case DType::Bool:
  case DType::U8:
    fill<uint8_t>(bytes, values);
    break;
  case DType::I8:
    fill<int8_t>(bytes, values);
    break;
  case DType::I16:
    fill<int16_t>(bytes, values);
    break;
  case DType::U16:
    fill<uint16_t>(bytes, values);
    break;
  case DType::I32:
    fill<int32_t>(bytes, values);
    break;
  case DType::U32:
    fill<uint32_t>(bytes, values);
    break;
  case DType::I64:
    fill<int64_t>(bytes, values);
    break;
  case DType::U64:
    fill<uint64_t>(bytes, values);
    break;
  case DType::F16:
    fill<_Float16>(bytes, values);
    break;
  case DType::F32:
    fill<float>(bytes, values);
    break;
  case DType::F64:
    fill<double>(bytes, values);
    break;
  }
  return tensor;
}

} // namespace nir::test
