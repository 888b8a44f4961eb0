//===- SignalRanges.cpp - which numbers a signal can carry ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/fold/SignalRanges.h"

#include "dialects/nir/Kinds.h"
#include "passes/graph/Padding.h"

#include "llvm/ADT/TypeSwitch.h"

#include <bit>
#include <cmath>

using namespace mlir;
using namespace nirc;

Element Element::of(StringRef name) {
  return name == "f64" ? Element{53, -1074, 1024} : Element{24, -149, 128};
}

bool Element::spans(Range range) const {
  return range.grid >= finest && range.bound < std::ldexp(1.0, highest - 1);
}

bool Element::holds(Range range) const {
  return spans(range) && range.bound <= std::ldexp(1.0, range.grid + digits);
}

/// The exponent of the lowest bit that is set.
static int lowestBit(double value) {
  constexpr int digits = 53;
  int exponent = 0;
  double significand = std::frexp(std::abs(value), &exponent);
  auto whole = static_cast<uint64_t>(std::ldexp(significand, digits));
  return exponent - digits + std::countr_zero(whole);
}

std::optional<Range> nirc::rangeOf(ArrayRef<double> values) {
  std::optional<int> grid;
  double bound = 0.0;
  for (double value : values) {
    if (!std::isfinite(value)) {
      return std::nullopt;
    }
    if (value != 0.0) {
      grid = std::min(grid.value_or(std::numeric_limits<int>::max()), lowestBit(value));
      bound = std::max(bound, std::abs(value));
    }
  }
  return Range{grid.value_or(0), bound};
}

std::vector<double> nirc::elementsOf(ElementsAttr values) {
  SmallVector<double> found = nir::doublesOf(values);
  if (found.size() == 1) {
    return std::vector<double>(values.getNumElements(), found.front());
  }
  return {found.begin(), found.end()};
}

std::vector<double> nirc::elementsOf(ElementsAttr values, const Element &element) {
  std::vector<double> found = elementsOf(values);
  for (double &value : found) {
    value = element.rounded(value);
  }
  return found;
}

