//===- StoredTest.cpp - what files hold of choices ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Stored.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

/// v1 as it was when the first file was written. It may grow by what is new; nothing in it changes.
constexpr std::string_view firstChoices[] = {"integrator=euler",
                                             "gain=integrator",
                                             "drive=held",
                                             "IF.drive=impulse",
                                             "enters=after-decay",
                                             "synapse-integrator=same",
                                             "synapse-gain=same",
                                             "current=new",
                                             "spike-test=new",
                                             "spike-when=gt",
                                             "spikes-per-step=single",
                                             "reset=to-value",
                                             "reset-delay=0",
                                             "late-reset=after-update",
                                             "after-spike=whole-step",
                                             "floor=none",
                                             "ignore=none",
                                             "schedule=sequential",
                                             "feedback-start=bias"};
constexpr std::string_view firstFields[] = {"weight-bits=8",
                                            "weight-code=symmetric",
                                            "granularity=tensor",
                                            "scales=free",
                                            "scale=auto",
                                            "weight-range=max",
                                            "constants=nearest-even",
                                            "accumulator-bits=32",
                                            "accumulator-overflow=saturate",
                                            "signal-bits=8",
                                            "signal-range=max",
                                            "states=integer",
                                            "state-bits=24",
                                            "current-overflow=saturate",
                                            "membrane-overflow=saturate",
                                            "fraction-bits=auto",
                                            "multiplier-bits=16",
                                            "multiplier=floating",
                                            "rounding=nearest-even",
                                            "seed=0",
                                            "bias-bits=0",
                                            "threshold-step=1",
                                            "kept-bits=all",
                                            "kept-levels=uniform"};

std::vector<std::string> itemsOf(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    size_t comma = std::min(list.find(','), list.size());
    items.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return items;
}

bool names(const std::vector<std::string> &items, std::string_view name) {
  return std::any_of(items.begin(), items.end(), [&](const std::string &item) {
    return item.starts_with(fmt::format("{}=", name));
  });
}

TEST(StoredTest, TheBaseIsCompleteAndKeepsItsValues) {
  std::vector<std::string> choicesNow = itemsOf(choicesOfV1()), fieldsNow = itemsOf(fieldsOfV1());
  for (std::string_view item : firstChoices) {
    EXPECT_THAT(choicesNow, testing::Contains(std::string(item)));
  }
  for (std::string_view item : firstFields) {
    EXPECT_THAT(fieldsNow, testing::Contains(std::string(item)));
  }
  for (const Choice &choice : choices()) {
    EXPECT_TRUE(names(choicesNow, choice.name)) << choice.name;
  }
  for (const FormatField &field : formatFields()) {
    EXPECT_TRUE(names(fieldsNow, field.name)) << field.name;
  }
  EXPECT_EQ(Semantics().stored(), "nir[v1]");
  EXPECT_EQ(NumberFormat().stored(), "int8[v1]");
  EXPECT_EQ(semanticsOf("norse")->stored(),
            "norse[v1,start=v_leak,IF.ignore=r+v_reset,"
            "LIF.ignore=r+v_reset,CubaLIF.ignore=v_reset,feedback-start=zero,"
            "duplicate-edges=once]");
  EXPECT_EQ(numberFormatOf("q3.4,seed=7")->stored(),
            "q3.4,seed=7[v1,scale=16,state-bits=8,fraction-bits=0,multiplier=fixed,rounding=floor,"
            "seed=7]");
}

/// Every preset, and each of its choices replaced by each other value, for all families and for
/// one: what goes together of them.
std::vector<Semantics> allVariations() {
  std::vector<Semantics> all;
  for (const Preset &preset : presets()) {
    std::vector<std::string> texts{std::string(preset.name)};
    for (const Choice &choice : choices()) {
      std::vector<std::string> values;
      for (const Choice::Value &value : choice.values) {
        values.emplace_back(value.name);
      }
      if (choice.isOpen) {
        values.emplace_back(choice.name == "floor"  ? "-0.3"
                            : choice.name == "late" ? "a:b+c%20d:e.f"
                                                    : "r+v_leak");
      }
      for (const std::string &value : values) {
        texts.push_back(fmt::format("{},{}={}", preset.name, choice.name, value));
        for (Family family : families) {
          if (choice.perFamily) {
            texts.push_back(
                fmt::format("{},{}.{}={}", preset.name, name(family), choice.name, value));
          }
        }
      }
    }
    for (const std::string &text : texts) {
      Result<Semantics> semantics = semanticsOf(text);
      EXPECT_TRUE(semantics) << text;
      if (semantics && !checkSemantics(*semantics)) {
        all.push_back(*semantics);
      }
    }
  }
  return all;
}

