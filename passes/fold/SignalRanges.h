//===- SignalRanges.h - which numbers a signal can carry --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What a fold may do without changing a bit depends on the numbers that pass through it. Spikes are
// whole numbers and small, and so is much of what is computed from them: as long as a sum fits into
// a float's digits, it has no rounding, and then its order does not matter.

#pragma once

#include "passes/graph/OpGraph.h"

namespace nirc {

/// Numbers of which each is a whole multiple of 2^grid, and none is larger than `bound`.
struct Range {
  int grid;
  double bound;
};

/// The floating-point numbers of a run: float32 or float64.
struct Element {
  int digits;  ///< of a significand
  int finest;  ///< the smallest number is 2^finest
  int highest; ///< every number is below 2^highest

  static Element of(llvm::StringRef name); ///< "f32" or "f64"
  bool isDouble() const { return digits == 53; }
  double rounded(double value) const {
    return isDouble() ? value : static_cast<double>(static_cast<float>(value));
  }
  /// Whether numbers of this range lie between the smallest and the largest.
  bool spans(Range range) const;
  /// Whether every number of this range is one of these: no sum that stays in it is rounded.
  bool holds(Range range) const;
};

/// The range of these numbers, or none where one is not finite.
std::optional<Range> rangeOf(llvm::ArrayRef<double> values);

/// All elements, also where one stands for all, as they are in the file.
std::vector<double> elementsOf(mlir::ElementsAttr values);
/// The same as a run reads them.
std::vector<double> elementsOf(mlir::ElementsAttr values, const Element &element);

/// A sum of weights times inputs, for each row.
struct Rows {
  std::vector<double> weights; ///< row-major
  std::vector<double> biases;  ///< none, one for all rows, or one a row
  size_t count;
};
/// Of an Affine, a Linear or a convolution: a row for each output, or each channel of outputs.
std::optional<Rows> rowsOf(mlir::Operation *node, const Element &element);
/// Of the exact sums, with every partial sum and every product, for inputs of range `input`.
std::optional<Range> sumsOf(const Rows &rows, Range input);

/// The ranges of the signals of one graph. Nothing is known of what drives the network from
/// outside, nor of membranes.
class SignalRanges {
public:
  SignalRanges(const OpGraph &flat, const nir::Semantics &semantics, const Element &element);

  /// Of what the node's edges add up to.
  std::optional<Range> into(unsigned node);
  /// Of what the node passes on in any step, and before step 0.
  std::optional<Range> outOf(unsigned node);
  /// Whether spikes alone reach the node: mostly zeros.
  bool areEventsInto(unsigned node) const;

private:
  std::optional<Range> compute(unsigned node);
  std::optional<Range> inputOf(const OpNode &node);

  const OpGraph &flat;
  Element element;
  std::vector<nir::SignalKind> kinds; ///< of what each node passes on
  llvm::DenseMap<unsigned, std::optional<Range>> known;
};

} // namespace nirc
