//===- Keep.h - numbers of neurons that can be changed ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/plan/Layout.h"

#include <string>
#include <vector>

namespace nirc::cpu {

/// A number of the neurons of a node that the code reads from memory: one for all of them, or one
/// for each, in the order of the population's arrays.
struct KeptNumber {
  std::string node, name; ///< "lif1", "v_threshold"
  std::string symbol;     ///< of the parameter
  bool isUniform = false;
  int64_t neurons = 0;
  std::optional<ChannelsLast> order = std::nullopt; ///< as a Port has it
  /// How it follows from the model's number: see snn::Coefficient.
  std::vector<double> divisor = {}, less = {};
};

/// Makes parameters of the constants by which neurons spike, of a network of floats: `v_threshold`,
/// `v_drop`, by which a spike lowers v, and `threshold` of a Threshold node.
void keepThresholds(snn::NetworkOp network);

/// Whether a parameter is one of them.
bool isThreshold(llvm::StringRef parameter);

} // namespace nirc::cpu
