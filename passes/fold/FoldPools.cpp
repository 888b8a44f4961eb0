//===- FoldPools.cpp - windows into weights -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A pool and the weights behind it are one linear map, whose weights repeat: a convolution's kernel
// is spread over the windows, a matrix gets a column for each number that the pool reads.

#include "passes/fold/Fold.h"

#include "passes/graph/Padding.h"

using namespace mlir;
using namespace nirc;

/// Weights repeat, so there are more of them than before. Up to this many stay in a second-level
/// cache; more are not made.
static constexpr int64_t mostWeights = int64_t{1} << 18;

namespace {
struct Pool {
  SmallVector<int64_t> size, stride, pads;
  SmallVector<int64_t> in, out; ///< [channels, rows, columns]
  bool isMean;
  /// By which a window's sum is multiplied.
  double share() const { return isMean ? 1.0 / static_cast<double>(size[0] * size[1]) : 1.0; }
};

/// A convolution over two dimensions, where it pads alike on both sides.
struct Convolution {
  SmallVector<int64_t> kernel, stride, pads, dilation, out;
};
} // namespace

static SmallVector<int64_t> shapeOf(Value signal) {
  return SmallVector<int64_t>(cast<nir::SignalType>(signal.getType()).getShape());
}

static std::optional<Pool> poolOf(Operation *node) {
  if (!isa<nir::SumPool2dOp, nir::AvgPool2dOp>(node) || node->getNumOperands() == 0) {
    return std::nullopt;
  }
  auto pair = [&](StringRef name) {
    return perDimension(node->getAttrOfType<ElementsAttr>(name), 2);
  };
  return Pool{pair("kernel_size"),
              pair("stride"),
              pair("padding"),
              shapeOf(node->getOperand(0)),
              shapeOf(node->getResult(0)),
              isa<nir::AvgPool2dOp>(node)};
}

static std::optional<Convolution> convolutionOf(nir::Conv2dOp op) {
  SmallVector<int64_t> kernel(op.getWeight().getShapedType().getShape().drop_front(2));
  SmallVector<int64_t> dilation = perDimension(op.getDilation(), 2);
  auto text = dyn_cast<StringAttr>(op.getPadding());
  for (size_t d = 0; d < 2; ++d) {
    if (text && text.getValue() == "same" && (kernel[d] - 1) * dilation[d] % 2 != 0) {
      return std::nullopt;
    }
  }
  return Convolution{kernel, perDimension(op.getStride(), 2),
                     padsOf(op.getPadding(), kernel, dilation), dilation, shapeOf(op.getResult())};
}

/// Whether one convolution does in this dimension what both do. Place q of the pooled signal reads
/// the places q stride - pad and on of the signal; tap k of the kernel reads q = p S + k D - P.
static bool canMerge(const Pool &pool, const Convolution &conv, size_t d) {
  int64_t size = pool.size[d], stride = pool.stride[d], pad = pool.pads[d];
  int64_t in = pool.in[d + 1], places = pool.out[d + 1];
  // A tap outside the pooled signal reads 0, and its window has to lie outside the signal, too.
  int64_t last = (conv.out[d + 1] - 1) * conv.stride[d] + (conv.kernel[d] - 1) * conv.dilation[d] -
                 conv.pads[d];
  bool isBelow = conv.pads[d] == 0 || size <= stride + pad;
  bool isAbove = last < places || places * stride - pad >= in;
  // A spike moves (size / stride) (kernel / S) sums, at most, and may not move more than that.
  bool isLess = conv.kernel[d] == 1 || conv.dilation[d] * stride <= size;
  return isBelow && isAbove && isLess;
}

/// The kernel with each tap spread over its window: [out, in / groups, rows, columns].
static std::vector<double> spread(ArrayRef<double> weights, int64_t planes, const Pool &pool,
                                  const Convolution &conv, ArrayRef<int64_t> kernel, double share) {
  std::vector<double> sums(planes * kernel[0] * kernel[1], 0.0);
  int64_t taps = conv.kernel[0] * conv.kernel[1];
  for (int64_t i = 0; i < planes * taps; ++i) {
    int64_t plane = i / taps, row = i % taps / conv.kernel[1], column = i % conv.kernel[1];
    for (int64_t w = 0; w < pool.size[0] * pool.size[1]; ++w) {
      int64_t y = row * conv.dilation[0] * pool.stride[0] + w / pool.size[1];
      int64_t x = column * conv.dilation[1] * pool.stride[1] + w % pool.size[1];
      sums[(plane * kernel[0] + y) * kernel[1] + x] += weights[i] * share;
    }
  }
  return sums;
}

/// Whether all sums of the pool and of what reads it are free of rounding; `weights` those of the
/// reader.
static bool areSumsExact(Folder &folder, Operation *pool, Operation *reader, const Pool &shape,
                         ElementsAttr weights) {
  const Element &element = folder.element();
  std::optional<Range> sums = folder.ranges().outOf(folder.indexOf(pool));
  std::optional<Range> result = folder.ranges().outOf(folder.indexOf(reader));
  std::optional<Range> taps = rangeOf(elementsOf(weights, element));
  std::optional<Range> share = rangeOf({shape.share()});
  return sums && result && taps && element.holds(*sums) && element.holds(*result) &&
         taps->grid + share->grid >= element.finest;
}

static constexpr StringRef proofOfSums = "no sum is rounded";
static constexpr StringRef effectOnSums = "sums are in another order, and not of windows first";

