//===- ArtifactsTest.cpp - code on disk against code in memory ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `nirc compile --target=cpu` writes gives the bits of what `nirc run` computes, on random
// networks and a published one: every output and every observable of every node, read after every
// step, of two instances that take turns.
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Workshop.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/ReferenceData.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

/// C, and machine code with the machine's own vectors and with the shortest. Told gnu11, gcc fuses
/// products into sums where the machine can, but for the file's pragma.
std::vector<Form> formsFor(uint64_t seed) {
  return {{"c", "", seed % 2 ? "-std=gnu11 -O2 -march=native" : "-std=c11 -O1"},
          {"shared", "native"},
          {seed % 2 ? "shared" : "object", "generic"}};
}

class Artifacts : public testing::TestWithParam<int> {};

TEST_P(Artifacts, GiveTheBitsOfARun) {
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  auto seed = static_cast<uint64_t>(GetParam());
  SCOPED_TRACE(fmt::format("seed {}", seed));
  nir::test::Random random(seed + 9000);
  Semantics semantics = seed % 2 ? nir::test::randomChoices(random) : nir::test::randomSemantics();
  Graph graph = nir::test::randomGraph(seed);
  Recording input = nir::test::randomInput(graph, seed, steps, batch);
  Workshop workshop(std::to_string(seed));
  for (DType dtype : {DType::F32, DType::F64}) {
    workshop.expectSame(
        {&graph, "random.nir", semantics, dtype, nir::test::everything(graph, semantics)}, input,
        formsFor(seed));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Artifacts, testing::Range(0, 12));

class PublishedArtifacts : public nir::test::ReferenceData {};

/// States behind convolutions, whose channels lie innermost, and lists of events between them.
TEST_F(PublishedArtifacts, OfAConvolutionalNetworkGiveTheBitsOfARun) {
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  Graph cnn = graph("cnn_sinabs.nir");
  nir::test::Random random(5);
  std::vector<double> events(size_t{batch} * steps * 2 * 34 * 34);
  std::generate(events.begin(), events.end(), [&] { return random.chance(0.05) ? 1.0 : 0.0; });
  Recording input{1e-3,
                  {{"input", "value", Tensor::of<double>({batch, steps, 2, 34, 34}, events)}}};
  Semantics semantics{1e-3, Integrator::Euler, Reset::ToValue};
  std::vector<Probe> probes = nir::test::everything(cnn, semantics);
  auto isWanted = [](const Probe &probe) { return probe.node == "3" && probe.observable == "v"; };
  ASSERT_TRUE(std::any_of(probes.begin(), probes.end(), isWanted));
  Workshop workshop("cnn");
  for (DType dtype : {DType::F32, DType::F64}) {
    workshop.expectSame({&cnn, "cnn_sinabs.nir", semantics, dtype, probes}, input, formsFor(0));
  }
  // Where only states are read, signals between nodes are nothing but lists.
  std::erase_if(probes, [](const Probe &probe) { return probe.observable != "v"; });
  workshop.expectSame({&cnn, "cnn_sinabs.nir", semantics, DType::F32, probes}, input, formsFor(0));
}

/// Two compilations of one job, in two contexts.
TEST(ArtifactBytes, AreTheSameEachTime) {
  Graph graph = nir::test::randomGraph(3);
  nirc::Job job{&graph, "random.nir", nir::test::randomSemantics(), DType::F32, {}};
  const nirc::Target *cpu = *nirc::findTarget("cpu");
  for (const nirc::ArtifactKind &kind : cpu->artifacts()) {
    auto first = cpu->emit(job, {.kind = std::string(kind.name)});
    auto second = cpu->emit(job, {.kind = std::string(kind.name)});
    ASSERT_TRUE(first && second) << kind.name;
    ASSERT_EQ(first->files.size(), second->files.size());
    for (size_t i = 0; i < first->files.size(); ++i) {
      EXPECT_EQ(first->files[i].name, second->files[i].name);
      EXPECT_TRUE(first->files[i].bytes == second->files[i].bytes) << first->files[i].name;
    }
  }
}

} // namespace
