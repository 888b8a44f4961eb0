//===- BodyRangesTest.cpp - what integers of bodies can be ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/bodies/BodyRanges.h"

#include "dialects/snn/interpreter/InterpreterUnits.h"
#include "passes/bodies/Rest.h"
#include "tests/dialects/RoundTrip.h"
#include "tests/support/RandomIntegers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nirc;
using nir::test::Random;

namespace nirc {
static void PrintTo(const Interval &range, std::ostream *out) {
  *out << "[" << range.least << ", " << range.most << "]";
}
} // namespace nirc

namespace {

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

/// Two neurons. u is of -100 to 60, the state v of -1000 to 1000, the parameter a is 3 and -2.
class Neurons {
public:
  explicit Neurons(const std::string &body) {
    context.mlir.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect, mlir::math::MathDialect>();
    std::string text = R"(
      snn.network @n of i32 <"nir", dt = 1.0> in <"int8"> {
        %in = snn.input "in" : tensor<2x!quant.uniform<i8<-50:30>:f64, 1.0>>
        %p = snn.population "p" (%in, %in : tensor<2x!quant.uniform<i8<-50:30>:f64, 1.0>>,
                                            tensor<2x!quant.uniform<i8<-50:30>:f64, 1.0>>)
          states ["v"] of [tensor<2x!quant.uniform<i16<-1000:1000>:f64, 1.0>>]
          params ["a"] [dense<[3, -2]> : tensor<2xi32>]
          -> tensor<2x!quant.uniform<i32:f64, 1.0>> {
        ^bb0(%u: i32, %v: i32, %a: i32):
          %zero = arith.constant 0 : i32
          %one = arith.constant 1 : i32
          %ten = arith.constant 10 : i32
          %31 = arith.constant 31 : i32
          %huge = arith.constant 2147483000 : i32
          )" + body + R"(
          snn.yield %x, %v : i32, i32
        }
        snn.output "out" %p shape [2] : tensor<2x!quant.uniform<i32:f64, 1.0>>
      })";
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context.mlir);
    EXPECT_TRUE(module) << context.errors << text;
  }

  snn::PopulationOp op() {
    auto network = *module->getOps<snn::NetworkOp>().begin();
    return *network.getBody().getOps<snn::PopulationOp>().begin();
  }
  mlir::Value x() {
    return mlir::cast<snn::YieldOp>(op().getBody().front().getTerminator()).getValues()[0];
  }

  nir::test::Context context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// What x can be; nothing where something overflows.
std::optional<Interval> rangeOf(const std::string &body) {
  Neurons neurons(body);
  return BodyRanges(neurons.op()).of(neurons.x());
}

int bitsOf(const std::string &body) {
  Neurons neurons(body);
  return BodyRanges(neurons.op()).bitsOf(neurons.x());
}

using Range = std::optional<Interval>;

TEST(BodyRanges, BeginWithTypesAndParameters) {
  EXPECT_EQ(rangeOf("%x = arith.addi %u, %zero : i32"), Range({-100, 60}));
  EXPECT_EQ(rangeOf("%x = arith.addi %v, %u : i32"), Range({-1100, 1060}));
  EXPECT_EQ(rangeOf("%x = arith.muli %u, %a : i32"), Range({-300, 200}));
  EXPECT_EQ(rangeOf("%x = arith.subi %a, %v : i32"), Range({-1002, 1003}));
}

TEST(BodyRanges, SayWhetherSomethingOverflows) {
  EXPECT_EQ(rangeOf("%x = arith.addi %huge, %v : i32"), std::nullopt);
  EXPECT_EQ(rangeOf("%x = arith.muli %huge, %a : i32"), std::nullopt);
  EXPECT_EQ(rangeOf("%x = arith.shli %v, %31 : i32"), std::nullopt);
  EXPECT_EQ(rangeOf("%b = arith.muli %huge, %a : i32\n %x = arith.minsi %b, %zero : i32"),
            std::nullopt)
      << "also on the way";
  EXPECT_EQ(rangeOf(R"(%wide = arith.extsi %huge : i32 to i64
                       %more = arith.addi %wide, %wide : i64
                       %x = arith.trunci %more : i64 to i32)"),
            std::nullopt);
  EXPECT_EQ(rangeOf(R"(%wide = arith.extsi %v : i32 to i64
                       %more = arith.addi %wide, %wide : i64
                       %x = arith.trunci %more : i64 to i32)"),
            Range({-2000, 2000}));
}

