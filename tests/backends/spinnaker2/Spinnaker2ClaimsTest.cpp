//===- Spinnaker2ClaimsTest.cpp - updates of neurons are proved -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/proof/Claims.h"

#include "backends/FrontEnd.h"
#include "backends/spinnaker2/model/BuildModel.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/support/Proofs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::test::array;
using nir::test::vec;
using nirc::fpga::test::neuronKinds;
using nirc::fpga::test::Parameters;

namespace {

/// in -> weights with biases -> neuron -> out.
nir::Graph networkOf(const nir::test::NamedParams &neuron) {
  nir::Affine first{array({3, 3}, {0.9, -0.4, 0.31, 0.22, 0.7, -0.15, 0.5, 0.45, 0.6}),
                    vec({0.1, -0.05, 0.0})};
  return nir::test::graphOf({{"in", nir::test::input({3})},
                             {"first", first},
                             {neuron.name, neuron.params},
                             {"out", nir::test::output({3})}},
                            {{"in", "first"}, {"first", neuron.name}, {neuron.name, "out"}});
}

class Spinnaker2Claims : public testing::Test {
protected:
  void SetUp() override {
    if (nir::test::solvers().all().empty()) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
  }

  std::vector<Claim> claimsOf(const nir::Graph &graph, const std::string &format,
                              const std::function<void(Model &)> &edit = {}) {
    Job job = nir::test::jobOf(graph, "spinnaker2", format);
    nir::Result<NetworkCopy> copy = nirc::networkOf(job);
    EXPECT_TRUE(copy) << copy.error().str();
    copy->context().loadDialect<mlir::arith::ArithDialect>();
    auto model = buildModel(copy->network());
    if (mlir::failed(model)) {
      ADD_FAILURE() << "no model";
      return {};
    }
    if (edit) {
      edit(*model);
    }
    return claimsOfModel(copy->network(), *model);
  }
};

TEST_F(Spinnaker2Claims, AreProvedOfNeurons) {
  size_t next = 0;
  const std::vector<std::string> formats = {"int8", "int4", "q7.8"};
  for (Parameters parameters : {Parameters::Uniform, Parameters::Own}) {
    for (const auto &neuron : neuronKinds(parameters)) {
      if (neuron.name == "Threshold") {
        continue; // which the target has not
      }
      const std::string &format = formats[next++ % formats.size()];
      SCOPED_TRACE(fmt::format("{} in {}", neuron.name, format));
      std::vector<Claim> claims = claimsOf(networkOf(neuron), format);
      EXPECT_EQ(claims.size(), 1U);
      nir::test::expectProved(claims);
    }
  }
}

/// What a core holds of a neuron is a part of it, and so is who is listed.
TEST_F(Spinnaker2Claims, AreRefutedOfOtherCode) {
  using proof::Verdict;
  nir::Graph graph = networkOf(neuronKinds(Parameters::Own)[3]);
  auto edited = [&](const std::string &from, const std::string &to) {
    std::vector<Claim> claims = claimsOf(graph, "int8", [&](Model &model) {
      std::string &text = model.updates[0].text;
      size_t at = text.find(from);
      ASSERT_NE(at, std::string::npos) << from << " in\n" << text;
      text.replace(at, from.size(), to);
    });
    return nir::test::verdictOf(claims.front());
  };
  EXPECT_EQ(edited(" > ", " < ").verdict, Verdict::Refuted);
  EXPECT_EQ(edited("first + n", "first + count").verdict, Verdict::Refuted);
  EXPECT_EQ(edited("count += ", "count += 2 * ").verdict, Verdict::Refuted);
  EXPECT_EQ(edited("    ring[n] = 0;\n", "").verdict, Verdict::Refuted);
  EXPECT_THAT(edited("(int32_t *)", "(int16_t *)").why,
              testing::HasSubstr("found numbers of type"));
  std::vector<Claim> other = claimsOf(graph, "int8", [](Model &model) {
    for (Column &column : model.populations[0].columns) {
      if (!column.isState) {
        column.bits.back() += 1;
      }
    }
  });
  EXPECT_EQ(nir::test::verdictOf(other.front()).verdict, Verdict::Refuted);
}

} // namespace
