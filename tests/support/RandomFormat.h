//===- RandomFormat.h - number formats from a seed --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"
#include "tests/support/Random.h"

namespace nir::test {

/// A number format that `checkNumberFormat` accepts: a preset with some fields replaced.
NumberFormat randomFormat(Random &random);

} // namespace nir::test
