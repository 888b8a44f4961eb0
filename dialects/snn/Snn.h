//===- Snn.h - the snn dialect ----------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The snn dialect: networks that advance in steps of dt. docs/semantics.md says what a step
// computes.

#pragma once

#include "ir/choices/NumberFormat.h"
#include "ir/choices/Semantics.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace snn {
/// Names the result of a node op after its node, for IR that a person reads.
void nameResults(mlir::Operation *op, mlir::OpAsmSetValueNameFn setName);
/// Whether an element type is one of a network of i32.
bool isInteger(mlir::Type element);
/// Whether a tensor type can be a signal's: no empty dimension, at most 2^40 elements, no encoding,
/// and one scale or one a channel.
bool isSoundTensor(mlir::Type type);
} // namespace snn

#include "dialects/snn/SnnDialect.h.inc"
#include "dialects/snn/SnnEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/snn/SnnAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/snn/SnnTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/snn/SnnOps.h.inc"

namespace snn {

/// The shape of a signal: of `!snn.spikes<...>` or of a tensor.
llvm::ArrayRef<int64_t> shapeOf(mlir::Type signal);
/// Its number of elements.
int64_t elementsOf(mlir::Type signal);
bool isSpikes(mlir::Type signal);

/// What the elements of a signal of a network of i32 can be, both included: 0 and 1 for spikes.
struct IntegerRange {
  int64_t least = 0, most = 1;
};
IntegerRange integerRange(mlir::Type signal);
/// What an element of a channel stands for, divided by itself: one value, or one a channel (the
/// first dimension). 1 for spikes and floats.
llvm::SmallVector<double> scalesOf(mlir::Type signal);
/// A tensor of integers: of `bits` with that range and those scales, one or one a channel.
mlir::RankedTensorType integerTensor(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> shape,
                                     llvm::ArrayRef<double> scales, unsigned bits,
                                     IntegerRange range);

/// An error at `op` that starts with "node '<name>': ".
mlir::InFlightDiagnostic nodeError(mlir::Operation *op);

/// What each state of a population is before the first update; null: 0.
llvm::SmallVector<mlir::ElementsAttr> initialOf(PopulationOp population);
/// `values` are one a state, null or of the neurons, in the network's element type. The attribute
/// is no inherent one, so that networks that were written before there was any are read as ever.
void setInitial(PopulationOp population, llvm::ArrayRef<mlir::ElementsAttr> values);

} // namespace snn
