//===- Draw.h - cases from seeds --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Case.h"
#include "tests/support/Random.h"

namespace nir::fuzz {

/// The same for the same seed on every platform: a network of floats, of integers, or for chips.
Case drawCase(uint64_t seed);

/// The graph with some parameters that are as large, as small or as odd as a file can have them,
/// as far as `check` accepts them.
Graph withExtremes(Graph graph, test::Random &random);

} // namespace nir::fuzz
