//===- HybridSystem.h - a neuron as a linear system -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace nir {

/// Coefficients of one quantity over the neurons of a node: none (structurally absent), one that
/// holds for all of them, or one a neuron, row-major.
using Coefficients = llvm::SmallVector<double, 1>;

/// tau dx/dt = sum_j m[j] x_j + n u + c, for one state x; u is the sum of the node's inputs. The
/// parameters that the coefficients come from (r, w_in, v_leak) can be told apart by their place.
struct StateEquation {
  llvm::StringRef name; ///< "v", "i"; never freed
  Coefficients tau;     ///< [s]; none: dx/dt itself stands on the left
  llvm::SmallVector<Coefficients, 2>
      m; ///< one a state, in the system's order; none, or not listed: 0
  Coefficients n, c;
};

/// v > threshold: spike, and v := reset.
struct SpikeGuard {
  unsigned state; ///< index of v
  Coefficients threshold, reset;
};

/// The equations of docs/semantics.md, before any choice of how they become steps.
struct HybridSystem {
  using Guard = SpikeGuard;

  /// In the order in which a sequential update takes them: the current before the membrane.
  llvm::SmallVector<StateEquation, 2> states;
  std::optional<Guard> guard; ///< none: the node passes on states[output]
  unsigned output = 0;        ///< the state that is passed on where there is no guard
};

} // namespace nir
