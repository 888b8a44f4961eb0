//===- Core.h - one core of the chip model ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/image/Image.h"

#include <span>
#include <string>
#include <variant>

namespace nirc::loihi2 {

/// What a core of the image holds, laid out for its loops. Only read: the states of all samples
/// share it.
struct CoreTables {
  explicit CoreTables(const Image::Core &core);

  size_t count() const { return keepsU.size(); }

  // Of each compartment: how much of u and v is left after a step, of 4096; bias and threshold.
  std::vector<int32_t> keepsU, keepsV, bias, threshold;
  std::vector<int32_t> firstU, firstV; ///< before step 0

  /// What a message does through a synapse: it adds the weight to a sum that is read some steps
  /// later.
  struct Effect {
    uint32_t place; ///< delay * count() + compartment
    int32_t weight;
  };
  std::vector<Effect> effects;
  std::vector<uint32_t> firstEffect; ///< of each axon, and their number
  uint32_t slots = 1;                ///< steps whose sums are open at a time
  /// Whether u stays within 24 bits: no step adds more than one wrap takes away.
  bool uIsNarrow = true;
};

/// What happened on a core.
struct CoreCounts {
  int64_t spikes = 0;     ///< of its neurons
  int64_t messages = 0;   ///< that arrived, from inputs, from other cores and its own
  int64_t operations = 0; ///< weights added
  bool operator==(const CoreCounts &) const = default;
};

/// The state of a core. In a step it first advances, and then takes the messages of that step's
/// spikes.
class Core {
public:
  explicit Core(const CoreTables &tables);

  /// Back to before step 0; counts go on.
  void reset();
  void advance();
  /// Before the messages of a step.
  void startReceiving() { operationsAtStart = counted.operations; }
  void receive(uint32_t axon);

  // Of the last step.
  const std::vector<uint32_t> &fired() const { return spiking; }
  bool spiked(size_t n) const { return spikes[n] != 0; }
  int64_t v(size_t n) const { return voltages[n]; }
  int64_t u(size_t n) const;
  // Before the next step. The caller keeps to 24 bits.
  void setV(size_t n, int32_t value) { voltages[n] = value; }
  void setU(size_t n, int32_t value);

  /// All that steps change but counts, appended to `to`.
  void save(std::string &to) const;
  size_t savedBytes() const;
  /// Takes `savedBytes()` bytes.
  void load(const char *from);
  /// Since `startReceiving`.
  int64_t operationsOfStep() const { return counted.operations - operationsAtStart; }

  const CoreCounts &counts() const { return counted; }
  void forgetCounts() { counted = {}; }

private:
  void collectFired();

  const CoreTables *tables;
  std::variant<std::vector<int32_t>, std::vector<int64_t>> currents;
  std::vector<int32_t> voltages;
  std::vector<uint8_t> spikes;
  std::vector<uint32_t> spiking;
  /// Sums of weights, a ring of a row of compartments for each step from the next on. The reader
  /// of images proves that they fit.
  std::vector<int32_t> sums;
  uint32_t row = 0; ///< of the next step
  CoreCounts counted;
  int64_t operationsAtStart = 0;
};

} // namespace nirc::loihi2
