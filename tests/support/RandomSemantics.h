//===- RandomSemantics.h - any choices that go together ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "tests/support/Random.h"

namespace nir::test {

/// A clocked semantics with dt 1e-3 that `checkSemantics` accepts: a preset with some choices
/// replaced, for all families or for one.
Semantics randomChoices(Random &random);

} // namespace nir::test
