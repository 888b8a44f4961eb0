//===- Sums.cpp - the ranges of sums, once more ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// From the definitions in dialects/snn/Connections.td, and from nothing of passes/quantize, which
// wrote the ranges that these are compared with. A sum of terms of which each is 0 where its
// element is outside of the signal is bounded by the one that has all of them: what is outside can
// only be 0, as 0 is an element too.

#include "backends/proof/Sums.h"

#include "dialects/Elements.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

static Interval rangeOfSignal(Value signal) {
  snn::IntegerRange range = snn::integerRange(signal.getType());
  return {range.least, range.most};
}

/// Rows of `length` weights each, with a bias each: the ends of all sums. An element that is
/// missing, as behind an edge, is 0.
static Interval sumsOfRows(ElementsAttr weight, std::optional<ElementsAttr> bias, Interval input,
                           int64_t rows, bool hasEdges) {
  std::vector<int64_t> weights = nir::numbersOf<int64_t>(weight);
  std::vector<int64_t> biases = bias ? nir::numbersOf<int64_t>(*bias) : std::vector<int64_t>();
  auto at = [](const std::vector<int64_t> &all, int64_t i) {
    return all.size() == 1 ? all.front() : all[static_cast<size_t>(i)];
  };
  if (hasEdges) {
    input = input.join({0, 0});
  }
  int64_t length = weight.getNumElements() / rows;
  std::optional<Interval> all;
  for (int64_t row = 0; row < rows; ++row) {
    int64_t first = biases.empty() ? 0 : at(biases, row);
    Interval sum{first, first};
    for (int64_t i = 0; i < length; ++i) {
      int64_t w = at(weights, row * length + i);
      sum = sum + Interval{w, w} * input;
    }
    all = all ? all->join(sum) : sum;
  }
  return all.value_or(Interval{0, 0});
}

std::optional<Interval> nirc::proof::sumsOf(Operation *connection) {
  return llvm::TypeSwitch<Operation *, std::optional<Interval>>(connection)
      .Case([](snn::DenseOp op) {
        return sumsOfRows(op.getWeight(), op.getBias(), rangeOfSignal(op.getSignal()),
                          snn::elementsOf(op.getType()), false);
      })
      .Case([](snn::ConvOp op) {
        return sumsOfRows(op.getWeight(), op.getBias(), rangeOfSignal(op.getSignal()),
                          op.getWeight().getShapedType().getShape().front(), true);
      })
      .Case([](snn::PoolOp op) {
        int64_t window = 1;
        for (int64_t size : op.getKernel()) {
          window *= size;
        }
        return Interval{window, window} * rangeOfSignal(op.getSignal()).join({0, 0});
      })
      .Case([](snn::ScaleOp op) {
        std::vector<int64_t> scales = nir::numbersOf<int64_t>(op.getScale());
        auto [least, most] = std::minmax_element(scales.begin(), scales.end());
        return Interval{*least, *most} * rangeOfSignal(op.getSignal());
      })
      .Case([](snn::AddOp op) {
        Interval sum{0, 0};
        for (Value signal : op.getSignals()) {
          sum = sum + rangeOfSignal(signal);
        }
        return sum;
      })
      .Default([](Operation *) { return std::nullopt; });
}
