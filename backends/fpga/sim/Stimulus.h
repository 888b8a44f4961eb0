//===- Stimulus.h - what a design is tested with ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "dialects/snn/Snn.h"

#include <vector>

namespace nirc::fpga {

/// Integers to send, from before step 0 on, and what a design must make of them.
struct Stimulus {
  struct Event {
    size_t port;     ///< in the design's inputs or outputs
    int64_t element; ///< row-major
    int64_t value;   ///< not 0
  };
  struct Step {
    std::vector<Event> in, out;
  };
  struct Word {
    int64_t address, value;
  };
  std::vector<Step> steps;
  std::vector<Word> states; ///< after the last step
};

struct StimulusOptions {
  int64_t steps = 40;       ///< and as many more as delays hold events back
  int64_t mostDelay = 2000; ///< of those
  double rate = 0.15;       ///< of spikes; numbers are as often other than 0
  uint64_t seed = 1;
};

/// What the interpreter makes of inputs that the options and nothing else determine. The network is
/// the one of integers that the design was made of. A diagnostic where the interpreter cannot run
/// it, or where it lacks a port or a state of the design.
llvm::FailureOr<Stimulus> recordStimulus(snn::NetworkOp network, const Design &design,
                                         const StimulusOptions &options = {});

} // namespace nirc::fpga
