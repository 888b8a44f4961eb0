//===- TermsTest.cpp - terms are what the interpreter computes ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/PopulationTerms.h"
#include "backends/proof/Sums.h"
#include "dialects/snn/interpreter/InterpreterBody.h"
#include "ir/choices/Choices.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/backends/fpga/Bodies.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/backends/proof/SmtValue.h"

#include <random>

using namespace nirc;
using namespace nirc::proof;
using namespace nirc::proof::test;

namespace {

using Numbers = std::map<std::string, int64_t>;

/// Ends of the range, what is near to 0, and anything in it.
int64_t drawn(Interval range, std::mt19937_64 &random) {
  switch (random() % 4) {
  case 0:
    return range.least;
  case 1:
    return range.most;
  case 2: // little overflows
    return std::clamp<int64_t>(static_cast<int64_t>(random() % 201) - 100, range.least, range.most);
  default:
    return std::uniform_int_distribution<int64_t>(range.least, range.most)(random);
  }
}

Interval rangeOfType(mlir::Type type) {
  snn::IntegerRange range = snn::integerRange(type);
  return {range.least, range.most};
}

/// Inputs, states and parameters of some neuron, by the names of PopulationTerms.
Numbers drawn(snn::PopulationOp op, const PopulationTerms &terms, std::mt19937_64 &random) {
  Numbers numbers;
  size_t count = op.getInputs().size();
  for (size_t i = 0; i < count; ++i) {
    std::string name = count == 1 ? "input" : fmt::format("input.{}", i);
    numbers[name] = drawn(rangeOfType(op.getInputs()[i].getType()), random);
  }
  for (auto [i, name] : llvm::enumerate(op.getStates().getAsValueRange<mlir::StringAttr>())) {
    auto type = mlir::cast<mlir::TypeAttr>((*op.getStateTypes())[i]).getValue();
    numbers["state." + name.str()] = drawn(rangeOfType(type), random);
  }
  size_t neuron = random() % static_cast<size_t>(snn::elementsOf(op.getType()));
  for (auto [i, name] : llvm::enumerate(terms.parameterNames)) {
    numbers[name] = parameterOf(op, i)[neuron];
  }
  return numbers;
}

/// What the interpreter's body yields for them.
std::vector<int64_t> yielded(snn::PopulationOp op, const PopulationTerms &terms, snn::Body &body,
                             const Numbers &numbers) {
  std::vector<int64_t> arguments{0};
  size_t count = op.getInputs().size();
  for (size_t i = 0; i < count; ++i) {
    // The same signal twice is one element.
    size_t first =
        static_cast<size_t>(llvm::find(op.getInputs(), op.getInputs()[i]) - op.getInputs().begin());
    arguments[0] += numbers.at(count == 1 ? "input" : fmt::format("input.{}", first));
  }
  for (llvm::StringRef name : op.getStates().getAsValueRange<mlir::StringAttr>()) {
    arguments.push_back(numbers.at("state." + name.str()));
  }
  for (const std::string &name : terms.parameterNames) {
    arguments.push_back(numbers.at(name));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    body.load(i, &arguments[i], 1);
  }
  body.run(1);
  std::vector<int64_t> results(op.getBody().front().getTerminator()->getNumOperands());
  for (size_t i = 0; i < results.size(); ++i) {
    body.store(i, &results[i], 1);
  }
  return results;
}

/// Both theories against the interpreter: bit vectors always, whole numbers where nothing that is
/// in the faults happens. How often whole numbers could be compared.
int compare(snn::PopulationOp op, std::mt19937_64 &random, int times) {
  auto body = snn::Body::compile(op);
  EXPECT_TRUE(mlir::succeeded(body));
  Sheet first(*op.getContext()), second(*op.getContext());
  Bits bits(first.builder);
  Integers integers(second.builder);
  PopulationTerms ofBits(bits, op), ofIntegers(integers, op);
  EXPECT_EQ(ofBits.unknown, "");
  int compared = 0;
  bool wasSound = !testing::Test::HasFailure();
  for (int i = 0; i < times; ++i) {
    Numbers numbers = drawn(op, ofBits, random);
    std::vector<int64_t> expected = yielded(op, ofBits, *body, numbers);
    numbers["any.0"] = 0; // what whole numbers have no term for
    SmtValue inBits(numbers), inIntegers(numbers);
    auto valueIn = [](SmtValue &values, mlir::Value term) {
      return mlir::isa<mlir::smt::BoolType>(term.getType()) ? int64_t(values.truth(term))
                                                            : values.number(term);
    };
    for (const mlir::Value &fact : bits.facts) {
      EXPECT_TRUE(inBits.truth(fact)) << "of an input in its range";
    }
    bool isFaulty = llvm::any_of(integers.faults, [&](const Theory::Fault &fault) {
      return inIntegers.truth(fault.happens);
    });
    compared += isFaulty || integers.isLoose ? 0 : 1;
    for (size_t result = 0; result < expected.size(); ++result) {
      EXPECT_EQ(valueIn(inBits, ofBits.results[result]), expected[result]) << ofBits.names[result];
      if (!isFaulty && !integers.isLoose) {
        EXPECT_EQ(valueIn(inIntegers, ofIntegers.results[result]), expected[result])
            << ofIntegers.names[result];
      }
    }
    if (wasSound && testing::Test::HasFailure()) { // one is enough to read
      break;
    }
  }
  return compared;
}

/// Each op, where it may wrap and where it may not.
TEST(Terms, AreTheOpsOfTheInterpreter) {
  unsigned seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  for (const char *body : {"%y = arith.addi %r, %v : i32",
                           "%y = arith.subi %r, %v : i32",
                           "%y = arith.muli %r, %a : i32",
                           "%y = arith.maxsi %r, %v : i32",
                           "%y = arith.minsi %v, %r : i32",
                           "%m = arith.constant 4095 : i32\n%y = arith.andi %v, %m : i32",
                           "%m = arith.constant -64 : i32\n%y = arith.andi %r, %m : i32",
                           "%m = arith.constant 2730 : i32\n%y = arith.ori %r, %m : i32",
                           "%m = arith.constant 2731 : i32\n%y = arith.xori %m, %r : i32",
                           "%y = arith.xori %r, %v : i32",
                           "%y = math.absi %r : i32",
                           "%y = math.ctlz %r : i32",
                           "%y = arith.shrui %r, %ten : i32",
                           "%y = arith.shrsi %r, %ten : i32",
                           "%y = arith.shli %r, %ten : i32",
                           "%y = arith.shrsi %r, %a : i32",
                           "%y = arith.divsi %v, %a : i32",
                           "%y = arith.remsi %v, %a : i32",
                           "%y = arith.floordivsi %v, %a : i32",
                           "%y = arith.ceildivsi %v, %a : i32",
                           "%y = arith.floordivsi %v, %b : i32",
                           "%y = arith.ceildivsi %v, %b : i32",
                           "%n = arith.trunci %r : i32 to i8\n%y = arith.extui %n : i8 to i32",
                           "%n = arith.trunci %v : i32 to i16\n%y = arith.extsi %n : i16 to i32",
                           "%n = arith.trunci %r : i32 to i1\n%y = arith.extsi %n : i1 to i32",
                           "%l = arith.shli %r, %ten : i32\n%y = arith.shrsi %l, %ten : i32",
                           "%e = arith.extsi %r : i32 to i64\n%f = arith.extsi %a : i32 to i64\n"
                           "%p = arith.muli %e, %f : i64\n%t = arith.constant 16 : i64\n%s2 = "
                           "arith.shrsi %p, %t : i64\n"
                           "%y = arith.trunci %s2 : i64 to i32",
                           "%c = arith.cmpi ult, %v, %r : i32\n%y = arith.select %c, %u, %v : i32",
                           "%c = arith.cmpi uge, %v, %r : i32\n%y = arith.extui %c : i1 to i32"}) {
    SCOPED_TRACE(body);
    fpga::test::Neurons neurons(std::string(body) + "\n%x = arith.addi %v, %zero : i32\n"
                                                    "%s = arith.cmpi slt, %u, %v : i32");
    bool isExpressed = !llvm::StringRef(body).contains("xori %r, %v");
    int compared = compare(neurons.op(), random, 200);
    EXPECT_EQ(compared > 5, isExpressed) << "compared in whole numbers: " << compared;
  }
}

/// What quantize writes, of all kinds of neurons.
TEST(Terms, AreTheBodiesOfNeurons) {
  unsigned seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  const std::vector<std::pair<std::string, std::string>> choices = {
      {"int8", "nir"},
      {"int4", "norse"},
      {"loihi2", "loihi2"},
      {"int16", "sinabs"},
      {"q3.4", "snntorch"},
      {"int8,rounding=stochastic", "rockpool"},
      {"int8,kept-bits=6", "nengo"},
      {"int8,membrane-overflow=wrap", "spikingjelly"}};
  size_t next = 0;
  for (auto parameters : {fpga::test::Parameters::Uniform, fpga::test::Parameters::Own}) {
    for (const auto &neuron : fpga::test::neuronKinds(parameters)) {
      const auto &[format, semantics] = choices[next++ % choices.size()];
      SCOPED_TRACE(neuron.name + " in " + format);
      mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
      DiagnosticCollector collector(context);
      NetworkOptions options{*nir::semanticsOf(semantics), nir::DType::F64, {}};
      options.semantics.dtSeconds = 1e-3;
      options.quantization = QuantizationOptions{*nir::numberFormatOf(format)};
      auto module = buildNetwork(fpga::test::networkOf(neuron), "test", options, context);
      ASSERT_TRUE(module) << collector.takeError().str();
      auto network = *module->getOps<snn::NetworkOp>().begin();
      for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
        EXPECT_EQ(compare(op, random, 100), 100) << "nothing overflows in the ranges";
      }
      for (mlir::Operation &op : network.getBody().front()) {
        if (std::optional<Interval> sums = sumsOf(&op)) {
          EXPECT_TRUE(sums->isWithin(rangeOfType(op.getResult(0).getType())));
        }
      }
    }
  }
}

} // namespace
