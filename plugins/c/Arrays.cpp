//===- Arrays.cpp - arrays of C and tensors of nirc -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/c/Arrays.h"

#include "plugins/c/Boundary.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::c;

// The enumerators of the header are those of nir::DType, from 1 on.
static_assert(NIRC_BOOL == static_cast<int>(nir::DType::Bool) + 1 &&
              NIRC_INT8 == static_cast<int>(nir::DType::I8) + 1 &&
              NIRC_UINT8 == static_cast<int>(nir::DType::U8) + 1 &&
              NIRC_INT16 == static_cast<int>(nir::DType::I16) + 1 &&
              NIRC_UINT16 == static_cast<int>(nir::DType::U16) + 1 &&
              NIRC_INT32 == static_cast<int>(nir::DType::I32) + 1 &&
              NIRC_UINT32 == static_cast<int>(nir::DType::U32) + 1 &&
              NIRC_INT64 == static_cast<int>(nir::DType::I64) + 1 &&
              NIRC_UINT64 == static_cast<int>(nir::DType::U64) + 1 &&
              NIRC_FLOAT16 == static_cast<int>(nir::DType::F16) + 1 &&
              NIRC_FLOAT32 == static_cast<int>(nir::DType::F32) + 1 &&
              NIRC_FLOAT64 == static_cast<int>(nir::DType::F64) + 1);

nirc_dtype nirc::c::dtypeOf(nir::DType dtype) { return static_cast<nirc_dtype>(dtype) + 1; }

std::optional<nir::DType> nirc::c::dtypeOf(nirc_dtype dtype) {
  if (dtype < NIRC_BOOL || dtype > NIRC_FLOAT64) {
    return std::nullopt;
  }
  return static_cast<nir::DType>(dtype - 1);
}

size_t nirc_dtype_size(nirc_dtype dtype) {
  std::optional<nir::DType> known = dtypeOf(dtype);
  return known ? nir::sizeOf(*known) : 0;
}

const char *nirc_dtype_name(nirc_dtype dtype) {
  std::optional<nir::DType> known = dtypeOf(dtype);
  return known ? nir::name(*known).data() : ""; // of a literal
}

nirc_array nirc::c::viewOf(const nir::Tensor &tensor) {
  return {tensor.bytes(), tensor.shape().data(), static_cast<int32_t>(tensor.rank()),
          dtypeOf(tensor.dtype())};
}

/// The shape, where its array would fit into memory.
static nir::Result<nir::Shape> shapeOf(const nirc_array &array, const std::string &what,
                                       size_t width) {
  constexpr int32_t mostDimensions = 64;
  if (array.rank < 0 || array.rank > mostDimensions) {
    return nir::Error::usage(
        nir::Cause::WrongShape,
        fmt::format("{}: found {} dimensions, expected 0 to {}", what, array.rank, mostDimensions));
  }
  if (array.rank > 0 && !array.shape) {
    return nir::Error::usage(
        nir::Cause::WrongShape,
        fmt::format("{}: found NULL for the shape, expected {} dimensions", what, array.rank));
  }
  nir::Shape shape;
  if (array.rank > 0) {
    shape.assign(array.shape, array.shape + array.rank);
  }
  auto room = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) / width;
  uint64_t elements = 1;
  for (int64_t dimension : shape) {
    if (dimension < 0) {
      return nir::Error::usage(
          nir::Cause::WrongShape,
          fmt::format("{}: found a dimension of {}, expected 0 or more", what, dimension));
    }
    auto by = static_cast<uint64_t>(dimension);
    if (by != 0 && elements > room / by) {
      return nir::Error::usage(
          nir::Cause::WrongShape,
          fmt::format("{}: found shape {}, expected one that memory holds", what, nir::str(shape)));
    }
    elements *= by;
  }
  return shape;
}

nir::Result<nir::Tensor> nirc::c::tensorOf(const nirc_array &array, const std::string &what,
                                           Ownership ownership) {
  std::optional<nir::DType> dtype = dtypeOf(array.dtype);
  if (!dtype) {
    return nir::Error::usage(nir::Cause::WrongType,
                             fmt::format("{}: found dtype {}, expected {} to {}", what, array.dtype,
                                         int{NIRC_BOOL}, int{NIRC_FLOAT64}));
  }
  size_t width = nir::sizeOf(*dtype);
  nir::Result<nir::Shape> shape = shapeOf(array, what, width);
  if (!shape) {
    return shape.takeError();
  }
  int64_t elements = nir::numElements(*shape);
  if (elements != 0 && !array.data) {
    return nir::Error::usage(
        nir::Cause::EmptyInput,
        fmt::format("{}: found NULL for the data, expected {} elements", what, elements));
  }
  if (*dtype == nir::DType::Bool) {
    const auto *bytes = static_cast<const uint8_t *>(array.data);
    const uint8_t *other = std::find_if(bytes, bytes + elements, [](uint8_t b) { return b > 1; });
    if (other != bytes + elements) {
      return nir::Error::usage(
          nir::Cause::WrongValue,
          fmt::format("{}: found a bool of {}, expected 0 or 1", what, int{*other}));
    }
  }
  bool isAligned = reinterpret_cast<uintptr_t>(array.data) % width == 0;
  if (ownership == Ownership::Borrowed && isAligned && elements != 0) {
    auto nothing = [](const std::byte *) {};
    return nir::Tensor(*dtype, *std::move(shape),
                       {static_cast<const std::byte *>(array.data), nothing});
  }
  auto [tensor, bytes] = nir::Tensor::allocate(*dtype, *std::move(shape));
  if (elements != 0) {
    std::memcpy(bytes, array.data, static_cast<size_t>(elements) * width);
  }
  return tensor;
}
