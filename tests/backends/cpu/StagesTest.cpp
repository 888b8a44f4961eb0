//===- StagesTest.cpp - where threads that share a step must meet ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each meeting costs threads on cores that share no cache a third of a microsecond, and a step of
// thousands of neurons takes eight. One too few is a race that no run may ever show.
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/BuildNetwork.h"

#include "dialects/snn/Snn.h"
#include "mlir/Parser/Parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nirc::cpu;

namespace {

/// A network lowered for threads to share, its matrices by columns.
Lowered lowerShared(const std::string &body) {
  auto context = makeContext();
  context->loadDialect<snn::SnnDialect>();
  std::string text = fmt::format("snn.network @n of f32 <\"nir\", dt = 1.0e-3> {{\n{}}}\n", body);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module) {
    ADD_FAILURE() << text;
    return Lowered();
  }
  auto lowered = lower(*module, {.parts = true, .leastShared = 0, .nearBytes = 0});
  if (failed(lowered)) {
    ADD_FAILURE() << text;
    return Lowered();
  }
  return std::move(*lowered);
}

std::string neurons(std::string_view name, std::string_view input) {
  return fmt::format(R"(
  %{0} = snn.population "{0}" (%{1} : tensor<64xf32>) states ["v"] params [] [] -> !snn.spikes<64> {{
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %v, %u : f32
    snn.yield %z, %u : i1, f32
  }}
)",
                     name, input);
}

std::string matrix(std::string_view name, std::string_view input) {
  return fmt::format("  %{0} = snn.dense \"{0}\" %{1} {{weight = dense<1.0> : tensor<64x64xf32>}} "
                     ": !snn.spikes<64> -> tensor<64xf32>\n",
                     name, input);
}

const std::string input = "  %x = snn.input \"x\" : tensor<64xf32>\n";

TEST(Stages, ThreadsMeetOnceInAStepOfARecurrentNetwork) {
  Lowered lowered = lowerShared(
      input + "  %late = snn.delay \"late\" %n by [1] : !snn.spikes<64>\n" +
      matrix("again", "late") +
      "  %sum = snn.add \"n\" (%x, %again : tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>\n" +
      neurons("n", "sum") + "  snn.output \"o\" %n shape [64] : !snn.spikes<64>\n");
  EXPECT_EQ(lowered.stages, 1);
  EXPECT_FALSE(lowered.meetsAfterInputs);
  EXPECT_FALSE(lowered.meetsBeforeOutputs);
}

TEST(Stages, AMatrixWaitsForTheSpikesOfItsStep) {
  Lowered lowered = lowerShared(input + neurons("n", "x") + matrix("y", "n") + neurons("m", "y") +
                                "  snn.output \"o\" %m shape [64] : !snn.spikes<64>\n");
  EXPECT_EQ(lowered.stages, 2);
  EXPECT_FALSE(lowered.meetsAfterInputs);
  EXPECT_FALSE(lowered.meetsBeforeOutputs);
}

TEST(Stages, ResultsWaitForWhatOneThreadDoesWhole) {
  Lowered lowered = lowerShared(input + neurons("n", "x") + matrix("y", "n") + R"(
  %image = snn.reshape "image" %y : tensor<64xf32> -> tensor<1x8x8xf32>
  %c = snn.conv "c" %image strides [1, 1] pads [0, 0] dilations [1, 1] groups 1
    {weight = dense<1.0> : tensor<1x1x1x1xf32>} : tensor<1x8x8xf32> -> tensor<1x8x8xf32>
  snn.output "o" %c shape [1, 8, 8] : tensor<1x8x8xf32>
)");
  EXPECT_EQ(lowered.stages,
            3); // neurons; the matrix; what lists its results whole, and the windows
  EXPECT_TRUE(lowered.meetsBeforeOutputs);
}

} // namespace
