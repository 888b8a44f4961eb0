//===- FoldTest.cpp - folded networks against unfolded ones ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Folding::Exact changes no bit, whatever the network and the semantics: cpu in float64 stays the
// interpreter, cpu in float32 what it is without folds. Folding::All stays as close as rounding.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Check.h"
#include "tests/conformance/Digits.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/Random.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/ReferenceData.h"
#include "tests/support/Shrink.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>

using namespace nir;
using namespace nir::test;
using nirc::Folding;
using nirc::Notice;

namespace {

constexpr int64_t steps = 40, batch = 2;

struct Outcome {
  Result<Recording> recording;
  std::vector<Notice> folds;
};

Outcome run(const Graph &graph, const Semantics &semantics, const Recording &input,
            const std::vector<Probe> &probes, DType dtype, Folding folding) {
  Outcome outcome{Recording{}, {}};
  nirc::Job job{&graph, "folded", semantics, dtype, probes};
  job.fold = folding;
  job.onNotice = [&](const Notice &fold) { outcome.folds.push_back(fold); };
  auto executable = (*nirc::findTarget("cpu"))->compile(job);
  if (executable) {
    outcome.recording = (*executable)->run(input, {});
  } else {
    outcome.recording = executable.takeError();
  }
  return outcome;
}

/// The states and spikes of neurons, and now and then what a node without state passes on: where
/// everything is recorded, nothing can be folded.
std::vector<Probe> someProbes(const Graph &graph, const Semantics &semantics, Random &random) {
  std::vector<Probe> probes = everything(graph, semantics);
  std::erase_if(probes,
                [&](const Probe &p) { return p.observable == "value" && !random.chance(0.1); });
  return probes;
}

/// The graph with factors on some of its edges.
Graph withFactors(Graph graph, Random &random) {
  const std::vector<double> factors = {1.0, -1.0, 2.0, 0.5, 0.25, -4.0, 0.3, 3.0};
  size_t edges = graph.edges.size();
  for (size_t i = 0; i < edges; ++i) {
    bool takesSpikes = graph.find(graph.edges[i].target) == nullptr; // a port: leave it
    if (takesSpikes || !random.chance(0.5)) {
      continue;
    }
    std::string name = fmt::format("factor {}", i);
    graph.nodes.push_back({name, Scale{tensorOf(DType::F32, {}, {random.pick(factors)})}, {}});
    graph.edges.push_back({graph.edges[i].source, name});
    graph.edges[i].source = name;
  }
  return graph;
}

Semantics semanticsOf(uint64_t seed) {
  Random random(seed);
  return seed % 2 == 0 ? randomSemantics() : randomChoices(random);
}

/// What was compared.
struct Tally {
  int graphs = 0;
  size_t folds = 0;
};

/// What folding changes, empty where that is nothing; counts what was compared.
std::string change(const Graph &graph, const Semantics &semantics, uint64_t seed, Tally &tally) {
  Recording input = randomInput(graph, seed, steps, batch);
  Random random(seed);
  std::vector<Probe> probes = someProbes(graph, semantics, random);
  Result<Recording> want = interpret(graph, semantics, input, {.probes = probes});
  if (!want) {
    return {}; // what the semantics cannot be applied to
  }
  Outcome wide = run(graph, semantics, input, probes, DType::F64, Folding::Exact);
  Outcome single = run(graph, semantics, input, probes, DType::F32, Folding::Exact);
  Outcome plain = run(graph, semantics, input, probes, DType::F32, Folding::None);
  for (const Outcome *outcome : {&wide, &single, &plain}) {
    if (!outcome->recording) {
      return "error: " + outcome->recording.error().str();
    }
    for (const Notice &fold : outcome->folds) {
      if (fold.rounds) {
        return fold.node + " " + fold.text;
      }
    }
  }
  ++tally.graphs;
  tally.folds += wide.folds.size() + single.folds.size();
  std::string inDouble = difference(*wide.recording, *want);
  std::string inSingle = difference(*single.recording, *plain.recording);
  return !inDouble.empty()  ? "float64: " + inDouble
         : inSingle.empty() ? ""
                            : "float32: " + inSingle;
}

std::string explain(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Tally none;
  Graph small =
      shrink(graph, [&](const Graph &g) { return !change(g, semantics, seed, none).empty(); });
  return fmt::format("seed {}, {}: {}\n{}", seed, semantics.str(),
                     change(small, semantics, seed, none), describe(small));
}

class ExactFolds : public testing::TestWithParam<int> {};

TEST_P(ExactFolds, ChangeNoBit) {
  constexpr int seedsPerShard = 15;
  Tally tally;
  for (int i = 0; i < seedsPerShard; ++i) {
    uint64_t seed = 12000 + static_cast<uint64_t>(GetParam()) * seedsPerShard + i;
    Random random(seed);
    Semantics semantics = semanticsOf(seed);
    Graph graph = withFactors(randomGraph(seed, {.maxNodes = 16}), random);
    std::string changed = change(graph, semantics, seed, tally);
    ASSERT_EQ(changed, "") << explain(graph, semantics, seed);
  }
  EXPECT_GT(tally.graphs, seedsPerShard / 2) << "most are refused";
  EXPECT_GT(tally.folds, 15u); // else the graphs would show nothing
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExactFolds, testing::Range(0, 4));

/// Whole numbers from -4 to 4, whose sums no float rounds.
Tensor smallNumbers(Random &random, Shape shape) {
  std::vector<double> values(static_cast<size_t>(numElements(shape)));
  std::generate(values.begin(), values.end(),
                [&] { return static_cast<double>(random.between(-4, 4)); });
  return tensorOf(DType::F32, std::move(shape), values);
}

Shape passedOn(const Graph &graph) { return check(graph).shapes.back().output; }

/// in [2, h, w] -> Threshold -> pool -> Conv2d -> Scale -> v -> out, and beside it
/// Threshold -> pool -> Flatten -> Linear -> Linear -> v -> out, of any windows.
Graph wholeChains(Random &random) {
  Shape in{2, random.between(10, 13), random.between(10, 13)};
  auto pair = [&](int64_t low, int64_t high) {
    return wholes({random.between(low, high), random.between(low, high)});
  };
  Graph graph = graphOf({{"in", input(in)}, {"z", Threshold{number(0.5)}}}, {{"in", "z"}});
  auto add = [&](const std::string &name, Params params, const std::string &source) {
    graph.nodes.push_back({name, std::move(params), {}});
    graph.edges.push_back({source, name});
    return passedOn(graph);
  };
  std::vector<int64_t> sides = pair(1, 3).toInts();
  Tensor size = wholes(sides), pad = whole(sides[0] > 1 && sides[1] > 1 ? random.below(2) : 0);
  Tensor stride = wholes({random.between(1, sides[0]), random.between(1, sides[1])});
  Params pool = random.chance(0.5) ? Params(SumPool2d{size, stride, pad})
                                   : Params(AvgPool2d{size, stride, pad});
  add("pool1", pool, "z");
  add("conv",
      Conv2d{{},
             smallNumbers(random, {2, 1, 2, 2}),
             pair(1, 2),
             pair(0, 1),
             pair(1, 2),
             whole(2),
             smallNumbers(random, {2})},
      "pool1");
  Shape seen = add("scale", Scale{number(0.5)}, "conv");
  add("v1", I{number(1.0)}, "scale");
  add("out1", output(seen), "v1");
  add("pool2", pool, "z");
  Shape flat = add("flatten", Flatten{whole(0), whole(-1), {}}, "pool2");
  add("w1", Linear{smallNumbers(random, {3, flat[0]})}, "flatten");
  Shape last = add("w2", Linear{smallNumbers(random, {2, 3})}, "w1");
  add("v2", I{number(1.0)}, "w2");
  add("out2", output(last), "v2");
  return graph;
}

TEST(ExactFoldsOfChains, MeetWindowsOfAnyKind) {
  size_t folds = 0, pools = 0;
  for (uint64_t seed = 0; seed < 25; ++seed) {
    Random random(seed);
    Graph graph = wholeChains(random);
    Recording input = randomInput(graph, seed, steps, batch);
    Result<Recording> want = interpret(graph, randomSemantics(), input, {});
    ASSERT_TRUE(want) << want.error().str();
    Outcome got = run(graph, randomSemantics(), input, {}, DType::F64, Folding::Exact);
    ASSERT_TRUE(got.recording) << got.recording.error().str();
    ASSERT_EQ(difference(*got.recording, *want), "") << seed << "\n" << describe(graph);
    folds += got.folds.size();
    pools += std::count_if(got.folds.begin(), got.folds.end(), [](const Notice &fold) {
      return fold.text.find("'pool") != std::string::npos;
    });
  }
  EXPECT_GT(folds, 40u);
  EXPECT_GT(pools, 10u);
}

//===----------------------------------------------------------------------===//
// Folds that round
//===----------------------------------------------------------------------===//

Tensor randomTensor(Random &random, DType dtype, Shape shape) {
  std::vector<double> values(static_cast<size_t>(numElements(shape)));
  std::generate(values.begin(), values.end(), [&] { return random.uniform(-1.0, 1.0); });
  return tensorOf(dtype, std::move(shape), values);
}

/// in [8] -> Scale -> Affine -> Scale -> Linear -> Affine [4] -> LI -> out
Graph analogChain(Random &random, DType dtype) {
  auto of = [&](Shape shape) { return randomTensor(random, dtype, std::move(shape)); };
  return graphOf(
      {{"in", input({8})},
       {"s1", Scale{of({8})}},
       {"w1", Affine{of({16, 8}), of({16})}},
       {"s2", Scale{of({16})}},
       {"w2", Linear{of({6, 16})}},
       {"w3", Affine{of({4, 6}), of({4})}},
       {"li", LI{vec(std::vector(4, 0.01)), vec(std::vector(4, 1.0)), vec(std::vector(4, 0.0))}},
       {"out", output({4})}},
      {{"in", "s1"},
       {"s1", "w1"},
       {"w1", "s2"},
       {"s2", "w2"},
       {"w2", "w3"},
       {"w3", "li"},
       {"li", "out"}});
}

/// Values are below 10 here; a weight is rounded by half a unit of its dtype at most, and each of
/// the 8 inputs goes through 16 x 6 products.
TEST(RoundingFolds, StayAsCloseAsTheDtypeOfTheWeights) {
  for (uint64_t seed = 0; seed < 3; ++seed) {
    Random random(seed);
    for (auto [dtype, within] : {std::pair(DType::F64, 1e-13), std::pair(DType::F32, 1e-5)}) {
      Graph graph = analogChain(random, dtype);
      Recording input = randomInput(graph, seed, steps, batch);
      for (DType element : {DType::F64, dtype}) {
        Outcome plain = run(graph, randomSemantics(), input, {}, element, Folding::None);
        Outcome folded = run(graph, randomSemantics(), input, {}, element, Folding::All);
        ASSERT_TRUE(plain.recording && folded.recording);
        EXPECT_EQ(folded.folds.size(), 4u); // one matrix is left
        EXPECT_TRUE(std::all_of(folded.folds.begin(), folded.folds.end(),
                                [](const Notice &fold) { return fold.rounds; }));
        const Tensor &want = plain.recording->traces[0].data,
                     &got = folded.recording->traces[0].data;
        for (int64_t k = 0; k < want.size(); ++k) {
          ASSERT_NEAR(got.at(k), want.at(k), within) << "seed " << seed << " " << name(dtype);
        }
      }
    }
  }
}

TEST(RoundingFolds, AreNotMadeUnlessAskedFor) {
  Random random(1);
  Graph graph = analogChain(random, DType::F32);
  Recording input = randomInput(graph, 1, steps, batch);
  EXPECT_TRUE(run(graph, randomSemantics(), input, {}, DType::F32, Folding::Exact).folds.empty());
}

//===----------------------------------------------------------------------===//
// The graphs of the NIR paper
//===----------------------------------------------------------------------===//

class FoldsOfPublishedGraphs : public ReferenceData {};

std::string list(const std::vector<Notice> &folds) {
  std::string text;
  for (const Notice &fold : folds) {
    text += fmt::format("{} {}\n", fold.node, fold.text);
  }
  return text;
}

TEST_F(FoldsOfPublishedGraphs, TheRecurrentOnesHaveNoChains) {
  for (const char *file : {"braille_noDelay_bias_zero.nir", "braille_noDelay_noBias_subtract.nir",
                           "lif_norse.nir", "lif_rockpool.nir", "two_lif_neurons.nir"}) {
    Graph published = graph(file);
    Recording input = randomInput(published, 1, 1);
    input.dtSeconds = 1e-4;
    Outcome all = run(published, Semantics(1e-4), input, {}, DType::F64, Folding::All);
    ASSERT_TRUE(all.recording) << all.recording.error().str();
    EXPECT_EQ(list(all.folds), "") << file;
  }
}

/// float32 has too few digits for sums of trained weights, float64 has enough for both.
TEST_F(FoldsOfPublishedGraphs, CnnHasTwoPools) {
  Graph cnn = graph("cnn_sinabs.nir");
  Recording input = nir::test::recordingOfDigit(folder, 5);
  std::vector<Probe> probes = {{"6", "v"}, {"10", "v"}, {"10", "spikes"}};
  Semantics semantics(1e-3);

  Outcome plain = run(cnn, semantics, input, probes, DType::F64, Folding::None);
  Outcome exact = run(cnn, semantics, input, probes, DType::F64, Folding::Exact);
  ASSERT_TRUE(plain.recording && exact.recording);
  EXPECT_EQ(list(exact.folds), "5 takes in '4', no bit changes: no sum is rounded\n"
                               "9 takes in '7', no bit changes: no sum is rounded\n");
  EXPECT_EQ(difference(*exact.recording, *plain.recording), "");

  EXPECT_EQ(list(run(cnn, semantics, input, probes, DType::F32, Folding::Exact).folds), "");
  Outcome single = run(cnn, semantics, input, probes, DType::F32, Folding::None);
  Outcome all = run(cnn, semantics, input, probes, DType::F32, Folding::All);
  ASSERT_TRUE(single.recording && all.recording);
  EXPECT_EQ(
      list(all.folds),
      "5 takes in '4', rounds differently: sums are in another order, and not of windows first\n"
      "9 takes in '7', rounds differently: sums are in another order, and not of windows first\n");
  auto spikesOf = [](const Outcome &outcome) {
    std::vector<double> spikes = outcome.recording->find("output", "spikes")->data.toDoubles();
    return std::accumulate(spikes.begin(), spikes.end(), 0.0);
  };
  EXPECT_GT(spikesOf(single), 50.0);
  EXPECT_NEAR(spikesOf(all), spikesOf(single), 0.02 * spikesOf(single));
}

} // namespace
