//===- Chip.h - the chip, as far as its results go --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/loihi2/chip/Core.h"
#include "ir/recording/Recording.h"

#include <memory>
#include <span>

namespace nirc::loihi2 {

/// What happened on the chip.
struct ChipCounts {
  int64_t steps = 0;
  std::vector<int64_t> inputSpikes; ///< of each input
  int64_t spikes = 0;               ///< of neurons
  int64_t messages = 0;             ///< spikes that arrived at a core, those of inputs included
  int64_t synapticOperations = 0;   ///< weights added
  /// The weights that were added in the core with most of them in a step, added up over the steps:
  /// what the others wait for.
  int64_t slowestOperations = 0;
  std::vector<CoreCounts> cores;

  void add(const ChipCounts &other);
  bool operator==(const ChipCounts &) const = default;
};

/// For each input the elements that spike in a step.
using InputSpikes = std::vector<std::span<const uint32_t>>;

/// Executes an image, to the bit: cores that advance together, a barrier after each step, and
/// spikes as messages in between. A step of one chip can be shared by threads; chips of one image
/// share nothing that changes.
class Chip {
public:
  explicit Chip(Image image);
  /// Another one of the same image, silent, that has counted nothing.
  Chip another() const { return Chip(program); }

  /// Back to the state before step 0: silent, u and v as the image has them.
  void reset();
  void step(const InputSpikes &inputs);
  /// The same. `spikes`: for each input, a 0 or 1 for each of its elements.
  void step(std::span<const std::vector<double>> spikes);
  /// Of the last step: spikes as 0 and 1, states times their scales.
  void read(const Image::Readout &readout, std::vector<double> &values) const;

  /// What a state is before the next step: the numbers over their scales, rounded to nearest and
  /// brought into the chip's 24 bits.
  void write(const Image::Readout &state, std::span<const double> values);
  /// All that steps change but counts, and back from it.
  std::string save() const;
  /// False, and nothing changed, where these are not as many bytes as `save` gives.
  bool load(std::string_view saved);

  /// The cores that are one thread's.
  struct Share {
    std::vector<uint32_t> cores;
    std::vector<bool> has; ///< of each core
  };
  /// One of `parts` that together are all cores, each about as much work as the others: by what the
  /// cores have done in `steps` since counts were forgotten, or before that by what they hold.
  Share share(int64_t part, int64_t parts, int64_t steps = 0) const;
  // A step of several threads is these three, with a barrier after each of the first two. Between
  // `advance` and the next one all may `read`.
  void advance(const Share &mine);
  void deliver(const Share &mine, const InputSpikes &inputs);
  /// By one of them, at any time before it delivers again.
  void finishStep(const InputSpikes &inputs);

  const Image &contents() const { return program->image; }
  /// Since it was made, or `forgetCounts`.
  ChipCounts counts() const;
  void forgetCounts();
  /// Adds what another one has counted.
  void addCounts(const ChipCounts &others) { before.add(others); }

private:
  /// All that does not change.
  struct Program {
    explicit Program(Image contents);
    Image image;
    std::vector<CoreTables> cores;
  };
  explicit Chip(std::shared_ptr<const Program> shared);

  std::shared_ptr<const Program> program;
  std::vector<Core> cores;
  ChipCounts before;  ///< of other chips
  ChipCounts counted; ///< what cores do not count themselves
};

/// What threads divide among them: samples, or the cores of every step. WhatPays: samples, but
/// cores where samples are too few and steps are long.
enum class Division : uint8_t { WhatPays, Samples, Cores };

/// What an image says of its network.
ProgramInfo infoOf(const Image &image);

/// `batch` chips of the image before their first step.
std::unique_ptr<Stepper> stepperOf(const Chip &chip, int64_t batch);

/// Runs every sample of `input` (a trace "value" [batch, T, shape...] for each input) from the
/// silent state; the result has a trace for each readout. An input that is neither 0 nor 1 is an
/// error. Afterwards the chip has counted this run. No result and no count depends on threads.
nir::Result<nir::Recording> run(Chip &chip, const nir::Recording &input,
                                const RunOptions &options = {},
                                Division division = Division::WhatPays);

} // namespace nirc::loihi2
