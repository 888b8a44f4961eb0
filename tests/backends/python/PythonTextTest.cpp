//===- PythonTextTest.cpp - texts and numbers as Python has them ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/python/PythonText.h"

#include <gtest/gtest.h>
#include <limits>

using namespace nirc;

namespace {

TEST(PythonText, EscapesWhatEndsALiteral) {
  EXPECT_EQ(pythonText("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(pythonText("a\nb\x7F"), R"("a\x0ab\x7f")");
  EXPECT_EQ(pythonText("\xC3\xA9"), "\"\xC3\xA9\"");
  EXPECT_EQ(pythonText("\xC3"), R"("\xc3")");
}

TEST(PythonText, WritesShapesAsTuples) {
  EXPECT_EQ(pythonTuple({}), "()");
  EXPECT_EQ(pythonTuple({3}), "(3,)");
  EXPECT_EQ(pythonTuple({2, 34, 34}), "(2, 34, 34)");
}

TEST(PythonText, WritesNumbersThatReadAsTheSameBits) {
  EXPECT_EQ(pythonNumber(0), "0.0");
  EXPECT_EQ(pythonNumber(-3), "-3.0");
  EXPECT_EQ(pythonNumber(static_cast<double>(0.8F)), "0.800000011920929");
  EXPECT_EQ(pythonNumber(1e300), "1e+300");
  EXPECT_EQ(pythonNumber(-std::numeric_limits<double>::infinity()), "float(\"-inf\")");
}

} // namespace