std::optional<Rows> nirc::rowsOf(Operation *node, const Element &element) {
  return llvm::TypeSwitch<Operation *, std::optional<Rows>>(node)
      .Case<nir::AffineOp, nir::Conv1dOp, nir::Conv2dOp>([&](auto op) {
        ArrayRef<int64_t> shape = op.getWeight().getShapedType().getShape();
        bool isMatrix = std::is_same_v<decltype(op), nir::AffineOp>;
        int64_t rows = isMatrix ? llvm::product_of(shape.drop_back()) : shape.front();
        return Rows{elementsOf(op.getWeight(), element), elementsOf(op.getBias(), element),
                    static_cast<size_t>(rows)};
      })
      .Case([&](nir::LinearOp op) {
        ArrayRef<int64_t> shape = op.getWeight().getShapedType().getShape();
        return Rows{elementsOf(op.getWeight(), element),
                    {},
                    static_cast<size_t>(llvm::product_of(shape.drop_back()))};
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Sums of positive doubles, whose own rounding the bounds must not fall below.
static constexpr double margin = 1.0 + 0x1p-20;
/// Of more terms than this nothing is said: below, rounding adds less than the sum itself, as
/// (1 + 2^-24)^n < 2.
static constexpr size_t mostTerms = size_t{1} << 22;

std::optional<Range> nirc::sumsOf(const Rows &rows, Range input) {
  std::optional<Range> weights = rangeOf(rows.weights), biases = rangeOf(rows.biases);
  if (!weights || !biases || rows.count == 0) {
    return std::nullopt;
  }
  Range sums{weights->grid + input.grid, 0.0};
  if (biases->bound != 0.0) {
    sums.grid = std::min(sums.grid, biases->grid);
  }
  size_t length = rows.weights.size() / rows.count;
  if (length > mostTerms) {
    return std::nullopt;
  }
  for (size_t row = 0; row < rows.count; ++row) {
    double sum = 0.0;
    for (size_t i = row * length; i < (row + 1) * length; ++i) {
      sum += std::abs(rows.weights[i]);
    }
    sums.bound = std::max(sums.bound, sum * input.bound);
  }
  sums.bound = (sums.bound + biases->bound) * margin;
  return sums;
}

SignalRanges::SignalRanges(const OpGraph &flat, const nir::Semantics &semantics,
                           const Element &element)
    : flat(flat), element(element), kinds(signalKinds(flat, semantics)) {}

/// The range of what a run makes of sums of this range: a multiple of 2^grid is rounded to another.
static Range afterRounding(Range sums, const Element &element) {
  if (!element.holds(sums)) {
    sums.bound *= 2.0;
  }
  return sums;
}

std::optional<Range> SignalRanges::inputOf(const OpNode &node) {
  if (node.reads.empty() || node.reads.size() > mostTerms) {
    return std::nullopt;
  }
  Range sum{std::numeric_limits<int>::max(), 0.0};
  for (unsigned source : node.reads) {
    std::optional<Range> range = outOf(source);
    if (!range) {
      return std::nullopt;
    }
    sum.grid = std::min(sum.grid, range->grid);
    sum.bound += range->bound;
  }
  return afterRounding(sum, element);
}

std::optional<Range> SignalRanges::into(unsigned node) { return inputOf(flat.nodes[node]); }

/// Whether a node passes on what it gets, be it in another shape or later.
static bool passesOn(const OpNode &node) {
  return isa<nir::FlattenOp, nir::DelayOp, nir::OutputOp>(node.op) ||
         (isa<nir::InputOp>(node.op) && !node.outermost);
}

/// A window's sum, and its mean as the run computes it.
template <typename PoolOp>
static std::optional<Range> pooled(PoolOp op, Range input, const Element &element) {
  SmallVector<int64_t> kernel = perDimension(op.getKernelSize(), 2);
  if (kernel[0] > static_cast<int64_t>(mostTerms) / kernel[1]) {
    return std::nullopt;
  }
  auto size = static_cast<double>(kernel[0] * kernel[1]);
  input.bound *= size;
  if (std::is_same_v<PoolOp, nir::AvgPool2dOp>) {
    double share = element.rounded(1.0 / size);
    input.grid += lowestBit(share);
    input.bound *= share * margin;
  }
  return input;
}

std::optional<Range> SignalRanges::compute(unsigned index) {
  const OpNode &node = flat.nodes[index];
  if (nir::makesSpikes(node.op) && kinds[index] == nir::SignalKind::Spikes) {
    return Range{0, 1.0};
  }
  bool isKnown = passesOn(node) || isa<nir::AffineOp, nir::LinearOp, nir::Conv1dOp, nir::Conv2dOp,
                                       nir::ScaleOp, nir::SumPool2dOp, nir::AvgPool2dOp>(node.op);
  std::optional<Range> input = isKnown ? inputOf(node) : std::nullopt;
  if (!input || passesOn(node)) {
    return input;
  }
  std::optional<Range> range =
      llvm::TypeSwitch<Operation *, std::optional<Range>>(node.op)
          .Case([&](nir::ScaleOp op) -> std::optional<Range> {
            std::optional<Range> factors = rangeOf(elementsOf(op.getScale(), element));
            if (!factors) {
              return std::nullopt;
            }
            return Range{factors->grid + input->grid, factors->bound * input->bound * margin};
          })
          .Case<nir::SumPool2dOp, nir::AvgPool2dOp>(
              [&](auto op) { return pooled(op, *input, element); })
          .Default([&](Operation *op) -> std::optional<Range> {
            std::optional<Rows> rows = rowsOf(op, element);
            return rows ? sumsOf(*rows, *input) : std::nullopt;
          });
  return range ? std::optional(afterRounding(*range, element)) : std::nullopt;
}

std::optional<Range> SignalRanges::outOf(unsigned node) {
  auto [entry, isNew] = known.try_emplace(node, std::nullopt); // of a loop nothing is known
  if (!isNew) {
    return entry->second;
  }
  std::optional<Range> range = compute(node);
  known[node] = range;
  return range;
}

bool SignalRanges::areEventsInto(unsigned node) const {
  const std::vector<unsigned> &sources = flat.nodes[node].reads;
  return !sources.empty() && llvm::all_of(sources, [&](unsigned source) {
    return kinds[source] != nir::SignalKind::Analog;
  });
}
