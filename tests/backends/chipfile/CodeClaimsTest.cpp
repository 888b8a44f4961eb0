//===- CodeClaimsTest.cpp - instructions of neurons are proved ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/CodeClaims.h"

#include "backends/FrontEnd.h"
#include "passes/neurons/BuildNeurons.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/support/Proofs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::chipfile;
using nir::test::array;
using nir::test::vec;
using nirc::fpga::test::neuronKinds;
using nirc::fpga::test::Parameters;
using nirc::proof::Verdict;

namespace {

class CodeClaims : public testing::Test {
protected:
  void SetUp() override {
    if (nir::test::solvers().all().empty()) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
  }

  /// in -> weights -> neuron -> out, all on one core, after an edit.
  std::vector<Claim> claimsOf(const nir::test::NamedParams &neuron, const std::string &format,
                              const std::function<void(CoreNetwork &)> &edit = {}) {
    nir::Linear first{array({3, 3}, {0.9, -0.4, 0.31, 0.22, 0.7, -0.15, 0.5, 0.45, 0.6})};
    nir::Graph graph =
        nir::test::graphOf({{"in", nir::test::input({3})},
                            {"first", first},
                            {neuron.name, neuron.params},
                            {"out", nir::test::output({3})}},
                           {{"in", "first"}, {"first", neuron.name}, {neuron.name, "out"}});
    Job job = nir::test::jobOf(graph, "spinnaker2", format);
    nir::Result<NetworkCopy> copy = networkOf(job);
    EXPECT_TRUE(copy) << copy.error().str();
    copy->context().loadDialect<mlir::arith::ArithDialect>();
    auto model = buildNeurons(copy->network(), {"a chip", "chip", "16 bits", 15, 32767});
    if (mlir::failed(model)) {
      ADD_FAILURE() << "no model of " << neuron.name;
      return {};
    }
    Mapping mapping;
    mapping.cores.push_back({0, 0, 0, {{neuron.name, {{0, 3}}}}, {}, {}});
    CoreNetwork cores = coreNetworkOf(*model, mapping, infoOf("chip", job, *copy));
    if (edit) {
      edit(cores);
    }
    return claimsOfCores(copy->network(), cores);
  }
};

TEST_F(CodeClaims, AreProvedOfNeurons) {
  const std::vector<std::string> formats = {"int8", "q7.8", "int4"};
  size_t next = 0;
  for (const auto &neuron : neuronKinds(Parameters::Own)) {
    if (neuron.name == "Threshold") {
      continue;
    }
    const std::string &format = formats[next++ % formats.size()];
    SCOPED_TRACE(fmt::format("{} in {}", neuron.name, format));
    std::vector<Claim> claims = claimsOf(neuron, format);
    EXPECT_EQ(claims.size(), 1U);
    nir::test::expectProved(claims);
  }
}

TEST_F(CodeClaims, AreRefutedOfOtherCode) {
  auto lif = neuronKinds(Parameters::Own)[3];
  auto becomes = [&](NeuronOp from, NeuronOp to) {
    std::vector<Claim> claims = claimsOf(lif, "int8", [&](CoreNetwork &cores) {
      for (NeuronInstruction &each : cores.updates[0].instructions) {
        if (each.op == from) {
          each.op = to;
          return;
        }
      }
      FAIL() << name(from);
    });
    return nir::test::verdictOf(claims.front()).verdict;
  };
  EXPECT_EQ(becomes(NeuronOp::Greater, NeuronOp::GreaterOrEqual), Verdict::Refuted);
  EXPECT_EQ(becomes(NeuronOp::Add, NeuronOp::Sub), Verdict::Refuted);
  std::vector<Claim> other = claimsOf(lif, "int8", [](CoreNetwork &cores) {
    cores.cores[0].groups[0].parameters.back().back() += 1;
  });
  EXPECT_EQ(nir::test::verdictOf(other.front()).verdict, Verdict::Refuted);
}

} // namespace
