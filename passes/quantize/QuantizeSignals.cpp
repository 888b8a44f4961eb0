//===- QuantizeSignals.cpp - units of what flows in a network -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Values.h"
#include "passes/quantize/NetworkQuantizer.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

SignalInfo NetworkQuantizer::infoOf(Value signal) const {
  auto found = infos.find(signal);
  assert((found != infos.end() || snn::isSpikes(signal.getType())) && "sources come first");
  return found == infos.end() ? SignalInfo() : found->second;
}

Interval NetworkQuantizer::sumOf(ValueRange signals) const {
  Interval sum;
  for (Value signal : signals) {
    Interval own = infoOf(signal).range;
    sum = {sum.least + own.least, sum.most + own.most};
  }
  return sum;
}

void NetworkQuantizer::setInfo(Value signal, SignalInfo info, int bits) {
  info.range = info.range.join({0, 0}); // before the first step
  // A type has two numbers at least, of a signal that is always 0 too; what follows is proven of
  // both.
  info.range.most = std::max(info.range.most, info.range.least + 1);
  infos[signal] = info;
  if (snn::isSpikes(signal.getType())) {
    return;
  }
  ArrayRef<int64_t> shape = snn::shapeOf(signal.getType());
  if (!isInteger) {
    signal.setType(RankedTensorType::get(shape, builder.getF32Type()));
    return;
  }
  signal.setType(snn::integerTensor(builder.getContext(), shape, info.scale.values(),
                                    std::max(bits, neededBits(info.range)),
                                    {info.range.least, info.range.most}));
}

const Observed *NetworkQuantizer::seen(Value signal) const {
  auto found = calibrated.signals.find(signal);
  return found == calibrated.signals.end() || found->second.isEmpty() ? nullptr : &found->second;
}

NodeReport &NetworkQuantizer::reportOf(Operation *op) {
  NodeReport &report = reports[op];
  report.node = nodeOf(op);
  report.kind = op->getName().stripDialect().str();
  return report;
}

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

/// x m / 2^shift in that rounding, of whole numbers.
static int64_t rescale(int64_t x, int64_t m, int shift, snn::Rounding rounding) {
  int64_t product = x * m;
  if (shift == 0) {
    return product;
  }
  switch (rounding) {
  case snn::Rounding::Floor:
    return product >> shift;
  case snn::Rounding::TowardZero:
    return product < 0 ? -(-product >> shift) : product >> shift;
  case snn::Rounding::NearestEven:
    return (product + (int64_t{1} << (shift - 1)) - 1 + ((product >> shift) & 1)) >> shift;
  }
  llvm_unreachable("all roundings are dealt with");
}

static snn::Rounding roundingOf(const nir::NumberFormat &format) {
  return format.rounding == nir::Rounding::Floor        ? snn::Rounding::Floor
         : format.rounding == nir::Rounding::TowardZero ? snn::Rounding::TowardZero
                                                        : snn::Rounding::NearestEven;
}

Value NetworkQuantizer::rescaled(Value signal, StringRef node, const PerNeuron &scale,
                                 Interval most, int bits) {
  SignalInfo from = infoOf(signal);
  PerNeuron factor = from.scale / scale;
  builder.setInsertionPointAfterValue(signal);
  Location loc = signal.getLoc();
  ArrayRef<int64_t> shape = snn::shapeOf(signal.getType());
  if (!isInteger) {
    SmallVector<float> values(factor.isUniform() ? 1 : neuronsOf(signal).count);
    for (size_t n = 0; n < values.size(); ++n) {
      values[n] = static_cast<float>(factor[static_cast<int64_t>(n)]);
    }
    auto type = RankedTensorType::get({std::ssize(values)}, builder.getF32Type());
    Value out =
        snn::ScaleOp::create(builder, loc, RankedTensorType::get(shape, builder.getF32Type()),
                             builder.getStringAttr(node), signal, denseOf<float>(type, values));
    setInfo(out, {scale, from.range});
    return out;
  }
  nir::NumberFormat free = format; // the platform's constants are those of neurons
  free.fixedPoint = false;
  free.constants = nir::Rounding::NearestEven;
  free.multiplierBits = std::max(format.multiplierBits, 15);
  Multiplier m = multiplierFor(factor, free, /*decays=*/false);
  // A power of two is a shift alone.
  std::optional<int> exponent = factor.isUniform() ? exponentOf(factor.values()[0]) : std::nullopt;
  if (exponent && std::abs(*exponent) <= 30) {
    m.shift = std::max(-*exponent, 0);
    m.multiplier = std::exp2(std::max(*exponent, 0));
  }
  SmallVector<int32_t> multipliers;
  for (double each : m.multiplier.values()) {
    multipliers.push_back(static_cast<int32_t>(std::min(each, 2147483647.0)));
  }
  snn::Rounding rounding = roundingOf(format);
  Interval range;
  for (int32_t each : multipliers) {
    range = range.join({rescale(from.range.least, each, m.shift, rounding),
                        rescale(from.range.most, each, m.shift, rounding)});
  }
  range = {std::clamp(range.least, most.least, most.most),
           std::clamp(range.most, most.least, most.most)};
  Value out = snn::RescaleOp::create(
      builder, loc, RankedTensorType::get(shape, builder.getF64Type()), builder.getStringAttr(node),
      signal, builder.getDenseI32ArrayAttr(multipliers), builder.getI64IntegerAttr(m.shift),
      snn::RoundingAttr::get(builder.getContext(), rounding),
      snn::OverflowAttr::get(builder.getContext(), snn::Overflow::Saturate));
  setInfo(out, {scale, range}, bits);
  return out;
}

