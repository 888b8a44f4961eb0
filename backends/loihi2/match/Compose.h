//===- Compose.h - connections as synapses ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"

#include "dialects/snn/Snn.h"

namespace nirc::loihi2 {

/// The source of biases: what spikes in every step from step 0 on.
constexpr int32_t always = -1;

/// A signal as what it is made of: for each element a sum of spikes, each times a weight and some
/// steps late. Of a synapse's fields `delay` is then all of the delay. A constant is such a spike,
/// too, of `always`.
struct Composed {
  std::vector<std::vector<Synapse>> terms;

  explicit Composed(size_t elements) : terms(elements) {}
};

/// Sorts by source and delay, adds up what is there twice, and leaves zeros away.
void settle(std::vector<Synapse> &terms);

/// Goes from signals back to spikes, through all that is linear. Exact, or refused.
class Composer {
public:
  /// The spikes of inputs and populations, by the number of their first element.
  using Sources = llvm::DenseMap<mlir::Value, int32_t>;
  explicit Composer(const Sources &sources) : sources(sources) {}

  /// What the signal is made of; terms are sorted, none is 0 and none there twice. The pointer is
  /// valid until the next call. Fails with a diagnostic.
  llvm::FailureOr<const Composed *> compose(mlir::Value signal);

  /// Delays that take what their signal was before some step as 0, and each spike that their signal
  /// is made of, with its delay up to there: it must not come before that step. Biases wait for it
  /// by themselves.
  const std::vector<std::pair<snn::DelayOp, Synapse>> &lateDelays() const { return late; }

private:
  llvm::FailureOr<Composed> make(mlir::Value signal);
  llvm::FailureOr<Composed> dense(snn::DenseOp op);
  llvm::FailureOr<Composed> conv(snn::ConvOp op);
  llvm::FailureOr<Composed> pool(snn::PoolOp op);
  llvm::FailureOr<Composed> rescale(snn::RescaleOp op);
  llvm::FailureOr<Composed> delay(snn::DelayOp op);

  const Sources &sources;
  std::vector<std::pair<snn::DelayOp, Synapse>> late;
  /// Null while a signal is being composed: who asks then is part of a loop.
  llvm::DenseMap<mlir::Value, std::unique_ptr<Composed>> done;
};

} // namespace nirc::loihi2
