//===- CTextTest.cpp - names, numbers and comments of C -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CText.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>

using namespace nirc::cpu;

namespace {

TEST(CText, IdentifiersOfAnyText) {
  EXPECT_EQ(identifierFor("fc1"), "fc1");
  EXPECT_EQ(identifierFor("encoder.lif-1"), "encoder_lif_1");
  EXPECT_EQ(identifierFor("1fc"), "n_1fc");
  EXPECT_EQ(identifierFor(""), "n");
  EXPECT_EQ(identifierFor("__x"), "n_x");
  EXPECT_EQ(identifierFor("a__b"), "a_b");
  EXPECT_EQ(identifierFor("int"), "int_");
  EXPECT_EQ(identifierFor("main"), "main_");
  EXPECT_EQ(identifierFor("\u795e"), "u795e");
  EXPECT_EQ(identifierFor("\xff!"), "n_");
  EXPECT_EQ(identifierFor(std::string(300, 'x')).size(), 48u);
  EXPECT_EQ(identifierFor("braille_2"), "braille_2");
  EXPECT_EQ(identifierFor("net"), "net_"); // a parameter of the functions
  EXPECT_EQ(prefixFor("net"), "net");      // of net_step
  EXPECT_EQ(prefixFor("int"), "int_");
  EXPECT_EQ(prefixFor("x y"), "x_y");
}

TEST(CText, IdentifiersOfAScopeDiffer) {
  Identifiers scope;
  EXPECT_EQ(scope.add("lif.1"), "lif_1");
  EXPECT_EQ(scope.add("lif-1"), "lif_1_2");
  EXPECT_EQ(scope.add("LIF_1"), "LIF_1_3"); // the macros would be the same
}

TEST(CText, CommentsEndWhereTheyShould) {
  EXPECT_EQ(commentText("a */ b"), "a *| b");
  EXPECT_EQ(commentText("a /* b"), "a |* b");
  EXPECT_EQ(commentText("a\nb"), "a<U+000A>b");
  EXPECT_EQ(commentText("\u202e"), "<U+202E>"); // writes from right to left
  EXPECT_EQ(commentText("\xff"), "<FF>");
  EXPECT_EQ(commentText("\u795e"), "\u795e");
}

TEST(CText, StringsAreAscii) {
  EXPECT_EQ(stringLiteral("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(stringLiteral("\xc3\xa9"
                          "1\n"),
            R"("\303\2511\012")");
  EXPECT_EQ(stringLiteral("?\?/"), R"("\?\?/")");
}

TEST(CText, NumbersAreExact) {
  EXPECT_EQ(numberLiteral(llvm::APFloat(1.0f)), "1.0f");
  EXPECT_EQ(numberLiteral(llvm::APFloat(-0.0)), "-0.0");
  EXPECT_EQ(numberLiteral(llvm::APFloat(0.125)), "0.125");
  EXPECT_EQ(numberLiteral(llvm::APFloat(std::numeric_limits<double>::infinity())),
            "(double)INFINITY");
  EXPECT_EQ(numberLiteral(llvm::APFloat(std::numeric_limits<float>::quiet_NaN())), "NAN");
  for (double value : {0.1, 1e300, 5e-324, -3.0000000000000004, 999.875, 12345.5}) {
    EXPECT_EQ(std::strtod(numberLiteral(llvm::APFloat(value)).c_str(), nullptr), value);
  }
  for (float value : {0.1f, 3e38f, 1e-45f, -16777215.0f}) {
    EXPECT_EQ(std::strtof(numberLiteral(llvm::APFloat(value)).c_str(), nullptr), value);
  }
}

} // namespace
