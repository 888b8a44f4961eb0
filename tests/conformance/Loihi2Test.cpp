//===- Loihi2Test.cpp - the chip model against the integers ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/conformance/Loihi2Jobs.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/Loihi2Cores.h"
#include "tests/support/Random.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/Recordings.h"
#include "tests/support/ReferenceData.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using namespace nirc::loihi2;

namespace {

/// What the chip is to compute.
Result<nirc::loihi2::Model> modelOf(const nirc::Job &job) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  nirc::DiagnosticCollector collector(context);
  nirc::NetworkOptions options{job.semantics, job.dtype, job.probes, job.balanceLatency};
  options.quantization = job.quantization;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      nirc::buildNetwork(*job.graph, job.file, options, context);
  if (!module) {
    return collector.takeError();
  }
  auto model = buildModel(*module->getOps<snn::NetworkOp>().begin());
  if (failed(model)) {
    return collector.takeError();
  }
  return std::move(*model);
}

/// The job on cores with these limits; `cores` is how many they are.
Result<Recording> runOnCores(const nirc::Job &job, const Recording &input, const CoreLimits &limits,
                             const nirc::PartitionOptions &options, size_t &cores) {
  Result<nirc::loihi2::Model> model = modelOf(job);
  if (!model) {
    return model.takeError();
  }
  Result<std::string> bytes = writeImage(*model, limits, options);
  if (!bytes) {
    return bytes.takeError();
  }
  Result<Image> image = readImage(*bytes);
  if (!image) {
    return image.takeError();
  }
  cores = image->cores.size();
  Chip chip(*std::move(image));
  return run(chip, input);
}

//===----------------------------------------------------------------------===//
// What was recorded and published
//===----------------------------------------------------------------------===//

using Loihi2Published = nir::test::ReferenceData;

/// Lava's fixed-point LIF (CPU) on the graph of the NIR paper, whose script fixes the scale and
/// cuts constants off; v is in its units of 1/16384 V.
TEST_F(Loihi2Published, EveryVoltageAndSpikeOfLava) {
  auto [drive, v, spikes] = columns("lif_lava_cpu_fixed.csv");
  Graph lif = graph("lif_norse.nir");
  Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, drive)}}};
  nirc::Job job = jobOf(lif, input, {{"1", "v"}, {"1", "spikes"}});
  job.quantization->format = *numberFormatOf("loihi2,scale=256,constants=toward-zero");
  Result<Recording> got = runOn("loihi2", job, input);
  ASSERT_TRUE(got) << got.error().str();
  std::vector<double> volts = got->find("1", "v")->data.toDoubles();
  for (double &each : volts) {
    each *= 16384;
  }
  EXPECT_EQ(volts, v);
  EXPECT_EQ(got->find("1", "spikes")->data.toDoubles(), spikes);
}

/// Every spike and state, on as few cores as there can be, on cores that a population has for
/// itself, on those of Loihi 1, and on many small ones.
void expectCpusSpikes(const std::string &name, const Graph &graph, double dtSeconds) {
  Recording input = spikesFor(graph, dtSeconds, 100, 1);
  nirc::Job job = jobOf(graph, input, {});
  job.probes = neuronsOf(graph, job.semantics);
  Result<Recording> want = runOn("cpu", job, input), got = runOn("loihi2", job, input);
  ASSERT_TRUE(want) << name << ": " << want.error().str();
  ASSERT_TRUE(got) << name << ": " << got.error().str();
  EXPECT_EQ(difference(*got, *want), "") << name;
  std::vector<double> spikes = want->traces[0].data.toDoubles();
  EXPECT_GT(std::count(spikes.begin(), spikes.end(), 1.0), 0) << name;
  constexpr CoreLimits small = {50, int64_t{64} * 8000, 4096, 4096};
  for (auto [limits, shared] :
       {std::pair(loihi2Core, false), std::pair(loihi1Core, true), std::pair(small, true)}) {
    size_t cores = 0;
    got = runOnCores(job, input, limits, {.shareCores = shared}, cores);
    ASSERT_TRUE(got) << name << ": " << got.error().str();
    EXPECT_EQ(difference(*got, *want), "") << name << " on " << cores << " cores";
  }
}

