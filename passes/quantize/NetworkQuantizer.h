//===- NetworkQuantizer.h - a network on its way to integers ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/quantize/Calibrate.h"
#include "passes/quantize/QuantizeBody.h"
#include "passes/quantize/QuantizeWeights.h"

#include "dialects/snn/Snn.h"

#include "llvm/ADT/MapVector.h"

#include <memory>
#include <optional>
#include <string>

namespace nirc {

/// What a signal stands for, and what it can be.
struct SignalInfo {
  PerNeuron scale = 1.0;
  Interval range{0, 1};
};

/// Quantizes one network in place: docs/formats.md. Its functions are in Quantize.cpp (the walk and
/// the report), QuantizeSignals.cpp, QuantizeConnections.cpp and QuantizePopulations.cpp.
class NetworkQuantizer {
public:
  NetworkQuantizer(snn::NetworkOp network, const QuantizationOptions &options)
      : network(network), format(options.format), options(options), builder(network.getContext()),
        isInteger(format.states == nir::StateArithmetic::Integer) {}

  llvm::LogicalResult run();
  QuantizationReport takeReport();

private:
  llvm::LogicalResult quantize(mlir::Operation *op);
  llvm::LogicalResult quantizeInput(snn::InputOp op);
  llvm::LogicalResult quantizeGroup(llvm::ArrayRef<mlir::Operation *> connections);
  llvm::LogicalResult quantizePopulation(snn::PopulationOp op);
  llvm::LogicalResult quantizeScale(snn::ScaleOp op);
  llvm::LogicalResult quantizePool(snn::PoolOp op);
  llvm::LogicalResult quantizeAdd(snn::AddOp op);
  llvm::LogicalResult quantizeReshape(snn::ReshapeOp op);
  llvm::LogicalResult quantizeDelay(snn::DelayOp op);
  llvm::LogicalResult closeCycle(snn::DelayOp op);

  /// A connection with a matrix or a kernel: its parts.
  struct Connection {
    mlir::Operation *op;
    Weights weights;
    double inputScale = 1.0;
    std::vector<double> free = {}; ///< scales of its result that its weights would have
    int exponent = 0;              ///< its weights are finer than those of the group by 2^exponent
  };
  Connection connectionOf(mlir::Operation *op);
  int finestExponent(llvm::MutableArrayRef<Connection> group);
  std::vector<double> groupScales(llvm::MutableArrayRef<Connection> group,
                                  llvm::SmallVector<snn::PopulationOp> driven);
  int doublingsFor(snn::PopulationOp readOut, llvm::MutableArrayRef<Connection> group,
                   double scale);
  llvm::LogicalResult finish(Connection &connection, std::vector<double> scales, int finest);
  bool mayBeByChannel(llvm::ArrayRef<Connection> group,
                      llvm::SmallVector<snn::PopulationOp> driven);

  /// What these can add up to.
  Interval sumOf(mlir::ValueRange signals) const;
  SignalInfo infoOf(mlir::Value signal) const;
  void setInfo(mlir::Value signal, SignalInfo info, int bits = 32);
  /// A rescale of `signal`, behind its definition, into that scale and at most that range.
  mlir::Value rescaled(mlir::Value signal, llvm::StringRef node, const PerNeuron &scale,
                       Interval most, int bits);
  /// The operand in one scale for all elements, of as few bits as weights are multiplied by.
  void narrow(mlir::OpOperand &operand);
  /// The operands in one scale.
  PerNeuron align(llvm::MutableArrayRef<mlir::OpOperand> operands,
                  const std::optional<PerNeuron> &wanted);
  const Observed *seen(mlir::Value signal) const;
  NodeReport &reportOf(mlir::Operation *op);
  void note(mlir::Operation *op, std::string text) {
    reportOf(op).notes.push_back(std::move(text));
  }

  snn::NetworkOp network;
  nir::NumberFormat format;
  const QuantizationOptions &options;
  mlir::OpBuilder builder;
  bool isInteger;
  Calibrated calibrated;
  llvm::DenseMap<mlir::Value, SignalInfo> infos; ///< of what is done; spikes need none
  llvm::DenseMap<mlir::Operation *, std::unique_ptr<BodyQuantizer>> bodies; ///< of populations
  llvm::MapVector<mlir::Operation *, NodeReport> reports;
};

/// The path of the node that an op belongs to.
inline llvm::StringRef nodeOf(mlir::Operation *op) {
  return op->getAttrOfType<mlir::StringAttr>("node").getValue();
}
/// Fails with a diagnostic where a sum of that range does not fit in 32 bits.
llvm::LogicalResult checkSum(mlir::Operation *op, Interval range);

} // namespace nirc
