//===- Loihi2Test.cpp - images, mapping and the chip model ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/map/MapNetwork.h"
#include "tests/backends/loihi2/Loihi2Models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

using namespace nirc::loihi2;

namespace {

//===----------------------------------------------------------------------===//
// The step
//===----------------------------------------------------------------------===//

/// Lava b6822fb, Dense [80, -31] into an LIF with du 1023, dv 410, vth 200 and the bias -80: its
/// own numbers. An odd weight among both signs loses its last digit there, so -31 is -32.
TEST(Loihi2Chip, IsTheWorkedExample) {
  Model model = smallModel(2, {{1023, 410, 200, -5, 4}});
  model.synapses[0] = {{0, 0, 80}, {1, 0, -32}};
  Chip chip(imageOf(model));
  std::vector<double> u, v, spikes, value;
  for (int t = 0; t < 10; ++t) {
    std::vector<double> now = {double(t == 0 || t == 2 || t == 6 || t == 7),
                               double(t == 1 || t == 4)};
    chip.step(std::vector<std::vector<double>>{now});
    chip.read(chip.contents().readouts[0], value);
    spikes.push_back(value[0]);
    chip.read(chip.contents().readouts[1], value);
    v.push_back(value[0]);
    chip.read(chip.contents().readouts[2], value);
    u.push_back(value[0]);
  }
  EXPECT_THAT(u, testing::ElementsAre(0, 5120, 1792, 6464, 4848, 1588, 1191, 6013, 9629, 7221));
  EXPECT_THAT(v, testing::ElementsAre(-80, 4969, 6183, 11948, 0, 1508, 2468, 8153, 0, 7141));
  EXPECT_THAT(spikes, testing::ElementsAre(0, 0, 0, 0, 1, 0, 0, 0, 1, 0));
  EXPECT_EQ(chip.counts().messages, 6);
  EXPECT_EQ(chip.counts().synapticOperations, 6);
  EXPECT_EQ(chip.counts().spikes, 2);
}

/// Two fifths of the current and all of v stay in a step, before the first one as after it.
TEST(Loihi2Chip, BeginsWithTheStatesOfItsImage) {
  Model model = smallModel(1, {{2457, 0, 131071, 0, 0, 1000, 7}, {2457, 0, 131071, 0, 0, -999, 0}});
  Chip chip(imageOf(model));
  std::vector<double> value;
  for (int run = 0; run < 2; ++run) {
    chip.step(std::vector<std::vector<double>>{{0}});
    chip.read(chip.contents().readouts[2], value);
    EXPECT_THAT(value, testing::ElementsAre(399, -399)) << "run " << run;
    chip.read(chip.contents().readouts[1], value);
    EXPECT_THAT(value, testing::ElementsAre(406, -399)) << "run " << run;
    chip.reset();
  }
}

/// A spike at step t through a synapse of delay d is in a of step t + 1 + d.
TEST(Loihi2Chip, DelaysAreStepsBeyondTheNext) {
  Model model = smallModel(1, {{4095, 4095, 131071, 0, 0}});
  model.synapses[0] = {{0, 0, 1}, {0, 5, 2}, {0, 62, 4}};
  Chip chip(imageOf(model));
  std::vector<double> value;
  for (int t = 0; t < 80; ++t) {
    chip.step(std::vector<std::vector<double>>{{double(t == 3)}});
    chip.read(chip.contents().readouts[2], value);
    EXPECT_EQ(value[0], 64 * (t == 4 ? 1 : t == 9 ? 2 : t == 66 ? 4 : 0)) << "step " << t;
  }
}

//===----------------------------------------------------------------------===//
// Synapses in words
//===----------------------------------------------------------------------===//

/// (source, compartment, delay) to the weight that a spike adds, of an image of one population.
using Effects = std::map<std::tuple<int64_t, int64_t, int64_t>, int64_t>;

Effects effectsOf(const Model &model) {
  Effects effects;
  for (size_t n = 0; n < model.synapses.size(); ++n) {
    for (const Synapse &each : model.synapses[n]) {
      effects[{each.source, n, each.delay}] += each.weight;
    }
  }
  return effects;
}

/// Of an image of one population, which neuron each compartment of a core is.
std::vector<int64_t> neuronsOf(const Image::Core &core) {
  std::vector<int64_t> neurons;
  for (nirc::Mapping::Range range : core.neurons.at(0).ranges) {
    for (int32_t n = range.first; n < range.end; ++n) {
      neurons.push_back(n);
    }
  }
  return neurons;
}

Effects effectsOf(const Image &image) {
  std::vector<std::vector<int64_t>> neurons;
  for (const Image::Core &core : image.cores) {
    neurons.push_back(neuronsOf(core));
  }
  Effects effects;
  auto add = [&](const RouteTable &table, auto sourceOf) {
    for (size_t i = 0; i + 1 < table.first.size(); ++i) {
      for (uint32_t r = table.first[i]; r < table.first[i + 1]; ++r) {
        const Image::Core &core = image.cores[table.routes[r].core];
        uint32_t axon = table.routes[r].axon;
        for (uint32_t s = core.firstSynapse[axon]; s < core.firstSynapse[axon + 1]; ++s) {
          const CoreSynapse &synapse = core.synapses[s];
          effects[{sourceOf(i), neurons[table.routes[r].core][synapse.compartment],
                   synapse.delay}] += synapse.weight;
        }
      }
    }
  };
  add(image.inputs[0].routes, [](size_t i) { return static_cast<int64_t>(i); });
  int64_t inputs = image.inputs[0].shape[0];
  for (size_t c = 0; c < image.cores.size(); ++c) {
    add(image.cores[c].routes, [&](size_t i) { return inputs + neurons[c][i]; });
  }
  return effects;
}

TEST(Loihi2Image, KeepsEveryWeightAndParameter) {
  constexpr int64_t largest[] = {1, 3, 100, 127, 128, 255, 256, 2000, 32640};
  uint64_t seed = 0;
  for (int64_t most : largest) {
    for (double density : {0.1, 1.0}) {
      Model model = randomModel(++seed, 30, 40, most, density);
      const std::vector<Compartment> &cells = model.populations[0].compartments;
      for (const CoreLimits &limits : {loihi2Core, CoreLimits{7, 64 * 300, 80, 4096}}) {
        Image image = imageOf(model, limits);
        EXPECT_EQ(effectsOf(image), effectsOf(model)) << "weights up to " << most;
        std::vector<Compartment> read(cells.size());
        for (const Image::Core &core : image.cores) {
          std::vector<int64_t> neurons = neuronsOf(core);
          for (size_t n = 0; n < neurons.size(); ++n) {
            read[neurons[n]] = core.compartments[n];
          }
        }
        EXPECT_EQ(read, cells);
      }
    }
  }
}

int64_t wordsOf(std::vector<int64_t> weights, int32_t longestDelay = 0) {
  Model model = smallModel(1, std::vector<Compartment>(weights.size()));
  for (size_t n = 0; n < weights.size(); ++n) {
    model.synapses[n] = {{0, n == 0 ? longestDelay : 0, weights[n]}};
  }
  return imageOf(model).cores[0].words;
}

/// A block of n synapses has 10 bits and n (weight + delay + index) bits, in whole words.
TEST(Loihi2Image, TakesAsFewBitsAsTheWeightsNeed) {
  EXPECT_EQ(wordsOf(std::vector<int64_t>(60, 64)), (10 + 60 * (1 + 6) + 63) / 64);
  EXPECT_EQ(wordsOf(std::vector<int64_t>(60, -5)), (10 + 60 * (3 + 6) + 63) / 64);
  EXPECT_EQ(wordsOf(std::vector<int64_t>(60, 65)), (10 + 60 * (8 + 6) + 63) / 64);
  EXPECT_EQ(wordsOf(std::vector<int64_t>(60, 65), 9), (10 + 60 * (8 + 4 + 6) + 63) / 64);
  std::vector<int64_t> bothSigns(60, -128);
  bothSigns[3] = 127;
  EXPECT_EQ(wordsOf(bothSigns), (10 + 60 * (8 + 6) + 63) / 64 + 0) << "mixed: even weights alone";
}

TEST(Loihi2Image, IsTheSameForTheSameModel) {
  Model model = randomModel(1, 30, 40, 300, 0.5);
  EXPECT_EQ(*writeImage(model), *writeImage(model));
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

TEST(Loihi2Map, KeepsEveryLimit) {
  Model model = randomModel(3, 100, 300, 200, 0.3);
  for (CoreLimits limits :
       {CoreLimits{1000, 64 * 100000, 4096, 4096}, CoreLimits{50, 64 * 100000, 4096, 4096},
        CoreLimits{1000, 64 * 300, 4096, 4096}, CoreLimits{1000, 64 * 100000, 380, 4096}}) {
    Image image = imageOf(model, limits);
    for (const Image::Core &core : image.cores) {
      EXPECT_LE(std::ssize(core.compartments), limits.compartments);
      EXPECT_LE(core.words * 64, limits.synapseBits);
      EXPECT_LE(std::ssize(core.firstSynapse) - 1, limits.inputAxons);
      EXPECT_LE(std::ssize(core.routes.routes), limits.outputAxons);
    }
    bool isWhole = limits.compartments > 300 && limits.synapseBits > 64 * 300 &&
                   limits.inputAxons > 400 && limits.outputAxons > 300;
    EXPECT_EQ(image.cores.size() == 1, isWhole);
  }
}

/// 100 neurons that all reach 100 others on two cores: 200 routes.
TEST(Loihi2Map, SplitsWhatSendsToTooManyCores) {
  Model model = smallModel(1, std::vector<Compartment>(200));
  model.populations[0].compartments.resize(100);
  model.populations.push_back({"next", 100, std::vector<Compartment>(100)});
  for (int32_t n = 100; n < 200; ++n) {
    for (int32_t source = 1; source <= 100; ++source) {
      model.synapses[n].push_back({source, 0, n});
    }
  }
  for (auto [most, cores] : {std::pair(200, 3), std::pair(199, 3), std::pair(60, 5)}) {
    Image image = imageOf(model, {100, 64 * 1300, 4096, most});
    EXPECT_EQ(std::ssize(image.cores), cores) << "at most " << most;
    for (const Image::Core &core : image.cores) {
      EXPECT_LE(std::ssize(core.routes.routes), most);
    }
  }
}

TEST(Loihi2Map, NamesTheNeuronThatFitsNoCore) {
  Model model = randomModel(3, 100, 10, 200, 1.0);
  nir::Result<std::string> image = writeImage(model, {1000, 64 * 10, 4096, 4096});
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().node, "cells");
  EXPECT_THAT(image.error().message, testing::HasSubstr("synapse memory, expected at most 640"));
  image = writeImage(model, {1, 64 * 100000, 4096, 5});
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().message, testing::HasSubstr("reaches 10 cores, expected at most 5"));
}

} // namespace
