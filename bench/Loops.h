//===- Loops.h - the same networks as plain C++ loops -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// What nirc is compared with: the step of bench/Networks.h as one would write it by hand, once as
// in a textbook, once so that a compiler vectorizes it, and once event-driven, as well as can be
// done for this one network. All give the spikes and the v of nirc, to the last bit: they sum in
// ascending order of the inputs, and products with 0 and 1 are exact.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <vector>

namespace nirc::bench {

/// v := stays v + gain u, a spike and v := 0 where v > threshold.
struct NeuronConstants {
  float stays, gain, threshold;
};

/// The weights in the form that each loop reads.
struct LoopNetwork {
  int64_t neurons = 0;
  NeuronConstants lif{};
  const float *weight = nullptr;       ///< [out, in]; not owned
  std::vector<float> byInput;          ///< [in, out]
  std::vector<int64_t> rowStart;       ///< of each input's row in the next two, and their end
  std::vector<uint16_t> sparseTargets; ///< the outputs that an input reaches, ascending
  std::vector<float> sparseWeights;

  void makeByInput();
  /// Needs at most 65,536 neurons.
  void makeSparse();
};

/// What changes from step to step.
struct LoopState {
  explicit LoopState(int64_t neurons) : v(neurons), current(neurons), spikes(neurons) {
    fired.reserve(neurons);
  }
  std::vector<float> v, current;
  std::vector<float> spikes;  ///< of the last step, 0 or 1
  std::vector<int32_t> fired; ///< the same as a list, ascending
};

/// A loop: `steps` steps from silence; `input` and `out` are [steps, neurons], 0 or 1.
using Loop = void (*)(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
                      uint8_t *out);

/// for each output, for each input: reads `weight`. One sum at a time, so no vectors.
void textbookLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
                  uint8_t *out);
/// for each input, for each output: reads `byInput`, all of it.
void vectorLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
                uint8_t *out);
/// for each input that spiked, for each output: reads the rows of `byInput` that are needed.
void eventLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
               uint8_t *out);
/// for each input that spiked, for each output it reaches: reads `sparseTargets`, `sparseWeights`.
void sparseLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
                uint8_t *out);

/// The neurons' part of a step, in a file of its own: a fused multiply-add would round otherwise.
void advanceNeurons(const LoopNetwork &net, LoopState &state, const uint8_t *input, uint8_t *out);

/// The sum of `words` numbers, which reads them at the speed of the memory they are in.
uint64_t sumOf(const uint64_t *numbers, int64_t words);

} // namespace nirc::bench
