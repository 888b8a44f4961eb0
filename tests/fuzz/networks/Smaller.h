//===- Smaller.h - the smallest case that still fails -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Trying.h"

namespace nir::fuzz {

struct SmallerOptions {
  int mostTries = 600;
  double maxSeconds = 240.0;
};

/// Takes nodes, samples, steps, choices, fields of the format and digits away as long as the same
/// check fails in the same way.
Case smaller(Case of, const Check &check, const Failure &failure,
             const SmallerOptions &options = {});

/// The input of what is left of a graph: the same numbers, 0 for an Input that had none.
Recording inputFor(const Graph &graph, const Recording &input);

} // namespace nir::fuzz
