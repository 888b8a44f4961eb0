//===- Loihi2ChipTest.cpp - the chip model, its threads and its counts ----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Account.h"
#include "tests/backends/loihi2/Loihi2Models.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <map>

using namespace nirc::loihi2;
using nir::test::Random;
using nirc::CountTable;
using nirc::Estimate;

namespace {

/// The step of Model.h, neuron by neuron in 64 bits: v, u and spikes of all steps.
struct Naive {
  explicit Naive(const Model &model) : model(model) {
    for (const Compartment &each : model.populations[0].compartments) {
      u.push_back(each.current);
      v.push_back(each.voltage);
    }
  }

  std::vector<bool> step(const std::vector<double> &inputs) {
    std::vector<bool> fires;
    for (size_t n = 0; n < u.size(); ++n) {
      const Compartment &c = model.populations[0].compartments[n];
      int64_t a = 0;
      for (const Synapse &each : model.synapses[n]) {
        int64_t then = std::ssize(sources) - 1 - each.delay;
        a += then >= 0 && sources[then][each.source] ? each.weight : 0;
      }
      u[n] = u[n] * (4095 - c.du) / 4096 + a * 64; // C++ divides toward zero
      u[n] += u[n] > 1 << 23 ? -(1 << 24) : u[n] <= -(1 << 23) ? 1 << 24 : 0;
      v[n] = v[n] * (4096 - c.dv) / 4096 + u[n] + (int64_t{c.biasMantissa} << c.biasExponent);
      v[n] = std::min<int64_t>(std::max<int64_t>(v[n], 1 - (1 << 23)), (1 << 23) - 1);
      fires.push_back(v[n] > int64_t{c.threshold} * 64);
      v[n] = fires.back() ? 0 : v[n];
    }
    std::vector<bool> now(inputs.begin(), inputs.end());
    now.insert(now.end(), fires.begin(), fires.end());
    sources.push_back(std::move(now));
    return fires;
  }