/// Braille at steps in which the fastest neuron leaks less than all of its state.
TEST_F(Loihi2Published, GraphsSpikeAsTheCpusIntegers) {
  for (auto [name, dt] :
       {std::pair("braille_noDelay_noBias_subtract.nir", 1e-4),
        std::pair("braille_noDelay_bias_zero.nir", 1e-4), std::pair("cnn_sinabs.nir", 1e-3)}) {
    expectCpusSpikes(name, graph(name), dt);
  }
}

/// Memory binds: 8 bits of weight and an index of its least bits a synapse are more than all
/// neurons need of cores.
TEST_F(Loihi2Published, CnnTakesNearlyAsFewCoresAsCanBe) {
  Graph cnn = graph("cnn_sinabs.nir");
  Result<nirc::loihi2::Model> model = modelOf(jobOf(cnn, spikesFor(cnn, 1e-3, 100, 1), {}));
  ASSERT_TRUE(model) << model.error().str();
  Result<nirc::Mapping> mapping = mapToCores(*model);
  ASSERT_TRUE(mapping) << mapping.error().str();
  Result<Image> image = readImage(writeImage(*model, *mapping));
  ASSERT_TRUE(image) << image.error().str();
  expectWithinLimits(*image);
  int64_t least = leastCoresOf(*model), cores = std::ssize(image->cores);
  EXPECT_LE(static_cast<double>(cores), 1.1 * static_cast<double>(least));
  std::printf("%zu neurons: %ld cores, %ld at least (nirc says %ld), %s\n", model->synapses.size(),
              cores, least, mapping->leastCores, mapping->partitioner.c_str());
}

TEST(Loihi2Examples, SpikeAsTheCpusIntegers) {
  for (const char *name : {"recurrent", "two-layers", "coincidence", "moving-bar",
                           "fashion-mnist/mlp", "fashion-mnist/cnn"}) {
    Result<nir::Model> model =
        readInProcess(fmt::format("{}/examples/{}.nir", NIRC_SOURCE_DIR, name));
    ASSERT_TRUE(model) << model.error().str();
    expectCpusSpikes(name, model->graph, 1e-3);
  }
}

//===----------------------------------------------------------------------===//
// Random networks
//===----------------------------------------------------------------------===//

class Loihi2RandomNetworks : public testing::TestWithParam<int> {};

TEST_P(Loihi2RandomNetworks, SpikeAsTheCpusIntegers) {
  constexpr int networksPerShard = 50;
  int refused = 0;
  size_t split = 0, active = 0;
  for (int i = 0; i < networksPerShard + refused; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * 1000 + i;
    Graph graph = Layers(seed).build();
    Recording input = spikesFor(graph, 1e-3, 150, seed);
    nirc::Job job = jobOf(graph, input, {});
    job.balanceLatency = i % 5 == 0;
    job.probes = neuronsOf(graph, job.semantics);
    Result<Recording> got = runOn("loihi2", job, input);
    if (!got) { // by name
      ASSERT_LT(++refused, networksPerShard / 3) << got.error().str();
      continue;
    }
    Result<Recording> want = runOn("cpu", job, input);
    ASSERT_TRUE(want) << want.error().str();
    ASSERT_EQ(difference(*got, *want), "") << "seed " << seed << "\n" << describe(graph);
    size_t cores = 0;
    for (auto [limits, shared] :
         {std::pair(loihi2Core, false), std::pair(CoreLimits{5, 64 * 400, 4096, 4096}, true)}) {
      Result<Recording> other = runOnCores(job, input, limits, {.shareCores = shared}, cores);
      ASSERT_TRUE(other) << other.error().str();
      ASSERT_EQ(difference(*other, *want), "") << "seed " << seed << " on " << cores << " cores\n"
                                               << describe(graph);
    }
    split += cores > 3;
    std::vector<double> out = want->traces[0].data.toDoubles();
    active += std::ranges::any_of(out, [](double x) { return x != 0.0; });
  }
  EXPECT_GT(split, networksPerShard / 2);
  EXPECT_GT(active, networksPerShard / 2);
}

INSTANTIATE_TEST_SUITE_P(Shards, Loihi2RandomNetworks, testing::Range(0, 4));

} // namespace
