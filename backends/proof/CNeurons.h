//===- CNeurons.h - where C has what a population needs ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CSyntax.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nirc::proof {

/// What an array is of which a function that advances neurons takes an element for each.
struct CArray {
  enum class Role {
    State,  ///< of number `number`
    Input,  ///< numbers of the input of that number
    Bits,   ///< of an input's spikes, 32 in a word
    Sums,   ///< what inputs add up to without biases; 0 when it was read
    Table,  ///< numbers that stay as they are
    Result, ///< what the population passes on
    Spikes, ///< the same as bits
    List    ///< the same as the numbers of those that spike
  };
  Role role = Role::State;
  size_t number = 0;
  c::Type type = {};                 ///< of an element as who wrote it has it in memory
  std::vector<int64_t> numbers = {}; ///< of a table that is not in the text, one a neuron
};

/// Where a function of C has what it needs of a population.
struct CNeurons {
  std::string function;
  /// By what they are called: "net->lif1_v"; of what the function declares to point there by the
  /// expression of what it starts with: "(data + p->columns[0])".
  std::map<std::string, CArray, std::less<>> arrays;
  /// What is added to the sums of each neuron; empty: nothing.
  std::vector<int64_t> bias = {};
  /// What stands for the number of neurons, and for the number of the first one: "p->neurons".
  std::string count = {}, first = {};
  /// The function itself waits for the step in which the population starts.
  bool waits = false;
  /// The state that is passed on, where that has no array of its own.
  std::optional<size_t> passedOn = {};
};

} // namespace nirc::proof
