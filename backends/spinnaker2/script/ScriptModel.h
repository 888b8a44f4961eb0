//===- ScriptModel.h - a network as py-spinnaker2's neurons -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What py-spinnaker2 is to compute: plain numbers, without MLIR.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/synapses/Synapses.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::spinnaker2 {

/// The parameters of py-spinnaker2's lif and lif_curr_exp, one a neuron. A step of them is
///     i = current_decay i + a                         a: the sum of the weights of its spikes
///     v = alpha_decay v + i + i_offset                of lif: a instead of i
///     spike where v > threshold, then v = v_reset, or v less threshold
/// s2_nir of the NIR paper, and its recordings.
struct NeuronParameters {
  bool hasCurrent = false; ///< lif_curr_exp, else lif
  bool spikes = true;      ///< else no v is above its threshold
  bool subtracts = false;  ///< reset_by_subtraction, else reset_to_v_reset
  std::vector<float> threshold, alphaDecay, offset, start, resetTo;
  std::vector<float> currentDecay; ///< exc_decay and inh_decay; empty without a current
};

struct ScriptPopulation {
  std::string node;
  nir::Shape shape;
  int32_t first = 0, count = 0; ///< of the model's neurons
  bool hasDelays = false;       ///< of its synapses: a model without _no_delay
  NeuronParameters neurons;
};

/// Delays are at most 7, and weights fit beside them. All read-outs are spikes or v.
struct ScriptModel : SynapseModel {
  std::vector<ScriptPopulation> populations; ///< by their first neuron
};

} // namespace nirc::spinnaker2
