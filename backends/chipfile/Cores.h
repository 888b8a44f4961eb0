//===- Cores.h - cores at work ----------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/chipfile/CoreNetwork.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::chipfile {

/// What a core did.
struct CoreCounts {
  int64_t updates = 0;  ///< of neurons
  int64_t spikes = 0;   ///< of its neurons
  int64_t messages = 0; ///< spikes of its neurons, each for each core that it reaches
  int64_t taken = 0;    ///< spikes that reached it
  int64_t events = 0;   ///< synapses that they went through
};

/// The network as the cores hold it: made once, for all samples.
struct Wiring {
  explicit Wiring(CoreNetwork network);

  struct Hit {
    int32_t core = 0, row = 0;
  };
  /// Where a source's spikes go.
  std::span<const Hit> hitsOf(int32_t source) const {
    auto at = static_cast<size_t>(source);
    return std::span(hits).subspan(first[at], first[at + 1] - first[at]);
  }
  /// Where a neuron is.
  struct Place {
    int32_t core = 0, group = 0, place = 0; ///< `place` counts through the group
  };

  CoreNetwork network;
  std::vector<size_t> first; ///< of each source in `hits`
  std::vector<Hit> hits;
  std::vector<Place> places;  ///< of each neuron
  std::vector<int64_t> slots; ///< of each core
};

/// One sample on all cores. Within a step every core works alone: what it takes are the spikes of
/// the step before.
class Cores {
public:
  explicit Cores(std::shared_ptr<const Wiring> wiring);

  void reset();
  /// One step; of each input the elements that spike in it, ascending.
  void step(std::span<const std::span<const uint32_t>> spikes);
  /// Of the last step, as many numbers as the readout's shape has. Zeros before the first.
  void read(size_t readout, std::span<double> values) const;
  /// The state of a readout, before the next step. What is not a whole number is rounded.
  void write(size_t readout, std::span<const double> values);
  /// All that steps change; `restore` is false, and changes nothing, where it is of other cores.
  std::string snapshot() const;
  bool restore(std::string_view snapshot);

  const std::vector<CoreCounts> &counts() const { return counted; }
  const std::vector<int64_t> &inputSpikes() const { return countedInputs; }

private:
  /// A group of a core at work.
  struct Group {
    std::vector<std::vector<int64_t>> states;
    std::vector<int64_t> passed; ///< on: spikes are 1
    std::vector<int64_t> bias;
    uint64_t nextBias = 0;
  };
  struct Work {
    std::vector<int64_t> sums; ///< by step, then place
    std::vector<Group> groups;
  };

  void deliver(int32_t source);
  void update(size_t core);
  void update(const CoreGroup &group, Group &work, std::span<int64_t> sums);
  template <typename Visit>
  static void visitMemory(auto &self, const Visit &visit);

  std::shared_ptr<const Wiring> wiring;
  std::vector<Work> works;
  std::vector<int32_t> sent;                   ///< sources that spiked in the last step
  int64_t now = 0;                             ///< the next step
  std::vector<std::vector<int64_t>> registers; ///< of an update, by value, for a block of neurons
  std::vector<CoreCounts> counted;
  std::vector<int64_t> countedInputs;
};

} // namespace nirc::chipfile
