//===- RandomNetworksTest.cpp - compiled code against the oracle ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cpu in float64 gives the interpreter's bits, on random networks over all primitives: every
// output, every spike and every state of every neuron, at every step.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "ir/FlatGraph.h"
#include "ir/Interpreter.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/Shrink.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;

namespace {

constexpr int64_t steps = 40, batch = 2;
constexpr int seedsPerShard = 50;

/// The spikes or the value, and the states, of every node.
std::vector<Probe> everything(const Graph &graph) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  std::vector<Probe> probes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    std::string path = flat.path(static_cast<int32_t>(i));
    bool spikes = node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>() || node.as<Threshold>();
    bool cuba = node.as<CubaLI>() || node.as<CubaLIF>();
    bool neuron = cuba || (spikes && !node.as<Threshold>()) || node.as<nir::I>() || node.as<LI>();
    probes.push_back({path, spikes ? "spikes" : "value"});
    if (neuron) {
      probes.push_back({path, "v"});
    }
    if (cuba) {
      probes.push_back({path, "i"});
    }
  }
  return probes;
}

/// Empty where both agree; else the first place where they do not.
std::string difference(const Recording &got, const Recording &want) {
  if (got.traces.size() != want.traces.size()) {
    return fmt::format("{} traces, expected {}", got.traces.size(), want.traces.size());
  }
  for (size_t i = 0; i < want.traces.size(); ++i) {
    const Trace &a = got.traces[i], &b = want.traces[i];
    if (a.node != b.node || a.observable != b.observable || a.data.dtype() != b.data.dtype() ||
        a.data.shape() != b.data.shape()) {
      return fmt::format("trace {} is {}:{} {} {}, expected {}:{} {} {}", i, a.node, a.observable,
                         name(a.data.dtype()), str(a.data.shape()), b.node, b.observable,
                         name(b.data.dtype()), str(b.data.shape()));
    }
    int64_t elements = b.data.size() / (steps * batch);
    for (int64_t k = 0; k < b.data.size(); ++k) {
      if (a.data.at(k) != b.data.at(k)) {
        return fmt::format("{}:{} sample {} step {} element {}: {}, expected {}", a.node,
                           a.observable, k / elements / steps, k / elements % steps, k % elements,
                           a.data.at(k), b.data.at(k));
      }
    }
  }
  return {};
}

/// What differs between cpu and the interpreter; an error of either one counts.
std::string disagreement(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Recording input = nir::test::randomInput(graph, seed, steps, batch);
  std::vector<Probe> probes = everything(graph);
  Result<Recording> want = interpret(graph, semantics, input, {.probes = probes});
  if (!want) {
    return "reference: " + want.error().str();
  }
  auto target = nirc::findTarget("cpu");
  auto executable = (*target)->compile({&graph, "random", semantics, DType::F64, probes});
  if (!executable) {
    return "cpu: " + executable.error().str();
  }
  Result<Recording> got = (*executable)->run(input, {});
  return got ? difference(*got, *want) : "cpu: " + got.error().str();
}

class RandomNetworks : public testing::TestWithParam<int> {};

TEST_P(RandomNetworks, CpuGivesTheBitsOfTheReference) {
  constexpr Integrator integrators[] = {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact};
  constexpr Reset resets[] = {Reset::ToValue, Reset::Subtract};
  for (int i = 0; i < seedsPerShard; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * seedsPerShard + static_cast<uint64_t>(i);
    Semantics semantics = nir::test::randomSemantics();
    semantics.integrator = integrators[seed % 3];
    semantics.reset = resets[seed / 3 % 2];
    Graph graph = nir::test::randomGraph(seed);
    std::string differs = disagreement(graph, semantics, seed);
    if (differs.empty()) {
      continue;
    }
    // What the reference refuses shows nothing.
    Graph small = nir::test::shrink(graph, [&](const Graph &g) {
      std::string text = disagreement(g, semantics, seed);
      return !text.empty() && !text.starts_with("reference:");
    });
    FAIL() << "seed " << seed << ", " << semantics.str() << ": " << differs
           << "\nshrunk: " << disagreement(small, semantics, seed) << "\n"
           << nir::test::describe(small);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworks, testing::Range(0, 6));

} // namespace
