//===- CircuitTest.cpp - circuits, simplified and written -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Circuit.h"
#include "backends/fpga/hdl/Simplify.h"
#include "backends/fpga/verilog/Writer.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::fpga;
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

} // namespace
