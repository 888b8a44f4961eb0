//===- Loihi2MapTest.cpp - large networks on cores ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What is looked at is the image, as read back: the limits, and that every synapse is in it. The
// least number of cores is computed here anew.

#include "backends/loihi2/image/Image.h"
#include "tests/support/Loihi2Cores.h"
#include "tests/support/Random.h"

#include <algorithm>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

using namespace nirc::loihi2;
using nir::test::Random;

namespace {

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

class LargeNetworks : public testing::TestWithParam<Groups> {};

TEST_P(LargeNetworks, TakeNearlyAsFewCoresAsCanBe) {
  Model model = GetParam().build();
  auto start = std::chrono::steady_clock::now();
  nir::Result<nirc::Mapping> mapping = mapToCores(model);
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(mapping) << mapping.error().str();
  nir::Result<Image> image = readImage(writeImage(model, *mapping));
  ASSERT_TRUE(image) << image.error().str();
  nir::test::expectWithinLimits(*image);
  EXPECT_EQ(effectsOf(model, *image), effectsOf(model));
  int64_t least = nir::test::leastCoresOf(model), cores = std::ssize(image->cores);
  EXPECT_LE(static_cast<double>(cores), 1.1 * static_cast<double>(least));
  RecordProperty("cores", std::to_string(cores));
  std::printf("%td neurons, %td synapses: %ld cores, %ld at least (nirc says %ld), %s, %.1f s\n",
              std::ssize(model.synapses), std::ssize(effectsOf(model)), cores, least,
              mapping->leastCores, mapping->partitioner.c_str(), seconds.count());
}

INSTANTIATE_TEST_SUITE_P(Loihi2Map, LargeNetworks,
                         testing::Values(Groups{100, 1000, false, 1}, Groups{100, 1000, true, 2}));

} // namespace
