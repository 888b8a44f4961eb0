//===- QuantizeBody.h - a neuron's update in integers -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The body of a population, from float64 to integers. Nothing is known of neurons: a state gets the
// unit in which what drives it can be added as it is, and each product with a constant becomes a
// multiplication and a shift. docs/formats.md, "States".

#pragma once

#include "passes/quantize/FixedPoint.h"

#include "llvm/ADT/DenseMap.h"

namespace nirc {

/// The elements of a signal, as neurons of their channels.
Neurons neuronsOf(mlir::Value signal);

/// What a state of a population becomes.
struct QuantizedState {
  llvm::StringRef name;
  PerNeuron scale = 1.0;
  Interval range;                    ///< proven
  bool canOverflow = false;          ///< the range is that of its bits
  int fractionBits = 0;              ///< below the unit of the sums
  bool isMembrane = false;           ///< it is held against a threshold, or passed on
  std::optional<PerNeuron> keeps;    ///< the share of it that stays in a step
  std::optional<PerNeuron> keepsNow; ///< the share that stays now
};

/// Of a population: reads its body, chooses units, and writes it anew.
class BodyQuantizer {
public:
  /// `op` has a body of float64.
  BodyQuantizer(snn::PopulationOp op, const nir::NumberFormat &format, uint64_t stream);

  /// Understands the body. Fails, with a diagnostic, where it has no integer form.
  llvm::LogicalResult read();
  /// The factor between the sum of the inputs and the membrane: what an input of 1 adds to it, in
  /// the end.
  PerNeuron gain() const;
  /// The largest threshold.
  double threshold() const;
  /// Where numbers are passed on, the most that they can become for a sum of inputs of at most
  /// `input`, without rounding and limits; without end where nothing leaks.
  PerNeuron reach(double input) const;
  /// Chooses the units of the states for inputs of that unit and range. `seen` has for each state
  /// the largest absolute value in a calibration, or nothing.
  void plan(const PerNeuron &inputScale, Interval inputRange,
            llvm::ArrayRef<std::optional<double>> seen);
  /// Writes the body.
  void rewrite();

  llvm::ArrayRef<QuantizedState> states() const { return planned; }
  /// Neurons with a threshold other than 0 whose integer is 0.
  int64_t vanishedThresholds() const { return vanished; }
  /// What is passed on, where that is numbers.
  const PerNeuron &resultScale() const { return passedOn.scale; }
  Interval resultRange() const { return passedOn.range; }
  /// The sum of the inputs, as it is bounded before it is used.
  bool inputCanOverflow() const { return inputOverflows; }

private:
  /// What a value of the float body is made of: a sum of atoms, each times a constant, and a
  /// constant. Atom 0 is u, 1 + i is state i before the step, 1 + states + i after it.
  struct Form {
    llvm::SmallVector<std::optional<PerNeuron>> factors;
    PerNeuron constant = 0.0;
  };
  /// A value of the new body: a number, a truth, or a quotient of which only the whole part is
  /// asked.
  struct Term {
    std::optional<Fixed> number, divisor;
    mlir::Value truth;
    int atom = -1; ///< of a product with a constant: the argument, 0 for u, 1 + i for state i
  };

  unsigned stateCount() const { return count; }
  void rewriteInitial(bool isInteger, bool isRandom);
  void noteVanished(const PerNeuron &threshold, const PerNeuron &scale);
  mlir::Value yielded(unsigned i);
  std::optional<Form> formOf(mlir::Value value, unsigned known);
  std::optional<PerNeuron> constantOf(mlir::Value value);
  void mark(mlir::Value value, int state);
  void collectConstants();
  llvm::LogicalResult check();
  void chooseScale(unsigned state, std::optional<double> seen);
  double driveOf(unsigned state) const;
  bool evaluate(); ///< all ranges for those of the states; whether the states' hold
  void findRanges();

  Term term(mlir::Value value);
  Term translate(mlir::Operation *op);
  Fixed number(mlir::Value value, const PerNeuron &scale, int state);
  Fixed operand(mlir::Value value);
  Fixed wholeConstant(const PerNeuron &real, const PerNeuron &scale, int step,
                      llvm::StringRef name);
  Fixed bias(const PerNeuron &real, const PerNeuron &scale, llvm::StringRef name);
  Term sum(mlir::Operation *op, bool minus);
  Term product(mlir::Operation *op);
  Term comparison(mlir::arith::CmpFOp op);
  Term selection(mlir::arith::SelectOp op);
  Term maximum(mlir::Operation *op, bool isMaximum);
  bool isRoot(mlir::Operation *op);
  Fixed kept(const Fixed &x, unsigned state);
  llvm::StringRef nameOf(mlir::Value value);

  snn::PopulationOp op;
  unsigned count; ///< of states
  const nir::NumberFormat &format;
  Neurons neurons;
  uint64_t stream;
  mlir::Block &body;
  llvm::SmallVector<Form> forms;            ///< of the new states
  llvm::DenseMap<mlir::Value, int> targets; ///< in whose scale a value is computed
  llvm::SmallVector<double>
      thresholds; ///< the largest constant that a state is held against or set to
  llvm::SmallVector<std::optional<PerNeuron>> thresholdOf;
  std::vector<QuantizedState> planned;
  int64_t vanished = 0;
  llvm::SmallVector<double> seenLargest;
  PerNeuron inputScale;
  Interval inputRange;
  bool inputOverflows = false;
  Fixed passedOn;
  llvm::SmallVector<Interval> yieldedRanges;
  llvm::SmallVector<bool>
      reached; ///< of each state, whether its sum reaches the limits of its bits
  std::unique_ptr<FixedPoint> fixed;
  llvm::DenseMap<mlir::Value, Term> terms;
};

} // namespace nirc
