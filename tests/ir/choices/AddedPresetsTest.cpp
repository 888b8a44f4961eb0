//===- AddedPresetsTest.cpp - presets that backends bring -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Choices.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "tests/support/Alone.h"

#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

using namespace nir;
using nir::test::alone;

namespace {

std::string messageOf(const Status &status) { return status ? status->message : ""; }

void areKnown() {
  const std::vector<Preset> &before = presets();
  size_t count = before.size();
  {
    std::string name = "added", choices = "reset=subtract,LIF.drive=impulse";
    ASSERT_EQ(messageOf(addPreset({name, "summary", choices, "source", ""})), "");
  } // its texts were copied
  EXPECT_EQ(before.size(), count) << "a table that is being read stays as it is";
  ASSERT_EQ(presets().size(), count + 1);
  EXPECT_EQ(presets().back().choices, "reset=subtract,LIF.drive=impulse");
  Result<Semantics> semantics = semanticsOf("added,schedule=pipelined");
  ASSERT_TRUE(semantics) << semantics.error().str();
  EXPECT_EQ((*semantics)[Family::LIF].input, InputMeaning::Impulse);
  EXPECT_EQ(semantics->text(), "added,schedule=pipelined");
  EXPECT_EQ(*semanticsOf(semantics->stored()), *semantics);

  ASSERT_EQ(messageOf(addFormatPreset({"added", "summary", "weight-bits=5,rounding=floor", ""})),
            "");
  Result<NumberFormat> format = numberFormatOf("added,state-bits=16");
  ASSERT_TRUE(format) << format.error().str();
  EXPECT_EQ(format->weightBits, 5);
  EXPECT_EQ(format->text(), "added,state-bits=16");
}

TEST(AddedPresets, AreKnownByTheirNames) { alone(areKnown); }

TEST(AddedPresets, AreRefusedWhereTheyAreWrong) {
  size_t count = presets().size(), formats = formatPresets().size();
  EXPECT_EQ(messageOf(addPreset({"norse", "", "", "", ""})),
            "there is a semantics preset 'norse' already");
  EXPECT_EQ(messageOf(addPreset({"a,b", "", "", "", ""})),
            "a semantics preset is called 'a,b', expected a name of small letters, digits and '-' "
            "that begins with a letter and has at most 40 characters");
  for (const char *name : {"", "8bit", "Mine", "a\nb", "a[b", "a=b"}) {
    EXPECT_NE(messageOf(addPreset({name, "", "", "", ""})), "") << name;
    EXPECT_NE(messageOf(addFormatPreset({name, "", "", ""})), "") << name;
  }
  EXPECT_EQ(messageOf(addPreset({"mine", "", "reset=subtract,dt=1e-3", "", ""})),
            "semantics preset 'mine': found dt, expected choices alone");
  EXPECT_NE(messageOf(addPreset({"mine", "", "reset=never", "", ""})), "");
  EXPECT_EQ(messageOf(addFormatPreset({"int4", "", "", ""})),
            "there is a number format 'int4' already");
  EXPECT_NE(messageOf(addFormatPreset({"mine", "", "weight-code=loihi,weight-bits=12", ""})), "");
  EXPECT_EQ(presets().size(), count);
  EXPECT_EQ(formatPresets().size(), formats);
}

void areAddedWhileOthersRead() {
  size_t count = formatPresets().size();
  constexpr int each = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < each; ++i) {
        std::string name = "f" + std::to_string(t) + "-" + std::to_string(i);
        EXPECT_FALSE(addFormatPreset({name, "", "weight-bits=6", ""}));
      }
    });
    threads.emplace_back([] {
      for (int i = 0; i < each; ++i) {
        for (const FormatPreset &preset : formatPresets()) {
          EXPECT_FALSE(preset.name.empty());
        }
      }
    });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  EXPECT_EQ(formatPresets().size(), count + 2 * each);
}

TEST(AddedPresets, AreAddedWhileOthersRead) { alone(areAddedWhileOthersRead); }

} // namespace
