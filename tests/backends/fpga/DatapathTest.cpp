//===- DatapathTest.cpp - narrow arithmetic gives the body's numbers ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/Datapath.h"
#include "backends/fpga/verilog/Names.h"

#include "backends/fpga/datapath/ConstantProducts.h"
#include "backends/fpga/datapath/RescaleAsPopulation.h"
#include "tests/backends/fpga/Bodies.h"
#include "tests/support/RandomIntegers.h"

#include "mlir/IR/Verifier.h"

#include <regex>

using namespace nirc;
using namespace nirc::fpga;
using namespace nirc::fpga::test;
using nir::test::Random;

namespace {

/// Often an end of the range.
int64_t oneOf(Random &random, const DatapathPort &port) {
  return random.chance(0.2)   ? port.least
         : random.chance(0.3) ? port.most
         : random.chance(0.2) ? std::clamp<int64_t>(random.between(-2, 2), port.least, port.most)
                              : random.between(port.least, port.most);
}

/// The low bits of a port.
int64_t lowBits(int64_t number, const DatapathPort &port) {
  llvm::APInt low = llvm::APInt(64, static_cast<uint64_t>(number)).trunc(port.bits);
  return port.isBit ? static_cast<int64_t>(low.getZExtValue()) : low.getSExtValue();
}

/// Compares the datapath of a population with the interpreter, for random numbers in the ranges of
/// its ports, which must hold the parameters of all neurons. Returns the number of comparisons.
int expectEqual(snn::PopulationOp op, Random &random, const ProductRule *rule = nullptr) {
  auto datapath = planDatapath(op);
  EXPECT_TRUE(mlir::succeeded(datapath));
  auto unit = snn::makePopulation<int64_t>(op);
  if (mlir::failed(datapath) || mlir::failed(unit)) {
    return 0;
  }
  auto function = functionOf(op, *datapath);
  if (rule) {
    expandConstantProducts(function->getBody().front(), *rule);
  }
  EXPECT_TRUE(mlir::succeeded(mlir::verify(*function)));
  Evaluator evaluate(*function);
  std::vector<std::vector<int64_t>> parameters;
  for (mlir::Attribute values : op.getParams()) {
    parameters.push_back(nir::numbersOf<int64_t>(mlir::cast<mlir::ElementsAttr>(values)));
  }
  int compared = 0;
  snn::Unit<int64_t> &neuron = **unit;
  size_t neurons = neuron.drive.size(), states = neuron.states.size();
  for (int run = 0; run < 40; ++run) {
    std::vector<std::vector<int64_t>> inputs(neurons);
    for (const DatapathPort &port : datapath->inputs) {
      for (size_t n = 0; n < neurons; ++n) {
        auto place = static_cast<size_t>(port.place);
        int64_t number = place <= states ? oneOf(random, port) : parameters[place - 1 - states][n];
        EXPECT_TRUE(number >= port.least && number <= port.most) << port.name << " " << number;
        if (place <= states) {
          (place == 0 ? neuron.drive : neuron.states[place - 1])[n] = number;
        }
        inputs[n].push_back(number);
      }
    }
    neuron.evaluate(static_cast<int64_t>(op.getStart())); // alone, it takes the drive as it is
    for (size_t n = 0; n < neurons; ++n) {
      std::vector<int64_t> outputs = evaluate(inputs[n]);
      for (const DatapathPort &port : datapath->outputs) {
        auto place = static_cast<size_t>(port.place);
        int64_t want = place == 0 ? neuron.output[n] : neuron.states[place - 1][n];
        int64_t got = port.isBit ? -outputs[place] : outputs[place];
        EXPECT_EQ(got, lowBits(want, port))
            << port.name << " of " << testing::PrintToString(inputs[n]);
        ++compared;
        if (testing::Test::HasFailure()) {
          function->dump();
          op.dump();
          return compared;
        }
      }
    }
  }
  return compared;
}

//===----------------------------------------------------------------------===//
// By hand
//===----------------------------------------------------------------------===//

/// Where a body does not say it: no spike, v and r as they are.
std::string with(const std::string &body) {
  std::string text = body;
  for (auto [name, rest] : {std::pair("%s =", "%s = arith.cmpi sgt, %v, %ten : i32\n"),
                            std::pair("%x =", "%x = arith.addi %v, %zero : i32\n"),
                            std::pair("%y =", "%y = arith.addi %r, %zero : i32\n")}) {
    text += body.find(name) == std::string::npos ? rest : "";
  }
  return text;
}

std::string textOf(const std::vector<DatapathPort> &ports) {
  std::string text;
  for (const DatapathPort &port : ports) {
    text += fmt::format("{}{}: {} bits {} {}..{}{}", text.empty() ? "" : "; ", port.name, port.bits,
                        port.place, port.least, port.most, port.isBit ? " bit" : "");
  }
  return text;
}

TEST(Datapath, HasAPortForWhatTheBodyReads) {
  Neurons neurons(with("%m = arith.muli %u, %a : i32\n %x = arith.addi %m, %b : i32"));
  auto datapath = planDatapath(neurons.op());
  ASSERT_TRUE(mlir::succeeded(datapath));
  EXPECT_EQ(datapath->module, "a_b_1_update");
  EXPECT_EQ(textOf(datapath->inputs), "u: 8 bits 0 -100..60; v: 11 bits 1 -1000..1000; "
                                      "r: 32 bits 2 -2147483648..2147483647; a: 4 bits 3 3..7")
      << "b is the same for all";
  EXPECT_EQ(textOf(datapath->outputs), "spike: 1 bits 0 0..1 bit; v_next: 11 bits 1 -1000..1000; "
                                       "r_next: 32 bits 2 -2147483648..2147483647");
}

TEST(Datapath, HasNoPortForWhatChangesNothing) {
  Neurons neurons(with("%m = arith.muli %u, %zero : i32\n%d = arith.addi %a, %u : i32\n"
                       "%x = arith.addi %m, %ten : i32\n%s = arith.cmpi sgt, %x, %zero : i32"));
  auto datapath = planDatapath(neurons.op());
  ASSERT_TRUE(mlir::succeeded(datapath));
  EXPECT_EQ(textOf(datapath->inputs), "r: 32 bits 2 -2147483648..2147483647");
}

TEST(Datapath, NamesAreOfVerilog) {
  EXPECT_EQ(verilogName("v_mem"), "v_mem");
  EXPECT_EQ(verilogName("0.w eight"), "n_0_w_eight");
  EXPECT_EQ(verilogName("reg"), "reg_");
  EXPECT_EQ(verilogName("always_ff"), "always_ff_");
  EXPECT_EQ(verilogName("event"), "event_");
  for (const char *odd : {"", "_", "Gr\u00f6\u00dfe", "\"]; $finish", "a\nb"}) {
    std::string name = verilogName(odd);
    EXPECT_TRUE(std::regex_match(name, std::regex("[A-Za-z][A-Za-z0-9_]*"))) << name;
  }
}

/// Each body yields one value of interest, of each kind of op and at the ends of its type.
TEST(Datapath, EqualsTheBodyForEachOp) {
  const std::string wide = "%w = arith.extsi %r : i32 to i64\n%k = arith.extsi %v : i32 to i64\n";
  const std::string down = "%y = arith.trunci %z : i64 to i32";
  auto i32 = [](const std::string &op) { return op + " : i32"; };
  std::vector<std::string> bodies = {
      i32("%x = arith.subi %u, %v"),
      i32("%x = arith.muli %u, %a"),
      i32("%y = arith.muli %r, %v"),
      i32("%y = arith.addi %r, %r"),
      i32("%y = arith.subi %v, %r"),
      "%c = arith.constant 1664525 : i32\n%m = arith.muli %r, %c : i32\n%y = arith.addi %m, %a : "
      "i32\n%n = arith.constant 27 : i32\n%d = arith.shrui %y, %n : i32\n%x = arith.addi %v, %d : "
      "i32",
      i32("%n = arith.constant 31 : i32\n%y = arith.shli %v, %n"),
      i32("%n = arith.constant 32 : i32\n%y = arith.shli %v, %n"),
      i32("%n = arith.constant -1 : i32\n%y = arith.shli %v, %n"),
      i32("%y = arith.shli %r, %ten"),
      i32("%x = arith.shrsi %v, %ten"),
      i32("%n = arith.constant 3 : i32\n%x = arith.shrsi %v, %n"),
      i32("%n = arith.constant 40 : i32\n%x = arith.shrsi %v, %n"),
      i32("%n = arith.constant 40 : i32\n%x = arith.shrui %v, %n"),
      i32("%y = arith.shrui %v, %one"),
      i32("%y = arith.shrui %v, %zero"),
      i32("%y = arith.shrui %r, %ten"),
      i32("%y = arith.divsi %r, %a"),
      i32("%x = arith.divsi %v, %ten"),
      i32("%x = arith.remsi %v, %a"),
      i32("%y = arith.remsi %r, %a"),
      i32("%x = arith.floordivsi %v, %a"),
      i32("%y = arith.floordivsi %r, %a"),
      i32("%x = arith.ceildivsi %v, %a"),
      i32("%y = arith.ceildivsi %r, %a"),
      i32("%y = arith.andi %r, %v"),
      i32("%y = arith.ori %r, %v"),
      i32("%y = arith.xori %r, %v"),
      i32("%x = arith.maxsi %u, %v"),
      i32("%x = arith.minsi %v, %a"),
      i32("%x = arith.minsi %r, %zero : i32\n%y = arith.addi %x, %v"),
      i32("%x = math.absi %v"),
      i32("%y = math.absi %r"),
      i32("%x = math.ctlz %v"),
      i32("%x = math.ctlz %r"),
      i32("%x = math.ctlz %a"),
      i32("%m = math.absi %v : i32\n%x = math.ctlz %m"),
      wide + "%z = arith.muli %w, %w : i64\n" + down,
      wide + "%z = arith.muli %k, %w : i64\n%n = arith.constant 9 : i64\n%q = arith.shrsi %z, %n : "
             "i64\n%y = arith.trunci %q : i64 to i32",
      wide + "%c = arith.constant 41 : i64\n%z = arith.shli %w, %c : i64\n%q = arith.shrsi %z, %c "
             ": i64\n%y = arith.trunci %q : i64 to i32",
      wide + "%z = arith.extui %r : i32 to i64\n%n = arith.constant 5 : i64\n%q = arith.shrsi %z, "
             "%n : i64\n%y = arith.trunci %q : i64 to i32",
      wide + "%z = arith.extui %v : i32 to i64\n%n = arith.constant 40 : i64\n%q = arith.shrui %z, "
             "%n : i64\n%y = arith.trunci %q : i64 to i32",
      wide + "%q = math.ctlz %w : i64\n%y = arith.trunci %q : i64 to i32",
      "%n = arith.trunci %r : i32 to i8\n%x = arith.extsi %n : i8 to i32",
      "%n = arith.trunci %r : i32 to i8\n%x = arith.extui %n : i8 to i32",
      "%n = arith.trunci %r : i32 to i1\n%x = arith.extui %n : i1 to i32",
      "%n = arith.trunci %r : i32 to i1\n%x = arith.extsi %n : i1 to i32",
      "%n = arith.trunci %r : i32 to i16\n%m = math.absi %n : i16\n%x = arith.extsi %m : i16 to "
      "i32",
      "%n = arith.trunci %v : i32 to i1\n%m = arith.trunci %u : i32 to i1\n%s = arith.xori %n, %m "
      ": i1",
      "%n = arith.trunci %v : i32 to i1\n%m = arith.trunci %u : i32 to i1\n%s = arith.cmpi slt, "
      "%n, %m : i1",
      "%s = arith.constant true",
  };
  for (std::string predicate :
       {"eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"}) {
    bodies.push_back(i32("%s = arith.cmpi " + predicate + ", %v, %u"));
    bodies.push_back(i32("%s = arith.cmpi " + predicate + ", %v, %r"));
    bodies.push_back(
        i32("%c = arith.cmpi " + predicate + ", %v, %u : i32\n%x = arith.select %c, %u, %v"));
  }
  Random random(1);
  for (const std::string &body : bodies) {
    Neurons neurons(with(body));
    ASSERT_FALSE(HasFailure());
    EXPECT_GT(expectEqual(neurons.op(), random), 0);
    ASSERT_FALSE(HasFailure()) << body << neurons.context.errors;
  }
}

/// What a value needs no bits for is not computed: a membrane of 11 bits and a reset.
TEST(Datapath, IsAsWideAsItsValues) {
  Neurons neurons(with(R"(%wide = arith.extsi %v : i32 to i64
                          %keep = arith.constant 61604 : i64
                          %product = arith.muli %wide, %keep : i64
                          %by = arith.constant 16 : i64
                          %down = arith.shrsi %product, %by : i64
                          %less = arith.trunci %down : i64 to i32
                          %x = arith.addi %less, %u : i32)"));
  auto datapath = planDatapath(neurons.op());
  ASSERT_TRUE(mlir::succeeded(datapath));
  auto function = functionOf(neurons.op(), *datapath);
  std::vector<unsigned> products, sums;
  function->walk(
      [&](mlir::arith::MulIOp op) { products.push_back(op.getType().getIntOrFloatBitWidth()); });
  function->walk(
      [&](mlir::arith::AddIOp op) { sums.push_back(op.getType().getIntOrFloatBitWidth()); });
  EXPECT_EQ(products, (std::vector{27U})) << "1000 times 61604, and a sign";
  EXPECT_EQ(sums, (std::vector{12U, 32U})) << "-1041 to 1000; r, which has no range";
}

TEST(Datapath, RefusesWhatHasNoForm) {
  for (auto [body, message] :
       {std::pair("%x = arith.shli %v, %a : i32",
                  "node 'a.b/1': its body holds 'arith.shli' by a number that is not constant"),
        std::pair(
            "%x = arith.divsi %v, %u : i32",
            "node 'a.b/1': its body holds 'arith.divsi' by a number that may not be positive"),
        std::pair("%x = arith.divui %v, %a : i32",
                  "node 'a.b/1': its body holds 'arith.divui' which has no form in hardware"),
        std::pair("%f = arith.sitofp %v : i32 to f32\n%x = arith.fptosi %f : f32 to i32",
                  "node 'a.b/1': its body holds 'arith.sitofp' which is not of integers")}) {
    Neurons neurons(with(body));
    EXPECT_TRUE(mlir::failed(planDatapath(neurons.op())));
    EXPECT_THAT(neurons.context.errors, testing::StartsWith(message));
  }
}

//===----------------------------------------------------------------------===//
// What quantize writes
//===----------------------------------------------------------------------===//

/// All populations, and all rescales as populations, of random networks in random formats; at
/// random with products as sums.
TEST(Datapath, EqualsWhatQuantizeWrites) {
  constexpr int wanted = 60;
  int networks = 0, populations = 0;
  for (uint64_t seed = 1; networks < wanted && seed < 10 * wanted; ++seed) {
    Random random(seed);
    nir::NumberFormat format;
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<mlir::func::FuncDialect>();
    auto module = nirc::test::randomIntegers(seed, random, format, context);
    if (!module) {
      continue;
    }
    ++networks;
    auto network = *module->getOps<snn::NetworkOp>().begin();
    for (auto op : llvm::make_early_inc_range(network.getBody().getOps<snn::RescaleOp>())) {
      rescaleAsPopulation(op);
    }
    ASSERT_TRUE(mlir::succeeded(mlir::verify(*module)));
    for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
      ProductRule rule{static_cast<int>(random.below(4)), random.chance(0.5)};
      populations += expectEqual(op, random, random.chance(0.5) ? &rule : nullptr) > 0;
      ASSERT_FALSE(HasFailure()) << "seed " << seed << ", " << format.text();
    }
  }
  EXPECT_EQ(networks, wanted);
  EXPECT_GT(populations, wanted);
  RecordProperty("populations", populations);
}

} // namespace
