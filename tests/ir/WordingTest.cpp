//===- WordingTest.cpp - counted nouns -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"

#include <gtest/gtest.h>

using namespace nir;

namespace {

TEST(Wording, CountedNouns) {
  EXPECT_EQ(counted(0, "step"), "0 steps");
  EXPECT_EQ(counted(1, "step"), "1 step");
  EXPECT_EQ(counted(size_t{2}, "step"), "2 steps");
  EXPECT_EQ(counted(1, "class", "classes"), "1 class");
  EXPECT_EQ(counted(3, "class", "classes"), "3 classes");
  EXPECT_EQ(withNoun("0.5", "spike"), "0.5 spikes");
}

} // namespace
