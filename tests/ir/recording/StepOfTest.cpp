//===- StepOfTest.cpp - which step a time is in ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/StepOf.h"

#include <gtest/gtest.h>

using namespace nir;

/// Times k dt, each rounded to float32: none may fall into the step before.
TEST(StepOf, MultiplesOfDtInFloat32) {
  for (double dt : {1e-3, 1e-4, 5e-4, 2.5e-5, 1.0 / 3000.0}) {
    for (int64_t k = 0; k < 200000; k = k < 2000 ? k + 1 : k + 997) {
      double exact = static_cast<double>(k) * dt;
      double rounded = static_cast<double>(static_cast<float>(exact));
      auto step = static_cast<float>(dt);
      ASSERT_EQ(stepOf(rounded, dt, DType::F32), static_cast<double>(k)) << k << " x " << dt;
      ASSERT_EQ(stepOf(rounded, static_cast<double>(step), DType::F32), static_cast<double>(k));
      ASSERT_EQ(stepOf(exact, dt, DType::F64), static_cast<double>(k)) << k << " x " << dt;
    }
  }
}

/// Times added up step by step in float64.
TEST(StepOf, TimesThatWereSummedUp) {
  double time = 0.0;
  for (int64_t k = 0; k < 100000; ++k, time += 1e-3) {
    ASSERT_EQ(stepOf(time, 1e-3, DType::F64), static_cast<double>(k));
  }
}

TEST(StepOf, WhatLiesInsideAStepStaysThere) {
  EXPECT_EQ(stepOf(0.00199, 1e-3, DType::F64), 1.0);
  EXPECT_EQ(stepOf(0.00199, 1e-3, DType::F32), 1.0);
  EXPECT_EQ(stepOf(0.0029999, 1e-3, DType::F32), 2.0); // a ten-thousandth of a step early is early
  EXPECT_EQ(stepOf(-1e-4, 1e-3, DType::F64), -1.0);
}

TEST(StepOf, LengthsOfAStepThatWentThroughFloat32) {
  EXPECT_TRUE(isSameStep(1e-3, static_cast<double>(1e-3F)));
  EXPECT_TRUE(isSameStep(static_cast<double>(2.5e-5F), 2.5e-5));
  EXPECT_FALSE(isSameStep(1e-3, 1.000001e-3));
}
