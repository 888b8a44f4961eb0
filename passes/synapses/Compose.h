//===- Compose.h - connections as synapses ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/synapses/Synapses.h"

#include "dialects/snn/Snn.h"

#include <map>
#include <memory>

namespace nirc {

/// The source of biases: what spikes in every step from step 0 on.
constexpr int32_t biasSource = -1;

/// A signal as what it is made of: for each element a sum of spikes, each times a weight and some
/// steps late. Of a synapse's fields `delay` is then all of the delay. A constant is such a spike,
/// too, of `biasSource`.
struct Composed {
  std::vector<std::vector<Synapse>> terms;

  explicit Composed(size_t elements) : terms(elements) {}
};

/// What a platform has of synapses, and its words in diagnostics.
struct SynapseLimits {
  llvm::StringRef platform;   ///< "Loihi 2"
  llvm::StringRef semantics;  ///< the preset that fits it
  llvm::StringRef weightForm; ///< what a weight is there: "a mantissa of 8 bits"
  int64_t longestDelay = 0;   ///< in steps, beyond the one that every spike takes
  int64_t largestWeight = 0;  ///< and the opposite of it
};

/// Sorts by source and delay, adds up what is there twice, and leaves out zeros.
void settle(std::vector<Synapse> &terms);

/// Takes the biases out of what one neuron of a population that waits for step `start` gets: what
/// is added up in every step from the keys on.
std::map<int64_t, int64_t> takeBiases(std::vector<Synapse> &terms, int64_t start);

/// The terms of one neuron of `op` as the synapses of a platform, by source and delay, none twice.
/// Fails with a diagnostic where the platform has no such weight or delay.
llvm::LogicalResult asSynapses(snn::PopulationOp op, std::vector<Synapse> &terms,
                               const SynapseLimits &limits);

/// Goes from signals back to spikes, through all that is linear. Exact, or refused.
class Composer {
public:
  /// The spikes of inputs and populations, by the number of their first element.
  using Sources = llvm::DenseMap<mlir::Value, int32_t>;
  Composer(const Sources &sources, llvm::StringRef platform)
      : sources(sources), platform(platform) {}

  /// What the signal is made of; terms are sorted, none is 0 and none there twice. The pointer is
  /// valid until the next call. Fails with a diagnostic.
  llvm::FailureOr<const Composed *> compose(mlir::Value signal);

  /// The sum of all that drives a population, term by term: not settled, as several inputs can have
  /// the same. Fails with a diagnostic.
  llvm::FailureOr<Composed> driveOf(snn::PopulationOp op);

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
  llvm::StringRef platform; ///< in diagnostics
  std::vector<std::pair<snn::DelayOp, Synapse>> late;
  /// Null while a signal is being composed: who asks then is part of a loop.
  llvm::DenseMap<mlir::Value, std::unique_ptr<Composed>> done;
};

} // namespace nirc
