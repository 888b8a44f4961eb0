//===- QuantizeTest.cpp - networks of integers, held against chips --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Ops.h"
#include "dialects/snn/Interpreter.h"
#include "ir/Choices.h"
#include "passes/Pipeline.h"
#include "tests/support/ReferenceData.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <gtest/gtest.h>

using namespace nir;

namespace {

/// A network of integers, and what keeps it.
struct Quantized {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  nirc::QuantizationReport report;

  snn::NetworkOp network() { return *module->getOps<snn::NetworkOp>().begin(); }
};

Quantized quantize(const Graph &graph, const Semantics &semantics, std::string_view format,
                   std::vector<Probe> probes) {
  Quantized out;
  out.context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  Result<NumberFormat> read = numberFormatOf(format);
  EXPECT_TRUE(read) << read.error().str();
  nirc::NetworkOptions options{semantics, DType::F64, std::move(probes)};
  options.quantization = nirc::QuantizationOptions{
      *read, nullptr, [&](const nirc::QuantizationReport &report) { out.report = report; }};
  out.module = nirc::buildNetwork(graph, "test", options, *out.context);
  EXPECT_TRUE(out.module);
  return out;
}

using Chips = nir::test::ReferenceData;

/// Lava's fixed-point LIF (CPU) on the graph of the NIR paper. Its script takes 256 weight units a
/// volt and cuts constants off; v is in its units of 1/16384 V.
TEST_F(Chips, LoihiGivesEveryVoltageAndSpikeOfLava) {
  auto [drive, v, spikes] = columns("lif_lava_cpu_fixed.csv");
  Semantics semantics = *semanticsOf("loihi2");
  semantics.dtSeconds = 1e-4;
  Quantized net = quantize(graph("lif_norse.nir"), semantics,
                           "loihi2,scale=256,constants=toward-zero", {{"1", "v"}, {"1", "spikes"}});
  ASSERT_TRUE(net.module);
  Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, drive)}}};
  Result<Recording> got = snn::interpret(net.network(), input, {.checkRanges = true});
  ASSERT_TRUE(got) << got.error().str();
  std::vector<double> volts = got->find("1", "v")->data.toDoubles();
  for (double &each : volts) {
    each *= 16384;
  }
  EXPECT_EQ(volts, v);
  EXPECT_EQ(got->find("1", "spikes")->data.toDoubles(), spikes);
}

} // namespace
