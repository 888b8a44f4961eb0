//===- DamagedChipsTest.cpp - chip files and their programs, damaged ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes and values that are not what they were: a file is refused with an error that says
// something, or it is a chip, or a program that runs.
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Damage.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/TemporaryFolder.h"

#include "backends/chipfile/ChipTarget.h"
#include "backends/chipfile/ReadChip.h"
#include "backends/chipfile/Run.h"
#include "ir/choices/Choices.h"
#include "passes/Quantization.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>

using namespace nir;
using namespace nir::test;
using namespace nirc::chipfile;
using Json = nlohmann::ordered_json;

namespace {

std::string textOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// All values of a document, at any depth.
void collect(Json &json, std::vector<Json *> &all) {
  all.push_back(&json);
  for (Json &below : json) {
    if (json.is_structured()) {
      collect(below, all);
    }
  }
}

/// Another value in one place, a key less or more.
std::string mutate(const std::string &text, DamageRandom &random) {
  Json json = Json::parse(text);
  std::vector<Json *> all;
  collect(json, all);
  Json &at = *all[random.below(all.size())];
  const std::vector<Json> others = {Json(),
                                    true,
                                    -1,
                                    0,
                                    1,
                                    2,
                                    63,
                                    64,
                                    65,
                                    1000,
                                    1e300,
                                    0.5,
                                    "",
                                    "LIF",
                                    "x",
                                    Json::array(),
                                    Json::object(),
                                    INT64_MAX,
                                    INT64_MIN,
                                    UINT64_MAX,
                                    int64_t{1} << 31,
                                    Json::array({1, 2, 3})};
  switch (random.below(4)) {
  case 0:
    if (at.is_number_integer()) { // a little, or far
      at = at.get<int64_t>() + static_cast<int64_t>(random.below(7)) - 3;
      break;
    }
    [[fallthrough]];
  case 1:
    at = others[random.below(others.size())];
    break;
  case 2:
    if (at.is_object() && !at.empty()) {
      at.erase(std::next(at.begin(), static_cast<ptrdiff_t>(random.below(at.size()))));
    } else if (at.is_array() && !at.empty()) {
      at.erase(random.below(at.size()));
    }
    break;
  default:
    if (at.is_array()) {
      at.push_back(at.empty() ? Json(1) : at[random.below(at.size())]);
    } else if (at.is_object()) {
      at["more"] = 1;
    }
  }
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string damaged(const std::string &text, DamageRandom &random) {
  if (random.below(2) == 0) {
    return mutate(text, random);
  }
  std::string bytes = text;
  damage(bytes, random);
  return bytes;
}

constexpr int trials = 600;

TEST(DamagedChips, AreRefusedOrAreChips) {
  std::string text = textOf(NIRC_SOURCE_DIR "/examples/chip-file/pocket.json");
  ASSERT_TRUE(readChip(text));
  DamageRandom random{std::mt19937_64(1)};
  int refused = 0;
  for (int i = 0; i < trials; ++i) {
    std::string bytes = damaged(text, random);
    Result<Chip> chip = readChip(bytes);
    if (chip) {
      auto target = targetOf(*chip);
      EXPECT_FALSE(target->summary().empty());
    } else {
      ++refused;
      EXPECT_FALSE(chip.error().message.empty());
      EXPECT_FALSE(chip.error().code.empty());
    }
  }
  EXPECT_GT(refused, trials / 2);
  EXPECT_LT(refused, trials);
}

/// A program of a network with loops and delays, and an input of it.
struct Programs {
  Programs() {
    auto chip = readChip(R"({"nirc-chip": 1, "name": "small",
      "cores": {"columns": 20, "rows": 20, "neurons": 7},
      "synapse": {"weight-bits": 8, "delay": 200}})");
    target = targetOf(*chip);
    for (uint64_t seed = 1; texts.size() < 3; ++seed) {
      Graph graph = Layers(seed).build();
      nirc::Job job;
      job.graph = &graph;
      job.file = "random.nir";
      job.semantics = *semanticsOf("nir,schedule=pipelined,dt=1e-3");
      job.quantization = nirc::QuantizationOptions{*numberFormatOf("int8"), nullptr};
      auto artifact = target->emit(job, {});
      if (artifact) {
        texts.push_back(artifact->files[0].bytes);
        inputs.push_back(spikesFor(graph, 1e-3, 8, seed));
      }
    }
  }
  std::shared_ptr<const nirc::Target> target;
  std::vector<std::string> texts;
  std::vector<Recording> inputs;
};

TEST(DamagedChips, ProgramsAreRefusedOrRun) {
  Programs programs;
  DamageRandom random{std::mt19937_64(2)};
  int refused = 0, ran = 0;
  for (int i = 0; i < trials; ++i) {
    size_t which = random.below(programs.texts.size());
    std::string bytes = damaged(programs.texts[which], random);
    Result<CoreNetwork> network = readNetwork(bytes);
    if (!network) {
      ++refused;
      EXPECT_FALSE(network.error().message.empty());
      continue;
    }
    auto executable = executableOf(*std::move(network), "damaged.json", 0.0);
    Result<Recording> got = executable->run(programs.inputs[which], {});
    ran += static_cast<bool>(got);
    auto stepper = executable->start(1);
    ASSERT_TRUE(stepper);
    EXPECT_FALSE((*stepper)->step());
    EXPECT_FALSE((*stepper)->restore((*stepper)->snapshot()));
  }
  EXPECT_GT(refused, trials / 4);
  EXPECT_GT(ran, trials / 20);
}

/// Snapshots of another program, cut and changed.
TEST(DamagedChips, SnapshotsAreRefusedOrTaken) {
  Programs programs;
  auto first = executableOf(*readNetwork(programs.texts[0]), "a", 0.0);
  auto other = executableOf(*readNetwork(programs.texts[1]), "b", 0.0);
  auto stepper = *first->start(2), others = *other->start(2);
  ASSERT_FALSE(stepper->step());
  std::string snapshot = stepper->snapshot();
  EXPECT_TRUE(stepper->restore(others->snapshot()));
  EXPECT_TRUE(stepper->restore(""));
  EXPECT_TRUE(stepper->restore(snapshot.substr(0, snapshot.size() / 2)));
  EXPECT_TRUE(stepper->restore(snapshot + "x"));
  EXPECT_EQ(stepper->snapshot(), snapshot) << "what was refused changed nothing";
  DamageRandom random{std::mt19937_64(3)};
  for (int i = 0; i < 200; ++i) {
    std::string bytes = snapshot;
    damage(bytes, random);
    (void)stepper->restore(bytes);
    EXPECT_FALSE(stepper->step());
  }
  EXPECT_FALSE(stepper->restore(snapshot));
  EXPECT_EQ(stepper->snapshot(), snapshot);
}

} // namespace
