//===- Quantize.cpp - a network of integers -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The pass `quantize`. docs/formats.md is what it does.

#include "ir/Wording.h"
#include "passes/Passes.h"
#include "passes/quantize/FloatBiases.h"
#include "passes/quantize/NetworkQuantizer.h"
#include "passes/quantize/NumberOrder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {
#define GEN_PASS_DEF_QUANTIZE
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

LogicalResult NetworkQuantizer::quantize(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](snn::InputOp input) { return quantizeInput(input); })
      .Case([&](snn::ReshapeOp reshape) { return quantizeReshape(reshape); })
      .Case([&](snn::DelayOp delay) { return quantizeDelay(delay); })
      .Case([&](snn::AddOp add) { return quantizeAdd(add); })
      .Case([&](snn::PoolOp pool) { return quantizePool(pool); })
      .Case([&](snn::ScaleOp scale) { return quantizeScale(scale); })
      .Case([&](snn::PopulationOp population) { return quantizePopulation(population); })
      .Default([](Operation *) { return success(); });
}

LogicalResult NetworkQuantizer::run() {
  if (!network.getElement().isF64()) {
    return network.emitError() << "the network computes in " << network.getElement()
                               << ", expected f64: pass discretize{element=f64}";
  }
  Block &block = network.getBody().front();
  if (options.calibration) {
    FailureOr<Calibrated> found = calibrate(network, *options.calibration);
    if (failed(found)) {
      return failure();
    }
    calibrated = std::move(*found);
  }
  uint64_t stream = 0;
  for (auto population : block.getOps<snn::PopulationOp>()) {
    auto body = std::make_unique<BodyQuantizer>(population, format, stream++);
    if (failed(body->read())) {
      return failure();
    }
    bodies[population] = std::move(body);
  }
  NumberOrder order = numberOrder(block);
  for (ArrayRef<Operation *> group : order.groups) {
    bool isWeighted = isa<snn::DenseOp, snn::ConvOp>(group.front());
    if (failed(isWeighted ? quantizeGroup(group) : quantize(group.front()))) {
      return failure();
    }
  }
  for (auto delay : block.getOps<snn::DelayOp>()) {
    if (failed(closeCycle(delay))) {
      return failure();
    }
  }
  network.setElement(isInteger ? Type(builder.getI32Type()) : Type(builder.getF32Type()));
  network.setFormatAttr(snn::FormatAttr::get(builder.getContext(), format));
  return success();
}

QuantizationReport NetworkQuantizer::takeReport() {
  QuantizationReport report;
  report.format = format;
  report.calibration = options.calibration ? options.calibration->origin : "";
  int64_t weightBits = 0, stateBits = 0;
  for (Operation &op : network.getBody().front()) {
    bool isTold = reports.contains(&op) || isa<snn::RescaleOp>(op);
    if (op.getNumResults() == 1 && !snn::isSpikes(op.getResult(0).getType()) && isInteger &&
        !isa<snn::ReshapeOp, snn::DelayOp>(op)) {
      SignalInfo info = infoOf(op.getResult(0));
      SignalReport signal;
      signal.scales.assign(info.scale.values().begin(), info.scale.values().end());
      signal.least = info.range.least;
      signal.most = info.range.most;
      signal.neededBits = neededBits(info.range);
      if (const Observed *known = seen(op.getResult(0))) {
        signal.seenLeast = known->least();
        signal.seenMost = known->most();
      }
      reportOf(&op).signal = std::move(signal);
      isTold = true;
    }
    if (!isTold) {
      continue;
    }
    NodeReport &node = reportOf(&op);
    int64_t biases = 0;
    if (auto bias = op.getAttrOfType<ElementsAttr>("bias")) {
      biases = bias.getNumElements();
    }
    weightBits += (node.weights ? node.weights->count * node.weights->bits : 0) +
                  biases * format.accumulatorBits;
    if (op.getNumResults() == 1) {
      for (const StateReport &state : node.states) {
        stateBits += snn::elementsOf(op.getResult(0).getType()) * state.bits;
      }
    }
    report.nodes.push_back(node);
  }
  report.weightBytes = (weightBits + 7) / 8;
  report.stateBytes = (stateBits + 7) / 8;
  return report;
}

