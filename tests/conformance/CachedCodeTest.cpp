//===- CachedCodeTest.cpp - code of an earlier compilation ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code out of the cache gives the bits of code that was compiled now, and is not taken where
// anything but weights is different.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "tests/support/Build.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/Recordings.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using nirc::CacheOptions;

namespace {

constexpr int64_t steps = 40, batch = 2;

struct Outcome {
  Recording recording;
  nirc::CodeOrigin code;
};

Outcome run(nirc::Job job, const Recording &input, std::optional<CacheOptions> cache) {
  job.cache = std::move(cache);
  auto executable = (*nirc::findTarget("cpu"))->compile(job);
  if (!executable) {
    ADD_FAILURE() << executable.error().str();
    return {};
  }
  Result<Recording> got = (*executable)->run(input, {});
  if (!got) {
    ADD_FAILURE() << got.error().str();
    return {};
  }
  return {*std::move(got), (*executable)->profile()->code.value()};
}

/// Weights from two inputs to three neurons.
Graph networkOf(double weight, double threshold) {
  LIF lif;
  lif.tau = vec({0.01, 0.02, 0.01});
  lif.r = vec({1.0, 1.0, 1.0});
  lif.v_leak = vec({0.0, 0.0, 0.0});
  lif.v_threshold = vec({threshold, threshold, threshold});
  lif.v_reset = vec({0.0, 0.0, 0.0});
  return graphOf({{"in", input({2})},
                  {"fc", Linear{array({3, 2}, {weight, 4.0, 6.0, 9.0, 5.0, 7.0})}},
                  {"lif", lif},
                  {"out", output({3})}},
                 {{"in", "fc"}, {"fc", "lif"}, {"lif", "out"}});
}

TEST(CachedCode, GivesTheBitsOfCodeThatIsCompiled) {
  TemporaryFolder folder;
  CacheOptions cache{folder.path};
  int found = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Graph graph = randomGraph(seed);
    Semantics semantics = randomSemantics();
    Recording input = randomInput(graph, seed, steps, batch);
    DType dtype = seed % 2 ? DType::F64 : DType::F32;
    nirc::Job job{&graph, "random", semantics, dtype, everything(graph, semantics)};
    Outcome without = run(job, input, {}), first = run(job, input, cache);
    job.file = "elsewhere/another.nir"; // code does not know its file
    Outcome second = run(job, input, cache);
    EXPECT_FALSE(without.code.isFromCache);
    EXPECT_EQ(without.code.file, "");
    EXPECT_TRUE(second.code.isFromCache) << "seed " << seed;
    EXPECT_EQ(first.code.file, second.code.file);
    EXPECT_EQ(difference(first.recording, without.recording), "") << "seed " << seed;
    EXPECT_EQ(difference(second.recording, without.recording), "") << "seed " << seed;
    found += second.code.isFromCache ? 1 : 0;
  }
  EXPECT_EQ(found, 40);
}

TEST(CachedCode, IsOfNetworksThatDifferInWeightsAlone) {
  TemporaryFolder folder;
  CacheOptions cache{folder.path};
  Semantics semantics = randomSemantics();
  Graph one = networkOf(8.0, 1.0), other = networkOf(3.0, 1.0);
  Recording input = randomInput(one, 1, steps, batch);
  nirc::Job job{&one, "one", semantics, DType::F32, everything(one, semantics)};
  EXPECT_FALSE(run(job, input, cache).code.isFromCache);
  job.graph = &other;
  Outcome with = run(job, input, cache), without = run(job, input, {});
  EXPECT_TRUE(with.code.isFromCache);
  EXPECT_EQ(difference(with.recording, without.recording), "");
}

TEST(CachedCode, IsNotTakenForAnotherNetwork) {
  TemporaryFolder folder;
  CacheOptions cache{folder.path};
  Semantics semantics = randomSemantics(), exact = semantics, subtracting = semantics;
  for (NeuronRule &rule : exact.rules) {
    rule.integrator = Integrator::Exact;
  }
  for (NeuronRule &rule : subtracting.rules) {
    rule.reset = Reset::Subtract;
  }
  Graph graph = networkOf(8.0, 1.0), lower = networkOf(8.0, 0.5);
  nirc::Job plain{&graph, "plain", semantics, DType::F32, {}};
  std::vector<nirc::Job> jobs(7, plain);
  jobs[1].graph = &lower; // a number in the code
  jobs[2].semantics = subtracting;
  jobs[3].dtype = DType::F64;
  jobs[4].profile = true;
  constexpr size_t others = 5;
  // Of these two only the neurons' factors differ, which are data as weights are.
  jobs[5].semantics = exact;
  jobs[6].semantics.dtSeconds *= 2;
  Recording input = randomInput(graph, 1, steps, batch);
  for (size_t i = 0; i < jobs.size(); ++i) {
    input.dtSeconds = jobs[i].semantics.dtSeconds;
    Outcome without = run(jobs[i], input, {}), with = run(jobs[i], input, cache);
    EXPECT_EQ(with.code.isFromCache, i >= others) << i;
    EXPECT_NE(with.code.file, "") << i;
    EXPECT_EQ(difference(with.recording, without.recording), "") << i;
  }
}

TEST(CachedCode, IsCompiledAgainWhereItIsDamaged) {
  TemporaryFolder folder;
  CacheOptions cache{folder.path};
  Semantics semantics = randomSemantics();
  Graph graph = networkOf(8.0, 1.0);
  Recording input = randomInput(graph, 1, steps, batch);
  nirc::Job job{&graph, "one", semantics, DType::F32, everything(graph, semantics)};
  Outcome first = run(job, input, cache);
  auto size = std::filesystem::file_size(first.code.file);
  std::fstream(first.code.file, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(static_cast<std::streamoff>(size / 2))
      .put('\x7f')
      .put('\x12');
  Outcome second = run(job, input, cache), third = run(job, input, cache);
  EXPECT_FALSE(second.code.isFromCache);
  EXPECT_TRUE(third.code.isFromCache);
  EXPECT_EQ(difference(second.recording, first.recording), "");
  EXPECT_EQ(difference(third.recording, first.recording), "");
}

TEST(CachedCode, IsNotNeeded) {
  Semantics semantics = randomSemantics();
  Graph graph = networkOf(8.0, 1.0);
  Recording input = randomInput(graph, 1, steps, batch);
  nirc::Job job{&graph, "one", semantics, DType::F32, everything(graph, semantics)};
  Outcome with = run(job, input, CacheOptions{"/dev/null/nowhere"}), without = run(job, input, {});
  EXPECT_FALSE(with.code.isFromCache);
  EXPECT_EQ(with.code.file, "");
  EXPECT_EQ(difference(with.recording, without.recording), "");
}

} // namespace
