//===- Connections.cpp - stateless nodes as connections -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/discretize/NetworkBuilder.h"

#include "dialects/nir/Diagnostics.h"
#include "passes/Values.h"
#include "passes/graph/Padding.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc;

RankedTensorType NetworkBuilder::numbers(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, element);
}

Value NetworkBuilder::inShape(Value signal, ArrayRef<int64_t> shape, StringRef node, Location loc) {
  if (snn::shapeOf(signal.getType()) == shape) {
    return signal;
  }
  Type type = numbers(shape);
  if (snn::isSpikes(signal.getType())) {
    type = snn::SpikesType::get(builder.getContext(), shape);
  }
  return snn::ReshapeOp::create(builder, loc, type, node, signal);
}

ElementsAttr NetworkBuilder::values(ArrayRef<double> values) {
  RankedTensorType type = numbers({static_cast<int64_t>(values.size())});
  if (element.isF64()) {
    return denseOf(type, values);
  }
  SmallVector<float> rounded(values.begin(), values.end());
  return denseOf(type, ArrayRef(rounded));
}

ElementsAttr NetworkBuilder::weight(ElementsAttr attr) {
  if (attr.getElementType().isF32() || attr.getElementType().isF64()) {
    return attr;
  }
  RankedTensorType type = numbers(attr.getShapedType().getShape());
  ElementsAttr converted = values(nir::doublesOf(attr));
  if (auto dense = dyn_cast<DenseElementsAttr>(converted)) {
    return dense.reshape(type);
  }
  return DenseResourceElementsAttr::get(type,
                                        cast<DenseResourceElementsAttr>(converted).getRawHandle());
}

template <typename ConvOp>
static Value buildConv(NetworkBuilder &network, ConvOp node, StringRef path, Value input,
                       ArrayRef<int64_t> shape) {
  OpBuilder &b = network.builder;
  ArrayRef<int64_t> kernel = node.getWeight().getShapedType().getShape().drop_front(2);
  SmallVector<int64_t> dilations = perDimension(node.getDilation(), kernel.size());
  ElementsAttr bias = network.weight(node.getBias());
  if (bias.getShapedType().getRank() == 0) { // one value for all channels
    bias =
        network.values(SmallVector<double>(shape.front(), nir::doublesOf(node.getBias()).front()));
  }
  return snn::ConvOp::create(
      b, node.getLoc(), network.numbers(shape), path, input, network.weight(node.getWeight()), bias,
      perDimension(node.getStride(), kernel.size()), padsOf(node.getPadding(), kernel, dilations),
      dilations, nir::tensorOf(node.getGroups()).intAt(0));
}

template <typename PoolOp>
static Value buildPool(NetworkBuilder &network, PoolOp node, StringRef path, Value input,
                       ArrayRef<int64_t> shape, bool average) {
  return snn::PoolOp::create(network.builder, node.getLoc(), network.numbers(shape), path, input,
                             perDimension(node.getKernelSize(), 2),
                             perDimension(node.getStride(), 2), perDimension(node.getPadding(), 2),
                             average);
}

Value nirc::buildConnection(NetworkBuilder &network, Operation *node, StringRef path, Value input,
                            ArrayRef<int64_t> shape) {
  OpBuilder &b = network.builder;
  Type result = network.numbers(shape);
  return llvm::TypeSwitch<Operation *, Value>(node)
      .Case([&](nir::AffineOp op) {
        return snn::DenseOp::create(b, op.getLoc(), result, path, input,
                                    network.weight(op.getWeight()), network.weight(op.getBias()));
      })
      .Case([&](nir::LinearOp op) {
        return snn::DenseOp::create(b, op.getLoc(), result, path, input,
                                    network.weight(op.getWeight()), ElementsAttr());
      })
      .Case([&](nir::ScaleOp op) {
        return snn::ScaleOp::create(b, op.getLoc(), result, path, input,
                                    network.weight(op.getScale()));
      })
      .Case([&](nir::Conv1dOp op) { return buildConv(network, op, path, input, shape); })
      .Case([&](nir::Conv2dOp op) { return buildConv(network, op, path, input, shape); })
      .Case([&](nir::SumPool2dOp op) { return buildPool(network, op, path, input, shape, false); })
      .Case([&](nir::AvgPool2dOp op) { return buildPool(network, op, path, input, shape, true); })
      .Default([&](Operation *op) {
        nir::nodeError(op) << "has no counterpart in a clocked network";
        return Value();
      });
}
