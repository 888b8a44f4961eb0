//===- ChoicesTest.cpp - the table of choices -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Choices.h"

#include "ir/choices/Presets.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

TEST(ChoicesTest, EveryPresetIsReadBackFromItsText) {
  for (const Preset &preset : presets()) {
    SCOPED_TRACE(preset.name);
    Result<Semantics> semantics = presetSemantics(preset.name);
    ASSERT_TRUE(semantics) << semantics.error().str();
    EXPECT_FALSE(checkSemantics(*semantics));
    EXPECT_EQ(semantics->text(), preset.name);
    // As a difference to "nir" it is the same choices.
    Semantics unnamed = *semantics;
    unnamed.preset = "nir";
    Result<Semantics> again = semanticsOf(unnamed.text());
    ASSERT_TRUE(again) << again.error().str();
    EXPECT_EQ(*again, unnamed);
  }
}

TEST(ChoicesTest, TheSpecificationListsEveryChoiceAndValue) {
  std::ifstream file(NIRC_SOURCE_DIR "/docs/semantics.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    rows.push_back(line);
  }
  for (const Choice &choice : choices()) {
    std::string start = fmt::format("| `{}` | ", choice.name);
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const std::string &line) { return line.starts_with(start); });
    ASSERT_NE(row, rows.end()) << "docs/semantics.md has no row for " << choice.name;
    for (const Choice::Value &value : choice.values) {
      EXPECT_THAT(*row, HasSubstr(fmt::format("`{}`", value.name)));
    }
  }
}

TEST(ChoicesTest, NamesThatDoNotExistAreAnsweredWithThoseThatDo) {
  auto error = [](std::string_view text) {
    Result<Semantics> semantics = semanticsOf(text);
    return semantics ? std::string() : semantics.error().message;
  };
  EXPECT_THAT(error("nors"), StartsWith("no semantics is called 'nors', there are nir, norse,"));
  EXPECT_EQ(error("norse,subtract"), "found 'subtract', expected CHOICE=VALUE: only the first word "
                                     "is the name of a preset");
  EXPECT_EQ(error("reset=zero"), "no reset is called 'zero', there are to-value, subtract");
  EXPECT_EQ(error("floor=low"), "no floor is called 'low', there are none, -threshold or a number");
  EXPECT_EQ(error("floor=nan"), "no floor is called 'nan', there are none, -threshold or a number");
  EXPECT_EQ(error("ignore=r+tau"), "no ignore is called 'r+tau', there are none, r, w_in, v_leak, "
                                   "v_reset and several joined by +");
  EXPECT_THAT(error("CubaLIF.schedule=events"),
              StartsWith("no choice is called 'CubaLIF.schedule'"));
  EXPECT_THAT(error("SRM.reset=subtract"), StartsWith("no choice is called 'SRM.reset'"));
  EXPECT_EQ(error("dt=0"), "dt is '0', expected a positive number of seconds");
  EXPECT_EQ(error("dt=1ms"), "dt is '1ms', expected a positive number of seconds");
  EXPECT_THAT(error(","), StartsWith("no semantics is called ''"));
}

/// However it is written. Found by fuzz-semantics.
TEST(ChoicesTest, APathWithoutLettersIsNoLateEdge) {
  using namespace std::string_view_literals;
  for (std::string_view text : {"nir,late=a:b%00"sv, "nir,late=a:b\0"sv, "nir,late=a\x7f:b"sv}) {
    EXPECT_FALSE(semanticsOf(text)) << text;
  }
  Result<Semantics> semantics = semanticsOf("nir,late=a b:ν"); // a name that can be shown
  ASSERT_TRUE(semantics) << semantics.error().str();
  EXPECT_EQ(*semanticsOf(semantics->text()), *semantics);
}

TEST(ChoicesTest, ContradictionsAreRefused) {
  auto error = [](std::string_view text) {
    Status bad = checkSemantics(*semanticsOf(text));
    return bad ? bad->message : std::string();
  };
  EXPECT_EQ(error("spike-test=old,reset-delay=1"),
            "IF: reset-delay=1 does not go with spike-test=old");
  EXPECT_EQ(error("integrator=exact,CubaLIF.gain=unit"),
            "CubaLIF: a gain or a synapse of its own does not go with integrator=exact");
  EXPECT_EQ(error("integrator=exact,current=old"),
            "CubaLIF: current=old does not go with integrator=exact");
  EXPECT_EQ(error("integrator=exact,enters=before-decay"),
            "CubaLIF: a held input that enters before-decay does not go with integrator=exact");
  EXPECT_EQ(error("integrator=exact,CubaLIF.drive=impulse,enters=before-decay"), "");
  EXPECT_EQ(error("nengo-direct,IF.drive=held,after-spike=rest,LIF.reset=subtract"),
            "LIF: after-spike=rest does not go with a spike that is not reset to a value at once");
  // The rest follows from the current at the crossing, which the old one is not.
  EXPECT_EQ(error("nengo-direct,IF.drive=held,after-spike=rest,current=old"),
            "CubaLIF: after-spike=rest does not go with current=old");
  EXPECT_EQ(error("nengo-direct,IF.drive=held,after-spike=rest,gain=unit"),
            "IF: after-spike=rest does not go with anything but "
            "integrator=exp-euler and a held input");
  EXPECT_EQ(error("nengo-direct,IF.drive=held,after-spike=rest"), "");
}

} // namespace
