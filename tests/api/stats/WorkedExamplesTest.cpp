//===- WorkedExamplesTest.cpp ---------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks so small that every count was worked out by hand, and was found equal by NeuroBench
// e521c28 with snnTorch 0.9.4 (tests/api/stats/neurobench.py runs it). Their neurons are
// snnTorch's: n = beta v + x - 1[v > 1], beta 0.5, spike where n > 1.
//
//===----------------------------------------------------------------------===//

#include "api/stats/Energy.h"
#include "api/stats/WorkloadCounter.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/choices/Choices.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

using namespace nir::test;
using namespace nirc;

namespace {

constexpr double dt = 0x1p-10; // of which 2 dt is the double that beta 0.5 needs

nir::Tensor floats(nir::Shape shape, const std::vector<float> &values) {
  return nir::Tensor::of(std::move(shape), values);
}

/// beta 0.5, threshold 1.
nir::LIF leaky(nir::Shape shape) {
  auto all = [&](float value) {
    return floats(shape, std::vector<float>(static_cast<size_t>(nir::numElements(shape)), value));
  };
  return {all(2 * dt), all(1), all(0), all(1), all(0)};
}

struct Example {
  nir::Graph graph;
  nir::Tensor input; ///< [batch, T, shape...]
};

/// What is counted of a run on the interpreter, or of one that is given.
Stats countOf(const Example &example, int64_t batch, bool hasMembranes = true) {
  nir::Semantics semantics = *nir::semanticsOf("snntorch-native");
  semantics.dtSeconds = dt;
  nir::Checked checked = nir::check(example.graph);
  EXPECT_TRUE(checked.ok());
  nir::Result<WorkloadCounter> counter = WorkloadCounter::create(
      example.graph, checked, semantics,
      staticStats(example.graph, checked, **findBufferConvention("snntorch-0.9.4")), batch);
  EXPECT_TRUE(counter) << counter.error().message;
  if (!hasMembranes) {
    counter->skipMembranes("the target records no v");
  }
  std::vector<nir::Probe> probes = counter->probes();
  probes.insert(probes.end(), counter->membranes().begin(), counter->membranes().end());
  int64_t samples = example.input.shape()[0], steps = example.input.shape()[1];
  // A sample at a time: parts of a run end no call.
  for (int64_t sample = 0; sample < samples; ++sample) {
    nir::Shape shape = example.input.shape();
    shape[0] = 1;
    size_t bytes = example.input.sizeInBytes() / static_cast<size_t>(samples);
    nir::Tensor one(
        example.input.dtype(), shape,
        {example.input.share(), example.input.bytes() + static_cast<size_t>(sample) * bytes});
    nir::Recording input{dt, {{"in", "value", one}}};
    nir::Result<nir::Recording> run =
        nir::interpret(example.graph, semantics, input, {.probes = probes});
    EXPECT_TRUE(run) << run.error().message;
    EXPECT_FALSE(counter->add(input, *run, 1, steps));
  }
  return counter->finish();
}

NeuroBenchFigures figuresOf(const Example &example, int64_t batch = 1) {
  return neuroBenchFigures(countOf(example, batch));
}

const NodeStats &nodeOf(const Stats &stats, std::string_view name) {
  auto found = std::find_if(stats.nodes.begin(), stats.nodes.end(),
                            [&](const NodeStats &node) { return node.node == name; });
  EXPECT_NE(found, stats.nodes.end());
  return *found;
}

//===----------------------------------------------------------------------===//
// A: 3-4-2, three steps, two samples
//===----------------------------------------------------------------------===//

Example exampleA() {
  nir::Affine w1{floats({4, 3}, {1, 0, .5, 0, 1, 0, .5, .5, 0, -1, 0, 1}),
                 floats({4}, {0, .25, 0, 0})};
  nir::Linear w2{floats({2, 4}, {1, -.5, 0, .5, 0, 1, 1, 0})};
  return {graphOf({{"in", input({3})},
                   {"w1", w1},
                   {"lif1", leaky({4})},
                   {"w2", w2},
                   {"lif2", leaky({2})},
                   {"out", output({2})}},
                  {{"in", "w1"}, {"w1", "lif1"}, {"lif1", "w2"}, {"w2", "lif2"}, {"lif2", "out"}}),
          floats({2, 3, 3}, {1, 0, 1, 0, 1, 0, 1, 1, 0, /**/ 0, 0, 1, 0, 0, 0, 1, 0, 0})};
}

TEST(WorkedExamples, AHasTheDigitsOfTheHarness) {
  for (int64_t batch : {1, 2}) {
    Stats stats = countOf(exampleA(), batch);
    NeuroBenchFigures figures = neuroBenchFigures(stats);
    EXPECT_EQ(figures.footprint, 136);
    EXPECT_EQ(figures.parameterCount, 24);
    EXPECT_EQ(figures.connectionSparsity, 0.4);
    EXPECT_EQ(figures.activationSparsity, 0.8611111111111112);
    EXPECT_EQ(figures.effectiveAcs, 11.0);
    EXPECT_EQ(figures.effectiveMacs, 0.0);
    EXPECT_EQ(figures.dense, 60.0);
    EXPECT_EQ(figures.membraneUpdates, 15.0);
    EXPECT_EQ(figures.effectiveNeuronOperations, 60.0);
    EXPECT_EQ(figures.denseNeuronOperations, 72.0);
    EXPECT_EQ(nodeOf(stats, "lif1").activity.activationSparsity(), 20.0 / 24.0);
    EXPECT_EQ(nodeOf(stats, "lif2").activity.activationSparsity(), 11.0 / 12.0);
    EXPECT_EQ(nodeOf(stats, "w1").activity.effectiveAcs, 12 + 5);
    EXPECT_EQ(nodeOf(stats, "w2").activity.effectiveAcs, 4 + 1);
    // With zero weights: 4 and 2 synapses for each of 7 and 4 arrivals.
    EXPECT_EQ(nodeOf(stats, "w1").activity.fanOutOperations, 28);
    EXPECT_EQ(nodeOf(stats, "w2").activity.fanOutOperations, 8);
  }
}

TEST(WorkedExamples, AHalfMakesMacsOfItsCall) {
  Example example = exampleA();
  std::vector<float> x(example.input.as<float>().begin(), example.input.as<float>().end());
  x[11] = .5F; // sample 1, step 0, input 2
  example.input = floats({2, 3, 3}, x);
  EXPECT_EQ(figuresOf(example, 2).effectiveMacs, 3.5);
  EXPECT_EQ(figuresOf(example, 2).effectiveAcs, 7.5);
  EXPECT_EQ(figuresOf(example, 1).effectiveMacs, 1.0);
  EXPECT_EQ(figuresOf(example, 1).effectiveAcs, 10.0);
}

TEST(WorkedExamples, AMinusOneIsAnAc) {
  Example example = exampleA();
  std::vector<float> x(example.input.as<float>().begin(), example.input.as<float>().end());
  x[0] = -1.F;
  example.input = floats({2, 3, 3}, x);
  EXPECT_EQ(figuresOf(example).effectiveAcs, 11.0);
  EXPECT_EQ(figuresOf(example).effectiveMacs, 0.0);
}

TEST(WorkedExamples, AHasNoUpdatesWithoutMembranes) {
  Stats stats = countOf(exampleA(), 1, /*hasMembranes=*/false);
  EXPECT_THAT(stats.workload->gaps,
              testing::ElementsAre("membrane updates: the target records no v"));
  NeuroBenchFigures figures = neuroBenchFigures(stats);
  EXPECT_EQ(figures.effectiveAcs, 11.0);
  EXPECT_FALSE(figures.membraneUpdates);
  EXPECT_FALSE(figures.effectiveNeuronOperations);
  EnergyEstimate loihi = estimateEnergy(stats, **findEnergyTable("loihi1-davies2018"));
  EXPECT_THAT(loihi.uncounted,
              testing::ElementsAre("updates that change v", "updates that do not"));
  EXPECT_DOUBLE_EQ(loihi.items[0].least(), 259.6);
}

TEST(WorkedExamples, AIsPriced) {
  Stats stats = countOf(exampleA(), 1);
  EXPECT_DOUBLE_EQ(estimateEnergy(stats, **findEnergyTable("horowitz45-fp32")).most(), 9.9);
  EnergyEstimate loihi = estimateEnergy(stats, **findEnergyTable("loihi1-davies2018"));
  EXPECT_DOUBLE_EQ(loihi.items[0].least(), 259.6);
  EXPECT_TRUE(std::isinf(loihi.items[0].most()));
  EXPECT_DOUBLE_EQ(loihi.items[1].least(), 15 * 81.0); // of 18 updates
  EXPECT_DOUBLE_EQ(loihi.items[2].least(), (18 - 15) * 52.0);
}

//===----------------------------------------------------------------------===//
// B: a convolution with stride and padding, one step
//===----------------------------------------------------------------------===//

nir::Conv2d convB() {
  return {wholes({4, 4}),
          floats({2, 1, 3, 3}, {1, 2, 1, 0, 0, 0, -1, -2, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1}),
          whole(2),
          whole(1),
          whole(1),
          whole(1),
          floats({2}, {.5, .5})};
}

nir::Tensor inputB() {
  return floats({1, 1, 1, 4, 4}, {0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1});
}

TEST(WorkedExamples, BCountsNoPadding) {
  nir::Affine w{floats({1, 8}, std::vector<float>(8, 1)), floats({1}, {0})};
  Example example{graphOf({{"in", input({1, 4, 4})},
                           {"conv", convB()},
                           {"lif1", leaky({2, 2, 2})},
                           {"flat", nir::Flatten{whole(0), whole(-1), std::nullopt}},
                           {"w", w},
                           {"lif2", leaky({1})},
                           {"out", output({1})}},
                          {{"in", "conv"},
                           {"conv", "lif1"},
                           {"lif1", "flat"},
                           {"flat", "w"},
                           {"w", "lif2"},
                           {"lif2", "out"}}),
                  inputB()};
  Stats stats = countOf(example, 1);
  NeuroBenchFigures figures = neuroBenchFigures(stats);
  EXPECT_EQ(figures.footprint, 156);
  EXPECT_EQ(figures.parameterCount, 29);
  EXPECT_EQ(figures.connectionSparsity, 0.1154);
  EXPECT_EQ(figures.activationSparsity, 0.4444444444444444);
  EXPECT_EQ(figures.effectiveAcs, 16.0);
  EXPECT_EQ(figures.effectiveMacs, 0.0);
  EXPECT_EQ(figures.dense, 58.0);
  EXPECT_EQ(figures.membraneUpdates, 9.0);
  EXPECT_EQ(figures.effectiveNeuronOperations, 36.0);
  EXPECT_EQ(figures.denseNeuronOperations, 36.0);
  EXPECT_EQ(nodeOf(stats, "conv").activity.effectiveAcs, 12);
  EXPECT_EQ(nodeOf(stats, "conv").activity.denseOperations, 50);
  EXPECT_EQ(nodeOf(stats, "conv").activity.fanOutOperations, 16);
}

TEST(WorkedExamples, BPoolsDecideOnTheClass) {
  auto with = [&](nir::Params pool) {
    nir::Linear w{floats({1, 2}, {1, 1})};
    return figuresOf({graphOf({{"in", input({1, 4, 4})},
                               {"conv", convB()},
                               {"lif1", leaky({2, 2, 2})},
                               {"pool", std::move(pool)},
                               {"flat", nir::Flatten{whole(0), whole(-1), std::nullopt}},
                               {"w", w},
                               {"out", output({1})}},
                              {{"in", "conv"},
                               {"conv", "lif1"},
                               {"lif1", "pool"},
                               {"pool", "flat"},
                               {"flat", "w"},
                               {"w", "out"}}),
                      inputB()});
  };
  NeuroBenchFigures sum = with(nir::SumPool2d{whole(2), whole(2), whole(0)});
  EXPECT_EQ(sum.effectiveMacs, 1.0);
  EXPECT_EQ(sum.effectiveAcs, 12.0);
  EXPECT_EQ(sum.dense, 52.0);
  NeuroBenchFigures mean = with(nir::AvgPool2d{whole(2), whole(2), whole(0)}); // 1 exactly
  EXPECT_EQ(mean.effectiveMacs, 0.0);
  EXPECT_EQ(mean.effectiveAcs, 13.0);
}

TEST(WorkedExamples, BMeansOfFilledWindowsAreMacs) {
  // Two spikes in one window, one in another.
  nir::Linear w{floats({3, 4}, std::vector<float>(12, 1))};
  Example example{graphOf({{"in", input({1, 4, 4})},
                           {"pool", nir::AvgPool2d{whole(2), whole(2), whole(0)}},
                           {"flat", nir::Flatten{whole(0), whole(-1), std::nullopt}},
                           {"w", w},
                           {"out", output({3})}},
                          {{"in", "pool"}, {"pool", "flat"}, {"flat", "w"}, {"w", "out"}}),
                  floats({1, 1, 1, 4, 4}, {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})};
  EXPECT_EQ(figuresOf(example).effectiveMacs, 6.0);
  EXPECT_EQ(figuresOf(example).effectiveAcs, 0.0);
  EXPECT_EQ(figuresOf(example).dense, 12.0);
}

//===----------------------------------------------------------------------===//
// C: recurrent weights
//===----------------------------------------------------------------------===//

TEST(WorkedExamples, CRecurrentWeightsTakeTheSpikesOfTheStepBefore) {
  nir::Linear w{floats({3, 2}, {2, 0, 0, 2, 0, 0})};
  nir::Affine v{floats({3, 3}, {0, 1, 0, 1, 0, 1, 2, 0, 0}), floats({3}, {0, 0, 0})};
  Example example{
      graphOf({{"in", input({2})}, {"w", w}, {"lif", leaky({3})}, {"v", v}, {"out", output({3})}},
              {{"in", "w"}, {"w", "lif"}, {"lif", "v"}, {"v", "lif"}, {"lif", "out"}}),
      floats({1, 4, 2}, {1, 0, 0, 1, 0, 0, 1, 1})};
  Stats stats = countOf(example, 1);
  NeuroBenchFigures figures = neuroBenchFigures(stats);
  EXPECT_EQ(figures.footprint, 92);
  EXPECT_EQ(figures.parameterCount, 18);
  EXPECT_EQ(figures.connectionSparsity, 0.6);
  EXPECT_EQ(figures.activationSparsity, 0.5);
  EXPECT_EQ(figures.effectiveAcs, 9.0);
  EXPECT_EQ(figures.dense, 60.0);
  EXPECT_EQ(figures.membraneUpdates, 11.0);
  EXPECT_EQ(nodeOf(stats, "w").activity.effectiveAcs, 4);
  EXPECT_EQ(nodeOf(stats, "v").activity.effectiveAcs, 5);
}

//===----------------------------------------------------------------------===//
// Digits that NeuroBench publishes of its own examples
//===----------------------------------------------------------------------===//

nir::Tensor ones(nir::Shape shape) {
  auto size = static_cast<size_t>(nir::numElements(shape));
  return floats(std::move(shape), std::vector<float>(size, 1));
}

/// Affines of these widths, each with neurons behind it.
nir::Graph perceptron(const std::vector<int64_t> &widths) {
  std::vector<NamedParams> nodes = {{"in", input({widths[0]})}};
  std::vector<std::pair<std::string, std::string>> edges;
  std::string last = "in";
  for (size_t i = 1; i < widths.size(); ++i) {
    std::string fc = "fc" + std::to_string(i), lif = "lif" + std::to_string(i);
    std::vector<float> bias(static_cast<size_t>(widths[i]), 0);
    nodes.push_back({fc, nir::Affine{ones({widths[i], widths[i - 1]}), floats({widths[i]}, bias)}});
    nodes.push_back({lif, leaky({widths[i]})});
    edges.insert(edges.end(), {{last, fc}, {fc, lif}});
    last = lif;
  }
  nodes.push_back({"out", output({widths.back()})});
  edges.push_back({last, "out"});
  return graphOf(nodes, edges);
}

TEST(PublishedDigits, SpeechCommands) { // examples/gsc of NeuroBench, SNN
  Example example{perceptron({20, 256, 256, 256, 35}),
                  floats({1, 200, 20}, std::vector<float>(4000, 0))};
  NeuroBenchFigures figures = figuresOf(example);
  EXPECT_EQ(figures.parameterCount, 145955);
  EXPECT_EQ(figures.footprint, 583900);
  EXPECT_EQ(figures.dense, 29030400.0);
  EXPECT_EQ(figures.connectionSparsity, 0.0);
  EXPECT_EQ(figures.effectiveAcs, 0.0);
}

TEST(PublishedDigits, PrimateReaching) { // examples/primate_reaching of NeuroBench, SNN2
  for (auto [channels, dense] : {std::pair(96, 4900.0), std::pair(192, 9700.0)}) {
    Example example{perceptron({channels, 50, 2}),
                    floats({1, 1, channels}, std::vector<float>(static_cast<size_t>(channels)))};
    EXPECT_EQ(figuresOf(example).dense, dense);
  }
}

/// Of a step.
Size sizeOf(const nir::Graph &graph) {
  nir::Checked checked = nir::check(graph);
  EXPECT_TRUE(checked.ok());
  return staticStats(graph, checked, **findBufferConvention("snntorch-0.9.4")).totalSize();
}

TEST(PublishedDigits, Gestures) { // examples/dvs_gesture of NeuroBench
  std::vector<NamedParams> nodes = {{"in", input({2, 32, 32})}};
  std::vector<std::pair<std::string, std::string>> edges;
  std::string last = "in";
  int64_t channels = 2, size = 32;
  for (int64_t out : {16, 32, 64}) {
    std::string number = std::to_string(out);
    nodes.push_back(
        {"conv" + number, nir::Conv2d{wholes({size, size}), ones({out, channels, 5, 5}), whole(1),
                                      std::string("same"), whole(1), whole(1), ones({out})}});
    nodes.push_back({"lif" + number, leaky({out, size, size})});
    nodes.push_back({"pool" + number, nir::SumPool2d{whole(2), whole(2), whole(0)}});
    edges.insert(edges.end(), {{last, "conv" + number},
                               {"conv" + number, "lif" + number},
                               {"lif" + number, "pool" + number}});
    last = "pool" + number;
    channels = out;
    size /= 2;
  }
  nodes.push_back({"flat", nir::Flatten{whole(0), whole(-1), std::nullopt}});
  nodes.push_back({"fc", nir::Affine{ones({11, 1024}), ones({11})}});
  nodes.push_back({"lif", leaky({11})});
  nodes.push_back({"out", output({11})});
  edges.insert(edges.end(), {{last, "flat"}, {"flat", "fc"}, {"fc", "lif"}, {"lif", "out"}});
  Size all = sizeOf(graphOf(nodes, edges));
  EXPECT_EQ(all.parameters, 76187);
  EXPECT_EQ(all.footprintBytes(), 304828);
  EXPECT_EQ(all.denseOperations * 150, 891206400);
}

/// The M5 of examples/gsc has ReLU, normalization and pools of one dimension, which NIR lacks; its
/// connections one by one.
TEST(PublishedDigits, SpeechCommandsConvolutions) {
  auto dense = [](int64_t in, int64_t out, int64_t width, int64_t kernel, int64_t stride) {
    int64_t places = (width - kernel) / stride + 1;
    return sizeOf(around(nir::Conv1d{nir::Tensor::vector<int64_t>({width}), ones({out, in, kernel}),
                                     whole(stride), whole(0), whole(1), whole(1), ones({out})},
                         {in, width}, {out, places}))
        .denseOperations;
  };
  std::vector<int64_t> all = {
      dense(1, 32, 8000, 80, 16), dense(32, 32, 124, 3, 1), dense(32, 64, 30, 3, 1),
      dense(64, 64, 7, 3, 1),
      sizeOf(around(nir::Linear{ones({35, 64})}, {64}, {35})).denseOperations};
  EXPECT_THAT(all, testing::ElementsAre(1269760, 374784, 172032, 61440, 2240));
  EXPECT_EQ(std::accumulate(all.begin(), all.end(), int64_t{0}), 1880256);
}

TEST(PublishedDigits, UnitTests) { // tests/test_metrics.py of NeuroBench
  auto conv = [](nir::Params params, const std::vector<int64_t> &in,
                 const std::vector<int64_t> &out) {
    return sizeOf(around(std::move(params), in, out)).denseOperations;
  };
  EXPECT_EQ(conv(nir::Conv2d{wholes({12, 12}), ones({1, 1, 3, 3}), whole(1), whole(0), whole(1),
                             whole(1), ones({1})},
                 {1, 12, 12}, {1, 10, 10}),
            900);
  EXPECT_EQ(conv(nir::Conv1d{wholes({10}), ones({5, 1, 5}), whole(1), whole(0), whole(1), whole(1),
                             ones({5})},
                 {1, 10}, {5, 6}),
            150);
}

TEST(PublishedDigits, RoundingIsPythonsOfFloat32) {
  std::vector<float> weights(20000, 1);
  std::fill_n(weights.begin(), 4567, 0.F);
  weights[0] = -0.F; // is a zero
  nir::Graph graph = around(nir::Linear{floats({100, 200}, weights)}, {200}, {100});
  Stats stats = staticStats(graph, nir::check(graph), **findBufferConvention("none"));
  EXPECT_EQ(neuroBenchFigures(stats).connectionSparsity, 0.2283);
  EXPECT_EQ(stats.totalSize().connectionSparsity(), 0.22835);
}

} // namespace
