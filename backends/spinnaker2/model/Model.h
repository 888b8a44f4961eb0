//===- Model.h - a network as programs, synapses and numbers ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the cores are to compute, before it is known on which ones: no MLIR from here on.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/synapses/Synapses.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::spinnaker2 {

/// In what a core keeps a number.
enum class Width : uint8_t { Int8, Int16, Int32, Float32 };
constexpr int64_t bytesOf(Width width) {
  return width == Width::Int8 ? 1 : width == Width::Int16 ? 2 : 4;
}

/// As update_columns of firmware/pe.h has it.
constexpr char letterOf(Width width) {
  return width == Width::Int8    ? 'b'
         : width == Width::Int16 ? 'h'
         : width == Width::Int32 ? 'w'
                                 : 'f';
}

/// Numbers of a population, one a neuron.
struct Column {
  std::string name; ///< "v"; of the neuron's parameters and its bias, too
  Width width = Width::Int32;
  std::vector<uint32_t> bits; ///< one a neuron, or one for all: two's complement, or a float's
  bool isState = false;       ///< it changes
  bool operator==(const Column &) const = default;
  uint32_t at(size_t neuron) const { return bits[bits.size() == 1 ? 0 : neuron]; }
};

/// What a neuron's update is, in C. Populations that have the same text share it.
struct Update {
  std::string text;                 ///< firmware/WriteUpdate.cpp; of the function's name it has %s
  std::vector<std::string> helpers; ///< that it calls, by name (backends/c/CExpressions.h)
  std::string columns;              ///< that it takes, by their letters
  int64_t bytes = 0;                ///< of its machine code, at most
  bool operator==(const Update &) const = default;
};

/// A bias that begins after the first step.
struct BiasChange {
  int64_t step = 0;
  int32_t neuron = 0; ///< of the population
  int64_t added = 0;
};

struct Population {
  std::string node;
  nir::Shape shape;
  int32_t first = 0, count = 0;     ///< of the model's neurons
  size_t update = 0;                ///< of the model
  std::vector<Column> columns;      ///< in the order in which the update takes them
  int64_t start = 0;                ///< the step before which it waits
  bool spikes = true;               ///< else it passes on numbers, which are a column
  std::optional<size_t> bias = {};  ///< a column of int32 or float32, where there are changes of it
  std::vector<BiasChange> changes;  ///< by step
  std::vector<int64_t> biases = {}; ///< of integers: what its update adds to sums from its start on
};

/// Where numbers that are read lie: a column of a population, for all its neurons.
struct Source {
  size_t population = 0, column = 0;
};

struct Model : SynapseModel {
  bool isFloat = false; ///< states are float32, and weights integers all the same
  std::vector<Update> updates;
  std::vector<Population> populations; ///< by their first neuron
  std::vector<Source> sources;         ///< of each readout that is not of spikes
  /// How many steps late each source sends its spikes; synapses have what is left of their delays.
  std::vector<int32_t> sendDelays;
  std::vector<bool> sends; ///< of populations: whether any of their spikes drives a neuron

  size_t populationOf(int32_t neuron) const {
    auto after = std::ranges::upper_bound(populations, neuron, {}, &Population::first);
    return static_cast<size_t>(after - populations.begin()) - 1;
  }
};

} // namespace nirc::spinnaker2
