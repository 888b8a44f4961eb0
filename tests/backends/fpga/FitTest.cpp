//===- FitTest.cpp - what a design needs, and whether a device has it -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Fit.h"

#include "backends/fpga/hdl/Hdl.h"
#include "backends/fpga/synth/Cycles.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using namespace nirc::fpga;

namespace {

ResourcePrediction predicted(const std::string &text, Family family, bool usesMultipliers = true) {
  mlir::MLIRContext context;
  context.loadDialect<hdl::HdlDialect, mlir::arith::ArithDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module);
  return predictResources(*module, "top", {}, family, usesMultipliers);
}

/// A memory without a write port, read at each edge.
std::string rom(int64_t words, int addressBits, int bits) {
  return fmt::format(R"(
    hdl.module @top clock "clk" {{
      %a = hdl.input "a" : i{1}
      %on = arith.constant true
      %w = hdl.memory "rom" of {0} at %a : i{1} read %on init "w.hex" : i{2}
      hdl.output "w" %w : i{2}
    }})",
                     words, addressBits, bits);
}

TEST(FpgaDevices, AreFoundByName) {
  for (const Device &device : devices()) {
    EXPECT_EQ(findDevice(device.name), &device);
    EXPECT_GE(device.flipFlops, device.luts);
  }
  EXPECT_EQ(findDevice("generic"), nullptr);
  EXPECT_FALSE(findDevice("ice40-hx8k")->hasMultipliers());
}

/// Where Yosys 0.23 put these memories of the Braille network.
TEST(FpgaCost, PlacesMemoriesAsYosysDoes) {
  EXPECT_EQ(predicted(rom(190, 8, 72), Family::Ice40).total.blocks, 5);
  EXPECT_EQ(predicted(rom(190, 8, 72), Family::Ecp5).total.blocks, 2);
  EXPECT_EQ(predicted(rom(190, 8, 72), Family::Xc7).total.blocks, 0);
  EXPECT_EQ(predicted(rom(60, 6, 64), Family::Ecp5).total.blocks, 0);
  EXPECT_EQ(predicted(rom(76, 7, 32), Family::Ecp5).total.blocks, 1);
}

/// What an instance needs is needed again by each instance.
TEST(FpgaCost, CountsInstancesAndProducts) {
  const std::string text = R"(
    hdl.module @top clock "clk" {
      %a = hdl.input "a" : i16
      %one = hdl.instance "one" of @square(%a) : (i16) -> i32
      %two = hdl.instance "two" of @square(%a) : (i16) -> i32
      %sum = arith.addi %one, %two : i32
      hdl.output "sum" %sum : i32
    }
    hdl.module @square clock "clk" {
      %a = hdl.input "a" : i16
      %wide = arith.extsi %a : i16 to i32
      %product = arith.muli %wide, %wide : i32
      %held = hdl.reg "held" %product : i32
      hdl.output "product" %held : i32
    })";
  ResourcePrediction needs = predicted(text, Family::Ice40);
  EXPECT_EQ(needs.total.multipliers, 2);
  EXPECT_EQ(needs.total.flipFlops, 64);
  ASSERT_EQ(needs.parts.size(), 2u);
  EXPECT_EQ(needs.parts[0].needs.multipliers, 1);
  ResourcePrediction inLogic = predicted(text, Family::Ice40, /*usesMultipliers=*/false);
  EXPECT_EQ(inLogic.total.multipliers, 0);
  EXPECT_GT(inLogic.total.luts, needs.total.luts + 400);
}

TEST(FpgaFit, HalvesLanesLast) {
  const Device &small = *findDevice("ice40-up5k"), &plain = *findDevice("ice40-hx8k");
  using Attempts = std::vector<Attempt>;
  EXPECT_EQ(attemptsOn(small, 4, false),
            (Attempts{{4, true}, {4, false}, {2, true}, {2, false}, {1, true}, {1, false}}));
  EXPECT_EQ(attemptsOn(plain, 4, false), (Attempts{{4, false}, {2, false}, {1, false}}));
  EXPECT_EQ(attemptsOn(small, 4, true), (Attempts{{4, true}, {4, false}}));
}

TEST(FpgaFit, RefusesWhatIsTooMuch) {
  const Device &device = *findDevice("ice40-up5k");
  ResourcePrediction needs;
  needs.total = {4000, 900, 30, 8};
  EXPECT_TRUE(fits(needs.total, device));
  needs.total.blocks = 45;
  needs.parts = {{"input_buffer", false, {10, 0, 44, 0}}, {"lif1", true, {4000, 800, 40, 8}}};
  EXPECT_FALSE(fits(needs.total, device));
  nir::Error error = doesNotFit(needs, device, 8);
  EXPECT_EQ(error.code, "does-not-fit");
  EXPECT_EQ(error.message,
            "the design needs about 45 block RAMs, expected at most 30 on ice40-up5k");
  ASSERT_EQ(error.notes.size(), 2u);
  EXPECT_EQ(error.notes[0].node, "lif1");
  EXPECT_EQ(error.notes[0].message, "its unit is the largest part, 40 block RAMs");
  EXPECT_EQ(error.notes[1].message, "--lanes 4, a --format of fewer bits, or --device ecp5-25k");
  needs.total.blocks = 1e6;
  EXPECT_THAT(doesNotFit(needs, device, 1).str(),
              testing::HasSubstr("note: a --format of fewer bits, or a smaller network"));
}

/// Two units in a row, of 10 and 4 elements: an event goes to two words of the first one and to
/// four of the second one.
TEST(FpgaCycles, FollowThePlan) {
  Plan plan;
  plan.streams = {{"in", {20}}, {"a", {10}}, {"b", {4}}};
  plan.inputs = {{"in", 0}};
  plan.outputs = {{"out", 2}};
  for (auto [from, elements, blocks] : {std::tuple(0, 10, 2), {1, 4, 4}}) {
    Unit unit;
    unit.name = plan.streams[static_cast<size_t>(from) + 1].name;
    unit.layout.dims = {elements};
    unit.layout.order = {0};
    unit.result = static_cast<size_t>(from) + 1;
    Term term;
    term.stream = static_cast<size_t>(from);
    term.axes.resize(1);
    term.blocks = blocks;
    unit.terms.push_back(term);
    plan.units.push_back(unit);
  }
  CyclePrediction none = predictCycles(plan, 0.0), all = predictCycles(plan, 1.0);
  EXPECT_EQ(all.parts[1].cycles - none.parts[1].cycles, 40);
  EXPECT_EQ(all.parts[2].cycles - none.parts[2].cycles, 40);
  EXPECT_EQ(all.interval, all.parts[1].cycles);
  // The second unit gathers while the first one sweeps.
  EXPECT_GT(all.latency, 40 + 40 + 4);
  EXPECT_LT(all.latency, 40 + 10 + 40 + 4 + 30);
}

} // namespace
