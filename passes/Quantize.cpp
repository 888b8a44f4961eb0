//===- Quantize.cpp - a network of integers -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The pass `quantize`. docs/formats.md is what it does.

#include "passes/Calibrate.h"
#include "passes/NumberOrder.h"
#include "passes/Passes.h"
#include "passes/QuantizeBody.h"
#include "passes/QuantizeWeights.h"
#include "passes/Values.h"

#include "dialects/snn/Snn.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace nirc {
#define GEN_PASS_DEF_QUANTIZE
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

/// What a signal stands for, and what it can be.
struct SignalInfo {
  PerNeuron scale = 1.0;
  Interval range{0, 1};
};

/// A population and what it needs to be quantized.
struct Neuron {
  snn::PopulationOp op;
  std::unique_ptr<BodyQuantizer> body;
};

/// Quantizes one network in place.
class NetworkQuantizer {
public:
  NetworkQuantizer(snn::NetworkOp network, const QuantizationOptions &options)
      : network(network), format(options.format), options(options), builder(network.getContext()),
        isInteger(format.states == nir::StateArithmetic::Integer) {}

  LogicalResult run();
  QuantizationReport takeReport();

private:
  LogicalResult quantize(Operation *op);
  LogicalResult quantizeInput(snn::InputOp op);
  LogicalResult quantizeGroup(ArrayRef<Operation *> connections);
  LogicalResult quantizePopulation(snn::PopulationOp op);
  LogicalResult quantizeScale(snn::ScaleOp op);
  LogicalResult quantizePool(snn::PoolOp op);
  LogicalResult quantizeAdd(snn::AddOp op);
  LogicalResult quantizeReshape(snn::ReshapeOp op);
  LogicalResult quantizeDelay(snn::DelayOp op);
  LogicalResult closeCycle(snn::DelayOp op);

  /// A connection with a matrix or a kernel: its parts.
  struct Connection {
    Operation *op;
    Weights weights;
    double inputScale = 1.0;
    std::vector<double> free = {}; ///< scales of its result that its weights would have
    int exponent = 0;              ///< its weights are finer than those of the group by 2^exponent
  };
  Connection connectionOf(Operation *op);
  std::vector<double> groupScales(MutableArrayRef<Connection> group,
                                  SmallVector<snn::PopulationOp> driven);
  LogicalResult finish(Connection &connection, std::vector<double> scales, int finest);
  bool mayBeByChannel(ArrayRef<Connection> group, SmallVector<snn::PopulationOp> driven);

  Neurons neuronsOf(Value signal) const;
  SignalInfo infoOf(Value signal) const;
  void setInfo(Value signal, SignalInfo info, int bits = 32);
  /// A rescale of `signal`, behind its definition, into that scale and at most that range.
  Value rescaled(Value signal, StringRef node, const PerNeuron &scale, Interval most, int bits);
  /// The operand in one scale for all elements, of as few bits as weights are multiplied by.
  void narrow(OpOperand &operand);
  /// The operands in one scale.
  PerNeuron align(MutableArrayRef<OpOperand> operands, std::optional<PerNeuron> wanted);
  const Observed *seen(Value signal) const;
  NodeReport &reportOf(Operation *op);
  void note(Operation *op, std::string text) { reportOf(op).notes.push_back(std::move(text)); }

  snn::NetworkOp network;
  nir::NumberFormat format;
  const QuantizationOptions &options;
  OpBuilder builder;
  bool isInteger;
  Calibrated calibrated;
  DenseMap<Value, SignalInfo> infos;
  llvm::MapVector<Operation *, Neuron> neurons;
  llvm::MapVector<Operation *, NodeReport> reports;
  DenseMap<Operation *, Operation *> rescales; ///< to the op whose report they belong to
};

} // namespace

static StringRef nodeOf(Operation *op) { return op->getAttrOfType<StringAttr>("node").getValue(); }

static std::string kindOf(Operation *op) { return op->getName().stripDialect().str(); }