std::vector<NumberFormat> allFormats() {
  std::vector<NumberFormat> all;
  std::vector<std::string> names{"q3.4"};
  for (const FormatPreset &preset : formatPresets()) {
    names.emplace_back(preset.name);
  }
  for (const std::string &name : names) {
    all.push_back(*numberFormatOf(name));
    for (const FormatField &field : formatFields()) {
      std::vector<std::string> values{
          "0", "1", "2", "5", "8", "12", "16", "24", "32", "0.1", "percentile:99.5"};
      for (const FormatField::Value &value : field.values) {
        values.emplace_back(value.name);
      }
      for (const std::string &value : values) {
        if (auto format = numberFormatOf(fmt::format("{},{}={}", name, field.name, value))) {
          all.push_back(*format);
        }
      }
    }
  }
  return all;
}

TEST(StoredTest, EveryVariationOfEveryPresetIsReadBack) {
  std::vector<Semantics> all = allVariations();
  EXPECT_GT(all.size(), 1500u);
  for (const Semantics &semantics : all) {
    Result<Semantics> again = semanticsOf(semantics.stored());
    ASSERT_TRUE(again) << again.error().str();
    EXPECT_EQ(*again, semantics) << semantics.stored();
    EXPECT_EQ(again->stored(), semantics.stored());
    EXPECT_EQ(nameDrift(semantics.text(), *again), "");
  }
}

TEST(StoredTest, EveryVariationOfEveryFormatIsReadBack) {
  std::vector<NumberFormat> all = allFormats();
  EXPECT_GT(all.size(), 700u);
  for (const NumberFormat &format : all) {
    Result<NumberFormat> again = numberFormatOf(format.stored());
    ASSERT_TRUE(again) << again.error().str();
    EXPECT_EQ(again->stored(), format.stored());
    EXPECT_EQ(again->text(), format.text());
    EXPECT_EQ(nameDrift(format.text(), *again), "");
  }
}

/// A later nirc: every name but that of the default has the choices of the next, and the last is
/// gone.
std::vector<Preset> changedPresets() {
  std::vector<Preset> changed = presets();
  for (size_t i = 1; i + 1 < changed.size(); ++i) {
    changed[i].choices = presets()[i + 1].choices;
  }
  changed.pop_back();
  return changed;
}

TEST(StoredTest, AChangedPresetChangesNothingThatIsStored) {
  std::vector<Semantics> all = allVariations();
  std::vector<std::string> stored, names;
  for (const Semantics &semantics : all) {
    stored.push_back(semantics.stored());
    names.push_back(semantics.text());
  }
  OtherPresets later(changedPresets());
  size_t drifted = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(stored[i]);
    Result<Semantics> read = semanticsOf(stored[i]);
    ASSERT_TRUE(read) << read.error().str();
    EXPECT_EQ(read->rules, all[i].rules);
    EXPECT_EQ(read->timing, all[i].timing);
    EXPECT_EQ(read->feedbackStart, all[i].feedbackStart);
    EXPECT_EQ(read->late, all[i].late);
    EXPECT_EQ(read->duplicateEdges, all[i].duplicateEdges);
    // By the names of then it is called something that means the same.
    Result<Semantics> renamed = semanticsOf(read->text());
    ASSERT_TRUE(renamed) << renamed.error().str();
    EXPECT_EQ(*renamed, *read);
    // And where the old name means something else, that is said.
    Result<Semantics> byName = semanticsOf(names[i]);
    bool isSame = byName && byName->rules == all[i].rules && byName->timing == all[i].timing &&
                  byName->feedbackStart == all[i].feedbackStart &&
                  byName->duplicateEdges == all[i].duplicateEdges;
    EXPECT_EQ(nameDrift(names[i], *read).empty(), isSame);
    drifted += isSame ? 0 : 1;
  }
  EXPECT_GT(drifted, all.size() / 2);
  Semantics exact = *semanticsOf(stored.back());
  EXPECT_EQ(exact.preset, "nir"); // its own preset is gone
  EXPECT_THAT(nameDrift("exact", exact),
              StartsWith("the file's semantics is called 'exact', which is not known here; its own "
                         "choices count: nir,integrator="));
}