  const Model &model;
  std::vector<int64_t> u, v;
  std::vector<std::vector<bool>> sources; ///< of each step, inputs first
};

std::vector<double> randomSpikes(Random &random, int64_t count, double chance) {
  std::vector<double> spikes;
  for (int64_t i = 0; i < count; ++i) {
    spikes.push_back(random.chance(chance));
  }
  return spikes;
}

/// With weights of which a step adds less than one wrap takes away, and more.
TEST(Loihi2Chip, StepsAsTheNaiveModel) {
  for (auto [most, density] : {std::pair<int64_t, double>(200, 0.2), {32640, 1.0}}) {
    Model model = randomModel(static_cast<uint64_t>(most), 30, 40, most, density);
    EXPECT_EQ(CoreTables(imageOf(model).cores[0]).uIsNarrow, most == 200);
    for (const CoreLimits &limits : {loihi2Core, CoreLimits{7, 64 * 3000, 80, 4096}}) {
      Chip chip(imageOf(model, limits));
      Naive naive(model);
      Random random(7);
      std::vector<double> spikes, v, u;
      int64_t fired = 0;
      for (int t = 0; t < 150; ++t) {
        std::vector<double> inputs = randomSpikes(random, 30, 0.2);
        std::vector<bool> want = naive.step(inputs);
        chip.step(std::vector<std::vector<double>>{inputs});
        chip.read(chip.contents().readouts[0], spikes);
        chip.read(chip.contents().readouts[1], v);
        chip.read(chip.contents().readouts[2], u);
        ASSERT_EQ(spikes, std::vector<double>(want.begin(), want.end())) << "step " << t;
        ASSERT_EQ(v, std::vector<double>(naive.v.begin(), naive.v.end())) << "step " << t;
        ASSERT_EQ(u, std::vector<double>(naive.u.begin(), naive.u.end())) << "step " << t;
        fired += std::count(want.begin(), want.end(), true);
      }
      EXPECT_GT(fired, 20);
      EXPECT_EQ(chip.counts().spikes, fired);
    }
  }
}

//===----------------------------------------------------------------------===//
// Threads and counts
//===----------------------------------------------------------------------===//

nir::Recording recordingOf(int64_t batch, int64_t steps, int64_t inputs, double chance) {
  Random random(3);
  std::vector<double> values = randomSpikes(random, batch * steps * inputs, chance);
  return {1e-3, {{"in", "value", nir::Tensor::of<double>({batch, steps, inputs}, values)}}};
}

TEST(Loihi2Chip, NothingDependsOnThreads) {
  Model model = randomModel(5, 50, 1000, 100, 0.02);
  Image image = imageOf(model, {120, 64 * 100000, 4096, 4096});
  ASSERT_GE(image.cores.size(), 8U);
  for (int64_t batch : {1, 3, 9}) {
    nir::Recording input = recordingOf(batch, 20, 50, 0.3);
    Chip chip(image);
    nir::Result<nir::Recording> want = run(chip, input, {.threads = 1});
    ASSERT_TRUE(want) << want.error().str();
    ChipCounts counts = chip.counts();
    EXPECT_EQ(counts.steps, batch * 20);
    EXPECT_GT(counts.spikes, 0);
    for (int threads : {1, 2, 7}) {
      for (Division division : {Division::WhatPays, Division::Samples, Division::Cores}) {
        nir::Result<nir::Recording> got = run(chip, input, {.threads = threads}, division);
        ASSERT_TRUE(got) << got.error().str();
        std::string what = fmt::format("{} samples on {} threads, division {}", batch, threads,
                                       static_cast<int>(division));
        for (size_t i = 0; i < want->traces.size(); ++i) {
          EXPECT_EQ(got->traces[i].data, want->traces[i].data) << what;
        }
        EXPECT_EQ(chip.counts(), counts) << what;
      }
    }
  }
}

/// Shares are all cores, none twice.
TEST(Loihi2Chip, SharesAreEveryCoreOnce) {
  Chip chip(imageOf(randomModel(5, 50, 200, 100, 0.1), {9, 64 * 100000, 4096, 4096}));
  for (int64_t parts : {1, 2, 3, 50}) {
    std::vector<int> owners(chip.contents().cores.size(), 0);
    for (int64_t part = 0; part < parts; ++part) {
      Chip::Share share = chip.share(part, parts);
      for (uint32_t core : share.cores) {
        ++owners[core];
        EXPECT_TRUE(share.has[core]);
      }
      EXPECT_EQ(std::ssize(share.cores), std::count(share.has.begin(), share.has.end(), true));
    }
    EXPECT_THAT(owners, testing::Each(1)) << parts << " parts";
  }
}

/// Against the synapses of the model and the spikes that came out: 6 neurons on several cores.
TEST(Loihi2Chip, CountsWhatSpikesDo) {
  Random random(11);
  Model model = smallModel(4, std::vector<Compartment>(6, {2000, 300, 3, 1, 4}));
  for (std::vector<Synapse> &each : model.synapses) {
    for (int32_t source = 0; source < 10; ++source) {
      if (random.chance(0.4)) {
        each.push_back({source, static_cast<int32_t>(random.between(0, 3)), 10});
      }
    }
  }
  Chip chip(imageOf(model, {2, 64 * 100000, 4096, 4096}));
  size_t cores = chip.contents().cores.size();
  const std::vector<Image::Place> &places = chip.contents().readouts[0].places;
  ASSERT_GE(cores, 3U);
  ChipCounts want;
  want.inputSpikes.resize(1);
  want.cores.resize(cores);
  std::vector<double> fired;
  for (int t = 0; t < 50; ++t) {
    std::vector<double> sources = randomSpikes(random, 4, 0.3);
    chip.step(std::vector<std::vector<double>>{sources});
    chip.read(chip.contents().readouts[0], fired);
    ++want.steps;
    want.inputSpikes[0] += std::count(sources.begin(), sources.end(), 1.0);
    sources.insert(sources.end(), fired.begin(), fired.end());
    int64_t slowest = 0;
    for (size_t core = 0; core < cores; ++core) {
      std::map<int32_t, int64_t> reached; // by source
      for (size_t n = 0; n < 6; ++n) {
        if (places[n].core != core) {
          continue;
        }
        want.cores[core].spikes += fired[n] != 0.0;
        for (const Synapse &each : model.synapses[n]) {
          reached[each.source] += sources[each.source] != 0.0;
        }
      }
      int64_t operations = 0;
      for (auto [source, synapses] : reached) {
        want.cores[core].messages += synapses > 0;
        operations += synapses;
      }
      want.cores[core].operations += operations;
      slowest = std::max(slowest, operations);
    }
    want.slowestOperations += slowest;
  }
  for (const CoreCounts &core : want.cores) {
    want.spikes += core.spikes;
    want.messages += core.messages;
    want.synapticOperations += core.operations;
  }
  EXPECT_GT(want.spikes, 10);
  EXPECT_EQ(chip.counts(), want);
  CountTable table = countTable(chip.contents(), want);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].node, "in");
  EXPECT_THAT(table.rows[0].values, testing::ElementsAre(0, 0, want.inputSpikes[0], 0, 0));
  EXPECT_EQ(table.rows[1].node, "cells");
  EXPECT_THAT(table.rows[1].values,
              testing::ElementsAre(cores, 6, want.spikes, want.messages, want.synapticOperations));
}

