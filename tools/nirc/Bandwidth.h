//===- Bandwidth.h - how fast this machine reads ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>

namespace nirc {

/// Bytes a second that one thread reads from a buffer of that size, measured now: 0.1 seconds or
/// so. The usual one is too large for the caches.
double measureReadBandwidth(size_t bytes = size_t(1) << 27);

} // namespace nirc
