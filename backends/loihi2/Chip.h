//===- Chip.h - the chip, as far as its results go --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Image.h"
#include "ir/Recording.h"

#include <functional>
#include <span>

namespace nirc::loihi2 {

/// What happened on the chip over a run.
struct ChipCounts {
  int64_t steps = 0;
  int64_t spikes = 0;             ///< of neurons
  int64_t messages = 0;           ///< spikes that arrived at a core, those of inputs included
  int64_t synapticOperations = 0; ///< weights added
};

/// Executes an image, to the bit: cores that advance together, a barrier after each step, and
/// spikes as messages in between. One object a thread.
class Chip {
public:
  explicit Chip(Image image);

  /// Back to the state before step 0: silent, u and v as the image has them.
  void reset();
  /// `spikes`: for each input, a 0 or 1 for each of its elements.
  void step(std::span<const std::vector<double>> spikes);
  /// Of the last step: spikes as 0 and 1, states times their scales.
  void read(const Image::Readout &readout, std::vector<double> &values) const;

  const Image &contents() const { return image; }
  const ChipCounts &counts() const { return counted; }

private:
  struct CoreState {
    std::vector<int64_t> u, v;
    std::vector<uint8_t> spikes;
    std::vector<int64_t> slots; ///< a of the next steps: [step modulo length, compartment]
    int64_t length = 1;
  };

  void advance(size_t core);
  void send(const RouteTable &table, size_t source);

  Image image;
  std::vector<CoreState> cores;
  int64_t now = 0;
  ChipCounts counted;
};

/// Runs every sample of `input` (a trace "value" [batch, T, shape...] for each input) from the
/// silent state; the result has a trace for each readout. An input that is neither 0 nor 1 is an
/// error. `steps`: 0 for as many as the input has.
nir::Result<nir::Recording> run(Chip &chip, const nir::Recording &input, int64_t steps = 0,
                                const std::function<void(int64_t, int64_t)> &progress = {});

} // namespace nirc::loihi2
