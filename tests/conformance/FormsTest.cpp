//===- FormsTest.cpp - the same bits in every form ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cpu gives the interpreter's bits however it adds up: sparse or dense, tile by tile or column by
// column, on any number of threads, samples one by one or together. What is kept for large networks
// is made to work on small ones here.
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Run.h"
#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;
using nirc::cpu::LowerOptions;

namespace {

/// Every matrix by columns, every step for threads and samples to share.
const LowerOptions sharing{.compresses = true, .parts = true, .leastShared = 0, .nearBytes = 0};
/// Vectors of machines that are older than this one may be; none is longer than what it has.
constexpr int64_t vectorLengths[] = {0, 128, 256, 512};

struct Case {
  Graph graph;
  Semantics semantics;
  Recording input;
  DType dtype = DType::F32;
};

/// What differs from the interpreter on any of these numbers of threads; empty where nothing does.
std::string difference(const Case &one, const LowerOptions &options,
                       std::initializer_list<int> threads, const nirc::Patience &patience = {}) {
  std::vector<Probe> probes = nir::test::everything(one.graph, one.semantics);
  Result<Recording> want =
      interpret(one.graph, one.semantics, one.input, {.probes = probes, .dtype = one.dtype});
  if (!want) {
    return want.error().str();
  }
  auto executable = nirc::cpu::compile({&one.graph, "forms", one.semantics, one.dtype, probes},
                                       options, patience);
  if (!executable) {
    return executable.error().str();
  }
  for (int count : threads) {
    Result<Recording> got = (*executable)->run(one.input, {.threads = count});
    std::string differs = got ? nir::test::difference(*got, *want) : got.error().str();
    if (!differs.empty()) {
      return fmt::format("{} threads: {}", count, differs);
    }
  }
  return {};
}

/// Numbers of which a share is not zero, [rows..].
Tensor random(nir::test::Random &random, Shape shape, double share, double scale) {
  auto [tensor, bytes] = Tensor::allocate(DType::F32, std::move(shape));
  for (int64_t i = 0; i < tensor.size(); ++i) {
    bool some = random.uniform(0.0, 1.0) < share;
    reinterpret_cast<float *>(bytes)[i] =
        some ? static_cast<float>(scale * random.uniform(-1.0, 1.0)) : 0.0F;
  }
  return tensor;
}

/// Input -> Affine -> LIF, which drives itself through a matrix, -> Affine -> Output.
Graph recurrentGraph(nir::test::Random &random_, int64_t inputs, int64_t neurons, double share) {
  auto all = [&](double value) {
    return Tensor::vector(std::vector<float>(neurons, static_cast<float>(value)));
  };
  constexpr int64_t outputs = 5;
  return nir::test::graphOf({{"in", nir::test::input({inputs})},
                             {"enter", Affine{random(random_, {neurons, inputs}, 1.0, 1.0),
                                              random(random_, {neurons}, 1.0, 0.5)}},
                             {"lif", LIF{all(4e-3), all(3.0), all(0.0), all(1.0), all(0.0)}},
                             {"again", Linear{random(random_, {neurons, neurons}, share, 0.3)}},
                             {"leave", Affine{random(random_, {outputs, neurons}, 1.0, 1.0),
                                              random(random_, {outputs}, 1.0, 1.0)}},
                             {"out", nir::test::output({outputs})}},
                            {{"in", "enter"},
                             {"enter", "lif"},
                             {"lif", "again"},
                             {"again", "lif"},
                             {"lif", "leave"},
                             {"leave", "out"}});
}

/// An input that is nearly all there for some steps, nearly silent for some, and by turns.
Recording changingInput(nir::test::Random &random_, int64_t batch, int64_t steps, int64_t inputs) {
  auto [tensor, bytes] = Tensor::allocate(DType::F32, {batch, steps, inputs});
  constexpr double shares[] = {1.0, 1.0, 0.97, 0.02, 0.0, 0.5, 1.0, 0.02, 0.9, 1.0};
  for (int64_t i = 0; i < tensor.size(); ++i) {
    bool some = random_.uniform(0.0, 1.0) < shares[i / inputs % 10];
    reinterpret_cast<float *>(bytes)[i] =
        some ? static_cast<float>(random_.uniform(-1.0, 2.0)) : 0.0F;
  }
  return {1e-3, {{"in", "value", tensor}}};
}

Semantics semanticsOfMilliseconds() { return Semantics(1e-3, Integrator::ExpEuler); }

} // namespace

