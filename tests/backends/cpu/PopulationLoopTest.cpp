//===- PopulationLoopTest.cpp - what is proven of native code -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/proof/LaneTerms.h"
#include "backends/proof/Solvers.h"
#include "tests/dialects/RoundTrip.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/STLExtras.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;
using proof::Verdict;

namespace {

/// Five neurons, so that vectors go on behind them.
constexpr const char *text = R"(
  snn.network @n of i32 <"nir", dt = 1.0> in <"int8"> {
    %in = snn.input "in" : tensor<5x!quant.uniform<i8<-50:30>:f64, 1.0>>
    %p = snn.population "p" (%in : tensor<5x!quant.uniform<i8<-50:30>:f64, 1.0>>)
      states ["v"] of [tensor<5x!quant.uniform<i16<-1000:1000>:f64, 1.0>>]
      params ["a", "b"] [dense<[30, 70, 50, 40, 20]> : tensor<5xi32>,
                         dense<[-2, -3, -4, -5, -6]> : tensor<5xi32>]
      -> !snn.spikes<5> {
    ^bb0(%u: i32, %v: i32, %a: i32, %b: i32):
      %k = arith.constant 4 : i32
      %d = arith.shrsi %v, %k : i32
      %l = arith.subi %v, %d : i32
      %x = arith.addi %l, %u : i32
      %s = arith.cmpi sgt, %x, %a : i32
      %y = arith.select %s, %b, %x : i32
      snn.yield %s, %y : i1, i32
    }
    snn.output "out" %p shape [5] : !snn.spikes<5>
  })";

struct Outcome {
  std::string unknown; ///< why nothing was asked
  proof::Answer answer;
};

using Edit = std::function<void(func::FuncOp)>;

/// Lowers the network, edits the function of its population, and asks whether they differ.
Outcome outcomeOf(const LowerOptions &options, const Edit &edit = {}) {
  nir::test::Context context;
  context.mlir.loadDialect<snn::SnnDialect>();
  loadDialects(context.mlir);
  auto module = parseSourceString<ModuleOp>(text, &context.mlir);
  EXPECT_TRUE(module) << context.errors;
  OwningOpRef<ModuleOp> reference(module->clone());
  auto populationIn = [](snn::NetworkOp network) {
    return *network.getBody().getOps<snn::PopulationOp>().begin();
  };
  Outcome outcome;
  std::optional<Question> question;
  LowerOptions chosen = options;
  chosen.onLowered = [&](const LoweredNetwork &lowered) {
    auto node = llvm::find_if(lowered.nodes, [](const auto &each) { return each.node == "p"; });
    auto function = cast<func::FuncOp>(SymbolTable::lookupSymbolIn(lowered.module, node->symbol));
    if (edit) {
      edit(function);
    }
    snn::PopulationOp body = populationIn(*reference->getOps<snn::NetworkOp>().begin());
    PopulationLoop loop(lowered, populationIn(lowered.network), body, function);
    question = proof::differs(
        body,
        [&](proof::Theory &theory, const proof::PopulationTerms &terms) {
          return loop.results(theory, terms);
        },
        outcome.unknown);
  };
  EXPECT_TRUE(succeeded(lower(*module, chosen)));
  auto solvers = proof::Solvers::find({});
  if (question && solvers) {
    auto answer = solvers->ask(*question);
    EXPECT_TRUE(answer) << answer.error().str();
    outcome.answer = *answer;
  }
  return outcome;
}

class PopulationLoops : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    if (!proof::Solvers::find({})) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
  }
  static LowerOptions options() {
    LowerOptions options;
    std::string name = GetParam();
    options.compact = name == "compact";
    options.vectorBits = name == "vectors" || name == "compress" ? 256 : 0;
    options.compresses = name == "compress";
    return options;
  }
};

TEST_P(PopulationLoops, AreEqualToTheBody) {
  Outcome outcome = outcomeOf(options());
  EXPECT_EQ(outcome.unknown, "");
  EXPECT_EQ(outcome.answer.verdict, Verdict::Proved) << outcome.answer.why;
}

/// A person can follow the counterexample.
TEST_P(PopulationLoops, AreNotEqualWithAnotherComparison) {
  Outcome outcome = outcomeOf(options(), [](func::FuncOp function) {
    function.walk([](arith::CmpIOp op) {
      if (op.getPredicate() == arith::CmpIPredicate::sgt) {
        op.setPredicate(arith::CmpIPredicate::sge);
      }
    });
  });
  ASSERT_EQ(outcome.answer.verdict, Verdict::Refuted) << outcome.unknown << outcome.answer.why;
  std::map<std::string, int64_t> values;
  for (const auto &[name, value] : outcome.answer.values) {
    values[name] = value == "true" ? 1 : value == "false" ? 0 : std::stoll(value);
  }
  int64_t v = values.at("state.v");
  EXPECT_EQ(v - (v >> 4) + values.at("input"), values.at("param.a"));
  EXPECT_THAT((std::vector<int64_t>{30, 70, 50, 40, 20}), testing::Contains(values.at("param.a")));
  EXPECT_EQ(values.at("code.output"), 1);
  EXPECT_EQ(values.at("body.output"), 0);
}

TEST_P(PopulationLoops, AreNotEqualWithAnotherParameter) {
  Outcome outcome = outcomeOf(options(), [](func::FuncOp function) {
    std::vector<memref::GetGlobalOp> globals;
    function.walk([&](memref::GetGlobalOp op) { globals.push_back(op); });
    ASSERT_EQ(globals.size(), 2);
    std::string first = globals[0].getName().str();
    globals[0].setName(globals[1].getName());
    globals[1].setName(first);
  });
  EXPECT_EQ(outcome.answer.verdict, Verdict::Refuted) << outcome.unknown << outcome.answer.why;
}

TEST_P(PopulationLoops, AreNotReadWhereAStateIsNotStored) {
  Outcome outcome = outcomeOf(options(), [](func::FuncOp function) {
    // The first store of the loop that computes is that of the state.
    Operation *last = nullptr;
    function.walk([&](scf::ForOp loop) {
      bool reads = !loop.getBody()->getOps<arith::SubIOp>().empty();
      for (Operation &op : *loop.getBody()) {
        if (reads && !last && isa<memref::StoreOp, vector::StoreOp>(op)) {
          last = &op;
        }
      }
    });
    ASSERT_TRUE(last);
    last->erase();
  });
  EXPECT_EQ(outcome.unknown, "a number that is not stored");
}

TEST_P(PopulationLoops, AreNotReadWhereTheLoopEndsEarly) {
  Outcome outcome = outcomeOf(options(), [](func::FuncOp function) {
    function.walk([](scf::ForOp loop) {
      if (!loop.getBody()->getOps<arith::SubIOp>().empty()) {
        OpBuilder builder(loop);
        loop.setUpperBound(arith::ConstantIndexOp::create(builder, loop.getLoc(), 4));
      }
    });
  });
  EXPECT_EQ(outcome.unknown, "a loop that does not end with the neurons");
}

INSTANTIATE_TEST_SUITE_P(Forms, PopulationLoops,
                         testing::Values("vectors", "compress", "scalars", "compact"),
                         [](const auto &info) { return std::string(info.param); });

} // namespace
