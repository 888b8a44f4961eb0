//===- NetworkBuilder.h - from nodes to the ops of a network ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Ops.h"
#include "dialects/snn/Snn.h"
#include "ir/choices/Semantics.h"

#include "mlir/IR/Builders.h"

namespace nirc {

/// What the ops of one network are built with.
struct NetworkBuilder {
  mlir::OpBuilder &builder;
  const nir::Semantics &semantics;
  mlir::FloatType element;

  /// `signal` in that shape, with as many elements; a snn.reshape of `node` where the shape
  /// differs.
  mlir::Value inShape(mlir::Value signal, llvm::ArrayRef<int64_t> shape, llvm::StringRef node,
                      mlir::Location loc);
  /// A weight as the network reads it: f32 and f64 as they are in the file, the rest as `element`.
  mlir::ElementsAttr weight(mlir::ElementsAttr values);
  /// One value an element, rounded to `element`.
  mlir::ElementsAttr values(llvm::ArrayRef<double> values);
  mlir::RankedTensorType numbers(llvm::ArrayRef<int64_t> shape);
};

/// The population of a neuron node, which passes on `shape`. Null, after a diagnostic, where the
/// semantics cannot be applied. With `isAhead`, for spike-test=old, it passes on the spikes of the
/// next step.
mlir::Value buildPopulation(NetworkBuilder &network, nir::HybridSystemOpInterface node,
                            llvm::StringRef path, mlir::ValueRange inputs,
                            llvm::ArrayRef<int64_t> shape, bool isAhead);
/// z = u > threshold: a population without states.
mlir::Value buildThreshold(NetworkBuilder &network, nir::ThresholdOp node, llvm::StringRef path,
                           mlir::ValueRange inputs, llvm::ArrayRef<int64_t> shape);
/// The connection of a stateless node other than Threshold, Flatten, Input and Output.
mlir::Value buildConnection(NetworkBuilder &network, mlir::Operation *node, llvm::StringRef path,
                            mlir::Value input, llvm::ArrayRef<int64_t> shape);

} // namespace nirc
