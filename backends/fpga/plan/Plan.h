//===- Plan.h - what a network becomes --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A design is units that pass events to each other. An event is an element of a signal and its
// number, elements that are 0 are not sent, and a mark ends each step. What is linear (weights,
// windows, sums) is not computed where the network has it: each event is spread, when it arrives,
// over the sums that it is in. So a unit has a memory of sums, terms that spread events into it,
// and, when all terms have seen the end of the step, a sweep over its elements, in which each sum
// goes through the body of the population.
//
// Integers add up in any order to the same number, so the order of events does not matter, and a
// sum that wraps on its way is right at its end.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::fpga {

/// Events of one signal, each element once a step at most.
struct Stream {
  std::string name; ///< of the node that sends them
  nir::Shape dims;  ///< of the addresses, which are packed coordinates (Design.h)
  int64_t least = 0, most = 1;

  int64_t elements() const;
  int addressBits() const;
  /// Of a signed number; none where every event is a 1.
  int valueBits() const;
};

/// Where the sums of a unit lie: a word has `lanes` neighbours along one dimension.
struct Layout {
  nir::Shape dims;
  std::vector<int> order; ///< dimensions from the slowest; the last is that of the lanes
  int64_t lanes = 1;      ///< a power of two

  int lanesDim() const { return order.back(); }
  int64_t blocks() const; ///< words along the dimension of the lanes
  int64_t words() const;
  /// Words between neighbours in a dimension, or between blocks in that of the lanes.
  int64_t stride(int dim) const;
  int64_t elements() const;
  /// The element, row-major, that is swept `place`th.
  int64_t elementAt(int64_t place) const;
  /// The word and the lane of an element.
  std::pair<int64_t, int64_t> placeOf(int64_t element) const;
};

/// Spreads the events of a stream over the sums of a unit. For each combination of entries, one
/// from each dimension's list for the event's coordinate, and each block, a word of weights is
/// added:
///     weight word = sum of the entries' `weight` + block
///     sum word    = sum of the entries' `sum` + block * blockStride
struct Term {
  struct Entry {
    int64_t weight = 0, sum = 0;
  };
  /// What a coordinate means. Without entries: coordinate c has the one entry c times `each`.
  struct Axis {
    Entry each;
    std::vector<std::vector<Entry>> entries;
    bool isTable() const { return !entries.empty(); }
    size_t mostEntries() const;
  };

  std::string name; ///< of the connection's node
  size_t stream = 0;
  std::vector<Axis> axes; ///< one a dimension of the stream
  int64_t blocks = 1, blockStride = 0;
  /// Weights by word and lane, words of `lanes`. Empty: all are 1, and the event goes to one lane,
  /// the last `laneBits` bits of the coordinate in `laneDim`, which its axis does not count.
  std::vector<int64_t> weights;
  int64_t lanes = 1;
  bool isLane = false;
  int laneDim = -1, laneBits = 0;
  int64_t factor = 1; ///< of every event, where there are no weights
};

/// A population, a rescale, or sums that something needs in full.
struct Unit {
  std::string name;
  snn::PopulationOp population; ///< null: its sums are passed on as they are
  Layout layout;
  std::vector<Term> terms;
  std::vector<int64_t> bias;         ///< by element, added to the sums in a sweep; empty: none
  int64_t sumLeast = 0, sumMost = 0; ///< of a sum with its bias
  size_t result = 0;                 ///< stream

  /// What its elements are, for people: a population without states makes numbers of its sums.
  std::string_view elementNoun() const {
    return !population                                         ? "sums"
           : snn::PopulationOp(population).getStates().empty() ? "numbers"
                                                               : "neurons";
  }
};

/// Numbers of a stream through a population without states, one by one: a rescale that no sum comes
/// before.
struct Map {
  snn::PopulationOp population;
  size_t from = 0, to = 0;
};

/// A signal some steps ago.
struct Delay {
  std::string name;
  std::vector<int64_t> steps; ///< one, or one an element
  int64_t start = 0;
  size_t from = 0, to = 0;
};

/// Events from or to the outside.
struct Port {
  std::string name;
  size_t stream = 0;
};

struct Plan {
  std::vector<Stream> streams;
  std::vector<Port> inputs;  ///< as the network's snn.inputs
  std::vector<Port> outputs; ///< as its snn.outputs, then its records of signals
  std::vector<Unit> units;
  std::vector<Map> maps;
  std::vector<Delay> delays;
};

struct PlanOptions {
  int64_t lanes = 0;      ///< sums that are added to at once; 0: chosen
  int64_t mostLanes = 16; ///< of those that are chosen
};

/// Of a network of integers, which becomes one without rescales: those are populations then. Fails
/// with a diagnostic, by node.
llvm::FailureOr<Plan> makePlan(snn::NetworkOp network, const PlanOptions &options);

} // namespace nirc::fpga