TEST(Forms, SharedStepsOfRandomNetworks) {
  for (uint64_t seed = 8000; seed < 8030; ++seed) {
    Graph graph = nir::test::randomGraph(seed);
    Case one{graph, nir::test::randomSemantics(), nir::test::randomInput(graph, seed, 20, 3),
             seed % 2 ? DType::F64 : DType::F32};
    ASSERT_EQ(difference(one, sharing, {1, 2, 3, 5}), "") << "seed " << seed << "\n"
                                                          << nir::test::describe(graph);
  }
}

// One thread goes on alone after any number of steps, and they share the next ones again: of one
// sample, of more samples than go together, and of random networks with all their delays.
TEST(Forms, OneThreadGoesOnAlone) {
  for (int64_t turns : {1, 3, 7}) {
    nirc::Patience patience;
    patience.turns = turns;
    for (int64_t batch : {1, 40}) {
      nir::test::Random random_(static_cast<uint64_t>(turns));
      Case one{recurrentGraph(random_, 40, 330, 1.0), semanticsOfMilliseconds(),
               changingInput(random_, batch, 20, 40)};
      EXPECT_EQ(difference(one, sharing, {1, 2, 3, 5}, patience), "")
          << batch << " samples, by turns of " << turns;
    }
    for (uint64_t seed = 8000; seed < 8006; ++seed) {
      Graph graph = nir::test::randomGraph(seed);
      Case one{graph, nir::test::randomSemantics(), nir::test::randomInput(graph, seed, 20, 3),
               seed % 2 ? DType::F64 : DType::F32};
      ASSERT_EQ(difference(one, sharing, {2, 3}, patience), "")
          << "seed " << seed << ", by turns of " << turns << "\n"
          << nir::test::describe(graph);
    }
  }
}

// As above where waiting itself makes them change, at times that no test can foresee.
TEST(Forms, OneThreadGoesOnAloneWhereItWaits) {
  nirc::Patience patience;
  patience.shortest = nirc::Clock::duration::zero();
  patience.window = std::chrono::microseconds(20);
  patience.most = std::chrono::microseconds(200);
  nir::test::Random random_(30);
  Case one{recurrentGraph(random_, 75, 330, 1.0), semanticsOfMilliseconds(),
           changingInput(random_, 3, 300, 75)};
  EXPECT_EQ(difference(one, sharing, {2, 3, 5, 2, 1}, patience), "");
}

// Columns from memory are added eight at a time, and what is left four, two and one.
TEST(Forms, ColumnsFromFar) {
  LowerOptions far = sharing;
  far.farBytes = 0;
  for (DType dtype : {DType::F32, DType::F64}) {
    for (double share : {0.3, 1.0}) {
      nir::test::Random random_(21);
      Case one{recurrentGraph(random_, 75, 150, share), semanticsOfMilliseconds(),
               changingInput(random_, 3, 30, 75), dtype};
      EXPECT_EQ(difference(one, far, {1, 2, 3}), "") << share << " of the weights";
    }
  }
}

// A run starts from silence in the memory of a run before it, of more or fewer samples.
TEST(Forms, RunsOneAfterAnother) {
  nir::test::Random random_(22);
  Graph graph = recurrentGraph(random_, 40, 130, 1.0);
  Semantics semantics = semanticsOfMilliseconds();
  auto executable = nirc::cpu::compile({&graph, "forms", semantics, DType::F32, {}}, sharing);
  ASSERT_TRUE(executable) << executable.error().str();
  for (int64_t batch : {5, 2, 40, 1, 5}) {
    Recording input = changingInput(random_, batch, 20, 40);
    Result<Recording> want = interpret(graph, semantics, input, {.dtype = DType::F32});
    Result<Recording> got = (*executable)->run(input, {.threads = static_cast<int>(batch % 3 + 1)});
    ASSERT_TRUE(want && got);
    EXPECT_EQ(nir::test::difference(*got, *want), "") << batch << " samples";
  }
}