void NetworkQuantizer::narrow(OpOperand &operand) {
  SignalInfo info = infoOf(operand.get());
  int64_t most = (int64_t{1} << (format.signalBits - 1)) - 1;
  if (!isInteger) {
    if (!info.scale.isUniform()) {
      operand.set(rescaled(operand.get(), nodeOf(operand.getOwner()), info.scale.largest(),
                           info.range, 32));
    }
    return;
  }
  if (info.scale.isUniform() && info.range.magnitude() <= most) {
    return;
  }
  const Observed *known = seen(operand.get());
  double range = known ? known->range(format.signalRange, format.signalPercentile, most) : 0.0;
  double proven = info.scale.largest() * static_cast<double>(info.range.magnitude());
  range = range > 0.0 ? std::min(range, proven) : proven;
  if (range == 0.0) {
    range = info.scale.largest();
  }
  // Never finer than the numbers themselves.
  double scale = std::max(range / static_cast<double>(most), info.scale.smallest());
  operand.set(
      rescaled(operand.get(), nodeOf(operand.getOwner()), scale, {-most, most}, format.signalBits));
}

PerNeuron NetworkQuantizer::align(MutableArrayRef<OpOperand> operands,
                                  const std::optional<PerNeuron> &wanted) {
  if (operands.empty()) {
    return wanted.value_or(1.0);
  }
  auto isIn = [&](OpOperand &operand, const PerNeuron &unit) {
    return infoOf(operand.get()).scale == unit;
  };
  PerNeuron scale = wanted.value_or(infoOf(operands.front().get()).scale);
  double most = 0.0, finest = scale.smallest();
  for (OpOperand &operand : operands) {
    SignalInfo info = infoOf(operand.get());
    finest = std::min(finest, info.scale.smallest());
    most += info.scale.largest() * static_cast<double>(info.range.magnitude());
  }
  if (!wanted && !llvm::all_of(operands, [&](OpOperand &each) { return isIn(each, scale); })) {
    scale = finest;
  }
  // The sum must stay within 32 bits.
  while (isInteger && most > scale.smallest() * static_cast<double>(int64_t{1} << 30)) {
    scale = scale * PerNeuron(2.0);
  }
  if (llvm::all_of(operands, [&](OpOperand &each) { return isIn(each, scale); })) {
    return scale;
  }
  int64_t share = (int64_t{1} << 30) / std::ssize(operands);
  for (OpOperand &operand : operands) {
    if (!isIn(operand, scale)) {
      operand.set(rescaled(operand.get(), nodeOf(operand.getOwner()), scale, {-share, share}, 32));
    }
  }
  return scale;
}

//===----------------------------------------------------------------------===//
// Inputs and what moves signals
//===----------------------------------------------------------------------===//

LogicalResult NetworkQuantizer::quantizeInput(snn::InputOp op) {
  int64_t most = (int64_t{1} << (format.signalBits - 1)) - 1;
  Value signal = op.getResult();
  const Observed *known = seen(signal);
  if (!known) {
    if (isInteger) {
      note(op, "no input was given to look at: read as whole numbers; --calibrate INPUT says what "
               "they are");
    }
    setInfo(signal, {1.0, {-most, most}}, format.signalBits);
    return success();
  }
  bool isWhole = known->isWhole() && known->magnitude() <= static_cast<double>(most);
  if (!isInteger || isWhole) {
    auto whole = [](double x) { return static_cast<int64_t>(std::clamp(std::ceil(x), -1e9, 1e9)); };
    setInfo(signal, {1.0, {whole(known->least()), std::max<int64_t>(whole(known->most()), 1)}},
            format.signalBits);
    return success();
  }
  double range = known->range(format.signalRange, format.signalPercentile, most);
  int64_t least = known->least() < 0 ? -most : 0;
  setInfo(signal, {range / static_cast<double>(most), {least, most}}, format.signalBits);
  return success();
}

