//===- Loihi2MatchTest.cpp - bodies that are almost the chip's ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A neuron's body with one op or one constant changed is another neuron. It is refused, or it is
// one that the chip has too: then the chip's states are those of the interpreter of the body.
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "ir/choices/Choices.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Build.h"
#include "tests/support/Random.h"
#include "tests/support/Recordings.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Verifier.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using namespace nirc::loihi2;

namespace {

constexpr double dt = 1e-3;
constexpr int64_t inputs = 12, cells = 6, steps = 150;

/// Neurons that are driven so hard that currents wrap and membranes saturate, under gain=raw.
Graph drivenGraph(bool hasCurrent, bool isUniform, Random &random) {
  auto each = [&](double low, double high) {
    double one = random.uniform(low, high);
    std::vector<double> values;
    for (int64_t i = 0; i < cells; ++i) {
      values.push_back(isUniform ? one : random.uniform(low, high));
    }
    return vec(values);
  };
  std::vector<double> weights;
  for (int64_t i = 0; i < cells * inputs; ++i) {
    weights.push_back(static_cast<double>(random.between(i < cells * inputs / 2 ? 0 : -255, 255)));
  }
  Params neurons = LIF{each(5 * dt, 2000 * dt), each(1, 1), each(0, 1), each(10, 60000), {}};
  if (hasCurrent) {
    CubaLIF cuba;
    cuba.tau_syn = each(5 * dt, 2000 * dt);
    cuba.tau_mem = each(5 * dt, 2000 * dt);
    cuba.r = each(1, 1);
    cuba.v_leak = each(0, 1);
    cuba.v_threshold = each(10, 60000);
    neurons = cuba;
  }
  return graphOf({{"in", input({inputs})},
                  {"w", Linear{array({cells, inputs}, weights)}},
                  {"cells", neurons},
                  {"out", output({cells})}},
                 {{"in", "w"}, {"w", "cells"}, {"cells", "out"}});
}

/// Changes one op of the body, and says how; nothing where it changed none.
std::string change(snn::PopulationOp population, Random &random) {
  std::vector<mlir::Operation *> ops;
  for (mlir::Operation &op : population.getBody().front().without_terminator()) {
    ops.push_back(&op);
  }
  mlir::Operation *op = random.pick(ops);
  mlir::OpBuilder builder(op);
  std::string name = op->getName().getStringRef().str();
  if (auto constant = mlir::dyn_cast<mlir::arith::ConstantOp>(op)) {
    auto number = mlir::cast<mlir::IntegerAttr>(constant.getValue());
    const std::vector<int64_t> near = {number.getInt() + 1, number.getInt() - 1,
                                       2 * number.getInt(), number.getInt() + 64,
                                       -number.getInt(),    number.getInt() / 2};
    int64_t value = random.pick(near);
    constant.setValueAttr(mlir::IntegerAttr::get(
        number.getType(), mlir::APInt(number.getType().getIntOrFloatBitWidth(),
                                      static_cast<uint64_t>(value), true, true)));
    return name + " is " + std::to_string(value);
  }
  if (auto compare = mlir::dyn_cast<mlir::arith::CmpIOp>(op)) {
    compare.setPredicate(static_cast<mlir::arith::CmpIPredicate>(random.below(6)));
    return "another predicate";
  }
  if (op->getNumOperands() == 1) {
    return "";
  }
  if (random.chance(0.3)) { // an operand is another value of its type
    unsigned at = static_cast<unsigned>(random.below(op->getNumOperands()));
    std::vector<mlir::Value> others;
    for (mlir::Value argument : population.getBody().getArguments()) {
      others.push_back(argument);
    }
    for (mlir::Operation *before : ops) {
      if (before == op) {
        break;
      }
      others.push_back(before->getResult(0));
    }
    mlir::Value other = random.pick(others);
    if (other.getType() == op->getOperand(at).getType()) {
      op->setOperand(at, other);
      return name + " has another operand";
    }
    return "";
  }
  if (mlir::isa<mlir::arith::SelectOp>(op) || random.chance(0.2)) {
    unsigned first = op->getNumOperands() - 2;
    mlir::Value a = op->getOperand(first), b = op->getOperand(first + 1);
    op->setOperand(first, b);
    op->setOperand(first + 1, a);
    return name + " with its operands exchanged";
  }
  mlir::Value a = op->getOperand(0), b = op->getOperand(1);
  mlir::Operation *made = nullptr;
  switch (random.below(5)) {
  case 0:
    made = mlir::arith::AddIOp::create(builder, op->getLoc(), a, b);
    break;
  case 1:
    made = mlir::arith::SubIOp::create(builder, op->getLoc(), a, b);
    break;
  case 2:
    made = mlir::arith::MaxSIOp::create(builder, op->getLoc(), a, b);
    break;
  case 3:
    made = mlir::arith::MinSIOp::create(builder, op->getLoc(), a, b);
    break;
  default:
    made = mlir::arith::ShRUIOp::create(builder, op->getLoc(), a, b);
    break;
  }
  op->replaceAllUsesWith(made);
  op->erase();
  return name + " becomes " + made->getName().getStringRef().str();
}

Recording randomSpikes(Random &random) {
  std::vector<double> values;
  for (int64_t i = 0; i < steps * inputs; ++i) {
    values.push_back(random.chance(i < steps * inputs / 2 ? 0.9 : 0.3) ? 1.0 : 0.0);
  }
  return {dt, {{"in", "value", array({1, steps, inputs}, values)}}};
}

struct Tally {
  int same = 0, refused = 0, invalid = 0;
};

void checkChanged(uint64_t seed, Tally &tally) {
  Random random(seed);
  Graph graph = drivenGraph(random.chance(0.5), random.chance(0.5), random);
  Recording input = randomSpikes(random);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  nirc::DiagnosticCollector collector(context);
  nirc::NetworkOptions options{*semanticsOf("loihi2,gain=raw"), DType::F64, {{"cells", "v"}}};
  options.semantics.dtSeconds = dt;
  auto calibration = std::make_shared<nirc::Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  options.quantization = nirc::QuantizationOptions{*numberFormatOf("loihi2,scale=1"), calibration};
  mlir::OwningOpRef<mlir::ModuleOp> module = nirc::buildNetwork(graph, "test", options, context);
  ASSERT_TRUE(module) << collector.takeError().str();
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();
  auto population = *network.getBody().getOps<snn::PopulationOp>().begin();
  std::string how = seed % 8 == 0 ? "nothing" : change(population, random);
  if (how.empty() || failed(mlir::verify(*module))) {
    return;
  }
  auto model = buildModel(network);
  if (failed(model)) {
    ASSERT_NE(how, "nothing") << collector.takeError().str();
    ++tally.refused;
    return;
  }
  Result<Recording> want = snn::interpret(network, input, {.checkRanges = true});
  if (!want) { // its types promise what it does not keep
    ++tally.invalid;
    return;
  }
  Result<Image> image = readImage(*writeImage(*model));
  ASSERT_TRUE(image) << image.error().str();
  Chip chip(*std::move(image));
  Result<Recording> got = run(chip, input);
  ASSERT_TRUE(got) << got.error().str();
  ASSERT_EQ(difference(*got, *want), "") << "seed " << seed << ": " << how;
  ++tally.same;
}

TEST(Loihi2Match, NoChangedBodyPassesForAnother) {
  constexpr int changes = 3000;
  Tally tally;
  for (uint64_t seed = 0; seed < changes; ++seed) {
    checkChanged(seed, tally);
    if (HasFatalFailure()) {
      return;
    }
  }
  EXPECT_GT(tally.same, changes / 8);
  EXPECT_GT(tally.refused, changes / 4);
}

} // namespace
