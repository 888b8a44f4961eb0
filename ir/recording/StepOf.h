//===- StepOf.h - which step a time is in -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

namespace nir {

/// The step that a time falls into, floor(seconds / dtSeconds), as a whole number. Times are
/// multiples of dt more often than not, and both come rounded to the type that they were written
/// in, `writtenIn` for the time: what is a multiple but for the last digits of that type is one.
/// Every reader of times asks here.
double stepOf(double seconds, double dtSeconds, DType writtenIn);

/// Whether two lengths of a step are one, where either may have come through float32.
bool isSameStep(double aSeconds, double bSeconds);

} // namespace nir
