//===- CircuitTest.cpp - circuits, simplified and written -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Circuit.h"
#include "backends/fpga/hdl/Simplify.h"
#include "backends/fpga/hdl/Stages.h"
#include "backends/fpga/verilog/Writer.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::fpga;
namespace arith = mlir::arith;
using testing::HasSubstr;
using testing::Not;

namespace {

class Circuits : public testing::Test {
protected:
  Circuits() {
    context.loadDialect<hdl::HdlDialect, mlir::arith::ArithDialect>();
    module = mlir::ModuleOp::create(mlir::UnknownLoc::get(&context));
  }
  std::string written(hdl::Circuit &circuit) {
    EXPECT_TRUE(mlir::succeeded(hdl::simplify(*module)));
    auto text = writeVerilog(circuit.module, "../mem/");
    return mlir::succeeded(text) ? *text : "";
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Verilog has no bits of a literal.
TEST_F(Circuits, BitsOfConstantsAreConstants) {
  hdl::Circuit c(*module, "bits", "");
  hdl::Signal x = c.input("x", 4);
  hdl::Signal zero = x & c.zero(4);
  c.output("low", zero.bitsFrom(0, 2));
  c.output("five", c.constant(0b1011, 4).bitsFrom(1, 3));
  std::string text = written(c);
  EXPECT_THAT(text, HasSubstr("assign low = 2'd0;"));
  EXPECT_THAT(text, HasSubstr("assign five = 3'd5;"));
  EXPECT_THAT(text, Not(HasSubstr("'d0[")));
}

/// A register that only feeds itself is not there, and what is not read is said to be so.
TEST_F(Circuits, WhatNobodyReadsIsLeftOut) {
  hdl::Circuit c(*module, "unread", "");
  c.reset = c.input("rst", 1);
  hdl::Signal x = c.input("x", 4);
  hdl::Reg count = c.reg("count", 8, 0);
  count.next(count + 1);
  hdl::Reg last = c.reg("last", 2, 3);
  last.next(x.bitsFrom(1, 2));
  c.output("last_two", last);
  std::string text = written(c);
  EXPECT_THAT(text, Not(HasSubstr("count")));
  EXPECT_THAT(text, HasSubstr("if (rst) last <= 2'd3;"));
  EXPECT_THAT(text, HasSubstr("x[0]"));
  EXPECT_THAT(text, HasSubstr("x[3]"));
}

/// A sign is extended by its bit, and operators that read one say so at both sides.
TEST_F(Circuits, SignsAreWritten) {
  hdl::Circuit c(*module, "signs", "");
  hdl::Signal a = c.input("a", 4), b = c.input("b", 6);
  c.output("p", hdl::product(a, b, 10));
  std::string text = written(c);
  EXPECT_THAT(text, HasSubstr("{{6{a[3]}}, a}"));
  EXPECT_THAT(text, testing::ContainsRegex("[$]signed[(]t[0-9]+[)] [*] [$]signed[(]t[0-9]+[)]"));
}

/// Some tools never compute what has no input.
TEST_F(Circuits, TablesOfOneAnswerAreConstants) {
  hdl::Circuit c(*module, "tables", "");
  hdl::Signal x = c.input("x", 2);
  c.output("fixed", c.table(c.constant(1, 2), {4, 5}, 3));
  c.output("beyond", c.table(c.constant(3, 2), {4, 5}, 3));
  c.output("alike", c.table(x, {7, 7, 7, 7}, 3));
  c.output("read", c.table(x, {6, 6, 6}, 3)); // and 0
  std::string text = written(c);
  EXPECT_THAT(text, HasSubstr("assign fixed = 3'd5;"));
  EXPECT_THAT(text, HasSubstr("assign beyond = 3'd0;"));
  EXPECT_THAT(text, HasSubstr("assign alike = 3'd7;"));
  EXPECT_THAT(text, HasSubstr("case (x)"));
}

std::vector<hdl::CircuitOp> cut(hdl::CircuitOp whole, double levels) {
  return hdl::cutIntoStages(whole, {.levels = levels, .levelsBehind = 1},
                            [](int stage) { return "part" + std::to_string(stage); });
}

template <typename Op>
int count(hdl::CircuitOp circuit) {
  auto ops = circuit.getBody().getOps<Op>();
  return static_cast<int>(std::distance(ops.begin(), ops.end()));
}

/// Eight sums of 16 bits, each of the upper half of the one before. The first has all bits after 3
/// levels, each other 2 levels after the one before: a level, and one for the carry from bit 8 on.
hdl::CircuitOp rowOfSums(hdl::Circuit &c) {
  hdl::Signal x = c.input("x", 16), y = x;
  for (int i = 0; i < 8; ++i) {
    y = y.bitsFrom(8, 8).resizedSigned(16) + x;
  }
  c.output("y", y);
  return c.module;
}

TEST_F(Circuits, LogicIsCutEvenly) {
  hdl::Circuit c(*module, "row", "");
  hdl::CircuitOp whole = rowOfSums(c);
  std::vector<hdl::CircuitOp> stages = cut(whole, 8);
  ASSERT_THAT(stages, testing::SizeIs(3));
  for (hdl::CircuitOp stage : stages) {
    EXPECT_GE(count<arith::AddIOp>(stage), 2);
    EXPECT_LE(count<arith::AddIOp>(stage), 3);
  }
  // The whole is the stages in a row, and x goes beside them.
  EXPECT_EQ(count<hdl::InstanceOp>(whole), 3);
  EXPECT_EQ(count<arith::AddIOp>(whole), 0);
  std::string text = written(c);
  EXPECT_THAT(text, HasSubstr("part0 stage1 ("));
  EXPECT_THAT(text, HasSubstr(".x(x)"));
}

/// What only widens a value is behind a register, what cuts bits off before it.
TEST_F(Circuits, RegistersBetweenStagesAreNarrow) {
  hdl::Circuit c(*module, "row", "");
  for (hdl::CircuitOp stage : cut(rowOfSums(c), 6)) {
    for (auto output : stage.getBody().getOps<hdl::OutputOp>()) {
      EXPECT_EQ(hdl::bitsOf(output.getValue()), output.getName() == "y" ? 16U : 8U);
    }
  }
}

TEST_F(Circuits, WhatIsShallowStaysWhole) {
  hdl::Circuit c(*module, "row", "");
  hdl::CircuitOp whole = rowOfSums(c);
  EXPECT_THAT(cut(whole, 1000), testing::ElementsAre(whole));
  EXPECT_EQ(count<arith::AddIOp>(whole), 8);
}

/// An op is not cut, however deep it is.
TEST_F(Circuits, AnOpStaysWhole) {
  hdl::Circuit c(*module, "quotient", "");
  hdl::Signal a = c.input("a", 32), b = c.input("b", 32);
  auto quotient = arith::DivSIOp::create(c.builder, c.loc, a.value(), b.value());
  c.output("q", hdl::Signal(&c, quotient) + 1);
  EXPECT_THAT(cut(c.module, 4), testing::SizeIs(2));
}

/// Registers between stages make a pipeline: an input, a value of the first stage and one of the
/// second are held as often as they wait.
TEST_F(Circuits, WhatWaitsIsHeld) {
  hdl::Circuit c(*module, "row", "");
  hdl::CircuitOp whole = rowOfSums(c);
  std::vector<hdl::CircuitOp> stages = cut(whole, 8);
  hdl::Circuit pipeline(*module, "pipeline", "");
  std::vector<std::string> held;
  std::vector<hdl::Signal> outputs =
      hdl::connectStages(pipeline, "part", whole, stages, {pipeline.input("x", 16)},
                         [&](llvm::StringRef name, hdl::Signal signal) {
                           held.push_back(name.str());
                           hdl::Reg reg = pipeline.reg(name, signal.bits());
                           reg.next(signal);
                           return hdl::Signal(reg);
                         });
  pipeline.output("y", outputs.front());
  EXPECT_EQ(std::count(held.begin(), held.end(), "x"), 2);
  EXPECT_THAT(written(pipeline), HasSubstr("x_2 <= x;"));
}

} // namespace