TEST(BodyRanges, SayHowManyBitsANumberNeeds) {
  EXPECT_EQ(bitsOf("%x = arith.addi %u, %zero : i32"), 8);
  EXPECT_EQ(bitsOf("%x = arith.addi %v, %u : i32"), 12);
  EXPECT_EQ(bitsOf("%x = arith.maxsi %a, %zero : i32"), 3);
  EXPECT_EQ(bitsOf("%x = arith.addi %huge, %v : i32"), 32) << "it may wrap";
  EXPECT_EQ(bitsOf("%b = arith.addi %huge, %v : i32\n %x = arith.andi %b, %ten : i32"), 5)
      << "no more than what is kept of it";
}

TEST(BodyRanges, DivisionsTowardZeroAreExact) {
  std::string cut = R"(%sign = arith.shrsi %v, %31 : i32
                       %digits = arith.andi %sign, %mask : i32
                       %sum = arith.addi %v, %digits : i32
                       %x = arith.shrsi %sum, %by : i32)";
  EXPECT_EQ(rangeOf("%mask = arith.constant 7 : i32\n%by = arith.constant 3 : i32\n" + cut),
            Range({-125, 125}));
  EXPECT_EQ(rangeOf("%mask = arith.constant 6 : i32\n%by = arith.constant 3 : i32\n" + cut),
            Range({-125, 125}))
      << "of another form, op by op";
  EXPECT_EQ(rangeOf("%mask = arith.constant 15 : i32\n%by = arith.constant 3 : i32\n" + cut),
            Range({-125, 126}));
}

TEST(BodyRanges, ArmsOfSelectsAreUnderTheirCondition) {
  EXPECT_EQ(rangeOf(R"(%fires = arith.cmpi sgt, %v, %ten : i32
                       %x = arith.select %fires, %zero, %v : i32)"),
            Range({-1000, 10}));
  EXPECT_EQ(rangeOf(R"(%fires = arith.cmpi sge, %v, %ten : i32
                       %less = arith.subi %v, %ten : i32
                       %x = arith.select %fires, %less, %zero : i32)"),
            Range({0, 990}));
  EXPECT_EQ(rangeOf(R"(%never = arith.cmpi slt, %huge, %v : i32
                       %x = arith.select %never, %huge, %a : i32)"),
            Range({-2, 3}));
  EXPECT_EQ(rangeOf(R"(%same = arith.cmpi eq, %v, %ten : i32
                       %x = arith.select %same, %a, %v : i32)"),
            Range({-1000, 1000}));
}

/// v wrapped once into -511 to 512, as Loihi does.
TEST(BodyRanges, NestedSelectsAreUnderAllConditions) {
  EXPECT_EQ(rangeOf(R"(%half = arith.constant 512 : i32
                       %least = arith.constant -512 : i32
                       %all = arith.constant 1024 : i32
                       %above = arith.cmpi sgt, %v, %half : i32
                       %below = arith.cmpi sle, %v, %least : i32
                       %less = arith.subi %v, %all : i32
                       %more = arith.addi %v, %all : i32
                       %low = arith.select %below, %more, %v : i32
                       %x = arith.select %above, %less, %low : i32)"),
            Range({-511, 512}));
}

TEST(BodyRanges, ConstantsAreOnesOfEachNeuron) {
  Neurons neurons("%wide = arith.extsi %a : i32 to i64\n%x = arith.trunci %wide : i64 to i32");
  BodyRanges ranges(neurons.op());
  mlir::Value wide = neurons.x().getDefiningOp()->getOperand(0);
  EXPECT_EQ(ranges.constantOf(wide), (std::optional<std::vector<int64_t>>({3, -2})));
  EXPECT_EQ(ranges.bare(neurons.x()), neurons.op().getBody().getArgument(2));
  EXPECT_FALSE(ranges.isConstant(wide, 3));
  EXPECT_EQ(ranges.constantOf(neurons.op().getBody().getArgument(1)), std::nullopt);
}

