//===- Emitter.h - loops and loads of a node's function ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/Lower.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace nirc::cpu {

/// Writes the function of one node. Arrays are flat; signals are read as numbers of the network's
/// element type.
class Emitter {
public:
  /// `parameters` collects the weight arrays; the module is where their memref.globals go.
  Emitter(mlir::ModuleOp module, const Layout &layout, mlir::Type element,
          std::vector<Parameter> &parameters)
      : builder(module.getContext()), module(module), layout(layout), element(element),
        parameters(parameters) {}

  /// Starts `func.func private @name(%arena)`; `finish` ends it.
  mlir::func::FuncOp begin(mlir::Location loc, llvm::StringRef name);
  void finish();

  mlir::Value index(int64_t value);
  mlir::Value number(double value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  /// a * factor + b for indices.
  mlir::Value flat(mlir::Value a, int64_t factor, mlir::Value b);

  /// `for i in [from, to)`.
  void loop(mlir::Value from, mlir::Value to, llvm::function_ref<void(mlir::Value)> body);
  void loop(int64_t count, llvm::function_ref<void(mlir::Value)> body);
  void when(mlir::Value condition, llvm::function_ref<void()> body);

  /// `body` from step `start` on.
  void from(int64_t start, llvm::function_ref<void()> body);
  /// Whether this step is `start` or later.
  mlir::Value hasStarted(int64_t start);
  /// Counts this step.
  void advanceClock();

  /// The array of a slot in the arena.
  mlir::Value array(const Slot &slot);
  mlir::Value array(mlir::Value signal) { return array(layout.signals.lookup(signal)); }
  mlir::Value load(mlir::Value array, mlir::Value at);
  void store(mlir::Value value, mlir::Value array, mlir::Value at);
  /// Element `at` of a signal's array as a number: a spike is 1.
  mlir::Value loadNumber(mlir::Value array, mlir::Value at);
  mlir::Value isNonZero(mlir::Value number);

  /// A weight array. Reading it gives numbers of the element type, whatever the dtype of the file.
  struct Weights {
    mlir::Value array; ///< null where all values are `uniform`
    mlir::Value uniform;
  };
  Weights weights(mlir::ElementsAttr values);
  mlir::Value loadWeight(const Weights &weights, mlir::Value at);
  /// An array of 64-bit integers that lies beside the weights.
  mlir::Value integers(mlir::DenseIntElementsAttr values) {
    return symbolArray(values, builder.getI64Type());
  }

  mlir::OpBuilder builder;
  mlir::ModuleOp module;
  const Layout &layout;
  mlir::Type element;

private:
  mlir::Value symbolArray(mlir::ElementsAttr values, mlir::Type stored);

  std::vector<Parameter> &parameters;
  llvm::DenseMap<mlir::Attribute, unsigned> symbolOf;
  mlir::Value arena;
  mlir::Location loc = builder.getUnknownLoc();
};

/// The body of the function of one op, one for each kind of op.
void emitPopulation(Emitter &emit, snn::PopulationOp op);
void emitDense(Emitter &emit, snn::DenseOp op);
void emitConv(Emitter &emit, snn::ConvOp op);
void emitPool(Emitter &emit, snn::PoolOp op);
void emitScale(Emitter &emit, snn::ScaleOp op);
void emitAdd(Emitter &emit, snn::AddOp op);
void emitDelayRead(Emitter &emit, snn::DelayOp op);
/// What a delay does at the end of the step.
void emitDelayWrite(Emitter &emit, snn::DelayOp op);

} // namespace nirc::cpu
