//===- HybridSystemTest.cpp - the systems of neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "dialects/nir/Ops.h"
#include "tests/support/neurons/TestNeurons.h"

#include <gmock/gmock.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

/// The system of the only node of a graph, by the table of docs/semantics.md.
HybridSystem systemOf(Params neuron) {
  Context context;
  Model model{"1.0.8", {{{"n", std::move(neuron), {}}}, {}}, {}};
  auto module = importGraph(model, "x.nir", context.mlir);
  EXPECT_TRUE(module) << context.errors;
  HybridSystem system;
  module->walk([&](HybridSystemOpInterface op) { system = op.getHybridSystem(); });
  return system;
}

Tensor two(float a, float b) { return Tensor::vector<float>({a, b}); }

TEST(HybridSystem, I) {
  HybridSystem system = systemOf(I{two(2, 3)});
  ASSERT_EQ(system.states.size(), 1u);
  EXPECT_EQ(system.states[0].name, "v");
  EXPECT_THAT(system.states[0].tau, IsEmpty());
  EXPECT_THAT(system.states[0].m, IsEmpty());
  EXPECT_THAT(system.states[0].n, ElementsAre(2, 3));
  EXPECT_THAT(system.states[0].c, IsEmpty());
  EXPECT_FALSE(system.guard);
  EXPECT_EQ(system.membrane(), 0u);
  EXPECT_EQ(system.family, Family::IF);
}

TEST(HybridSystem, IFWithoutReset) {
  HybridSystem system = systemOf(IF{two(2, 2), two(1, 4), std::nullopt});
  EXPECT_THAT(system.states[0].n, ElementsAre(2)) << "one value stands for equal ones";
  ASSERT_TRUE(system.guard);
  EXPECT_THAT(system.guard->threshold, ElementsAre(1, 4));
  EXPECT_EQ(system.guard->resets[0].kind, StateReset::Kind::Set);
  EXPECT_THAT(system.guard->resets[0].value, ElementsAre(0));
}

TEST(HybridSystem, LIInOtherDTypes) {
  HybridSystem system = systemOf(
      LI{Tensor::scalar(0.1), Tensor::vector<int16_t>({-3, 7}), Tensor::vector<uint8_t>({200, 1})});
  ASSERT_EQ(system.states.size(), 1u);
  EXPECT_THAT(system.states[0].tau, ElementsAre(0.1));
  ASSERT_EQ(system.states[0].m.size(), 1u);
  EXPECT_THAT(system.states[0].m[0], ElementsAre(-1));
  EXPECT_THAT(system.states[0].n, ElementsAre(-3, 7));
  EXPECT_THAT(system.states[0].c, ElementsAre(200, 1));
  EXPECT_FALSE(system.guard);
}

TEST(HybridSystem, LIF) {
  HybridSystem system = systemOf(LIF{two(1, 2), two(3, 4), two(5, 6), two(8, 9), two(-1, -2)});
  EXPECT_THAT(system.states[0].tau, ElementsAre(1, 2));
  EXPECT_THAT(system.states[0].n, ElementsAre(3, 4));
  EXPECT_THAT(system.states[0].c, ElementsAre(5, 6));
  ASSERT_TRUE(system.guard);
  EXPECT_THAT(system.guard->threshold, ElementsAre(8, 9));
  EXPECT_THAT(system.guard->resets[0].value, ElementsAre(-1, -2));
  EXPECT_EQ(system.family, Family::LIF);
}

TEST(HybridSystem, CubaLI) {
  HybridSystem system = systemOf(CubaLI{two(1, 2), two(3, 4), two(5, 6), two(7, 8), std::nullopt});
  ASSERT_EQ(system.states.size(), 2u);
  const StateEquation &i = system.states[0], &v = system.states[1];
  EXPECT_EQ(i.name, "i");
  EXPECT_THAT(i.tau, ElementsAre(1, 2));
  ASSERT_EQ(i.m.size(), 2u);
  EXPECT_THAT(i.m[0], ElementsAre(-1));
  EXPECT_THAT(i.m[1], IsEmpty());
  EXPECT_THAT(i.n, ElementsAre(1)) << "w_in is 1 where the file lacks it";
  EXPECT_THAT(i.c, IsEmpty());
  EXPECT_EQ(v.name, "v");
  EXPECT_THAT(v.tau, ElementsAre(3, 4));
  ASSERT_EQ(v.m.size(), 2u);
  EXPECT_THAT(v.m[0], ElementsAre(5, 6));
  EXPECT_THAT(v.m[1], ElementsAre(-1));
  EXPECT_THAT(v.n, IsEmpty());
  EXPECT_THAT(v.c, ElementsAre(7, 8));
  EXPECT_FALSE(system.guard);
  EXPECT_EQ(system.membrane(), 1u);
  EXPECT_EQ(i.role, StateRole::SynapticCurrent);
  EXPECT_EQ(system.family, Family::CubaLIF);
  EXPECT_FALSE(system.isCoupled()) << "a current is not driven back";
}

