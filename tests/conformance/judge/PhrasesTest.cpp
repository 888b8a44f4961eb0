//===- PhrasesTest.cpp - every choice can be said in words ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Phrases.h"
#include "ir/choices/Choices.h"

#include <gtest/gtest.h>

using namespace nirc::conformance;

namespace {

TEST(Phrases, EveryValueOfEveryChoiceHasOne) {
  for (const nir::Choice &choice : nir::choices()) {
    for (const nir::Choice::Value &value : choice.values) {
      EXPECT_NE(phraseOf(std::string(choice.name), std::string(value.name)), "")
          << choice.name << "=" << value.name << " needs a line in Phrases.cpp";
    }
  }
  EXPECT_EQ(phraseOf("ignore", "r+w_in+v_reset"), "ignores r,w_in and v_reset");
  EXPECT_EQ(phraseOf("floor", "-0.25"), "does not let v below -0.25");
}

TEST(Phrases, SayWhatChangedAndWhatThePresetHas) {
  std::vector<ChangedChoice> changes =
      changesOf(*nir::semanticsOf("nir,reset=subtract,CubaLIF.current=old"));
  ASSERT_EQ(changes.size(), 2U);
  const ChangedChoice &current = changes[changes[0].choice == "current" ? 0 : 1];
  const ChangedChoice &reset = changes[changes[0].choice == "current" ? 1 : 0];
  EXPECT_EQ(reset.family, "");
  EXPECT_EQ(reset.words, "resets by subtraction: v = v - (v_threshold - v_reset), where nir has v "
                         "= v_reset");
  EXPECT_EQ(current.family, "CubaLIF");
  EXPECT_EQ(current.value, "old");
  EXPECT_TRUE(changesOf(*nir::semanticsOf("norse")).empty());
}

TEST(Phrases, SayShifts) {
  EXPECT_EQ(shiftText(0), "");
  EXPECT_EQ(shiftText(1), "one step late");
  EXPECT_EQ(shiftText(-2), "2 steps early");
}

} // namespace