// 330 outputs are a tile of 256, and grains; 40 samples more than go together.
TEST(Forms, SamplesThatGoTogether) {
  for (DType dtype : {DType::F32, DType::F64}) {
    for (int64_t batch : {1, 2, 40}) {
      nir::test::Random random_(static_cast<uint64_t>(batch));
      Case one{recurrentGraph(random_, 40, 330, 1.0), semanticsOfMilliseconds(),
               changingInput(random_, batch, 20, 40), dtype};
      EXPECT_EQ(difference(one, sharing, {1, 2, 3}), "") << batch << " samples";
    }
  }
}

TEST(Forms, VectorsOfAnyLength) {
  for (int64_t bits : vectorLengths) {
    for (uint64_t seed = 8100; seed < 8110; ++seed) {
      Graph graph = nir::test::randomGraph(seed);
      Case one{graph, nir::test::randomSemantics(), nir::test::randomInput(graph, seed, 20, 2),
               seed % 2 ? DType::F64 : DType::F32};
      LowerOptions options = seed % 4 < 2 ? sharing : LowerOptions{};
      options.vectorBits = bits;
      ASSERT_EQ(difference(one, options, {2}), "") << bits << " bits, seed " << seed << "\n"
                                                   << nir::test::describe(graph);
    }
    nir::test::Random random_(3);
    Case one{recurrentGraph(random_, 40, 330, 1.0), semanticsOfMilliseconds(),
             changingInput(random_, 3, 20, 40)};
    for (LowerOptions options : {sharing, LowerOptions{}}) {
      options.vectorBits = bits;
      EXPECT_EQ(difference(one, options, {1, 2}), "") << bits << " bits";
    }
  }
}

// What is made for networks of many nodes, on small ones: nodes that are equal, or all that could
// be, have one function, and a step goes through a list.
TEST(Forms, NodesThatShareAFunction) {
  for (int64_t least : {1, 2}) {
    for (uint64_t seed = 8200; seed < 8240; ++seed) {
      Graph graph = nir::test::randomGraph(seed);
      Case one{graph, nir::test::randomSemantics(), nir::test::randomInput(graph, seed, 20, 2),
               seed % 2 ? DType::F64 : DType::F32};
      LowerOptions options = seed % 4 < 2 ? sharing : LowerOptions{.compresses = true};
      options.vectorBits = vectorLengths[seed % std::size(vectorLengths)];
      options.leastEqual = options.leastListed = least;
      ASSERT_EQ(difference(one, options, {1, 2}), "") << least << " are many, seed " << seed << "\n"
                                                      << nir::test::describe(graph);
    }
  }
}

/// A chain of neurons that differ in every number, each with its weight.
Graph chain(nir::test::Random &random_, int64_t length) {
  Graph graph;
  graph.nodes = {{"in", nir::test::input({1}), {}}, {"out", nir::test::output({1}), {}}};
  std::string last = "in";
  for (int64_t i = 0; i < length; ++i) {
    std::string weight = fmt::format("w{}", i), neuron = fmt::format("n{}", i);
    graph.nodes.push_back({weight,
                           Affine{nir::test::array({1, 1}, {random_.uniform(0.5, 3.0)}),
                                  nir::test::array({1}, {random_.uniform(-0.1, 0.3)})},
                           {}});
    auto one = [&](double low, double high) {
      return nir::test::array({1}, {random_.uniform(low, high)});
    };
    graph.nodes.push_back(
        {neuron,
         LIF{one(0.005, 0.03), one(0.5, 2.0), one(-0.1, 0.1), one(0.3, 1.0), one(-0.1, 0.1)},
         {}});
    graph.edges.insert(graph.edges.end(), {{last, weight}, {weight, neuron}});
    last = neuron;
  }
  graph.edges.push_back({last, "out"});
  return graph;
}

TEST(Forms, ALongChain) {
  nir::test::Random random_(5);
  Graph graph = chain(random_, 400);
  for (DType dtype : {DType::F32, DType::F64}) {
    Case one{graph, semanticsOfMilliseconds(), nir::test::randomInput(graph, 5, 30, 3), dtype};
    EXPECT_EQ(difference(one, LowerOptions{.compresses = true}, {1, 2}), "");
  }
}

