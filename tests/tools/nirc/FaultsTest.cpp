//===- FaultsTest.cpp - each kind of fault ends with 3 and one line -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Faults.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <llvm/Support/ErrorHandling.h>
#include <new>
#include <stdexcept>

using namespace nirc;

namespace {

constexpr int internal = 3;

/// Ends the process as nirc ends it when `body` is its main. The handlers cannot be installed twice
/// in one process, so every case has its own.
[[noreturn]] void endAs(const std::function<int()> &body) { std::exit(endingFaults(body)); }

TEST(Faults, WhatEndsWellKeepsItsCode) {
  EXPECT_EXIT(endAs([] { return 2; }), testing::ExitedWithCode(2), "^$");
}

TEST(Faults, Exception) {
  EXPECT_EXIT(endAs([]() -> int { throw std::logic_error("no such state"); }),
              testing::ExitedWithCode(internal),
              "^error: a fault of nirc itself: no such state \\[internal\\]\n$");
  EXPECT_EXIT(endAs([]() -> int { throw 7; }), testing::ExitedWithCode(internal),
              "^error: a fault of nirc itself: an unknown exception \\[internal\\]\n$");
}

TEST(Faults, OutOfMemory) {
  EXPECT_EXIT(endAs([]() -> int { throw std::bad_alloc(); }), testing::ExitedWithCode(internal),
              "^error: out of memory \\[no-memory\\]\n$");
  EXPECT_EXIT(endAs([]() -> int { llvm::report_bad_alloc_error("Allocation failed"); }),
              testing::ExitedWithCode(internal), "^error: out of memory \\[no-memory\\]\n$");
}

TEST(Faults, LLVMFatalError) {
  EXPECT_EXIT(endAs([]() -> int { llvm::report_fatal_error("cannot select: x"); }),
              testing::ExitedWithCode(internal),
              "^error: a fault of nirc itself: LLVM: cannot select: x \\[internal\\]\n$");
}

int tooDeep() { throw std::logic_error("too deep"); }

/// As where an exception reaches code that must not let any out.
TEST(Faults, Terminate) {
  EXPECT_EXIT(endAs([]() noexcept -> int { return tooDeep(); }), testing::ExitedWithCode(internal),
              "^error: a fault of nirc itself: too deep \\[internal\\]\n$");
  EXPECT_EXIT(endAs([]() -> int { std::terminate(); }), testing::ExitedWithCode(internal),
              "^error: a fault of nirc itself: std::terminate was called \\[internal\\]\n$");
}

} // namespace
