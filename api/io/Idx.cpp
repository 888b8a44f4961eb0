//===- Idx.cpp - the files of MNIST ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format, from the page of MNIST (LeCun, Cortes, Burges): two bytes 0, a byte for the type of
// the elements, a byte for the number of dimensions, their sizes as big-endian 32-bit integers, and
// the elements in row-major order.
//
//===----------------------------------------------------------------------===//

#include "api/io/Idx.h"

#include "api/io/Files.h"
#include "api/io/Gzip.h"
#include "ir/Wording.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace nirc {

static constexpr const char *fixOfLimit = "--max-input-bytes raises the limit";

static uint32_t byteAt(std::span<const std::byte> bytes, size_t at) {
  return std::to_integer<uint32_t>(bytes[at]);
}

/// A big-endian number.
static uint32_t sizeAt(std::span<const std::byte> bytes, size_t at) {
  return byteAt(bytes, at) << 24 | byteAt(bytes, at + 1) << 16 | byteAt(bytes, at + 2) << 8 |
         byteAt(bytes, at + 3);
}

static std::string typeName(uint32_t type) {
  static constexpr std::array<std::pair<uint32_t, std::string_view>, 6> names = {
      {{0x08, "uint8"},
       {0x09, "int8"},
       {0x0B, "int16"},
       {0x0C, "int32"},
       {0x0D, "float32"},
       {0x0E, "float64"}}};
  auto found =
      std::find_if(names.begin(), names.end(), [&](const auto &one) { return one.first == type; });
  return found == names.end() ? "no type of IDX" : std::string(found->second);
}

/// The number of dimensions, with the head that they need.
static nir::Result<size_t> rankOf(std::span<const std::byte> bytes) {
  if (bytes.size() < 4 || byteAt(bytes, 0) != 0 || byteAt(bytes, 1) != 0) {
    return nir::Error(
        nir::Cause::InputFormat,
        "is not an IDX file: expected two bytes 0, a type and a number of dimensions");
  }
  if (uint32_t type = byteAt(bytes, 2); type != 0x08) {
    return nir::Error(nir::Cause::InputFormat,
                      fmt::format("found elements of type 0x{:02x} ({}), expected 0x08 (uint8)",
                                  type, typeName(type)));
  }
  constexpr size_t mostDimensions = 8;
  size_t rank = byteAt(bytes, 3);
  if (rank == 0 || rank > mostDimensions) {
    return nir::Error(
        nir::Cause::InputFormat,
        fmt::format("found {}, expected 1 to {}", nir::counted(rank, "dimension"), mostDimensions));
  }
  if (bytes.size() < 4 + 4 * rank) {
    return nir::Error(nir::Cause::DamagedInput,
                      fmt::format("the file has {}, expected at least {} for the sizes of {}",
                                  nir::counted(bytes.size(), "byte"), 4 + 4 * rank,
                                  nir::counted(rank, "dimension")));
  }
  return rank;
}

nir::Result<nir::Tensor> parseIdx(std::span<const std::byte> bytes, const std::string &file) {
  nir::Result<size_t> rank = rankOf(bytes);
  if (!rank) {
    return rank.takeError().in(file);
  }
  size_t head = 4 + 4 * *rank;
  nir::Shape shape;
  uint64_t elements = 1;
  for (size_t at = 4; at < head; at += 4) {
    uint32_t size = sizeAt(bytes, at);
    shape.push_back(size);
    elements = size != 0 && elements > UINT64_MAX / size ? UINT64_MAX : elements * size;
  }
  if (elements != bytes.size() - head) {
    return nir::Error(nir::Cause::DamagedInput,
                      fmt::format("found {} of data, expected {} for shape {}",
                                  nir::counted(bytes.size() - head, "byte"),
                                  elements == UINT64_MAX ? "more" : fmt::format("{}", elements),
                                  nir::str(shape)))
        .in(file);
  }
  auto [tensor, data] = nir::Tensor::allocate(nir::DType::U8, shape);
  std::copy_n(bytes.data() + head, elements, data);
  return tensor;
}

/// The bytes of a file whose head declares its shape; nothing where it has no sound head.
static std::optional<uint64_t> declaredBytes(std::span<const std::byte> head) {
  nir::Result<size_t> rank = rankOf(head);
  if (!rank) {
    return std::nullopt;
  }
  uint64_t elements = 1;
  for (size_t at = 4; at < 4 + 4 * *rank; at += 4) {
    uint64_t size = sizeAt(head, at);
    elements = size != 0 && elements > UINT64_MAX / 2 / size ? UINT64_MAX / 2 : elements * size;
  }
  return 4 + 4 * *rank + elements;
}

nir::Result<nir::Tensor> readIdx(const std::string &path, uint64_t maxBytes) {
  nir::Result<std::vector<std::byte>> bytes = readFile(path, maxBytes, fixOfLimit);
  if (bytes && isGzip(*bytes)) {
    // No more is unpacked than the head declares: a small file can hold a large one.
    constexpr size_t longestHead = 4 + 4 * 8;
    std::optional<uint64_t> declared = declaredBytes(gunzipHead(*bytes, longestHead));
    bool isLess = declared && *declared < maxBytes;
    bytes = gunzip(*bytes, path, isLess ? *declared : maxBytes, isLess ? "" : fixOfLimit);
    if (!bytes && isLess && bytes.error().code == kindOf(nir::Cause::Limit).code) {
      return nir::Error(nir::Cause::DamagedInput,
                        fmt::format("holds more than the {} that its head declares",
                                    nir::counted(*declared, "byte")))
          .in(path);
    }
  }
  return bytes ? parseIdx(*bytes, path) : bytes.takeError();
}

} // namespace nirc
