//===- Zstd.h - ZSTD frames, unpacked by libzstd ----------------*- C++ -*-===//
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

/// What one ZSTD frame holds, at most `most` bytes. A frame that needs a dictionary is refused.
Result<std::vector<std::byte>> unpackZstd(Bytes frame, uint64_t most);

} // namespace nir