static bool foldIntoConvolution(Folder &folder, Operation *first, const Pool &pool,
                                nir::Conv2dOp second) {
  auto conv = convolutionOf(second);
  if (!conv || !canMerge(pool, *conv, 0) || !canMerge(pool, *conv, 1)) {
    return false;
  }
  ElementsAttr weight = second.getWeight();
  ArrayRef<int64_t> shape = weight.getShapedType().getShape();
  SmallVector<int64_t> kernel, stride, pads;
  for (size_t d = 0; d < 2; ++d) {
    kernel.push_back((conv->kernel[d] - 1) * conv->dilation[d] * pool.stride[d] + pool.size[d]);
    stride.push_back(conv->stride[d] * pool.stride[d]);
    pads.push_back(conv->pads[d] * pool.stride[d] + pool.pads[d]);
  }
  int64_t planes = shape[0] * shape[1];
  bool isExact = areSumsExact(folder, first, second, pool, weight);
  if ((!isExact && !folder.mayRound()) || kernel[0] > mostWeights || kernel[1] > mostWeights ||
      planes * kernel[0] * kernel[1] > mostWeights ||
      conv->kernel[0] * conv->kernel[1] * planes > mostProducts / (pool.size[0] * pool.size[1])) {
    return false;
  }
  auto numbers = [&](ArrayRef<int64_t> values) {
    return nir::attributeOf(nir::Tensor::vector(std::vector<int64_t>(values.begin(), values.end())),
                            "window", first->getContext());
  };
  NamedAttrList attributes(second->getAttrDictionary());
  attributes.set("weight", folder.tensor({shape[0], shape[1], kernel[0], kernel[1]},
                                         spread(folder.values(weight, isExact), planes, pool, *conv,
                                                kernel, pool.share()),
                                         isExact, {weight}, second));
  attributes.set("stride", numbers(stride));
  attributes.set("padding", numbers(pads));
  attributes.set("dilation", numbers({1, 1}));
  if (second.getInputShape()) {
    attributes.set("input_shape", numbers(ArrayRef(pool.in).drop_front()));
  }
  folder.report(first, second, proofOfSums, isExact ? "" : effectOnSums);
  folder.merge(nir::Conv2dOp::getOperationName(), first, second, attributes);
  return true;
}

/// A column for each number that the pool reads: the sum of those of the windows it is in.
static std::vector<double> columnsOf(ArrayRef<double> weights, int64_t rows, const Pool &pool,
                                     double share) {
  int64_t height = pool.in[1], width = pool.in[2];
  int64_t columns = pool.in[0] * height * width, windows = llvm::product_of(pool.out);
  std::vector<double> sums(rows * columns, 0.0);
  for (int64_t i = 0; i < windows * pool.size[0] * pool.size[1]; ++i) {
    int64_t window = i / (pool.size[0] * pool.size[1]), at = i % (pool.size[0] * pool.size[1]);
    int64_t channel = window / (pool.out[1] * pool.out[2]);
    int64_t y =
        window / pool.out[2] % pool.out[1] * pool.stride[0] + at / pool.size[1] - pool.pads[0];
    int64_t x = window % pool.out[2] * pool.stride[1] + at % pool.size[1] - pool.pads[1];
    if (y < 0 || y >= height || x < 0 || x >= width) {
      continue;
    }
    for (int64_t row = 0; row < rows; ++row) {
      sums[row * columns + (channel * height + y) * width + x] +=
          weights[row * windows + window] * share;
    }
  }
  return sums;
}

static bool foldIntoMatrix(Folder &folder, Operation *first, const Pool &pool, Operation *flatten) {
  Operation *second = folder.onlyReader(flatten);
  bool isWhole = second && isa<nir::AffineOp, nir::LinearOp>(second) &&
                 shapeOf(flatten->getResult(0)).size() == 1;
  // Numbers between the windows, which the pool does not read, would be read.
  if (!isWhole || pool.size[0] < pool.stride[0] || pool.size[1] < pool.stride[1]) {
    return false;
  }
  auto weight = second->getAttrOfType<ElementsAttr>("weight");
  int64_t rows = weight.getShapedType().getShape().front(), columns = llvm::product_of(pool.in);
  bool isExact = areSumsExact(folder, first, second, pool, weight);
  int64_t products = llvm::product_of(pool.out) * std::max<int64_t>(1, rows);
  if ((!isExact && !folder.mayRound()) || columns > mostWeights / std::max<int64_t>(1, rows) ||
      products > mostProducts / (pool.size[0] * pool.size[1])) {
    return false;
  }
  NamedAttrList attributes(second->getAttrDictionary());
  attributes.set("weight",
                 folder.tensor({rows, columns},
                               columnsOf(folder.values(weight, isExact), rows, pool, pool.share()),
                               isExact, {weight}, second));
  NamedAttrList whole;
  auto number = [&](int64_t value) {
    return nir::attributeOf(nir::Tensor::scalar(value), "dim", first->getContext());
  };
  whole.set("start_dim", number(0));
  whole.set("end_dim", number(-1));
  folder.report(first, second, proofOfSums, isExact ? "" : effectOnSums);
  auto type = nir::SignalType::get(first->getContext(), {columns});
  Operation *flat = folder.merge(nir::FlattenOp::getOperationName(), first, flatten, whole, type);
  folder.replace(second, flat->getResult(0), attributes);
  return true;
}

bool nirc::foldPools(Folder &folder, Operation *first) {
  auto pool = poolOf(first);
  Operation *second = pool ? folder.onlyReader(first) : nullptr;
  // Of spikes, which are few, a window holds one or none: the pool saves no work behind it. Of
  // other numbers it leaves a fraction.
  if (!second || !folder.ranges().areEventsInto(folder.indexOf(first))) {
    return false;
  }
  if (auto conv = dyn_cast<nir::Conv2dOp>(second)) {
    return foldIntoConvolution(folder, first, *pool, conv);
  }
  return isa<nir::FlattenOp>(second) && foldIntoMatrix(folder, first, *pool, second);
}
