//===- Loihi2ClaimsTest.cpp - registers are proved ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/proof/Claims.h"

#include "backends/FrontEnd.h"
#include "backends/loihi2/chip/Core.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "backends/loihi2/proof/ChipTerms.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/backends/loihi2/Loihi2Models.h"
#include "tests/support/Proofs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SMT/IR/SMTDialect.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::loihi2;
using nir::test::array;
using nir::test::vec;
using nirc::proof::Verdict;

namespace {

class Loihi2Claims : public testing::Test {
protected:
  void SetUp() override {
    if (nir::test::solvers().all().empty()) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
  }

  /// Of the registers after an edit.
  std::vector<Claim> claimsOf(const nir::Graph &graph,
                              const std::function<void(Compartment &)> &edit = {}) {
    Job job = nir::test::jobOf(graph, "loihi2", "loihi2");
    nir::Result<NetworkCopy> copy = networkOf(job);
    EXPECT_TRUE(copy) << copy.error().str();
    copy->context().loadDialect<mlir::arith::ArithDialect>();
    auto model = buildModel(copy->network());
    if (mlir::failed(model)) {
      ADD_FAILURE() << "no model";
      return {};
    }
    Model changed = *model;
    for (Population &population : changed.populations) {
      for (Compartment &each : population.compartments) {
        if (edit && population.node == "neurons") {
          edit(each);
        }
      }
    }
    return claimsOfImage(copy->network(), *model, imageOf(changed));
  }
};

/// in -> weights with biases -> neurons -> out.
nir::Graph networkWith(const nir::Params &params) {
  nir::Affine first{array({3, 3}, {0.9, -0.4, 0.31, 0.22, 0.7, -0.15, 0.5, 0.45, 0.6}),
                    vec({0.1, -0.05, 0.0})};
  return nir::test::graphOf({{"in", nir::test::input({3})},
                             {"first", first},
                             {"neurons", params},
                             {"out", nir::test::output({3})}},
                            {{"in", "first"}, {"first", "neurons"}, {"neurons", "out"}});
}

const nir::Tensor one = vec({1, 1, 1}), none = vec({0, 0, 0}), tau = vec({0.02, 0.013, 0.031});

TEST_F(Loihi2Claims, AreProvedOfNeurons) {
  for (const auto &[name, params] : std::vector<std::pair<std::string, nir::Params>>{
           {"LIF", nir::LIF{tau, one, vec({0.05, 0.0, -0.02}), vec({1.0, 0.8, 1.25}), none}},
           {"CubaLIF", nir::CubaLIF{vec({0.005, 0.007, 0.0041}), tau, one, none,
                                    vec({1.0, 0.8, 1.25}), none, one}},
           {"IF", nir::IF{one, vec({1.0, 0.8, 1.25}), none}},
           {"LI", nir::LI{tau, one, none}},
           {"CubaLI", nir::CubaLI{vec({0.0012, 0.0011, 0.001}), vec({0.0015, 0.0013, 0.0011}), one,
                                  none, one}}}) {
    SCOPED_TRACE(name);
    std::vector<Claim> claims = claimsOf(networkWith(params));
    EXPECT_EQ(claims.size(), 1U);
    nir::test::expectProved(claims);
  }
}

TEST_F(Loihi2Claims, AreRefutedOfOtherRegisters) {
  nir::Graph graph =
      networkWith(nir::CubaLIF{vec({0.005, 0.007, 0.0041}), tau, one, vec({0.05, 0.0, -0.02}),
                               vec({1.0, 0.8, 1.25}), none, one});
  const std::vector<std::pair<std::string, std::function<void(Compartment &)>>> edits = {
      {"du", [](Compartment &c) { c.du += 1; }},
      {"dv", [](Compartment &c) { c.dv -= 1; }},
      {"threshold", [](Compartment &c) { c.threshold += 1; }},
      {"bias", [](Compartment &c) { c.biasMantissa += 1; }}};
  for (const auto &[name, edit] : edits) {
    std::vector<Claim> claims = claimsOf(graph, edit);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_EQ(nir::test::verdictOf(claims[0]).verdict, Verdict::Refuted) << name;
  }
}

/// Of random registers and states, a step of the model of the chip is what the terms say.
TEST_F(Loihi2Claims, HaveTheStepOfTheChip) {
  constexpr uint64_t seed = 7;
  constexpr int count = 200;
  constexpr int64_t half = 1 << 23;
  SCOPED_TRACE(fmt::format("seed {}", seed));
  nir::test::Random random(seed);
  Image::Core core;
  std::vector<int64_t> u, v;
  for (int n = 0; n < count; ++n) {
    auto any = [&](int64_t least, int64_t most) {
      return static_cast<int32_t>(random.between(least, most));
    };
    core.compartments.push_back({any(0, 4095), any(0, 4095),
                                 any(0, random.chance(0.5) ? 500 : 131071), any(-4096, 4095),
                                 any(0, 7)});
    bool isSmall = random.chance(0.5);
    u.push_back(any(isSmall ? -2000 : 1 - half, isSmall ? 2000 : half));
    v.push_back(any(isSmall ? -2000 : 1 - half, isSmall ? 2000 : half - 1));
    core.synapses.push_back({n, 0, any(isSmall ? -300 : -130000, isSmall ? 300 : 130000)});
  }
  core.firstSynapse.push_back(count);
  CoreTables tables(core);
  Core chip(tables);
  for (size_t n = 0; n < count; ++n) {
    chip.setU(n, static_cast<int32_t>(u[n]));
    chip.setV(n, static_cast<int32_t>(v[n]));
  }
  chip.receive(0);
  chip.advance();
  mlir::MLIRContext context;
  proof::Sheet sheet(context);
  proof::Bits theory(sheet.builder);
  std::vector<mlir::Value> wrong;
  int spikes = 0;
  for (size_t n = 0; n < count; ++n) {
    auto number = [&](int64_t value) { return theory.constant(value, termBits); };
    ChipStep step = chipStep(theory, registersOf(theory, core.compartments[n]), number(u[n]),
                             number(v[n]), number(core.synapses[n].weight));
    wrong.push_back(theory.differ(step.u, number(chip.u(n))));
    wrong.push_back(theory.differ(step.v, number(chip.v(n))));
    wrong.push_back(theory.differ(step.spike, theory.truth(chip.spiked(n))));
    spikes += chip.spiked(n) ? 1 : 0;
  }
  EXPECT_GT(spikes, count / 10);
  EXPECT_LT(spikes, count * 9 / 10);
  std::string text = sheet.text("QF_BV", {theory.any(wrong)});
  auto answer = nir::test::solvers().ask({"the chip differs from its terms", {{text, true}}});
  ASSERT_TRUE(answer) << answer.error().str();
  EXPECT_EQ(answer->verdict, Verdict::Proved) << answer->why;
}

} // namespace