// A weight below the range of float is not a zero in float64.
TEST(Forms, SparseMatricesOfTinyWeights) {
  constexpr int64_t inputs = 64, outputs = 65;
  std::vector<double> weight(inputs * outputs, 0.0);
  for (int64_t o = 0; o < outputs; ++o) {
    weight[o * inputs + o % inputs] = 1e-300 * static_cast<double>(o + 1);
  }
  Case one{nir::test::graphOf({{"in", nir::test::input({inputs})},
                               {"w", Linear{nir::test::array({outputs, inputs}, weight)}},
                               {"out", nir::test::output({outputs})}},
                              {{"in", "w"}, {"w", "out"}}),
           semanticsOfMilliseconds(),
           {},
           DType::F64};
  nir::test::Random random_(2);
  one.input = changingInput(random_, 1, 10, inputs);
  EXPECT_EQ(difference(one, {}, {1}), "");
}

TEST(Forms, SparseMatrices) {
  for (DType dtype : {DType::F32, DType::F64}) {
    nir::test::Random random_(11);
    Case one{recurrentGraph(random_, 64, 150, 0.1), semanticsOfMilliseconds(),
             changingInput(random_, 3, 30, 64), dtype};
    EXPECT_EQ(difference(one, {.parts = true}, {1, 2}), "");
    EXPECT_EQ(difference(one, sharing, {2}), "");
  }
}

// More outputs than 16 bits number; inputs that are numbers, and columns of several hundred
// entries.
TEST(Forms, SparseMatricesOfManyOutputs) {
  constexpr int64_t inputs = 8, outputs = 70000;
  for (DType dtype : {DType::F32, DType::F64}) {
    nir::test::Random random_(3);
    Case one{nir::test::graphOf({{"in", nir::test::input({inputs})},
                                 {"w", Linear{random(random_, {outputs, inputs}, 0.02, 1.0)}},
                                 {"out", nir::test::output({outputs})}},
                                {{"in", "w"}, {"w", "out"}}),
             semanticsOfMilliseconds(), changingInput(random_, 2, 10, inputs), dtype};
    for (int64_t bits : vectorLengths) {
      EXPECT_EQ(difference(one, {.vectorBits = bits, .compresses = bits == 512}, {1}), "") << bits;
    }
  }
}

// The lists of a signal that is dense in one step and sparse in the next.
TEST(Forms, SparseAndDenseByTurns) {
  for (DType dtype : {DType::F32, DType::F64}) {
    for (int64_t neurons : {3, 17, 64, 130}) {
      nir::test::Random random_(static_cast<uint64_t>(neurons));
      Case one{recurrentGraph(random_, 77, neurons, 1.0), semanticsOfMilliseconds(),
               changingInput(random_, 2, 60, 77), dtype};
      EXPECT_EQ(difference(one, {}, {1, 2}), "") << neurons << " neurons";
    }
  }
}

// 0 * -1 is -0, and leaves a bias of -0 as it is; 0 * 0 would not, so such a 0 is never listed.
TEST(Forms, ZerosAreNotAddedWhereThatShows) {
  constexpr int64_t inputs = 40, outputs = 20, steps = 4;
  Graph graph =
      nir::test::graphOf({{"in", nir::test::input({inputs})},
                          {"w", Affine{Tensor::allocate(DType::F32, {outputs, inputs}).first,
                                       Tensor::vector(std::vector<float>(outputs, -0.0F))}},
                          {"out", nir::test::output({outputs})}},
                         {{"in", "w"}, {"w", "out"}});
  auto [input, bytes] = Tensor::allocate(DType::F32, {1, steps, inputs});
  for (int64_t i = 0; i < input.size(); ++i) {
    reinterpret_cast<float *>(bytes)[i] = i % inputs == 0 ? 0.0F : -1.0F;
  }
  auto executable =
      nirc::cpu::compile({&graph, "zeros", semanticsOfMilliseconds(), DType::F32, {}}, {});
  ASSERT_TRUE(executable) << executable.error().str();
  Result<Recording> got = (*executable)->run({1e-3, {{"in", "value", input}}}, {});
  ASSERT_TRUE(got) << got.error().str();
  for (int64_t i = 0; i < steps * outputs; ++i) {
    EXPECT_TRUE(std::signbit(got->traces[0].data.at(i))) << "element " << i;
  }
}