TEST(HybridSystem, CubaLIF) {
  HybridSystem system = systemOf(
      CubaLIF{two(1, 2), two(3, 4), two(5, 6), two(7, 8), two(20, 21), std::nullopt, two(-2, 2)});
  EXPECT_THAT(system.states[0].n, ElementsAre(-2, 2));
  ASSERT_TRUE(system.guard);
  EXPECT_EQ(system.guard->resets[0].kind, StateReset::Kind::Keep);
  EXPECT_EQ(system.guard->resets[1].kind, StateReset::Kind::Set);
  EXPECT_THAT(system.guard->threshold, ElementsAre(20, 21));
  EXPECT_THAT(system.guard->resets[1].value, ElementsAre(0));
}

/// What `ignore` makes of every parameter that it can name.
TEST(HybridSystem, IgnoredParametersAreTheirDefault) {
  Context context;
  Model model{
      "1.0.8",
      {{{"n",
         CubaLIF{two(1, 2), two(3, 4), two(5, 6), two(7, 8), two(20, 21), two(1, 3), two(-2, 2)},
         {}}},
       {}},
      {}};
  auto module = importGraph(model, "x.nir", context.mlir);
  ASSERT_TRUE(module) << context.errors;
  HybridSystemOpInterface neuron;
  module->walk([&](HybridSystemOpInterface op) { neuron = op; });
  Semantics semantics;
  semantics[Family::CubaLIF].ignore = {true, true, true, true};
  HybridSystem ignored = nir::systemOf(neuron, semantics);
  EXPECT_THAT(ignored.states[0].n, ElementsAre(1));
  EXPECT_THAT(ignored.states[1].m[0], ElementsAre(1));
  EXPECT_THAT(ignored.states[1].c, ElementsAre(0));
  EXPECT_THAT(ignored.guard->resets[1].value, ElementsAre(0));
  EXPECT_THAT(ignored.states[1].tau, ElementsAre(3, 4)) << "the rest stays";
  EXPECT_THAT(neuron.getHybridSystem().states[0].n, ElementsAre(-2, 2)) << "and so does the op";
}

/// The op says all that a pass asks.
TEST(HybridSystem, OfAnotherDialect) {
  Context context;
  context.mlir.loadDialect<TestDialect>();
  auto read = [&](const char *a) {
    std::string text = std::string(R"(nir.graph "net" {
      %n = test.adaptive_lif "n" () {tau_mem = dense<0.5> : tensor<f32>, tau_w = dense<2.0> : tensor<f32>,
        r = dense<4.0> : tensor<f32>, a = )") +
                       a + R"(, b = dense<0.25> : tensor<f32>,
        v_leak = dense<0.5> : tensor<f32>, v_threshold = dense<1.0> : tensor<f32>} : () -> !nir.signal<2>
    })";
    return mlir::parseSourceString<mlir::ModuleOp>(text, &context.mlir);
  };
  auto module = read("dense<[1.0, 3.0]> : tensor<2xf32>");
  ASSERT_TRUE(module) << context.errors;
  HybridSystem system;
  module->walk([&](HybridSystemOpInterface op) { system = op.getHybridSystem(); });
  EXPECT_TRUE(system.isCoupled());
  EXPECT_EQ(system.membrane(), 0u);
  EXPECT_THAT(system.states[0].m[1], ElementsAre(-4));
  EXPECT_THAT(system.states[1].c, ElementsAre(-0.5, -1.5));
  EXPECT_EQ(system.guard->resets[1].kind, StateReset::Kind::Add);

  Result<Model> exported = exportGraph(*module);
  ASSERT_FALSE(exported);
  EXPECT_EQ(exported.error().str(),
            "error: node 'n': has the type 'AdaptiveLIF', expected a primitive of NIR");
  EXPECT_FALSE(read("dense<[1.0, 3.0, 5.0]> : tensor<3xf32>"));
  EXPECT_THAT(context.errors,
              testing::HasSubstr("node 'n': a has shape [3], expected [2] like the result"));
}

} // namespace
