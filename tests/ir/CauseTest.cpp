//===- CauseTest.cpp - the table of codes -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Cause.h"
#include "ir/Error.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>

using namespace nir;

namespace {

TEST(Cause, CodesAreNamesAndDiffer) {
  std::set<std::string_view> codes;
  for (const CauseKind &kind : causeKinds()) {
    EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
    EXPECT_TRUE(std::ranges::all_of(kind.code, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '-';
    })) << kind.code;
    EXPECT_EQ(findCause(kind.code), &kind);
  }
  EXPECT_EQ(findCause("no-such-code"), nullptr);
}

TEST(Cause, EachIsExplained) {
  std::set<std::string_view> groups;
  std::string_view group;
  for (const CauseKind &kind : causeKinds()) {
    for (std::string_view sentence : {kind.found, kind.why}) {
      EXPECT_TRUE(sentence.ends_with('.')) << kind.code;
    }
    for (std::string_view text : {kind.summary, kind.fix, kind.example}) {
      EXPECT_FALSE(text.empty() || text.ends_with('.') || text.find('|') != text.npos) << kind.code;
    }
    if (kind.group != group) { // a group is in one piece
      EXPECT_TRUE(groups.insert(kind.group).second) << kind.group;
      group = kind.group;
    }
  }
}

TEST(Cause, AnErrorHasItsCode) {
  EXPECT_EQ(Error(Cause::NoStep, "x").code, "no-step");
  EXPECT_EQ(Error::atNode(Cause::WrongShape, "lif", "x").code, "wrong-shape");
  EXPECT_EQ(Error::usage("x").code, "bad-option");
  EXPECT_EQ(Error::internal("x").code, "internal");
}

} // namespace
