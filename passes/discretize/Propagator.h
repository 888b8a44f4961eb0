//===- Propagator.h - two coupled states over one step ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <array>

namespace nirc {

/// Row by row.
using Matrix2 = std::array<std::array<double, 2>, 2>;

/// The solution of dx/ds = Z x + d over s from 0 to 1, for a d that is held: x(1) = stays x(0) +
/// comes d. `stays` is exp(Z), `comes` its integral, (exp(Z) - 1)/Z where Z has an inverse.
struct Propagator {
  Matrix2 stays, comes;
};

/// To some 1e-14 of its largest element, whatever the eigenvalues are: real and far apart, equal or
/// nearly so, complex, or 0.
Propagator propagatorOf(const Matrix2 &z);

} // namespace nirc