TEST(StoredTest, AChangedFormatChangesNothingThatIsStored) {
  std::vector<std::string> stored, names;
  for (const NumberFormat &format : allFormats()) {
    stored.push_back(format.stored());
    names.push_back(format.text());
  }
  std::vector<FormatPreset> changed = formatPresets();
  for (size_t i = 0; i + 1 < changed.size(); ++i) {
    changed[i].fields = formatPresets()[i + 1].fields; // even of the default
  }
  std::vector<NumberFormat> before;
  for (const std::string &text : stored) {
    before.push_back(*numberFormatOf(text));
  }
  OtherFormatPresets later(changed);
  size_t drifted = 0;
  for (size_t i = 0; i < stored.size(); ++i) {
    SCOPED_TRACE(stored[i]);
    Result<NumberFormat> read = numberFormatOf(stored[i]);
    ASSERT_TRUE(read) << read.error().str();
    EXPECT_EQ(*read, before[i]);
    EXPECT_EQ(completeFields(*numberFormatOf(read->text())), completeFields(*read));
    drifted += nameDrift(names[i], *read).empty() ? 0 : 1;
  }
  EXPECT_GT(drifted, stored.size() / 2);
}

TEST(StoredTest, ANameMeansWhatItMeansToday) {
  Semantics before = *semanticsOf("norse");
  OtherPresets later(changedPresets());
  EXPECT_NE(semanticsOf("norse")->rules, before.rules);
  EXPECT_EQ(nameDrift("norse", before),
            "the file's semantics is called 'norse', which means another one here; its own choices "
            "count: norse,gain=integrator,start=v_leak,IF.ignore=r+v_reset,LIF.ignore=r+v_reset,"
            "feedback-start=zero");
}

TEST(StoredTest, WhatIsNotStoredSoIsRefused) {
  auto error = [](std::string_view text) {
    Result<Semantics> semantics = semanticsOf(text);
    return semantics ? std::string("none") : semantics.error().str();
  };
  EXPECT_EQ(error("norse[v2,reset=subtract]"),
            "error: the choices of 'norse' are counted from 'v2', expected v1\n"
            "note: a later nirc wrote them, and that one reads them");
  EXPECT_EQ(error("norse[v1"),
            "error: found 'norse[v1', expected NAME or NAME[v1,CHOICE=VALUE,...]");
  EXPECT_THAT(error("[v1]"), StartsWith("error: found '[v1]', expected NAME"));
  EXPECT_THAT(error("no rse[v1]"), StartsWith("error: found 'no rse[v1]', expected NAME"));
  EXPECT_THAT(error("norse[]"), HasSubstr("counted from '', expected v1"));
  EXPECT_THAT(error("norse[v1,reset=zero]"), StartsWith("error: no reset is called 'zero'"));
  EXPECT_THAT(error("norse[v1,sinabs]"),
              StartsWith("error: found 'sinabs', expected CHOICE=VALUE"));
  EXPECT_THAT(error("norse[v1][v1]"), StartsWith("error: the choices of 'norse' are counted from"));
  EXPECT_EQ(error("anything[v1,reset=subtract]"), "none");
  EXPECT_FALSE(numberFormatOf("int8[v2]"));
  EXPECT_FALSE(numberFormatOf("int8[v1,weight-code=loihi,weight-bits=12]")); // a contradiction
  EXPECT_TRUE(numberFormatOf("int8[v1,weight-bits=12]"));
}

} // namespace
