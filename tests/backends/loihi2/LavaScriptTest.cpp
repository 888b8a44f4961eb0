//===- LavaScriptTest.cpp - networks as scripts for Lava ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/lava/LavaConnections.h"
#include "backends/loihi2/lava/WriteLava.h"
#include "backends/python/Npz.h"
#include "tests/support/Random.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

using namespace nirc::loihi2;
using nir::Tensor;
using nir::test::Random;

namespace {

constexpr int64_t steps = 60;

/// A weight as small networks have it, or one that takes all of mantissas and exponents.
int64_t weightOf(Random &random, int kind, int64_t most) {
  switch (kind) {
  case 0:
    return random.between(-127, 127) * 2;
  case 1:
    return random.between(1, 255);
  case 2:
    return random.between(-most, most);
  default:
    return random.between(-255, 255) * (int64_t{1} << random.between(0, 7));
  }
}

/// Several inputs and populations, and synapses between any of them, several of some pairs.
Model randomModel(uint64_t seed, int64_t most) {
  Random random(seed);
  Model model;
  model.dtSeconds = 1e-3;
  for (int64_t i = 0, count = random.between(1, 3); i < count; ++i) {
    nir::Shape shape = random.chance(0.3) ? nir::Shape{random.between(1, 2), 3, 2}
                                          : nir::Shape{random.between(1, 12)};
    model.inputs.push_back({fmt::format("in \"{}\"", i), shape, model.inputElements});
    model.inputElements += static_cast<int32_t>(nir::numElements(shape));
  }
  int32_t first = 0;
  for (int64_t p = 0, count = random.between(1, 4); p < count; ++p) {
    Population population{fmt::format("cells\n{}", p), first, {}};
    for (int64_t n = 0, size = random.between(1, 10); n < size; ++n) {
      population.compartments.push_back({static_cast<int32_t>(random.between(0, 4095)),
                                         static_cast<int32_t>(random.between(0, 4095)),
                                         static_cast<int32_t>(random.between(0, 3000)),
                                         static_cast<int32_t>(random.between(-20, 100)),
                                         static_cast<int32_t>(random.between(0, 7)),
                                         static_cast<int32_t>(random.between(-50000, 50000)),
                                         static_cast<int32_t>(random.between(-50000, 50000))});
    }
    first += static_cast<int32_t>(population.compartments.size());
    std::vector<int32_t> all;
    for (int32_t n = population.first; n < first; ++n) {
      all.push_back(n);
    }
    model.readouts.push_back({fmt::format("out{}", p),
                              "spikes",
                              Readout::Kind::Spikes,
                              {1, std::ssize(all)},
                              {},
                              all,
                              0});
    model.populations.push_back(std::move(population));
  }
  double density = random.uniform(0.1, 0.6);
  bool isDelayed = random.chance(0.5);
  auto kind = static_cast<int>(random.between(0, 3));
  for (int32_t n = 0; n < first; ++n) {
    std::vector<Synapse> &synapses = model.synapses.emplace_back();
    for (int32_t source = 0; source < model.inputElements + first; ++source) {
      for (int32_t delay = 0; delay <= 62 && random.chance(density);
           delay += static_cast<int32_t>(random.between(1, 40))) {
        int64_t weight = weightOf(random, kind, most);
        if (weight != 0 && (isDelayed || delay == 0)) {
          synapses.push_back({source, delay, weight});
        }
      }
    }
  }
  return model;
}

//===----------------------------------------------------------------------===//
// Connections
//===----------------------------------------------------------------------===//

/// Lava's synapses lose nothing of such weights, and together they are those of the model.
TEST(LavaConnections, AreTheSynapses) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Model model = randomModel(seed, 32895);
    std::map<std::tuple<int, int, int>, int64_t> want,
        got; // target, source, delay: twice its weight
    for (size_t n = 0; n < model.synapses.size(); ++n) {
      for (const Synapse &each : model.synapses[n]) {
        want[{static_cast<int>(n), each.source, each.delay}] = 2 * each.weight;
      }
    }
    for (const LavaConnection &each : lavaConnections(model)) {
      using Sign = LavaConnection::Sign;
      auto inputs = static_cast<int>(model.inputs.size());
      int source = each.from < inputs
                       ? model.inputs[size_t(each.from)].first
                       : model.inputElements + model.populations[size_t(each.from - inputs)].first;
      int target = model.populations[size_t(each.to)].first;
      ASSERT_GE(each.exponent, -1);
      ASSERT_LE(each.exponent, 7);
      std::map<std::pair<int, int>, int> pairs;
      for (size_t i = 0; i < each.weights.size(); ++i) {
        int64_t weight = each.weights[i];
        ASSERT_NE(weight, 0);
        ASSERT_GE(weight, each.sign == Sign::Excitatory ? 0
                          : each.sign == Sign::Mixed    ? -256
                                                        : -255);
        ASSERT_LE(weight, each.sign == Sign::Inhibitory ? 0 : 255);
        ASSERT_TRUE(each.sign != Sign::Mixed || weight % 2 == 0);
        ASSERT_EQ((pairs[{each.rows[i], each.columns[i]}]++), 0);
        int delay = each.delays.empty() ? 0 : each.delays[i];
        got[{target + each.rows[i], source + each.columns[i], delay}] +=
            weight * (int64_t{1} << (each.exponent + 1));
      }
    }
    ASSERT_EQ(got, want) << "seed " << seed;
  }
}

