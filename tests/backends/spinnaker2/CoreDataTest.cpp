//===- CoreDataTest.cpp - what a core holds of a model --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/DataBlock.h"
#include "backends/spinnaker2/map/MapNetwork.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::test::Random;

namespace {

/// Two populations behind an input, with one state each; `dense` of the pairs have a synapse.
Model modelOf(uint64_t seed, int32_t neurons, double dense, int64_t most, int32_t longest) {
  Random random(seed);
  Model model;
  model.inputElements = neurons / 2 + 1;
  model.inputs = {{"in", {model.inputElements}, 0}};
  model.updates.push_back({"", {}, "h", 200});
  for (int32_t p = 0; p < 2; ++p) {
    Population population;
    population.node = p == 0 ? "a" : "b";
    population.shape = {neurons};
    population.first = p * neurons;
    population.count = neurons;
    population.columns = {{"v", Width::Int16, {0}, true}};
    model.populations.push_back(population);
  }
  model.sends = {true, true};
  model.synapses.resize(static_cast<size_t>(2 * neurons));
  for (std::vector<Synapse> &of : model.synapses) {
    for (int32_t source = 0; source < model.inputElements + 2 * neurons; ++source) {
      for (int32_t delay = 0; delay <= longest; ++delay) {
        int64_t weight = random.between(-most, most);
        if (random.chance(dense) && weight != 0) {
          of.push_back({source, delay, weight});
        }
      }
    }
  }
  model.sendDelays.assign(static_cast<size_t>(model.inputElements + 2 * neurons), 0);
  return model;
}

/// The rows of each core are the synapses of its neurons, whatever forms they have.
TEST(CoreData, HoldsTheSynapsesOfItsNeurons) {
  size_t matrices = 0, single = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed + 1000);
    double dense = random.pick(std::vector<double>{0.02, 0.3, 0.9, 1.0});
    Model model = modelOf(seed, static_cast<int32_t>(random.between(2, 60)), dense,
                          random.chance(0.7) ? 127 : 40000, random.chance(0.3) ? 3 : 0);
    Site site;
    site.neuronsPerCore = random.between(3, 40);
    nir::Result<Mapping> mapping = mapToCores(model, site, {});
    ASSERT_TRUE(mapping) << mapping.error().str();
    Placement placement(model, *mapping);
    for (size_t i = 0; i < placement.parts().size(); ++i) {
      CoreData core = placement.coreData(i);
      std::map<uint32_t, std::vector<PartSynapse>> want, got;
      for (const PartRow &row : rowsOf(model, placement.parts()[i])) {
        for (PartSynapse each : row.synapses) {
          each.place = static_cast<int32_t>(
              placement.placeOf(placement.parts()[i][static_cast<size_t>(each.place)]).place);
          want[placement.keyOf(row.source)].push_back(each);
        }
      }
      for (const KeyRange &range : core.keys) {
        (range.matrixRows > 0 ? matrices : single) += 1;
        for (size_t k = 0; k < range.count(); ++k) {
          std::vector<PartSynapse> synapses = synapsesOf(core, range, k);
          if (!synapses.empty()) {
            got[static_cast<uint32_t>(range.key + k)] = synapses;
          }
        }
      }
      ASSERT_EQ(got, want) << "seed " << seed << ", core " << i;
      ASSERT_EQ(std::ssize(blockOf(core).bytes), bytesOf(core).data()) << "seed " << seed;
      ASSERT_LE(placement.bytesOf(i).total(), coreBytes);
    }
  }
  EXPECT_GT(matrices, 50U);
  EXPECT_GT(single, 50U);
}

/// Rows of a dense layer take a byte a weight and next to nothing beside it.
TEST(CoreData, KeepsMatricesTight) {
  Model model = modelOf(1, 64, 1.0, 127, 0);
  std::vector<int32_t> neurons(64);
  for (int32_t n = 0; n < 64; ++n) {
    neurons[static_cast<size_t>(n)] = n;
  }
  CoreData core =
      coreData(model, neurons, [](int32_t source) { return static_cast<uint32_t>(source); });
  int64_t weights = int64_t{64} * (33 + 128);
  EXPECT_LE(4 * std::ssize(core.rows), weights + 64);
  EXPECT_LE(core.keys.size(), 2U);
}

} // namespace
