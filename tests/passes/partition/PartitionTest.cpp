//===- PartitionTest.cpp - neurons on cores, cores on chips ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/Partition.h"

#include "passes/partition/InNetwork.h"
#include "passes/partition/Orders.h"
#include "passes/partition/Place.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <set>

using namespace nirc;
using nir::test::Random;

namespace {

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

TEST(PartitionOrders, TilesFollowEachOtherSideBySide) {
  NeuronGraph::Population square{"square", {1, 16, 16}, 100, 256};
  std::vector<int32_t> order = byTile(square);
  for (size_t i = 1; i < order.size(); ++i) {
    int32_t a = order[i - 1] - 100, b = order[i] - 100;
    EXPECT_EQ(std::abs(a / 16 - b / 16) + std::abs(a % 16 - b % 16), 1) << "place " << i;
  }
}

TEST(PartitionOrders, HaveEveryNeuronOnce) {
  NeuronGraph::Population layer{"layer", {3, 5, 7}, 20, 105};
  std::vector<int32_t> every = inOrder(layer);
  for (std::vector<int32_t> order : {byPlace(layer), byTile(layer)}) {
    EXPECT_EQ(order[1] - order[0], 35) << "the channels of a place follow each other";
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, every);
  }
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

/// Cores of so many neurons and sources.
class Toy : public CoreModel {
public:
  Toy(const NeuronGraph &graph, int64_t neurons, int64_t sources, int64_t routes = 1 << 30)
      : graph(graph), all{{"neurons", neurons}, {"sources", sources}}, routes(routes) {}