/// As few as hold them.
TEST(LavaConnections, AreFew) {
  auto countFor = [](std::vector<int64_t> weights) {
    Model model;
    model.inputs.push_back({"in", {std::ssize(weights)}, 0});
    model.inputElements = static_cast<int32_t>(weights.size());
    model.populations.push_back({"cells", 0, {{}}});
    model.synapses.emplace_back();
    for (int64_t weight : weights) {
      model.synapses[0].push_back({static_cast<int32_t>(model.synapses[0].size()), 0, weight});
    }
    return lavaConnections(model).size();
  };
  EXPECT_EQ(countFor({-128, 127}), 1u);
  EXPECT_EQ(countFor({-256, 254}), 1u);
  EXPECT_EQ(countFor({-128 * 128, 127 * 128}), 1u);
  EXPECT_EQ(countFor({1, 255}), 1u);
  EXPECT_EQ(countFor({-1, -255}), 1u);
  EXPECT_EQ(countFor({255 << 7, 128}), 1u);
  EXPECT_EQ(countFor({-1, 255}), 2u);
  EXPECT_EQ(countFor({1, 256}), 2u);
  EXPECT_EQ(countFor({32895}), 2u);
  EXPECT_EQ(countFor({-32895, 32895}), 4u);
}

//===----------------------------------------------------------------------===//
// Scripts
//===----------------------------------------------------------------------===//

nir::Recording spikesFor(const Model &model, Random &random) {
  nir::Recording input{model.dtSeconds, {}};
  for (const SpikeInput &port : model.inputs) {
    nir::Shape shape{2, steps};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    std::vector<double> values;
    for (int64_t i = 0; i < nir::numElements(shape); ++i) {
      values.push_back(random.chance(0.2) ? 1.0 : 0.0);
    }
    input.traces.push_back({port.node, "value", Tensor::of<double>(shape, values)});
  }
  return input;
}

void writeNpz(const std::filesystem::path &path, const nir::Recording &recording) {
  std::vector<std::pair<std::string, Tensor>> arrays;
  for (const nir::Trace &trace : recording.traces) {
    arrays.emplace_back(trace.node, trace.data);
  }
  std::ofstream(path, std::ios::binary) << *nirc::npzBytes(arrays);
}

/// Writes some models as scripts, with inputs and what the chip model makes of them, and has Python
/// compare.
void expectChipsSpikes(const std::string &python, const std::string &options, uint64_t models) {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("nirc-lava-{}{}", getpid(), options);
  std::filesystem::create_directories(folder);
  int64_t spikes = 0;
  for (uint64_t seed = 0; seed < models; ++seed) {
    Model model = randomModel(seed, 32767);
    Random random(seed);
    nir::Recording input = spikesFor(model, random);
    nir::Result<std::string> image = writeImage(model);
    ASSERT_TRUE(image) << image.error().str();
    nir::Result<Image> read = readImage(*image);
    ASSERT_TRUE(read) << read.error().str();
    Chip chip(*std::move(read));
    nir::Result<nir::Recording> want = run(chip, input);
    ASSERT_TRUE(want) << want.error().str();
    for (double each : want->traces[0].data.toDoubles()) {
      spikes += each != 0;
    }
    nir::Result<LavaScript> lava = writeLava(model);
    ASSERT_TRUE(lava) << lava.error().str();
    auto path = [&](const char *ending) { return folder / fmt::format("net{}{}", seed, ending); };
    std::ofstream(path(".py")) << lava->script;
    std::ofstream(path(".npz"), std::ios::binary) << lava->arrays;
    writeNpz(path(".in.npz"), input);
    writeNpz(path(".want.npz"), *want);
  }
  EXPECT_GT(spikes, 0);
  std::string command =
      fmt::format("'{}' {}/tests/backends/loihi2/Inputs/check_scripts.py {} '{}' > '{}/log' 2>&1",
                  python, NIRC_SOURCE_DIR, options, folder.string(), folder.string());
  EXPECT_EQ(std::system(command.c_str()), 0) << std::ifstream(folder / "log").rdbuf();
  std::filesystem::remove_all(folder);
}

TEST(LavaScript, RecordsSpikesAlone) {
  Model model = randomModel(1, 255);
  model.readouts[0].kind = Readout::Kind::Voltage;
  nir::Result<LavaScript> lava = writeLava(model);
  ASSERT_FALSE(lava);
  EXPECT_EQ(lava.error().str(),
            "error: node 'out0': is read as a state of neurons, expected spikes: "
            "the script for Lava records nothing else\n"
            "note: --emit=image, or connect the output to spiking neurons");
}

TEST(LavaScript, HasTheChipsSpikesByHand) {
  if (std::system("/usr/bin/python3 -c 'import numpy' > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no python3 with numpy";
  }
  expectChipsSpikes("/usr/bin/python3", "--stand-in", 16);
}

/// By Lava itself, which is no package of Debian: NIRC_LAVA_PYTHON is a python3 that imports it.
TEST(LavaScript, HasTheChipsSpikesOnLava) {
  const char *python = std::getenv("NIRC_LAVA_PYTHON");
  if (!python) {
    GTEST_SKIP() << "NIRC_LAVA_PYTHON names no python3 with Lava";
  }
  expectChipsSpikes(python, "", 3);
}

} // namespace
