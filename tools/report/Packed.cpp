//===- Packed.cpp ---------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/report/Packed.h"

#include <algorithm>
#include <llvm/Support/Base64.h>
#include <new>
#include <string>
#include <vector>
#include <zlib.h>

namespace nirc {

/// The bytes of `count` numbers of `stride` bytes each, of which `width` count, in planes.
static std::vector<unsigned char> planesOf(const unsigned char *bytes, size_t count, size_t stride,
                                           size_t width) {
  std::vector<unsigned char> planes(count * width);
  for (size_t byte = 0; byte < width; ++byte) {
    for (size_t i = 0; i < count; ++i) {
      planes[byte * count + i] = bytes[i * stride + byte];
    }
  }
  return planes;
}

static std::string deflated(const std::vector<unsigned char> &bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  int failed = compress2(reinterpret_cast<Bytef *>(out.data()), &size, bytes.data(), bytes.size(),
                         Z_DEFAULT_COMPRESSION);
  if (failed != Z_OK) { // the bound was kept, so memory is all that there can be too little of
    throw std::bad_alloc();
  }
  out.resize(size);
  return out;
}

static Json packedAs(const char *type, const void *numbers, size_t count, size_t stride,
                     size_t width) {
  std::vector<unsigned char> planes =
      planesOf(static_cast<const unsigned char *>(numbers), count, stride, width);
  return {{"type", type}, {"size", count}, {"data", llvm::encodeBase64(deflated(planes))}};
}

Json packed(std::span<const uint32_t> numbers) {
  uint32_t most = 0;
  for (uint32_t number : numbers) {
    most = std::max(most, number);
  }
  size_t width = most < 0x100 ? 1 : most < 0x10000 ? 2 : 4;
  return packedAs(width == 1   ? "u8"
                  : width == 2 ? "u16"
                               : "u32",
                  numbers.data(), numbers.size(), sizeof(uint32_t), width);
}

Json packed(std::span<const float> numbers) {
  return packedAs("f32", numbers.data(), numbers.size(), sizeof(float), sizeof(float));
}

Json packed(std::string_view bytes) { return packedAs("u8", bytes.data(), bytes.size(), 1, 1); }

} // namespace nirc
