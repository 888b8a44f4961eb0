//===- FileNameTest.cpp - file names for nodes' names ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/FileName.h"

#include <gtest/gtest.h>
#include <set>

using nir::fileNameFor;

namespace {

TEST(FileName, IsSafeAndDistinct) {
  EXPECT_EQ(fileNameFor("encoder.lif1"), "encoder.lif1");
  EXPECT_EQ(fileNameFor("a/b"), "a%2Fb");
  EXPECT_EQ(fileNameFor("../x"), "%2E.%2Fx");
  EXPECT_EQ(fileNameFor("a b:*?\n%"), "a%20b%3A%2A%3F%0A%25");
  EXPECT_EQ(fileNameFor("größe"), "größe");
  EXPECT_EQ(fileNameFor(""), "%");
  std::set<std::string> names;
  for (int i = 0; i < 100; ++i) {
    std::string name = fileNameFor(std::string(300, 'n') + std::to_string(i));
    EXPECT_LE(name.size(), 200U);
    names.insert(name);
  }
  EXPECT_EQ(names.size(), 100U);
}

} // namespace