LogicalResult NetworkQuantizer::quantizeReshape(snn::ReshapeOp op) {
  SignalInfo info = infoOf(op.getSignal());
  if (!info.scale.isUniform()) {
    narrow(op->getOpOperand(0));
    info = infoOf(op.getSignal());
  }
  setInfo(op.getResult(), info);
  return success();
}

LogicalResult NetworkQuantizer::quantizeDelay(snn::DelayOp op) {
  if (snn::isSpikes(op.getType())) {
    return success();
  }
  if (infos.contains(op.getSignal())) {
    setInfo(op.getResult(), infoOf(op.getSignal()));
    op.getResult().setType(op.getSignal().getType());
    return success();
  }
  // A cycle of numbers, cut here: what was seen says what it can be.
  const Observed *known = seen(op.getResult());
  if (!known || options.calibration->inputsOnly) {
    return snn::nodeError(op)
           << "is part of a cycle of numbers without a spike, whose range nothing bounds, expected "
              "a calibration: pass --calibrate INPUT";
  }
  int64_t most = (int64_t{1} << (std::min(format.stateBits, 24) - 1)) - 1;
  double range = known->range(format.signalRange, format.signalPercentile, most);
  setInfo(op.getResult(), {range > 0.0 ? range / static_cast<double>(most) : 1.0, {-most, most}},
          std::min(format.stateBits, 24));
  return success();
}

LogicalResult NetworkQuantizer::closeCycle(snn::DelayOp op) {
  if (snn::isSpikes(op.getType()) || op.getSignal().getType() == op.getType()) {
    return success();
  }
  SignalInfo want = infoOf(op.getResult());
  Value adapted = rescaled(op.getSignal(), op.getNode(), want.scale, want.range,
                           std::min(format.stateBits, 24));
  setInfo(adapted, want, std::min(format.stateBits, 24));
  op.getSignalMutable().assign(adapted);
  return success();
}

//===----------------------------------------------------------------------===//
// Sums without weights
//===----------------------------------------------------------------------===//

LogicalResult nirc::checkSum(Operation *op, Interval range) {
  if (range.fits(32)) {
    return success();
  }
  return snn::nodeError(op) << "adds up to " << neededBits(range)
                            << " bits, expected at most 32: take fewer weight-bits or signal-bits";
}

LogicalResult NetworkQuantizer::quantizeAdd(snn::AddOp op) {
  PerNeuron scale = align(op->getOpOperands(), std::nullopt);
  Interval range = sumOf(op.getSignals());
  setInfo(op.getResult(), {scale, range});
  return isInteger ? checkSum(op, range) : success();
}

LogicalResult NetworkQuantizer::quantizePool(snn::PoolOp op) {
  SignalInfo info = infoOf(op.getSignal());
  int64_t window = 1;
  for (int64_t size : op.getKernel()) {
    window *= size;
  }
  PerNeuron scale = info.scale;
  if (isInteger && op.getAverage()) { // the mean is the sum in another scale
    scale = scale * PerNeuron(1.0 / static_cast<double>(window));
    op.setAverage(false);
  }
  Interval range{info.range.least * window, info.range.most * window};
  setInfo(op.getResult(), {PerNeuron(neuronsOf(op.getResult()), scale.values()), range});
  return isInteger ? checkSum(op, range) : success();
}

LogicalResult NetworkQuantizer::quantizeScale(snn::ScaleOp op) {
  auto values = nir::allDoublesOf(op.getScale());
  bool isUniform = llvm::all_equal(values) && values[0] > 0.0;
  if (isUniform && isInteger) { // the same integers, in another scale
    SignalInfo info = infoOf(op.getSignal());
    Value out = rescaled(op.getSignal(), op.getNode(), info.scale, info.range, 32);
    setInfo(out, {info.scale * PerNeuron(values[0]), info.range});
    out.getDefiningOp()->moveBefore(op);
    op.getResult().replaceAllUsesWith(out);
    reportOf(out.getDefiningOp());
    op.erase();
    return success();
  }
  narrow(op->getOpOperand(0));
  SignalInfo info = infoOf(op.getSignal());
  int64_t elements = std::ssize(values);
  Weights weights(op.getScale(), elements, 1);
  std::vector<double> scales = weights.freeScales(format, false);
  scales[0] = scales[0] > 0.0 ? scales[0] : 1.0;
  weights.quantize(format, scales);
  op.setScaleAttr(weights.attribute());
  reportOf(op).weights = weights.report();
  Interval range = weights.sums(info.range);
  setInfo(op.getResult(), {info.scale * PerNeuron(scales[0]), range});
  return isInteger ? checkSum(op, range) : success();
}
