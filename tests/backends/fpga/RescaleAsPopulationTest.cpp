//===- RescaleAsPopulationTest.cpp - a rescale as neurons -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/RescaleAsPopulation.h"

#include "dialects/snn/interpreter/Interpreter.h"
#include "tests/backends/fpga/Bodies.h"

#include "mlir/IR/Verifier.h"

using namespace nirc::fpga;
using nir::test::Random;

namespace {

struct Case {
  int bits = 8;
  int64_t least = -127, most = 127; ///< of the result
  std::string signal = "tensor<2x3x!quant.uniform<i32<-1000000:1000000>:f64, 1.0>>";
  bool isSpikes = false; ///< what is rescaled is where the signal is above 0
  int64_t inLeast = -1000000, inMost = 1000000;
  std::vector<int64_t> multipliers = {3};
  int64_t shift = 4;
  std::string rounding = "nearest_even", overflow = "saturate";

  std::string text() const {
    return fmt::format(R"(
      snn.network @n of i32 <"nir", dt = 1.0> in <"int8"> {{
        %in = snn.input "in" : {0}
        {8}
        %r = snn.rescale "sub.r" {9} by [{1}] shift {2} {3} {4} : {10}
               -> tensor<2x3x!quant.uniform<i{5}<{6}:{7}>:f64, 1.0>>
        snn.output "out" %r shape [6] : tensor<2x3x!quant.uniform<i{5}<{6}:{7}>:f64, 1.0>>
      }})",
                       signal, fmt::join(multipliers, ", "), shift, rounding, overflow, bits, least,
                       most, isSpikes ? spikes : "", isSpikes ? "%s" : "%in",
                       isSpikes ? "!snn.spikes<2x3>" : signal);
  }

  std::string spikes = fmt::format(R"(
        %s = snn.population "s" (%in : {}) states [] of [] params [] [] -> !snn.spikes<2x3> {{
        ^bb0(%u: i32):
          %zero = arith.constant 0 : i32
          %above = arith.cmpi sgt, %u, %zero : i32
          snn.yield %above : i1
        }})",
                                   signal);
};

/// Runs the network on the ends of the input's range, on numbers around halves and on random ones.
std::vector<std::vector<int64_t>> outputsOf(snn::NetworkOp network, const Case &c) {
  auto interpreter = snn::BasicInterpreter<int64_t>::create(network);
  EXPECT_TRUE(mlir::succeeded(interpreter));
  auto output = *network.getBody().getOps<snn::OutputOp>().begin();
  Random random(1);
  std::vector<std::vector<int64_t>> outputs;
  for (int step = 0; step < 40; ++step) {
    std::vector<double> numbers(6);
    for (double &number : numbers) {
      number = static_cast<double>(
          random.chance(0.1)   ? c.inLeast
          : random.chance(0.1) ? c.inMost
          : random.chance(0.4) ? std::clamp<int64_t>(random.between(-40, 40), c.inLeast, c.inMost)
                               : random.between(c.inLeast, c.inMost));
    }
    interpreter->setInput(0, numbers);
    interpreter->step();
    auto values = interpreter->value(output.getSignal());
    outputs.emplace_back(values.begin(), values.end());
  }
  return outputs;
}

void expectEqual(const Case &c) {
  nir::test::Context context;
  context.mlir.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(c.text(), &context.mlir);
  ASSERT_TRUE(module) << context.errors << c.text();
  auto network = *module->getOps<snn::NetworkOp>().begin();
  std::vector<std::vector<int64_t>> want = outputsOf(network, c);
  snn::PopulationOp population =
      rescaleAsPopulation(*network.getBody().getOps<snn::RescaleOp>().begin());
  ASSERT_TRUE(mlir::succeeded(mlir::verify(*module))) << context.errors;
  EXPECT_EQ(population.getNode(), "sub.r");
  EXPECT_EQ(population.getStates().size(), 0U);
  EXPECT_EQ(population.getParams().empty(), llvm::all_equal(c.multipliers));
  EXPECT_EQ(outputsOf(network, c), want) << c.text() << nir::test::textOf(*module);
}

TEST(RescaleAsPopulation, RoundsAndBounds) {
  for (std::string rounding : {"floor", "toward_zero", "nearest_even"}) {
    for (std::string overflow : {"saturate", "wrap", "wrap_loihi"}) {
      Case c;
      c.rounding = rounding;
      c.overflow = overflow;
      expectEqual(c);
      c.shift = 0;
      expectEqual(c);
      c.shift = 62;
      c.multipliers = {2147483647};
      expectEqual(c);
    }
  }
}

TEST(RescaleAsPopulation, TakesSpikes) {
  Case c;
  c.isSpikes = true;
  c.multipliers = {97};
  expectEqual(c);
}

TEST(RescaleAsPopulation, MultipliersOfChannelsAreAParameter) {
  Case c;
  c.multipliers = {3, -5};
  expectEqual(c);
  c.multipliers = {1, 2, 3, 4, 5, 6};
  expectEqual(c);
}

TEST(RescaleAsPopulation, IsEqualForRandomTypesMultipliersAndShifts) {
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    Random random(seed);
    Case c;
    c.rounding = random.pick(std::vector<std::string>{"floor", "toward_zero", "nearest_even"});
    c.overflow = random.pick(std::vector<std::string>{"saturate", "wrap", "wrap_loihi"});
    c.bits = static_cast<int>(random.between(2, 32));
    int64_t half = int64_t{1} << (c.bits - 1);
    c.least = random.chance(0.5) ? -half : random.between(-half, -1);
    c.most = random.chance(0.5) ? half - 1 : random.between(0, half - 1);
    auto inBits = random.between(2, 32);
    c.inMost = (int64_t{1} << (inBits - 1)) - 1;
    c.inLeast = random.chance(0.5) ? -c.inMost - 1 : -c.inMost;
    c.signal = fmt::format("tensor<2x3x!quant.uniform<i32<{}:{}>:f64, 1.0>>", c.inLeast, c.inMost);
    c.multipliers.resize(random.pick(std::vector<size_t>{1, 2, 6}));
    auto below = random.between(1, 31);
    for (int64_t &multiplier : c.multipliers) {
      multiplier = random.between(-(int64_t{1} << below), (int64_t{1} << below) - 1);
    }
    c.shift = random.chance(0.1) ? 0 : random.between(0, 62);
    if (c.overflow == "wrap_loihi") {
      // Once: what is further away than that is in no range, nor need it fit i32.
      c.shift = std::max(c.shift, inBits + below - c.bits);
    }
    expectEqual(c);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

} // namespace
