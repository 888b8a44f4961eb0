//===- QuantizeConnections.cpp - weights and the units of what they drive -===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Values.h"
#include "passes/quantize/NetworkQuantizer.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace nirc;

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
    if (isa<snn::RecordOp>(user)) {
      continue; // what is recorded is what there is without it
    }
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
  return onlyPopulations && !populations.empty();
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

/// How often the scale of the sums must double, so that v of neurons that pass it on stays within
/// its bits for all inputs; 0 where less than 4 bits of weights would be left.
int NetworkQuantizer::doublingsFor(snn::PopulationOp readOut, MutableArrayRef<Connection> group,
                                   double scale) {
  BodyQuantizer &body = *bodies[readOut];
  int finest = 0;
  for (const Connection &each : group) {
    finest = std::max(finest, each.exponent);
  }
  auto room = static_cast<double>(rangeOf(format.stateBits, nir::Overflow::Saturate).most -
                                  format.thresholdStep + 1);
  for (int doublings = 0; doublings <= format.weightBits - 4; ++doublings) {
    double unit = std::ldexp(scale, doublings - finest), sum = 0.0;
    for (Connection &each : group) {
      double own = std::ldexp(scale, doublings - each.exponent);
      each.weights.quantize(format, std::vector{own / each.inputScale});
      Interval range = each.weights.sums(infoOf(each.op->getOperand(0)).range);
      double bias = 0.0;
      if (auto biases = each.op->getAttrOfType<ElementsAttr>("bias")) {
        for (double value : nir::doublesOf(biases)) {
          bias = std::max(bias, std::abs(value) + own);
        }
      }
      sum += static_cast<double>(range.magnitude()) * own + bias;
    }
    PerNeuron ofState = body.gain() * PerNeuron(std::ldexp(unit, -*format.fractionBits));
    if ((body.reach(sum) / ofState).largest() <= room) {
      return doublings;
    }
  }
  return 0;
}

/// How much finer than the coarsest of a group the weights of another may be, as a power of two:
/// its sums are shifted by so much, and must still fit in a state.
int NetworkQuantizer::finestExponent(MutableArrayRef<Connection> group) {
  constexpr int ofLoihi = 7; // its largest weight exponent
  if (format.weightCode != nir::WeightCode::Symmetric || !isInteger) {
    return ofLoihi;
  }
  auto coarsest = std::max_element(group.begin(), group.end(), [](const auto &a, const auto &b) {
    return *std::max_element(a.free.begin(), a.free.end()) <
           *std::max_element(b.free.begin(), b.free.end());
  });
  std::vector<double> scales = coarsest->free;
  for (double &scale : scales) {
    scale /= coarsest->inputScale;
  }
  coarsest->weights.quantize(format, scales);
  int bits = neededBits(coarsest->weights.sums(infoOf(coarsest->op->getOperand(0)).range));
  constexpr int most = 20;
  return std::clamp(format.stateBits - 2 - bits, ofLoihi, most);
}

/// The scales that the sums of a group have: those of its coarsest weights, one or one a channel.
std::vector<double> NetworkQuantizer::groupScales(MutableArrayRef<Connection> group,
                                                  SmallVector<snn::PopulationOp> driven) {
  bool may = mayBeByChannel(group, driven);
  bool byChannel = may && format.granularity == nir::Granularity::Channel;
  size_t count = byChannel ? static_cast<size_t>(group.front().weights.channels()) : 1;
  if (format.scale && !driven.empty()) {
    PerNeuron gain = bodies[driven.front()]->gain();
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
  int finest = finestExponent(group);
  for (Connection &each : group) {
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
      BodyQuantizer &body = *bodies[population];
      double most = std::ldexp(1.0, format.stateBits - 1 - room - *format.fractionBits);
      double smallest = *std::min_element(scales.begin(), scales.end());
      double units = body.threshold() / (body.gain().smallest() * smallest);
      int coarser =
          units > most ? static_cast<int>(std::ceil(std::log2(std::min(units / most, 1e300)))) : 0;
      for (double &scale : scales) {
        scale = std::ldexp(scale, coarser);
      }
      int doublings = 0;
      if (!snn::isSpikes(population.getType())) {
        doublings = doublingsFor(population, group, scales.front());
        scales.front() = std::ldexp(scales.front(), doublings);
      }
      if (doublings > 0) {
        note(group.front().op, "its scale is 2^" + std::to_string(doublings) +
                                   " times as large as its weights need, so that '" +
                                   population.getNode().str() + "' stays within its bits");
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
    biases = nir::allDoublesOf(bias);
  }
  for (double &scale : scales) {
    scale = std::ldexp(scale, -connection.exponent);
  }
  auto scaleOf = [&](size_t bias) {
    return scales[scales.size() == 1 ? 0 : bias * scales.size() / biases.size()];
  };
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
      int64_t whole = isInteger ? roundedToBits(roundedTo(biases[i] / scaleOf(i), format.constants),
                                                format.biasBits)
                                : 0;
      ofBias = ofBias.join({whole, whole});
      wholeBiases[i] = static_cast<int32_t>(std::clamp<int64_t>(whole, INT32_MIN, INT32_MAX));
    }
    range = {range.least + ofBias.least, range.most + ofBias.most};
    int left = 31 - (finest - connection.exponent); // room for the shift that follows
    if (!isInteger || range.fits(left) || coarser == 24 || format.scale) {
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
        numbers.push_back(static_cast<float>(biases[i] / scaleOf(i)));
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