namespace {

struct Quantize : nirc::impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;
  explicit Quantize(QuantizationOptions options) : given(std::move(options)) {}
  /// A copy that MLIR makes has the options that were given, too.
  Quantize(const Quantize &other) = default;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto networks = llvm::to_vector(module.getOps<snn::NetworkOp>());
    if (networks.size() != 1) {
      module.emitError() << "the module has " << networks.size() << " networks, expected 1";
      return signalPassFailure();
    }
    if (!given) {
      nir::Result<nir::NumberFormat> read = nir::numberFormatOf(format.getValue());
      if (!read) {
        module.emitError() << read.error().message;
        return signalPassFailure();
      }
      given = QuantizationOptions{*read};
    }
    NetworkQuantizer quantizer(networks.front(), *given);
    if (failed(quantizer.run())) {
      return signalPassFailure();
    }
    if (given->onReport) {
      given->onReport(quantizer.takeReport());
    }
    if (given->format.states == nir::StateArithmetic::Float32) {
      moveBiases(networks.front());
    }
  }

private:
  std::optional<QuantizationOptions> given;
};

} // namespace

/// "912 of 1000 weights other than 0 are".
static std::string partOf(int64_t part, int64_t whole) {
  return whole == 1      ? "its one weight other than 0 is"
         : part == whole ? fmt::format("all {} weights other than 0 are", whole)
                         : fmt::format("{} of {} weights other than 0 are", part, whole);
}

static std::string curesText(const WeightsReport &weights) {
  const WeightsReport::Cures &cures = weights.cures;
  std::vector<std::string> all;
  if (cures.vanishedByChannel) {
    all.push_back(fmt::format("granularity=channel keeps {} of the {}",
                              weights.present - *cures.vanishedByChannel, weights.present));
  }
  if (cures.bits) {
    all.push_back(fmt::format("weight-bits={} keeps half of them", *cures.bits));
  }
  if (cures.percentile) {
    all.push_back(fmt::format("weight-range=percentile:{:g} keeps half of them, and cuts {} down "
                              "to {:.4g}, {}",
                              *cures.percentile,
                              cures.cut == 1 ? "one" : fmt::format("{}", cures.cut), cures.cutTo,
                              cures.cut == 1 ? fmt::format("from {:.4g}", cures.cutFrom)
                                             : fmt::format("from up to {:.4g}", cures.cutFrom)));
  }
  return all.empty() ? "only weights that are nearer to each other keep more of them"
                     : fmt::format("{}", fmt::join(all, "; "));
}

std::vector<Notice> nirc::vanishedIn(const QuantizationReport &report) {
  constexpr std::string_view code = "vanished-numbers";
  std::vector<Notice> notices;
  for (const NodeReport &node : report.nodes) {
    const WeightsReport *weights = node.weights ? &*node.weights : nullptr;
    bool isMost = weights && weights->vanished > 0 && 2 * weights->vanished >= weights->present;
    if (isMost || (weights && weights->emptied > 0)) {
      std::string emptied =
          weights->emptied == 0 ? std::string()
          : weights->emptied == 1
              ? ", and one neuron or channel loses all of its own"
              : fmt::format(", and {} neurons or channels lose all of theirs", weights->emptied);
      notices.push_back(
          {node.node,
           fmt::format("{} 0 in {}{}: the largest that drives the same neurons sets the scale",
                       partOf(weights->vanished, weights->present), report.format.text(), emptied),
           /*rounds=*/true, code, curesText(*weights)});
    }
    if (node.vanishedThresholds > 0) {
      notices.push_back(
          {node.node,
           fmt::format("{} other than 0 {} 0 in {}: such a neuron spikes for any input "
                       "above 0",
                       nir::counted(node.vanishedThresholds, "threshold"),
                       node.vanishedThresholds == 1 ? "is" : "are", report.format.text()),
           /*rounds=*/true, code,
           "--calibrate, which finds how large the sums are and with that finer scales, or more "
           "state-bits"});
    }
  }
  return notices;
}

std::unique_ptr<Pass> nirc::createQuantize(QuantizationOptions options) {
  return std::make_unique<Quantize>(std::move(options));
}
