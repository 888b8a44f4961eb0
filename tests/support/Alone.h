//===- Alone.h - tests that change their process ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdlib>
#include <gtest/gtest.h>

namespace nir::test {

/// Runs a test's body in a process of its own: what it loads or adds would stay for all tests after
/// it.
template <typename Body>
void alone(const Body &body) {
  EXPECT_EXIT((body(), std::exit(testing::Test::HasFailure() ? 1 : 0)), testing::ExitedWithCode(0),
              "");
}

} // namespace nir::test