TEST(Loihi2Chip, RefusesWhatIsNoSpike) {
  Chip chip(imageOf(smallModel(2, {{}})));
  auto refused = [&](nir::Tensor values, int64_t steps) {
    nir::Recording input{1e-3, {{"in", "value", std::move(values)}}};
    nir::Result<nir::Recording> result = run(chip, input, {.steps = steps});
    return result ? std::string() : result.error().str();
  };
  EXPECT_THAT(refused(nir::Tensor::of<int32_t>({1, 2, 2}, {0, 1, 1, 2}), 0),
              testing::HasSubstr("found the input 2 in step 1 of sample 0, element 1"));
  EXPECT_EQ(refused(nir::Tensor::of<int32_t>({1, 2, 2}, {0, 1, 1, 2}), 1), "") << "not reached";
  EXPECT_EQ(refused(nir::Tensor::of<bool>({1, 2, 2}, {false, true, true, true}), 5), "");
  EXPECT_THAT(refused(nir::Tensor::of<float>({2, 1, 2}, {0, 1, 0.5F, 1}), 0),
              testing::HasSubstr("found the input 0.5 in step 0 of sample 1, element 0"));
  EXPECT_THAT(refused(nir::Tensor::of<double>({1, 1, 2}, {0, std::nan("")}), 0),
              testing::HasSubstr("found the input nan"));
}

/// By hand: 10 steps on two cores of 3 and 2 neurons.
TEST(Loihi2Costs, AreCountsTimesFigures) {
  Image image;
  image.cores.resize(2);
  image.cores[0].compartments.resize(3);
  image.cores[1].compartments.resize(2);
  ChipCounts counts;
  counts.steps = 10;
  counts.messages = 20;
  counts.synapticOperations = 400;
  counts.slowestOperations = 300;
  constexpr double none = notPublished;
  Costs costs{"source", "chip", {10, none}, {2, 4}, {1, 1}, {0, 3}, {5, 8}, {100, 400}, 128};
  std::vector<Estimate> got = estimates(image, counts, costs);
  struct Want {
    const char *name, *unit;
    double least, most;
  };
  const Want want[] = {{"energy of synapses", "J", 400e-12, none},
                       {"energy of neurons", "J", 10e-12, 20e-12},
                       {"energy of messages", "J", 2e-12, none},
                       {"energy", "J", 412e-12, none},
                       {"time", "s", 115e-9, (24 + 90 + 400) * 1e-9}};
  ASSERT_EQ(got.size(), std::size(want));
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].name, want[i].name);
    EXPECT_EQ(got[i].unit, want[i].unit);
    EXPECT_DOUBLE_EQ(got[i].least, want[i].least) << got[i].name;
    EXPECT_DOUBLE_EQ(got[i].most, want[i].most) << got[i].name;
    EXPECT_EQ(got[i].source, "source");
  }
  costs.coresOfBarrier = 1;
  EXPECT_EQ(estimates(image, counts, costs).back().most, none) << "more than a chip";
  counts = {};
  for (const Estimate &each : estimates(image, counts, costs)) {
    EXPECT_FALSE(std::isnan(each.least) || std::isnan(each.most)) << each.name << " of no step";
  }
}

} // namespace
