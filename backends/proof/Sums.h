//===- Sums.h - the ranges of sums, once more -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "passes/bodies/Interval.h"

#include <optional>

namespace nirc::proof {

/// The range of each sum of a connection, from its weights and the range of its input alone, all
/// sums joined. Nothing where the op adds nothing up.
std::optional<Interval> sumsOf(mlir::Operation *connection);

} // namespace nirc::proof
