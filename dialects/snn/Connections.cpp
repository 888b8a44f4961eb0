//===- Connections.cpp - shapes of connections ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Snn.h"
#include "dialects/snn/Verify.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace snn;

static LogicalResult sameElements(Operation *op, Type signal, Type result) {
  if (elementsOf(signal) == elementsOf(result)) {
    return success();
  }
  return nodeError(op) << "gets " << signal << ", expected as many elements as " << result;
}

/// Checks that `attr` can be read and has the shape `want`.
static LogicalResult verifyShape(Operation *op, StringRef name, ElementsAttr attr,
                                 ArrayRef<int64_t> want) {
  if (attr && failed(verifyValues(op, name, attr))) {
    return failure();
  }
  if (attr && attr.getShapedType().getShape() != want) {
    return nodeError(op) << name << " is " << attr.getType() << ", expected shape [" << want << "]";
  }
  return success();
}

LogicalResult DenseOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getType()), in = shapeOf(getSignal().getType());
  if (out.empty() || in.empty() || out.size() != in.size() || out.drop_back() != in.drop_back()) {
    return nodeError(*this) << "maps " << getSignal().getType() << " to " << getType()
                            << ", expected all but the last dimension to agree";
  }
  SmallVector<int64_t> weight(out);
  weight.push_back(in.back());
  return failure(
      failed(verifyShape(*this, "weight", getWeight(), weight)) ||                  // dense (C1)
      failed(verifyShape(*this, "bias", getBias().value_or(ElementsAttr()), out))); // dense (C2)
}

/// No stride, dilation, pad or kernel of a network comes near, as in ir/graph/Window.cpp; products
/// of two stay within 64 bits.
static constexpr int64_t mostSteps = int64_t{1} << 31;

/// conv (C4), pool (C3). `dilations` may be empty: all are 1.
static LogicalResult verifyWindows(Operation *op, ArrayRef<int64_t> in, ArrayRef<int64_t> out,
                                   ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                   ArrayRef<int64_t> pads, ArrayRef<int64_t> dilations) {
  auto isStep = [](int64_t steps) { return steps >= 1 && steps <= mostSteps; };
  for (size_t d = 0; d < kernel.size(); ++d) {
    int64_t dilation = dilations.empty() ? 1 : dilations[d];
    if (!isStep(kernel[d]) || !isStep(strides[d]) || !isStep(dilation) || pads[d] < 0 ||
        pads[d] > mostSteps) {
      return nodeError(op) << "dimension " << d << " has kernel " << kernel[d] << ", stride "
                           << strides[d] << ", dilation " << dilation << " and pad " << pads[d]
                           << ", expected 1 to 2^31, and a pad of at least 0";
    }
    // What is left of the padded signal behind the first window; `same` pads one more behind it.
    int64_t room = in[d + 1] + 2 * pads[d] + 1 - ((kernel[d] - 1) * dilation + 1);
    if (room < 0 || out[d + 1] - 1 > room / strides[d]) {
      return nodeError(op) << "dimension " << d << " has " << out[d + 1]
                           << " windows, expected at most "
                           << (room < 0 ? 0 : room / strides[d] + 1) << " over " << in[d + 1]
                           << " positions";
    }
  }
  return success();
}

LogicalResult ConvOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getType()), in = shapeOf(getSignal().getType());
  size_t dims = getStrides().size();
  if (out.size() != dims + 1 || in.size() != dims + 1 || getPads().size() != dims ||
      getDilations().size() != dims || (dims != 1 && dims != 2)) { // conv (C2)
    return nodeError(*this) << "strides, pads and dilations have " << dims << ", "
                            << getPads().size() << " and " << getDilations().size()
                            << " entries for a signal of rank " << in.size()
                            << ", expected one a dimension behind the channels";
  }
  if (failed(verifyValues(*this, "weight", getWeight()))) {
    return failure();
  }
  auto weight = getWeight().getShapedType().getShape();
  if (weight.size() != dims + 2 || getGroups() < 1 || in[0] % getGroups() || out[0] % getGroups() ||
      weight[0] != out[0] || weight[1] != in[0] / static_cast<int64_t>(getGroups())) { // conv (C1)
    return nodeError(*this) << "weight is " << getWeight().getType() << ", expected [" << out[0]
                            << ", " << in[0] << " / " << getGroups() << ", kernel..]";
  }
  return failure(failed(verifyWindows(*this, in, out, weight.drop_front(2), getStrides(), getPads(),
                                      getDilations())) || // conv (C4)
                 failed(verifyShape(*this, "bias", getBias().value_or(ElementsAttr()),
                                    out.take_front()))); // conv (C3)
}

