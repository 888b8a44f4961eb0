//===- Machine.h - chips at work -----------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/machine/Cores.h"
#include "backends/spinnaker2/machine/Loaded.h"

#include <memory>
#include <span>
#include <vector>

namespace nirc::spinnaker2 {

/// What a core did, over all its steps.
struct CoreCounts {
  int64_t spikes = 0, packets = 0;             ///< sent
  int64_t taken = 0, unwanted = 0, events = 0; ///< packets with and without a row, synapses
  uint64_t packetInstructions = 0, updateInstructions = 0, mostInstructions = 0; ///< of a step
  void add(const CoreCounts &other);
};

struct MachineCounts {
  int64_t steps = 0;
  bool hasInstructions = false;
  std::vector<CoreCounts> cores;
  std::vector<int64_t> inputSpikes; ///< of the inputs
  void add(const MachineCounts &other);
};

/// Elements that spike in a step, of each input.
using InputSpikes = std::vector<std::span<const uint32_t>>;

/// A core at which a packet arrives, and how many synapses that drives there.
struct PacketTarget {
  uint32_t core = 0, synapses = 0;
};

/// Cores, and packets on their way between them. One thread at a time.
class Machine {
public:
  /// Boots all cores. They begin before the first step.
  static nir::Result<std::unique_ptr<Machine>> start(std::shared_ptr<const Loaded> loaded,
                                                     CoreMachine &cores);

  /// Back to before the first step.
  nir::Status reset();
  nir::Status step(const InputSpikes &inputs);

  /// Of the last step; before the first one spikes are 0, and numbers what they begin with.
  nir::Status read(size_t readout, std::span<double> values);
  nir::Status write(size_t readout, std::span<const double> values);

  /// All that steps change, and back to it: false where it is not of such a machine.
  nir::Result<std::string> save();
  nir::Result<bool> restore(std::string_view saved);

  /// Whether every packet arrived, and what was counted since the last call; an error names the
  /// core that misses some.
  nir::Result<MachineCounts> takeCounts();

  /// How many instructions a step of a core may take, where they are counted; 0: any number.
  void limitSteps(uint64_t instructions) { mostInstructions = instructions; }

  /// For tests: the packet of that number that is on its way is lost, as a network may do.
  void losePacket(int64_t number) { lost = number; }
  int64_t sentSoFar() const { return sent; }

private:
  explicit Machine(std::shared_ptr<const Loaded> loaded);
  /// Numbers of a readout that lie in a row in a core.
  struct Piece {
    size_t core = 0;
    uint32_t offset = 0;
    Width width = Width::Int32;
    std::vector<size_t> elements; ///< of the readout
  };
  void findTargets();
  void findPieces();
  void send(std::span<const PacketTarget> targets, uint32_t key);
  void sendInputs(const InputSpikes &inputs);
  nir::Status finish(size_t core);
  nir::Error atCore(nir::Error error, size_t core) const;

  std::shared_ptr<const Loaded> loaded;
  std::vector<std::unique_ptr<RunningCore>> cores;
  std::vector<std::vector<std::vector<PacketTarget>>> targets;      ///< by core and place
  std::vector<std::vector<std::vector<PacketTarget>>> inputTargets; ///< by input and element
  std::vector<std::vector<Piece>> pieces;                           ///< of the readouts of numbers
  std::vector<std::vector<uint32_t>> coming; ///< keys for the next step, by core
  /// Spikes of inputs that wait, by how many steps.
  struct Late {
    uint32_t input = 0, element = 0;
  };
  std::vector<std::vector<Late>> waiting;
  std::vector<StepAnswer> answers;
  std::vector<std::vector<uint8_t>> spiked; ///< by core and place
  std::vector<int64_t> expected;            ///< packets that each core has to have had
  std::vector<Instructions> before;         ///< of the last step
  MachineCounts counts;
  int64_t steps = 0, sent = 0, lost = -1;
  uint64_t mostInstructions = 0;
};

} // namespace nirc::spinnaker2
