//===- ComposeTest.cpp - connections as synapses of a platform ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// tests/conformance holds all of it against networks that run; here are the words and limits of a
// platform that is not one of nirc's.

#include "passes/synapses/Compose.h"

#include "tests/dialects/RoundTrip.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Parser/Parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using testing::ElementsAre;

namespace {

constexpr SynapseLimits toy = {"Toy", "toy", "8 bits", /*longestDelay=*/3, /*largestWeight=*/100};

/// Two inputs, two neurons, and what lies between them.
class Network {
public:
  explicit Network(const std::string &between) {
    context.mlir.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect>();
    std::string text = R"(
      snn.network @n of i32 <"nir,schedule=pipelined", dt = 1.0> in <"int8"> {
        %in = snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>>
        )" + between + R"(
        %p = snn.population "cells" (%x : tensor<2x!quant.uniform<i32:f64, 1.0>>)
          states [] of [] params [] [] -> !snn.spikes<2> {
        ^bb0(%u: i32):
          %zero = arith.constant 0 : i32
          %fires = arith.cmpi sgt, %u, %zero : i32
          snn.yield %fires : i1
        }
      })";
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context.mlir);
    EXPECT_TRUE(module) << context.errors << text;
    auto network = *module->getOps<snn::NetworkOp>().begin();
    population = *network.getBody().getOps<snn::PopulationOp>().begin();
    auto input = *network.getBody().getOps<snn::InputOp>().begin();
    sources[input.getResult()] = 0;
    sources[population.getResult()] = 2;
  }

  /// The synapses of neuron n, and the biases that were taken out before.
  std::vector<Synapse> synapses(size_t n) {
    Composer composer(sources, toy.platform);
    auto composed = composer.compose(population.getInputs()[0]);
    if (mlir::failed(composed)) {
      return {};
    }
    std::vector<Synapse> terms = (*composed)->terms[n];
    biases = takeBiases(terms, 0);
    return mlir::succeeded(asSynapses(population, terms, toy)) ? terms : std::vector<Synapse>();
  }

  nir::test::Context context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  snn::PopulationOp population;
  Composer::Sources sources;
  std::map<int64_t, int64_t> biases;
};

std::string dense(const std::string &weights, const std::string &steps) {
  return "%late = snn.delay \"delay\" %in by [" + steps +
         R"(] : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>>
    %x = snn.dense "fc" %late {weight = dense<)" +
         weights + R"(> : tensor<2x2xi8>, bias = dense<[7, 0]> : tensor<2xi8>}
      : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<2x!quant.uniform<i32:f64, 1.0>>)";
}

TEST(Compose, WeightsDelaysAndBiases) {
  Network network(dense("[[5, 0], [-3, 100]]", "1, 4"));
  EXPECT_THAT(network.synapses(0), ElementsAre(Synapse{0, 0, 5}));
  EXPECT_THAT(network.biases, ElementsAre(std::pair(0, 7)));
  EXPECT_THAT(network.synapses(1), ElementsAre(Synapse{0, 0, -3}, Synapse{1, 3, 100}));
  EXPECT_EQ(network.context.errors, "");
}

std::string errorOf(const std::string &between) {
  Network network(between);
  EXPECT_TRUE(network.synapses(1).empty());
  return network.context.errors;
}

TEST(Compose, LimitsAreThePlatforms) {
  EXPECT_EQ(
      errorOf(dense("[[1, 1], [1, 101]]", "1, 1")),
      "node 'cells': has a synapse of the weight 101, expected at most 100, 8 bits\n"
      "note: several connections in a row multiply their weights: put neurons between them\n");
  EXPECT_EQ(errorOf(dense("[[1, 1], [1, 1]]", "1, 5")),
            "node 'cells': is reached by a spike 5 steps late, expected 1 to 4\n"
            "note: take shorter Delays, or a larger --dt\n");
  EXPECT_EQ(errorOf(R"(%x = snn.dense "fc" %in {weight = dense<1> : tensor<2x2xi8>}
                         : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<2x!quant.uniform<i32:f64, 1.0>>)"),
            "node 'cells': is reached by a spike 0 steps late, expected 1 to 4\n"
            "note: --semantics toy, under which a spike takes a step\n");
}

TEST(Compose, WordsAreThePlatforms) {
  std::string error = errorOf(R"(
    %a = snn.dense "fc" %in {weight = dense<1> : tensor<2x2xi8>}
      : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<2x!quant.uniform<i32:f64, 1.0>>
    %x = snn.rescale "half" %a by [1] shift 1 nearest_even saturate
      : tensor<2x!quant.uniform<i32:f64, 1.0>> -> tensor<2x!quant.uniform<i32:f64, 1.0>>)");
  EXPECT_THAT(error, testing::HasSubstr("note: between neurons Toy has weights alone"));
}

} // namespace
