//===- Alignment.h - recordings of which one is late ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/Recording.h"

#include <cstdint>

namespace nirc {

/// Two recordings, cut to the steps that both have when one is moved.
struct Aligned {
  int64_t shift = 0;     ///< steps by which `other` is late
  int64_t firstStep = 0; ///< of the base, that is step 0 of both here
  nir::Recording base, other;
};

/// Moves `other` by up to `most` steps to where it is closest to `base`, by the traces that both
/// have; of several such shifts by the smallest. Where their lengths differ by more than `most`
/// they are left as they are.
Aligned align(const nir::Recording &base, const nir::Recording &other, int64_t most,
              double tolerance);

} // namespace nirc
