//===- Zstd.cpp - ZSTD frames, unpacked by libzstd ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Zstd.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <new>
#include <zstd.h>

namespace nir {

Result<std::vector<std::byte>> unpackZstd(Bytes frame, uint64_t most) {
  std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx *)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!context) {
    throw std::bad_alloc();
  }
  std::string_view text = frame.text();
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  std::vector<std::byte> bytes;
  // A frame may claim any size: memory grows with what it holds.
  constexpr uint64_t chunk = uint64_t(1) << 16;
  for (size_t filled = 0;;) {
    bytes.resize(std::min(std::max<uint64_t>(2 * filled, chunk), most + 1));
    ZSTD_outBuffer out{bytes.data(), bytes.size(), filled};
    size_t left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) {
      return Error(Cause::DamagedInput,
                   fmt::format("the ZSTD frame is damaged: {}", ZSTD_getErrorName(left)));
    }
    if (out.pos > most) {
      return Error(Cause::Limit,
                   fmt::format("found more than {} in a ZSTD frame, expected at most so many",
                               counted(most, "byte")));
    }
    if (left == 0) {
      bytes.resize(out.pos);
      return bytes;
    }
    if (in.pos == in.size && out.pos < out.size) {
      return Error(Cause::DamagedInput, "the ZSTD frame ends within its data");
    }
    filled = out.pos;
  }
}

} // namespace nir
