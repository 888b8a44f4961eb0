//===- ClockedModel.h - a network that is clocked already -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Inputs.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Semantics.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

class FrontEnd;

/// A network of the snn dialect from a file, as `nirc quantize` writes it: its semantics, its step
/// and its numbers are settled.
struct ClockedModel {
  /// One op of a step.
  struct Node {
    std::string node, kind; ///< "fc1", "dense"
    nir::Shape shape;       ///< of what it passes on
    bool isSpikes = false;
    std::string numbers;             ///< their type, as the IR has it; empty for spikes
    std::vector<std::string> states; ///< of a population
    int64_t weights = 0;             ///< of them and of biases
  };

  std::shared_ptr<FrontEnd> frontEnd; ///< holds the network, as a Job takes it
  nir::Semantics semantics;           ///< with its step
  std::string element;                ///< "i32", "f32" or "f64"
  std::optional<nir::NumberFormat> format;
  std::vector<InputPort> inputs, outputs;
  std::vector<Node> nodes; ///< in the order of a step
  int64_t neurons = 0;
  /// Where the file's name of a semantics or a format means something else today.
  std::vector<std::string> drift;
  /// What can be recorded, by node.
  std::map<std::string, std::vector<std::string>> observables;

  /// "steps of 1 ms, semantics nir, in int8".
  std::string text() const;
};

/// Of the clocked network that it holds.
ClockedModel describe(const std::shared_ptr<FrontEnd> &frontEnd);

} // namespace nirc
