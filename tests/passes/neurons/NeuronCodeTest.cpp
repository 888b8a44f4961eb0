//===- NeuronCodeTest.cpp - a neuron's update as instructions -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/neurons/NeuronCode.h"

#include <gtest/gtest.h>

using namespace nirc;

namespace {

int64_t run(NeuronOp op, unsigned bits, int64_t a, int64_t b = 0, int64_t c = 0,
            unsigned operandBits = 0) {
  return evaluate({op, static_cast<uint8_t>(bits), {}, a}, operandBits ? operandBits : bits, a, b,
                  c);
}

TEST(NeuronCode, WrapsAtItsBits) {
  EXPECT_EQ(run(NeuronOp::Add, 8, 100, 100), -56);
  EXPECT_EQ(run(NeuronOp::Sub, 8, -100, 100), 56);
  EXPECT_EQ(run(NeuronOp::Mul, 16, 300, 300), 24464); // 90000 - 65536
  EXPECT_EQ(run(NeuronOp::Add, 64, INT64_MAX, 1), INT64_MIN);
  EXPECT_EQ(run(NeuronOp::Mul, 64, INT64_MAX, 2), -2);
  EXPECT_EQ(run(NeuronOp::Constant, 4, 9), -7);
  EXPECT_EQ(run(NeuronOp::Narrow, 8, 0x1ff, 0, 0, 32), -1);
  EXPECT_EQ(run(NeuronOp::Abs, 8, -128), -128);
}

TEST(NeuronCode, DividesAsArithDoes) {
  EXPECT_EQ(run(NeuronOp::DivToZero, 32, -7, 2), -3);
  EXPECT_EQ(run(NeuronOp::DivFloor, 32, -7, 2), -4);
  EXPECT_EQ(run(NeuronOp::DivCeil, 32, 7, 2), 4);
  EXPECT_EQ(run(NeuronOp::DivFloor, 32, 7, -2), -4);
  EXPECT_EQ(run(NeuronOp::DivCeil, 32, -7, 2), -3);
  EXPECT_EQ(run(NeuronOp::Remainder, 32, -7, 2), -1);
  for (NeuronOp op :
       {NeuronOp::DivToZero, NeuronOp::DivFloor, NeuronOp::DivCeil, NeuronOp::Remainder}) {
    EXPECT_EQ(run(op, 32, 5, 0), 0) << name(op);
  }
  EXPECT_EQ(run(NeuronOp::DivToZero, 64, INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(run(NeuronOp::Remainder, 64, INT64_MIN, -1), 0);
}

TEST(NeuronCode, ShiftsBitsOut) {
  EXPECT_EQ(run(NeuronOp::ShiftRight, 32, -5, 1), -3);
  EXPECT_EQ(run(NeuronOp::ShiftRight, 32, -5, 40), -1);
  EXPECT_EQ(run(NeuronOp::ShiftRightUnsigned, 8, -1, 4), 15);
  EXPECT_EQ(run(NeuronOp::ShiftRightUnsigned, 8, -1, 8), 0);
  EXPECT_EQ(run(NeuronOp::ShiftLeft, 8, 3, 7), -128);
  EXPECT_EQ(run(NeuronOp::ShiftLeft, 8, 3, 8), 0);
  EXPECT_EQ(run(NeuronOp::ShiftLeft, 8, 3, -1), 0); // 255 steps
}

TEST(NeuronCode, ComparesAndSelects) {
  EXPECT_EQ(run(NeuronOp::Less, 1, -1, 0), -1);
  EXPECT_EQ(run(NeuronOp::LessUnsigned, 1, -1, 0), 0);
  EXPECT_EQ(run(NeuronOp::GreaterOrEqual, 1, 4, 4), -1);
  EXPECT_EQ(run(NeuronOp::GreaterUnsigned, 1, -1, 5), -1);
  EXPECT_EQ(run(NeuronOp::Select, 32, -1, 7, 8), 7);
  EXPECT_EQ(run(NeuronOp::Select, 32, 0, 7, 8), 8);
  EXPECT_EQ(run(NeuronOp::WidenUnsigned, 32, -1, 0, 0, 8), 255);
  EXPECT_EQ(run(NeuronOp::Widen, 32, -1, 0, 0, 8), -1);
  EXPECT_EQ(run(NeuronOp::LeadingZeros, 16, 1, 0, 0, 16), 15);
  EXPECT_EQ(run(NeuronOp::LeadingZeros, 16, 0, 0, 0, 16), 16);
}

TEST(NeuronCode, HasANameForEachInstruction) {
  for (int i = 0; i <= static_cast<int>(NeuronOp::LeadingZeros); ++i) {
    auto op = static_cast<NeuronOp>(i);
    EXPECT_EQ(findNeuronOp(name(op)), op) << name(op);
  }
  EXPECT_EQ(name(NeuronOp::GreaterOrEqual), "cmpi sge");
  EXPECT_EQ(name(NeuronOp::LeadingZeros), "ctlz");
  EXPECT_EQ(operandsOf(NeuronOp::Select), 3);
  EXPECT_FALSE(findNeuronOp("fma"));
}

} // namespace
