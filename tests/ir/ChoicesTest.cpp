//===- ChoicesTest.cpp - the table of choices -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Choices.h"

#include "ir/Presets.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using testing::HasSubstr;

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

} // namespace
