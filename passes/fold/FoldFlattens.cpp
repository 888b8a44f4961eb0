//===- FoldFlattens.cpp - what moves or changes no number -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/fold/Fold.h"

#include "passes/graph/Padding.h"

using namespace mlir;
using namespace nirc;

static ArrayRef<int64_t> shapeOf(Value signal) {
  return cast<nir::SignalType>(signal.getType()).getShape();
}

template <typename PoolOp>
static bool poolsNothing(PoolOp op) {
  auto all = [](ElementsAttr attr, int64_t value) {
    return llvm::all_of(perDimension(attr, 2), [=](int64_t n) { return n == value; });
  };
  return all(op.getKernelSize(), 1) && all(op.getStride(), 1) && all(op.getPadding(), 0);
}

/// Whether each number that the node passes on is the one it gets: x 1 is x, also where x is
/// infinite or denormal.
static bool changesNothing(Operation *node, const Element &element) {
  if (auto scale = dyn_cast<nir::ScaleOp>(node)) {
    return llvm::all_of(elementsOf(scale.getScale(), element), [](double s) { return s == 1.0; });
  }
  if (auto pool = dyn_cast<nir::SumPool2dOp>(node)) {
    return poolsNothing(pool);
  }
  if (auto pool = dyn_cast<nir::AvgPool2dOp>(node)) {
    return poolsNothing(pool);
  }
  return isa<nir::FlattenOp>(node);
}

/// Whether it matters to the reader that a signal is spikes, not numbers of which each happens to
/// be 0 or 1: what an Output shows has another dtype then.
static bool tellsSpikesFromNumbers(Operation *reader) {
  return isa<nir::OutputOp, nir::InputOp, nir::FlattenOp, nir::DelayOp, nir::ThresholdOp>(reader);
}

bool nirc::foldIdentity(Folder &folder, Operation *first) {
  if (!isa<nir::ScaleOp, nir::SumPool2dOp, nir::AvgPool2dOp, nir::FlattenOp>(first)) {
    return false;
  }
  Operation *reader = folder.readerPast(first);
  if (!reader || first->getNumOperands() != 1 ||
      shapeOf(first->getOperand(0)) != shapeOf(first->getResult(0)) ||
      !changesNothing(first, folder.element()) ||
      (!isa<nir::FlattenOp>(first) && tellsSpikesFromNumbers(reader))) {
    return false;
  }
  folder.report(first, reader, "it passes on what it gets", "");
  folder.bypass(first);
  return true;
}

/// The dimensions of `from` that a Flatten joins to get `to`, if one can.
static std::optional<std::pair<int64_t, int64_t>> joined(ArrayRef<int64_t> from,
                                                         ArrayRef<int64_t> to) {
  for (size_t start = 0; start < from.size(); ++start) {
    for (size_t end = start; end < from.size(); ++end) {
      SmallVector<int64_t> shape(from.take_front(start));
      shape.push_back(llvm::product_of(from.slice(start, end - start + 1)));
      llvm::append_range(shape, from.drop_front(end + 1));
      if (ArrayRef<int64_t>(shape) == to) {
        return std::pair<int64_t, int64_t>(start, end);
      }
    }
  }
  return std::nullopt;
}

bool nirc::foldFlattens(Folder &folder, Operation *first) {
  if (!isa<nir::FlattenOp>(first)) {
    return false;
  }
  Operation *second = folder.onlyReader(first);
  if (!second || !isa<nir::FlattenOp>(second)) {
    return false;
  }
  auto dims = joined(shapeOf(first->getOperand(0)), shapeOf(second->getResult(0)));
  if (!dims) {
    return false;
  }
  auto number = [&](int64_t value) {
    return nir::attributeOf(nir::Tensor::scalar(value), "dim", first->getContext());
  };
  NamedAttrList attributes;
  attributes.set("start_dim", number(dims->first));
  attributes.set("end_dim", number(dims->second));
  folder.report(first, second, "no number moves", "");
  folder.merge(nir::FlattenOp::getOperationName(), first, second, attributes);
  return true;
}