  const std::vector<Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override {
    std::set<int32_t> sources;
    for (int32_t neuron : neurons) {
      std::span<const int32_t> own = graph.sourcesOf(neuron);
      sources.insert(own.begin(), own.end());
    }
    return {std::ssize(neurons), std::ssize(sources)};
  }
  int64_t mostRoutes() const override { return routes; }
  std::string routeName() const override { return "doors"; }
  double leastCores(std::span<const int32_t> neurons) const override {
    return static_cast<double>(neurons.size()) / static_cast<double>(all[0].limit);
  }

private:
  const NeuronGraph &graph;
  std::vector<Resource> all;
  int64_t routes;
};

NeuronGraph graphOf(std::vector<int32_t> sizes, int32_t inputs,
                    const std::vector<std::vector<int32_t>> &sources) {
  NeuronGraph graph;
  graph.inputs = inputs;
  int32_t first = 0;
  for (int32_t size : sizes) {
    std::string name = "p" + std::to_string(graph.populations.size());
    graph.populations.push_back({name, {size}, first, size});
    first += size;
  }
  for (const std::vector<int32_t> &each : sources) {
    graph.sources.insert(graph.sources.end(), each.begin(), each.end());
    graph.first.push_back(std::ssize(graph.sources));
  }
  return graph;
}

/// Each neuron takes spikes from a few of `inputs` and of the neurons.
NeuronGraph randomGraph(std::vector<int32_t> sizes, int32_t inputs, uint64_t seed) {
  Random random(seed);
  int32_t neurons = std::accumulate(sizes.begin(), sizes.end(), 0);
  std::vector<std::vector<int32_t>> sources(neurons);
  for (std::vector<int32_t> &each : sources) {
    std::set<int32_t> own;
    for (int i = 0; i < 5; ++i) {
      own.insert(static_cast<int32_t>(random.between(0, inputs + neurons - 1)));
    }
    each.assign(own.begin(), own.end());
  }
  return graphOf(std::move(sizes), inputs, sources);
}

std::vector<int32_t> sorted(const std::vector<std::vector<int32_t>> &cores) {
  std::vector<int32_t> all;
  for (const std::vector<int32_t> &each : cores) {
    all.insert(all.end(), each.begin(), each.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(Partition, FillsCoresAndSharesThem) {
  NeuronGraph graph = randomGraph({25, 0, 30, 3}, 10, 1);
  Toy cores(graph, 10, 1000);
  nir::Result<Partition> shared = partition(graph, cores), own = partition(graph, cores, {false});
  ASSERT_TRUE(shared && own);
  std::vector<int32_t> every(58);
  std::iota(every.begin(), every.end(), 0);
  EXPECT_EQ(shared->cores.size(), 6u);
  EXPECT_EQ(sorted(shared->cores), every);
  EXPECT_EQ(own->cores.size(), 3u + 3u + 1u);
  EXPECT_EQ(sorted(own->cores), every);
}

/// 20 groups of 20 neurons, of which each shares 20 sources, in no order.
TEST(Partition, FindsNeuronsThatShareSources) {
  Random random(3);
  std::vector<int32_t> group(400);
  for (size_t i = 0; i < group.size(); ++i) {
    group[i] = static_cast<int32_t>(i / 20);
  }
  for (size_t i = group.size() - 1; i > 0; --i) {
    std::swap(group[i], group[static_cast<size_t>(random.between(0, int64_t(i)))]);
  }
  std::vector<std::vector<int32_t>> sources;
  for (int32_t each : group) {
    sources.emplace_back();
    for (int32_t s = 0; s < 20; ++s) {
      if (random.chance(0.5)) {
        sources.back().push_back(each * 20 + s);
      }
    }
  }
  NeuronGraph graph = graphOf({400}, 400, sources);
  Toy cores(graph, 20, 40);
  nir::Result<Partition> found = partition(graph, cores);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->partitioner, "by cluster");
  EXPECT_LE(found->cores.size(), 24u) << "20 were enough";
  for (const std::vector<int32_t> &each : found->cores) {
    EXPECT_LE(cores.load(each)[1], 40);
  }
}

TEST(Partition, NamesWhatIsTooLargeForACore) {
  NeuronGraph graph = graphOf({2, 2}, 10, {{1}, {2}, {3}, {1, 2, 3, 4}});
  nir::Result<Partition> found = partition(graph, Toy(graph, 10, 3));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().node, "p1");
  EXPECT_EQ(found.error().message, "neuron 1 needs 4 sources, expected at most 3, which is a core");
}

TEST(Partition, HalvesWhatReachesTooManyCores) {
  std::vector<std::vector<int32_t>> sources(20);
  for (int32_t n = 10; n < 20; ++n) {
    for (int32_t s = 0; s < 10; ++s) {
      sources[n].push_back(s);
    }
  }
  NeuronGraph graph = graphOf({10, 10}, 0, sources);
  nir::Result<Partition> found = partition(graph, Toy(graph, 10, 100, 9));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cores.size(), 3u);
  Mapping mapping = mappingOf(graph, Toy(graph, 10, 100, 9), *found);
  for (const Mapping::Core &core : mapping.cores) {
    EXPECT_LE(core.used.back(), 9);
  }
}

//===----------------------------------------------------------------------===//
// Mappings
//===----------------------------------------------------------------------===//

Mapping randomMapping(const NeuronGraph &graph, int64_t perCore) {
  Toy cores(graph, perCore, 1 << 30);
  nir::Result<Partition> found = partition(graph, cores);
  Mapping mapping = mappingOf(graph, cores, *found);
  EXPECT_EQ(neuronsOf(graph, mapping), found->cores);
  mapping.target = "toy";
  mapping.grid = {4, 2};
  return mapping;
}

TEST(Mapping, CountsWhoSendsWhere) {
  NeuronGraph graph = randomGraph({20, 30}, 10, 7);
  Mapping mapping = randomMapping(graph, 7);
  std::vector<std::vector<int32_t>> cores = neuronsOf(graph, mapping);
  auto reaches = [&](int32_t source, const std::vector<int32_t> &core) {
    return std::any_of(core.begin(), core.end(), [&](int32_t neuron) {
      std::span<const int32_t> own = graph.sourcesOf(neuron);
      return std::find(own.begin(), own.end(), source) != own.end();
    });
  };
  for (size_t to = 0; to < cores.size(); ++to) {
    for (size_t from = 0; from < cores.size(); ++from) {
      int64_t want = std::count_if(cores[from].begin(), cores[from].end(), [&](int32_t neuron) {
        return reaches(graph.inputs + neuron, cores[to]);
      });
      int64_t got = 0;
      for (const Mapping::Route &route : mapping.cores[from].routes) {
        got += route.to == static_cast<int32_t>(to) ? route.sources : 0;
      }
      EXPECT_EQ(got, want) << from << " to " << to;
    }
  }
}

TEST(Mapping, GoesThroughTheIR) {
  NeuronGraph graph = randomGraph({20, 30}, 10, 8);
  Mapping mapping = randomMapping(graph, 7);
  place(mapping);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = loadNetwork(
      "snn.network @net of f32 <\"nir\", dt = 1.0> {\n"
      "  %a = snn.population \"p0\" () states [] params [] [] -> !snn.spikes<20> {\n"
      "  ^bb0(%u: f32):\n    %yes = arith.constant true\n    snn.yield %yes : i1\n  }\n"
      "  %b = snn.population \"p1\" () states [] params [] [] -> !snn.spikes<30> {\n"
      "  ^bb0(%u: f32):\n    %yes = arith.constant true\n    snn.yield %yes : i1\n  }\n}\n",
      "net.mlir", context);
  ASSERT_TRUE(module);
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();
  EXPECT_EQ(readMapping(network), std::nullopt);
  for (int time = 0; time < 2; ++time) { // a second one takes the place of the first
    writeMapping(network, mapping);
    ASSERT_TRUE(mlir::succeeded(network.verify()));
    std::optional<Mapping> read = readMapping(network);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->target, "toy");
    EXPECT_EQ(read->inputs, mapping.inputs);
    for (Mapping::Core &core : mapping.cores) {
      core.used.clear();
    }
    EXPECT_EQ(read->cores, mapping.cores);
  }
  eraseMapping(network);
  EXPECT_EQ(readMapping(network), std::nullopt);
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

Mapping coresOnly(int32_t count, CoreGrid grid) {
  Mapping mapping;
  mapping.grid = grid;
  mapping.cores.resize(count);
  return mapping;
}

/// A ring of cores, numbered anyhow.
TEST(Place, MakesRoutesShort) {
  constexpr int32_t count = 32;
  Mapping mapping = coresOnly(count, {8, 4});
  for (int32_t i = 0; i < count; ++i) {
    mapping.cores[i * 13 % count].routes.push_back({(i + 1) * 13 % count, 5});
  }
  place(mapping);
  std::set<std::pair<int32_t, int32_t>> places;
  for (const Mapping::Core &core : mapping.cores) {
    EXPECT_EQ(core.chip, 0);
    places.insert({core.column, core.row});
  }
  EXPECT_EQ(std::ssize(places), count);
  EXPECT_LE(routeLength(mapping), 5 * count * 2) << "side by side it is 160";
}

/// Two cliques, of which every second core is one.
TEST(Place, KeepsTogetherOnAChipWhatTalks) {
  Mapping mapping = coresOnly(16, {4, 2});
  for (int32_t a = 0; a < 16; ++a) {
    for (int32_t b = a % 2; b < 16; b += 2) {
      mapping.cores[a].routes.push_back({b, 1});
    }
  }
  place(mapping);
  for (int32_t a = 2; a < 16; ++a) {
    EXPECT_EQ(mapping.cores[a].chip, mapping.cores[a % 2].chip);
  }
  EXPECT_NE(mapping.cores[0].chip, mapping.cores[1].chip);
}

} // namespace
