//===- Lz4.h - LZ4 frames, unpacked -----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/events/Bytes.h"

#include <vector>

namespace nir {

/// What one LZ4 frame holds, at most `most` bytes. Checksums are not compared, and a frame that
/// needs a dictionary is refused.
Result<std::vector<std::byte>> unpackLz4(Bytes frame, uint64_t most);

} // namespace nir
