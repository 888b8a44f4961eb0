//===- JunitTest.cpp - XML that every reader takes ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/report/Junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::conformance;
using testing::HasSubstr;
using testing::Not;

namespace {

TEST(Junit, CountsByKindAndSuite) {
  using Kind = JunitCase::Kind;
  std::string text = junitText("all", {{Kind::Passed, "a", "1", 0.25, "", ""},
                                       {Kind::Failed, "b", "2", 0.5, "differs", "at step 3"},
                                       {Kind::Broken, "a", "3", 0.0, "crashed", ""},
                                       {Kind::Skipped, "a", "4", 0.0, "refused", ""}});
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(<testsuites name="all" tests="4" failures="1" errors="1" skipped="1" time="0.750">)"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(<testsuite name="a" tests="3" failures="0" errors="1" skipped="1" time="0.250">)"));
  EXPECT_THAT(text, HasSubstr(R"(<failure message="differs">at step 3</failure>)"));
  EXPECT_THAT(text, HasSubstr(R"(<error message="crashed"></error>)"));
  EXPECT_THAT(text, HasSubstr(R"(<skipped message="refused"></skipped>)"));
}

TEST(Junit, HoldsAnyBytes) {
  std::string text = junitText("x", {{JunitCase::Kind::Failed, "<&>", "\"'", 0.0,
                                      "a\x01"
                                      "b\xff",
                                      "line\nline \x1b[31m"}});
  EXPECT_THAT(text, HasSubstr(R"(classname="&lt;&amp;&gt;" name="&quot;&apos;")"));
  EXPECT_THAT(text, HasSubstr(R"(a\x01b\xff)"));
  EXPECT_THAT(text, HasSubstr("line\nline \\x1b[31m"));
  for (char c : text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << "a control character";
  }
}

} // namespace
