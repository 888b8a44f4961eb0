//===- CClaimsTest.cpp - the C of neurons is proved -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/proof/CClaims.h"

#include "backends/FrontEnd.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/support/Proofs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <fmt/format.h>

using namespace nirc;
using nirc::fpga::test::neuronKinds;
using nirc::fpga::test::Parameters;

namespace {

class CClaims : public testing::Test {
protected:
  void SetUp() override {
    if (nir::test::solvers().all().empty()) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
  }

  /// Claims of the C file after an edit.
  std::vector<Claim> claimsOf(const nir::Graph &graph, const std::string &semantics,
                              const std::string &format,
                              const std::function<void(std::string &)> &edit = {}) {
    Job job = nir::test::jobOf(graph, semantics, format);
    nir::Result<cpu::CFile> file = cpu::cFileOf(job);
    EXPECT_TRUE(file) << file.error().str();
    if (edit) {
      edit(file->source.text);
    }
    job.states = true;
    nir::Result<NetworkCopy> copy = networkOf(job);
    EXPECT_TRUE(copy) << copy.error().str();
    copy->context().loadDialect<mlir::arith::ArithDialect>();
    return cpu::claimsOfC(copy->network(), *file);
  }

  /// The one of LIF1 after an edit of its function, of which the first such part is replaced.
  nir::test::ClaimVerdict verdictOf(const std::string &from, const std::string &to,
                                    const std::string &format = "int8") {
    nir::Graph graph = nirc::fpga::test::networkOf(neuronKinds(Parameters::Own)[3]);
    std::vector<Claim> claims = claimsOf(graph, "nir", format, [&](std::string &text) {
      size_t at = text.find(from, text.find("node_LIF1("));
      ASSERT_NE(at, std::string::npos) << from << " in\n" << text;
      text.replace(at, from.size(), to);
    });
    return nir::test::verdictOf(claims[0]);
  }
};

TEST_F(CClaims, AreProvedOfNeurons) {
  const std::vector<std::pair<std::string, std::string>> choices = {
      {"int8", "nir"},   {"int4", "norse"},     {"q7.8", "sinabs"},
      {"loihi2", "nir"}, {"int16", "snntorch"}, {"q3.4", "spikingjelly"}};
  size_t next = 0;
  for (Parameters parameters : {Parameters::Uniform, Parameters::Own}) {
    for (const auto &neuron : neuronKinds(parameters)) {
      const auto &[format, semantics] = choices[next++ % choices.size()];
      SCOPED_TRACE(fmt::format("{} in {} {}", neuron.name, format, semantics));
      std::vector<Claim> claims = claimsOf(nirc::fpga::test::networkOf(neuron), semantics, format);
      EXPECT_EQ(claims.size(), 2U);
      nir::test::expectProved(claims);
    }
  }
}

TEST_F(CClaims, AreRefutedOfOtherText) {
  using proof::Verdict;
  EXPECT_EQ(verdictOf(" > (int32_t)", " >= (int32_t)").verdict, Verdict::Refuted);
  EXPECT_EQ(verdictOf(">> 16", ">> 15").verdict, Verdict::Refuted);
  EXPECT_EQ(verdictOf(".bits[0] = 0u", ".bits[0] = 1u").verdict, Verdict::Undecided);
  EXPECT_EQ(verdictOf("  net->signals.LIF1.bits[0] = 0u;\n", "").verdict, Verdict::Refuted);
}

TEST_F(CClaims, SayWhatTheyDoNotKnow) {
  EXPECT_THAT(verdictOf("i < 3", "i < 2").why, testing::HasSubstr("found a loop over 2 neurons"));
  EXPECT_THAT(verdictOf("LIF1_v[i]", "LIF1_v[i + 1]").why, testing::HasSubstr("of no neuron"));
  EXPECT_THAT(verdictOf("i % 32", "i % 31").why, testing::HasSubstr("found"));
}

} // namespace
