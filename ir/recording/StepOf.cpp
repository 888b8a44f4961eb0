//===- StepOf.cpp - which step a time is in -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>

namespace nir {

/// A number in float32 is off by up to 2^-24 of itself, and a quotient of two by twice that.
static constexpr double errorOfFloat32 = 0x1p-23;

double stepOf(double seconds, double dtSeconds, DType writtenIn) {
  double quotient = seconds / dtSeconds, nearest = std::round(quotient);
  bool isNarrow = writtenIn == DType::F32 || writtenIn == DType::F16;
  // What is summed up in float64 is off by more than its last digit.
  double tolerance = std::max(1e-6, isNarrow ? errorOfFloat32 * std::abs(quotient) : 0.0);
  return std::abs(quotient - nearest) <= std::min(tolerance, 0.25) ? nearest : std::floor(quotient);
}

bool isSameStep(double aSeconds, double bSeconds) {
  return std::abs(aSeconds - bSeconds) <=
         errorOfFloat32 * std::max(std::abs(aSeconds), std::abs(bSeconds));
}

} // namespace nir
