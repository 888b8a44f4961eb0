//===- SignalKindsTest.cpp - one rule for what signals carry --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The graph, its ops as discretize sees them, and the types that infer-kinds writes agree on what
// each node passes on.
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Kinds.h"
#include "dialects/nir/Passes.h"
#include "passes/graph/OpGraph.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"

#include "mlir/Pass/PassManager.h"

#include <gmock/gmock.h>
#include <map>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;

namespace {

using Kinds = std::map<std::string, SignalKind>;

Kinds ofGraph(const Graph &graph, const Semantics &semantics) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  std::vector<SignalKind> kinds = signalKinds(flat, semantics);
  Kinds out;
  for (size_t i = 0; i < kinds.size(); ++i) {
    out[flat.path(static_cast<int32_t>(i))] = kinds[i];
  }
  return out;
}

Kinds ofOps(GraphOp graph, const Semantics &semantics) {
  auto flat = nirc::flatten(graph, semantics);
  EXPECT_TRUE(mlir::succeeded(flat));
  std::vector<SignalKind> kinds = nirc::signalKinds(*flat, semantics);
  Kinds out;
  for (size_t i = 0; i < kinds.size(); ++i) {
    out[flat->nodes[i].path] = kinds[i];
  }
  return out;
}

TEST(SignalKinds, OneRuleForGraphsAndOps) {
  size_t events = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    Semantics semantics = randomChoices(random);
    Graph graph = randomGraph(seed);
    Context context;
    auto module = importGraph({"1.0.8", graph, {}}, "x.nir", context.mlir);
    ASSERT_TRUE(module) << context.errors;
    Kinds want = ofGraph(graph, semantics);
    EXPECT_EQ(ofOps(*module->getOps<GraphOp>().begin(), semantics), want) << describe(graph);

    mlir::PassManager pm(&context.mlir);
    pm.addPass(createInferKinds());
    ASSERT_TRUE(mlir::succeeded(pm.run(*module))) << context.errors;
    module->walk([&](NodeOpInterface node) {
      if (node->getNumResults() != 1 || llvm::isa<GraphOp>(*node)) {
        return;
      }
      auto type = llvm::cast<SignalType>(node->getResult(0).getType());
      bool isAnalog = want.at(nodePath(node)) == SignalKind::Analog;
      events += isAnalog ? 0 : 1;
      EXPECT_EQ(type.getKind(), isAnalog ? SignalFlow::Analog : SignalFlow::Event)
          << nodePath(node) << "\n"
          << describe(graph);
    });
    if (HasFailure()) {
      FAIL() << "seed " << seed;
    }
  }
  EXPECT_GT(events, 200u) << "graphs without spikes show nothing";
}

TEST(SignalKinds, WhatPassesOn) {
  using Kind = SignalKind;
  auto own = [](Kind kind) { return KindNode{kind, {}}; };
  auto passes = [](std::vector<int32_t> sources) { return KindNode{std::nullopt, sources}; };
  EXPECT_THAT(signalKinds({own(Kind::Spikes), own(Kind::Counts), own(Kind::Analog), passes({0}),
                           passes({1}), passes({3, 3}), passes({5}), passes({6, 2}), passes({}),
                           passes({9}), passes({10, 0})}),
              ElementsAre(Kind::Spikes, Kind::Counts, Kind::Analog, Kind::Spikes, Kind::Counts,
                          Kind::Counts, Kind::Counts, Kind::Analog, Kind::Analog, Kind::Spikes,
                          Kind::Counts));
}

TEST(SignalKinds, Observables) {
  EXPECT_THAT(observables(true, SignalKind::Counts, {"v", "w"}), ElementsAre("spikes", "v", "w"));
  EXPECT_THAT(observables(false, SignalKind::Analog, {"v"}), ElementsAre("value", "v"));
  EXPECT_THAT(observables(false, SignalKind::Spikes, {}), ElementsAre("value", "spikes"));
}

} // namespace