TEST(Rest, IsFoundByAStepOfAllNeurons) {
  EXPECT_FALSE(staysAtRest(Neurons("%x = arith.addi %a, %u : i32").op()));
  EXPECT_FALSE(staysAtRest(Neurons("%x = arith.addi %v, %one : i32").op()));
  EXPECT_TRUE(staysAtRest(Neurons("%x = arith.muli %a, %u : i32").op()));
  EXPECT_TRUE(
      staysAtRest(Neurons("%b = arith.addi %a, %u : i32\n%x = arith.subi %b, %a : i32").op()))
      << "of each neuron, not of ranges";
}

//===----------------------------------------------------------------------===//
// What quantize writes
//===----------------------------------------------------------------------===//

int64_t oneOf(Random &random, Interval range) {
  return random.chance(0.3)   ? range.least
         : random.chance(0.4) ? range.most
                              : random.between(range.least, range.most);
}

Interval driveOf(snn::PopulationOp op) {
  Interval drive;
  for (mlir::Value input : op.getInputs()) {
    snn::IntegerRange each = snn::integerRange(input.getType());
    drive = drive + Interval{each.least, each.most};
  }
  return drive;
}

Interval ofState(snn::PopulationOp op, unsigned state) {
  snn::IntegerRange range =
      snn::integerRange(mlir::cast<mlir::TypeAttr>((*op.getStateTypes())[state]).getValue());
  return {range.least, range.most};
}

/// Runs the population on numbers at the ends of their ranges and between them. What it yields must
/// be in the ranges that are found for it.
void expectSound(snn::PopulationOp op, Random &random, int &proven, int &states) {
  BodyRanges ranges(op);
  auto yield = mlir::cast<snn::YieldOp>(op.getBody().front().getTerminator());
  auto unit = snn::makePopulation<int64_t>(op);
  ASSERT_TRUE(mlir::succeeded(unit));
  Interval drive = driveOf(op);
  for (int run = 0; run < 20; ++run) {
    for (int64_t &u : (*unit)->drive) {
      u = oneOf(random, drive);
    }
    for (auto [i, state] : llvm::enumerate((*unit)->states)) {
      for (int64_t &number : state) {
        number = oneOf(random, ofState(op, i));
      }
    }
    (*unit)->evaluate(static_cast<int64_t>(op.getStart()));
    for (auto [i, value] : llvm::enumerate(yield.getValues())) {
      const std::vector<int64_t> &numbers = i == 0 ? (*unit)->output : (*unit)->states[i - 1];
      bool isTruth = value.getType().isInteger(1);
      std::optional<Interval> range = ranges.of(value);
      int bits = ranges.bitsOf(value);
      for (int64_t number : numbers) {
        Interval only{isTruth ? -number : number, isTruth ? -number : number};
        ASSERT_TRUE(only.fits(bits)) << number << " in " << bits << " bits";
        ASSERT_TRUE(!range || only.isWithin(*range))
            << testing::PrintToString(only) << " in " << testing::PrintToString(range);
      }
    }
  }
  for (unsigned i = 0; i < op.getStates().size(); ++i) {
    std::optional<Interval> range = ranges.of(yield.getValues()[1 + i]);
    proven += range && range->isWithin(ofState(op, i)) ? 1 : 0;
    ++states;
  }
}

/// `quantize` proves its ranges before there are ops, from what it is about to write; here they are
/// proven once more from the ops alone. Not all can be: of what rounds at random MLIR knows less.
TEST(BodyRanges, HoldInWhatQuantizeWritesAndProveItsStates) {
  constexpr int wanted = 120;
  int networks = 0, proven = 0, states = 0;
  for (uint64_t seed = 1; networks < wanted && seed < 10 * wanted; ++seed) {
    Random random(seed);
    nir::NumberFormat format;
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    auto module = test::randomIntegers(seed, random, format, context);
    if (!module || format.rounding == nir::Rounding::Stochastic) {
      continue;
    }
    ++networks;
    auto network = *module->getOps<snn::NetworkOp>().begin();
    for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
      expectSound(op, random, proven, states);
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ", " << format.text();
    }
  }
  EXPECT_EQ(networks, wanted);
  EXPECT_GE(proven, states * 9 / 10) << "of " << states;
  RecordProperty("proven", proven);
  RecordProperty("states", states);
}

} // namespace
