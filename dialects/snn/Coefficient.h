//===- Coefficient.h - what a number of a body is ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A body has its coefficients as constants and arguments. What each is called, and how it follows
// from a number of the model, stands at its location: no op is another for it, and who does not ask
// does not see it.

#pragma once

#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace snn {

/// The coefficient is (x / divisor) - less, of the model's number x, in float64, rounded to the
/// network's type. Of each list: one number for all neurons, or one for each; none: 1, and 0.
struct Coefficient {
  llvm::StringRef name; ///< "v_threshold"
  llvm::ArrayRef<double> divisor = {};
  llvm::ArrayRef<double> less = {};
};

/// `where`, with what is there.
mlir::Location located(mlir::Location where, const Coefficient &coefficient);

/// Of a constant or an argument of a body; nothing where its location does not say. It refers to
/// memory of the context.
std::optional<Coefficient> coefficientOf(mlir::Value value);

} // namespace snn
