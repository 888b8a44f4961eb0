//===- Loihi2MapTest.cpp - large networks on cores ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What is looked at is the image, as read back: the limits, and that every synapse is in it. The least
// number of cores is computed here anew.

#include "backends/loihi2/Image.h"
#include "tests/support/Random.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

using namespace nirc::loihi2;
using nir::test::Random;

namespace {

/// What a core of Loihi 2 is taken to have (loihi2's README), told once more.
constexpr int64_t compartmentsOfCore = 4096, bitsOfCore = 128 * 1024 * 8, axonsOfCore = 4096;

/// Groups of neurons, each driven by the neurons of one other group, or by an input as large, with
/// a tenth of all synapses there could be; weights have 8 bits and both signs.
struct Groups {
  int32_t groups, size;
  bool shuffled; ///< all in one population, in no order
  uint64_t seed;

  Model build() const {
    Random random(seed);
    std::vector<int32_t> order(groups * size);
    std::iota(order.begin(), order.end(), 0);
    if (shuffled) {
      for (size_t i = order.size() - 1; i > 0; --i) {
        std::swap(order[i], order[static_cast<size_t>(random.between(0, int64_t(i)))]);
      }
    }
    Model model;
    model.dtSeconds = 1e-3;
    model.inputElements = size;
    model.inputs.push_back({"in", {size}, 0});
    model.synapses.resize(order.size());
    for (int32_t g = 0; g < groups; ++g) {
      if (!shuffled) {
        model.populations.push_back(
            {"g" + std::to_string(g), g * size, std::vector<Compartment>(size), {size}});
      }
      int64_t from = random.between(-1, groups - 1); // -1: the input
      for (int32_t n = 0; n < size; ++n) {
        std::vector<Synapse> &synapses = model.synapses[order[g * size + n]];
        for (int32_t s = 0; s < size; ++s) {
          if (random.chance(0.1)) {
            int32_t source = from < 0 ? s : size + order[from * size + s];
            int64_t weight = random.between(1, 127);
            synapses.push_back({source, 0, random.chance(0.5) ? weight : -weight});
          }
        }
        std::sort(synapses.begin(), synapses.end(),
                  [](const Synapse &a, const Synapse &b) { return a.source < b.source; });
      }
    }
    if (shuffled) {
      int64_t count = groups * size;
      model.populations.push_back({"all", 0, std::vector<Compartment>(count), {count}});
    }
    return model;
  }
};

/// Synapses by source and neuron.
using Effects = std::vector<std::tuple<int32_t, int32_t, int64_t>>;

Effects effectsOf(const Model &model) {
  Effects effects;
  for (size_t n = 0; n < model.synapses.size(); ++n) {
    for (const Synapse &each : model.synapses[n]) {
      effects.emplace_back(each.source, n, each.weight);
    }
  }
  std::sort(effects.begin(), effects.end());
  return effects;
}

std::vector<int32_t> neuronsOf(const Model &model, const Image::Core &core) {
  std::map<std::string, int32_t> first;
  for (const Population &population : model.populations) {
    first[population.node] = population.first;
  }
  std::vector<int32_t> neurons;
  for (const nirc::Mapping::Neurons &each : core.neurons) {
    for (nirc::Mapping::Range range : each.ranges) {
      for (int32_t n = range.first; n < range.end; ++n) {
        neurons.push_back(first.at(each.node) + n);
      }
    }
  }
  return neurons;
}

Effects effectsOf(const Model &model, const Image &image) {
  Effects effects;
  std::vector<std::vector<int32_t>> neurons;
  for (const Image::Core &core : image.cores) {
    neurons.push_back(neuronsOf(model, core));
  }
  auto add = [&](const RouteTable &table, size_t i, int32_t source) {
    for (uint32_t r = table.first[i]; r < table.first[i + 1]; ++r) {
      Route route = table.routes[r];
      const Image::Core &core = image.cores[route.core];
      for (uint32_t s = core.firstSynapse[route.axon]; s < core.firstSynapse[route.axon + 1]; ++s) {
        effects.emplace_back(source, neurons[route.core][core.synapses[s].compartment],
                             core.synapses[s].weight);
      }
    }
  };
  for (int32_t i = 0; i < model.inputElements; ++i) {
    add(image.inputs[0].routes, static_cast<size_t>(i), i);
  }
  for (size_t c = 0; c < image.cores.size(); ++c) {
    for (size_t n = 0; n < neurons[c].size(); ++n) {
      add(image.cores[c].routes, n, model.inputElements + neurons[c][n]);
    }
  }
  std::sort(effects.begin(), effects.end());
  return effects;
}

/// How full a core can be that has n neurons of these: the share of its memory by the cost of
/// synapses, 8 bits and an index each, and nothing for headers and rounding. Where it is 1 there is
/// the largest number of neurons, which gives the least number of cores.
int64_t leastCores(const Model &model) {
  int64_t synapses = 0, neurons = std::ssize(model.synapses);
  for (const std::vector<Synapse> &each : model.synapses) {
    synapses += std::ssize(each);
  }
  double perNeuron = static_cast<double>(synapses) / static_cast<double>(neurons);
  int64_t most = 0;
  for (int64_t n = 1; n <= compartmentsOfCore; ++n) {
    int indexBits = std::max(6, static_cast<int>(std::bit_width(static_cast<uint64_t>(n - 1))));
    double bits = static_cast<double>(n) * perNeuron * (8 + indexBits);
    most = bits <= static_cast<double>(bitsOfCore) ? n : most;
  }
  return (neurons + most - 1) / most;
}

void expectWithinLimits(const Image &image) {
  std::map<std::tuple<int32_t, int32_t, int32_t>, int> places;
  for (const Image::Core &core : image.cores) {
    EXPECT_LE(std::ssize(core.compartments), compartmentsOfCore);
    EXPECT_LE(core.words * 64, bitsOfCore);
    EXPECT_LE(std::ssize(core.firstSynapse) - 1, axonsOfCore);
    EXPECT_LE(std::ssize(core.routes.routes), axonsOfCore);
    EXPECT_EQ(++places[std::tuple(core.chip, core.column, core.row)], 1);
    EXPECT_LT(core.column, 16);
    EXPECT_LT(core.row, 8);
  }
}

class LargeNetworks : public testing::TestWithParam<Groups> {};

TEST_P(LargeNetworks, TakeNearlyAsFewCoresAsCanBe) {
  Model model = GetParam().build();
  auto start = std::chrono::steady_clock::now();
  nir::Result<nirc::Mapping> mapping = mapToCores(model);
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(mapping) << mapping.error().str();
  nir::Result<Image> image = readImage(writeImage(model, *mapping));
  ASSERT_TRUE(image) << image.error().str();
  expectWithinLimits(*image);
  EXPECT_EQ(effectsOf(model, *image), effectsOf(model));
  int64_t least = leastCores(model), cores = std::ssize(image->cores);
  EXPECT_LE(static_cast<double>(cores), 1.1 * static_cast<double>(least));
  RecordProperty("cores", std::to_string(cores));
  std::printf("%td neurons, %td synapses: %ld cores, %ld at least (nirc says %ld), %s, %.1f s\n",
              std::ssize(model.synapses), std::ssize(effectsOf(model)), cores, least,
              mapping->leastCores, mapping->partitioner.c_str(), seconds.count());
}

INSTANTIATE_TEST_SUITE_P(Loihi2Map, LargeNetworks,
                         testing::Values(Groups{100, 1000, false, 1}, Groups{100, 1000, true, 2}));

} // namespace