Neurons NetworkQuantizer::neuronsOf(Value signal) const {
  ArrayRef<int64_t> shape = snn::shapeOf(signal.getType());
  return {shape.empty() ? 1 : shape.front(), snn::elementsOf(signal.getType())};
}

SignalInfo NetworkQuantizer::infoOf(Value signal) const {
  auto found = infos.find(signal);
  assert((found != infos.end() || snn::isSpikes(signal.getType())) && "sources come first");
  return found == infos.end() ? SignalInfo() : found->second;
}

void NetworkQuantizer::setInfo(Value signal, SignalInfo info, int bits) {
  info.range = info.range.join({0, 0}); // before the first step
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
  report.kind = kindOf(op);
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
  double exponent = std::round(std::log2(factor.values()[0]));
  if (factor.isUniform() &&
      std::abs(std::exp2(exponent) - factor.values()[0]) <= 1e-9 * factor.values()[0] &&
      std::abs(exponent) <= 30) {
    m.shift = exponent < 0 ? static_cast<int>(-exponent) : 0;
    m.multiplier = exponent < 0 ? 1.0 : std::exp2(exponent);
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
                                  std::optional<PerNeuron> wanted) {
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
      note(op, "no input was given to look at: read as whole numbers");
    }
    setInfo(signal, {1.0, {-most, most}}, format.signalBits);
    return success();
  }
  bool isWhole = known->isWhole() && known->magnitude() <= static_cast<double>(most);
  if (!isInteger || isWhole) {
    setInfo(signal,
            {1.0,
             {static_cast<int64_t>(known->least()),
              std::max<int64_t>(static_cast<int64_t>(std::ceil(known->most())), 1)}},
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

static LogicalResult checkSum(Operation *op, Interval range) {
  if (range.fits(32)) {
    return success();
  }
  return snn::nodeError(op) << "adds up to " << neededBits(range)
                            << " bits, expected at most 32: take fewer weight-bits or signal-bits";
}

LogicalResult NetworkQuantizer::quantizeAdd(snn::AddOp op) {
  PerNeuron scale = align(op->getOpOperands(), std::nullopt);
  Interval range;
  for (Value signal : op.getSignals()) {
    Interval own = infoOf(signal).range;
    range = {range.least + own.least, range.most + own.most};
  }
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
  auto values = allDoublesOf(op.getScale());
  bool isUniform = llvm::all_equal(values) && values[0] > 0.0;
  if (isUniform) { // the same integers, in another scale
    SignalInfo info = infoOf(op.getSignal());
    if (isInteger) {
      Value out = rescaled(op.getSignal(), op.getNode(), info.scale, info.range, 32);
      setInfo(out, {info.scale * PerNeuron(values[0]), info.range});
      out.getDefiningOp()->moveBefore(op);
      op.getResult().replaceAllUsesWith(out);
      reportOf(out.getDefiningOp());
      op.erase();
      return success();
    }
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

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

NetworkQuantizer::Connection NetworkQuantizer::connectionOf(Operation *op) {
  narrow(op->getOpOperand(0));
  auto weight = op->getAttrOfType<ElementsAttr>("weight");
  ArrayRef<int64_t> shape = snn::shapeOf(op->getResult(0).getType());
  bool isDense = isa<snn::DenseOp>(op);
  int64_t outputs = isDense ? snn::elementsOf(op->getResult(0).getType())
                            : weight.getShapedType().getShape().front();
  int64_t channels = isDense && shape.size() != 1 ? 1 : shape.front();
  Connection out{op, Weights(weight, outputs, channels)};
  out.inputScale = infoOf(op->getOperand(0)).scale.values()[0];
  return out;
}

/// The populations that a signal drives, through what moves it alone; false where others read it.
static bool drivenBy(Value signal, SmallVectorImpl<snn::PopulationOp> &populations,
                     llvm::SmallPtrSetImpl<Operation *> &passed) {
  bool onlyPopulations = true;
  for (Operation *user : signal.getUsers()) {
    if (auto population = dyn_cast<snn::PopulationOp>(user)) {
      if (!llvm::is_contained(populations, population)) {
        populations.push_back(population);
      }
    } else if (isa<snn::DelayOp, snn::ReshapeOp>(user)) {
      onlyPopulations &=
          !passed.insert(user).second || drivenBy(user->getResult(0), populations, passed);
    } else {
      onlyPopulations = false;
    }
  }
  return onlyPopulations && !signal.use_empty();
}

bool NetworkQuantizer::mayBeByChannel(ArrayRef<Connection> group,
                                      SmallVector<snn::PopulationOp> driven) {
  if (driven.empty()) {
    return false;
  }
  ArrayRef<int64_t> shape = snn::shapeOf(driven.front().getType());
  return llvm::all_of(driven,
                      [&](snn::PopulationOp op) {
                        return snn::shapeOf(op.getType()) == shape && snn::isSpikes(op.getType());
                      }) &&
         llvm::all_of(group, [&](const Connection &each) {
           return snn::shapeOf(each.op->getResult(0).getType()) == shape &&
                  each.weights.channels() == shape.front() &&
                  llvm::none_of(each.op->getUsers(),
                                [](Operation *user) { return isa<snn::ReshapeOp>(user); });
         });
}

/// The scales that the sums of a group have: those of its coarsest weights, one or one a channel.
std::vector<double> NetworkQuantizer::groupScales(MutableArrayRef<Connection> group,
                                                  SmallVector<snn::PopulationOp> driven) {
  bool may = mayBeByChannel(group, driven);
  bool byChannel = may && format.granularity == nir::Granularity::Channel;
  size_t count = byChannel ? static_cast<size_t>(group.front().weights.channels()) : 1;
  if (format.scale && !driven.empty()) {
    PerNeuron gain = neurons[driven.front()].body->gain();
    std::vector<double> scales;
    if (!may) {
      gain = gain.largest();
    }
    for (double each : gain.values()) {
      scales.push_back(1.0 / (*format.scale * each));
    }
    return scales;
  }
  std::vector<double> scales(count, 0.0);
  for (Connection &each : group) {
    each.free = each.weights.freeScales(format, byChannel);
    for (size_t c = 0; c < count; ++c) {
      each.free[c] *= each.inputScale;
      scales[c] = std::max(scales[c], each.free[c]);
    }
  }
  double largest = *std::max_element(scales.begin(), scales.end());
  for (double &scale : scales) { // a channel without weights has the scale of the others
    scale = scale > 0.0 ? scale : largest > 0.0 ? largest : 1.0;
  }
  for (Connection &each : group) {
    constexpr int finest = 7; // Loihi's largest weight exponent
    double ratio = std::exp2(finest);
    for (size_t c = 0; c < count; ++c) {
      ratio = each.free[c] > 0.0 ? std::min(ratio, scales[c] / each.free[c]) : ratio;
    }
    bool hasWeights = llvm::any_of(each.free, [](double scale) { return scale > 0.0; });
    each.exponent = hasWeights ? static_cast<int>(std::floor(std::log2(ratio) + 1e-9)) : 0;
  }
  // Where a platform fixes how much finer states are, a threshold must still fit in them, and what
  // drives a neuron must find room beside it: weights are coarser then.
  if (isInteger && format.fractionBits) {
    int room = format.stateBits / 8;
    for (snn::PopulationOp population : driven) {
      BodyQuantizer &body = *neurons[population].body;
      double most = std::ldexp(1.0, format.stateBits - 1 - room - *format.fractionBits);
      double smallest = *std::min_element(scales.begin(), scales.end());
      double units = body.threshold() / (body.gain().smallest() * smallest);
      int coarser = units > most ? static_cast<int>(std::ceil(std::log2(units / most))) : 0;
      for (double &scale : scales) {
        scale = std::ldexp(scale, coarser);
      }
    }
  }
  return scales;
}

/// Writes a connection's weights and bias in these scales of its sums, and brings the sums into the
/// unit of the finest of its group.
LogicalResult NetworkQuantizer::finish(Connection &connection, std::vector<double> scales,
                                       int finest) {
  Operation *op = connection.op;
  Value result = op->getResult(0);
  Interval input = infoOf(op->getOperand(0)).range;
  auto bias = op->getAttrOfType<ElementsAttr>("bias");
  SmallVector<double> biases;
  if (bias) {
    biases = allDoublesOf(bias);
  }
  for (double &scale : scales) {
    scale = std::ldexp(scale, -connection.exponent);
  }
  Interval range;
  SmallVector<int32_t> wholeBiases(biases.size());
  int coarser = 0;
  for (;; ++coarser) { // until the sums fit in 32 bits
    std::vector<double> ofWeights = scales;
    for (double &scale : ofWeights) {
      scale /= connection.inputScale;
    }
    connection.weights.quantize(format, ofWeights);
    range = connection.weights.sums(input);
    Interval ofBias;
    for (size_t i = 0; i < biases.size(); ++i) {
      double scale = scales[scales.size() == 1 ? 0 : i * scales.size() / biases.size()];
      int64_t whole = isInteger ? roundedTo(biases[i] / scale, format.constants) : 0;
      ofBias = ofBias.join({whole, whole});
      wholeBiases[i] = static_cast<int32_t>(std::clamp<int64_t>(whole, INT32_MIN, INT32_MAX));
    }
    range = {range.least + ofBias.least, range.most + ofBias.most};
    // Room for the shift that follows.
    Interval shifted{range.least * (int64_t{1} << (finest - connection.exponent)),
                     range.most * (int64_t{1} << (finest - connection.exponent))};
    if (!isInteger || shifted.fits(31) || coarser == 24 || format.scale) {
      break;
    }
    for (double &scale : scales) {
      scale *= 2;
    }
  }
  if (isInteger && !range.fits(32)) {
    return checkSum(op, range);
  }
  NodeReport &report = reportOf(op);
  report.weights = connection.weights.report();
  if (coarser > 0) {
    report.notes.push_back("its scale is 2^" + std::to_string(coarser) +
                           " times as large as its weights need, so that its sums fit in 32 bits");
  }
  op->setAttr("weight", connection.weights.attribute());
  PerNeuron scale(neuronsOf(result), scales);
  if (bias) {
    RankedTensorType type = cast<RankedTensorType>(bias.getShapedType());
    if (isInteger) {
      op->setAttr("bias",
                  denseOf<int32_t>(RankedTensorType::get(type.getShape(), builder.getI32Type()),
                                   wholeBiases));
    } else {
      SmallVector<float> numbers;
      for (size_t i = 0; i < biases.size(); ++i) {
        numbers.push_back(static_cast<float>(
            biases[i] / scales[scales.size() == 1 ? 0 : i * scales.size() / biases.size()]));
      }
      op->setAttr(
          "bias",
          denseOf<float>(RankedTensorType::get(type.getShape(), builder.getF32Type()), numbers));
    }
  }
  setInfo(result, {scale, range});
  return success();
}

LogicalResult NetworkQuantizer::quantizeGroup(ArrayRef<Operation *> ops) {
  SmallVector<snn::PopulationOp> driven;
  std::vector<Connection> group;
  bool isGroup = true;
  llvm::SmallPtrSet<Operation *, 8> passed;
  for (Operation *op : ops) {
    isGroup &= drivenBy(op->getResult(0), driven, passed);
    group.push_back(connectionOf(op));
  }
  if (!isGroup) {
    driven.clear();
  }
  std::vector<double> scales = groupScales(group, driven);
  int finest = 0;
  for (const Connection &each : group) {
    finest = std::max(finest, each.exponent);
  }
  for (Connection &each : group) {
    if (failed(finish(each, scales, finest))) {
      return failure();
    }
  }
  // All sums of a group have one unit: that of the finest, or of those that had to be coarser.
  PerNeuron unit = infoOf(group.front().op->getResult(0)).scale;
  for (const Connection &each : group) {
    PerNeuron own = infoOf(each.op->getResult(0)).scale;
    if (own.smallest() < unit.smallest()) {
      unit = own;
    }
  }
  for (const Connection &each : group) {
    Value result = each.op->getResult(0);
    if (infoOf(result).scale == unit) {
      continue;
    }
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : result.getUses()) {
      uses.push_back(&use);
    }
    Value shifted = rescaled(result, nodeOf(each.op), unit, {INT32_MIN + 1, INT32_MAX}, 32);
    for (OpOperand *use : uses) {
      use->set(shifted);
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

LogicalResult NetworkQuantizer::quantizePopulation(snn::PopulationOp op) {
  BodyQuantizer &body = *neurons[op].body;
  // What weights drive has their unit; else the inputs have one of their own.
  std::optional<PerNeuron> wanted;
  for (Value input : op.getInputs()) {
    SignalInfo info = infoOf(input);
    bool isNumbers = !snn::isSpikes(input.getType());
    if (isNumbers && !info.scale.is(1) && (!wanted || info.scale.smallest() < wanted->smallest())) {
      wanted = info.scale;
    }
  }
  for (OpOperand &operand : op->getOpOperands()) {
    if (!infoOf(operand.get()).scale.isUniform() &&
        snn::shapeOf(operand.get().getType()) != snn::shapeOf(op.getType())) {
      wanted = PerNeuron(wanted->smallest());
    }
  }
  PerNeuron scale = align(op->getOpOperands(), wanted);
  Interval range;
  for (Value input : op.getInputs()) {
    Interval own = infoOf(input).range;
    range = {range.least + own.least, range.most + own.most};
  }
  if (isInteger && failed(checkSum(op, range))) {
    return failure();
  }
  SmallVector<std::optional<double>> seenStates(op.getStates().size());
  auto found = calibrated.states.find(op);
  for (size_t i = 0; found != calibrated.states.end() && i < seenStates.size(); ++i) {
    if (!found->second[i].isEmpty()) {
      seenStates[i] = found->second[i].magnitude();
    }
  }
  if (scale.isUniform()) {
    body.plan(scale, range, seenStates);
  } else {
    body.plan(PerNeuron(neuronsOf(op.getResult()), scale.values()), range, seenStates);
  }
  NodeReport &report = reportOf(op);
  double dt = network.getSemantics().getDtSeconds();
  nir::Semantics semantics = network.getSemantics().getSemantics();
  nir::Family family = op.getStates().size() > 1 ? nir::Family::CubaLIF : nir::Family::LIF;
  bool isEuler = semantics[family].integrator == nir::Integrator::Euler;
  for (const QuantizedState &state : body.states()) {
    StateReport told;
    told.name = state.name;
    told.bits = isInteger ? (format.keptBits ? format.keptBits : format.stateBits) : 32;
    told.scales.assign(state.scale.values().begin(), state.scale.values().end());
    told.least = state.range.least;
    told.most = state.range.most;
    told.canOverflow = state.canOverflow;
    told.fractionBits = state.fractionBits;
    if (state.keeps && state.keeps->magnitude() < 1 && state.keeps->smallest() > 0) {
      auto tau = [&](double keeps) { return isEuler ? dt / (1 - keeps) : -dt / std::log(keeps); };
      double worst = -1.0;
      for (int64_t n = 0; n < std::ssize(state.keeps->values()); ++n) {
        double want = tau(state.keeps->values()[n]), now = tau(state.keepsNow->values()[n]);
        if (std::abs(now - want) / want > worst) {
          worst = std::abs(now - want) / want;
          told.tauSeconds = want;
          told.effectiveTauSeconds = now;
        }
      }
    }
    report.states.push_back(std::move(told));
  }
  if (body.inputCanOverflow() && isInteger) {
    report.notes.push_back("the sum of its inputs needs " + std::to_string(neededBits(range)) +
                           " bits and has " + std::to_string(format.accumulatorBits));
  }
  body.rewrite();
  if (!snn::isSpikes(op.getType())) {
    setInfo(op.getResult(), {body.resultScale(), body.resultRange()});
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

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
    neurons[population] = {population, std::move(body)};
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
  }

private:
  std::optional<QuantizationOptions> given;
};

} // namespace

std::unique_ptr<Pass> nirc::createQuantize(QuantizationOptions options) {
  return std::make_unique<Quantize>(std::move(options));
}
