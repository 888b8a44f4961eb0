//===- WordsTest.cpp - commands, split ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::conformance;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

TEST(Words, AreSplitAsAShellDoes) {
  EXPECT_THAT(*wordsOf("python3 sim.py {model}"), ElementsAre("python3", "sim.py", "{model}"));
  EXPECT_THAT(*wordsOf("  a\t'b c'  \"d e\" "), ElementsAre("a", "b c", "d e"));
  EXPECT_THAT(*wordsOf("x'y z'\"w\""), ElementsAre("xy zw"));
  EXPECT_THAT(*wordsOf("a\\ b '\\n' \"\\n\\\"\""), ElementsAre("a b", "\\n", "\\n\""));
  EXPECT_THAT(*wordsOf("a '' b"), ElementsAre("a", "", "b"));
}

TEST(Words, NothingElseHasAMeaning) {
  EXPECT_THAT(*wordsOf("a; rm *; $(b) | c > d"),
              ElementsAre("a;", "rm", "*;", "$(b)", "|", "c", ">", "d"));
}

TEST(Words, OfBrokenCommandsAreErrors) {
  EXPECT_THAT(wordsOf("a 'b").error().message, HasSubstr("found a ' without its end"));
  EXPECT_THAT(wordsOf("a \"b").error().message, HasSubstr("found a \" without its end"));
  EXPECT_THAT(wordsOf("  ").error().message, HasSubstr("found an empty command"));
}

TEST(Words, AreFilledAlsoInside) {
  EXPECT_THAT(
      filled({"--in={input}", "{other}", "{", "{input", "{input}{input}"}, {{"input", "x y"}}),
      ElementsAre("--in=x y", "{other}", "{", "{input", "x yx y"));
  // What is filled in is not looked at again.
  EXPECT_THAT(filled({"{a}"}, {{"a", "{b}"}, {"b", "c"}}), ElementsAre("{b}"));
}

} // namespace