LogicalResult PoolOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getType()), in = shapeOf(getSignal().getType());
  size_t dims = getKernel().size();
  if (out.size() != dims + 1 || in.size() != dims + 1 || in[0] != out[0] ||
      (dims != 1 && dims != 2)) { // pool (C1)
    return nodeError(*this)
           << "maps " << getSignal().getType() << " to " << getType()
           << ", expected the same channels and a dimension for each entry of kernel";
  }
  if (getStrides().size() != dims || getPads().size() != dims) { // pool (C2)
    return nodeError(*this) << "kernel, strides and pads have " << dims << ", "
                            << getStrides().size() << " and " << getPads().size()
                            << " entries, expected as many";
  }
  return verifyWindows(*this, in, out, getKernel(), getStrides(), getPads(), {}); // pool (C3)
}

LogicalResult ScaleOp::verify() {
  if (failed(verifyValues(*this, "scale", getScale()))) {
    return failure();
  }
  int64_t values = getScale().getNumElements();
  if (values != 1 && values != elementsOf(getType())) { // scale (C1)
    return nodeError(*this) << "scale has " << values << " values, expected 1 or "
                            << elementsOf(getType());
  }
  return sameElements(*this, getSignal().getType(), getType()); // scale (C2)
}

LogicalResult AddOp::verify() {
  for (Value signal : getSignals()) { // add (C1)
    if (failed(sameElements(*this, signal.getType(), getType()))) {
      return failure();
    }
  }
  return success();
}

LogicalResult RescaleOp::verify() {
  if (!(*this)->getParentOfType<NetworkOp>().getElement().isSignlessInteger()) { // rescale (C1)
    return nodeError(*this)
           << "rescales in a network of floating-point numbers, expected one of i32";
  }
  auto values = static_cast<int64_t>(getMultiplier().size());
  int64_t elements = elementsOf(getType());
  ArrayRef<int64_t> shape = shapeOf(getType());
  if (values != 1 && values != elements && (shape.empty() || values != shape.front())) { // (C2)
    return nodeError(*this) << "multiplier has " << values
                            << " values, expected 1, one a channel or one of " << elements
                            << " elements";
  }
  if (getShift() > 62) { // rescale (C4)
    return nodeError(*this) << "shift is " << getShift() << ", expected 0 to 62";
  }
  return sameElements(*this, getSignal().getType(), getType()); // rescale (C3)
}

LogicalResult ReshapeOp::verify() {
  if (isSpikes(getSignal().getType()) != isSpikes(getType())) { // reshape (C1)
    return nodeError(*this) << "makes " << getType() << " of " << getSignal().getType()
                            << ", expected both spikes or both numbers";
  }
  return sameElements(*this, getSignal().getType(), getType());
}

LogicalResult DelayOp::verify() {
  size_t entries = getSteps().size();
  if (entries != 1 && static_cast<int64_t>(entries) != elementsOf(getType())) { // delay (C1)
    return nodeError(*this) << "steps has " << entries << " entries, expected 1 or "
                            << elementsOf(getType());
  }
  if (shortest() < 0) {
    return nodeError(*this) << "a delay is " << shortest() << " steps, expected 0 or more";
  }
  constexpr int64_t most = int64_t{1} << 32;
  if (longest() > most / elementsOf(getType())) { // delay (C2)
    return nodeError(*this) << "holds " << longest() << " steps of " << elementsOf(getType())
                            << " numbers, expected at most " << most << " numbers";
  }
  return success();
}

int64_t DelayOp::longest() { return *llvm::max_element(getSteps()); }
int64_t DelayOp::shortest() { return *llvm::min_element(getSteps()); }
