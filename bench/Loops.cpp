//===- Loops.cpp - the same networks as plain C++ loops -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Compiled with -O3 -march=native, and with fused multiply-adds, as a user would.
//
//===----------------------------------------------------------------------===//

#include "bench/Loops.h"

#include <algorithm>

using namespace nirc::bench;

void LoopNetwork::makeByInput() {
  byInput.resize(neurons * neurons);
  constexpr int64_t tile = 32;
  for (int64_t o = 0; o < neurons; o += tile) {
    for (int64_t j = 0; j < neurons; j += tile) {
      for (int64_t a = o; a < std::min(o + tile, neurons); ++a) {
        for (int64_t b = j; b < std::min(j + tile, neurons); ++b) {
          byInput[b * neurons + a] = weight[a * neurons + b];
        }
      }
    }
  }
}

void LoopNetwork::makeSparse() {
  std::vector<int64_t> filled(neurons + 1);
  for (int64_t o = 0; o < neurons; ++o) {
    for (int64_t j = 0; j < neurons; ++j) {
      filled[j + 1] += weight[o * neurons + j] != 0.0F;
    }
  }
  for (int64_t j = 0; j < neurons; ++j) {
    filled[j + 1] += filled[j];
  }
  rowStart = filled;
  sparseTargets.resize(rowStart.back());
  sparseWeights.resize(rowStart.back());
  for (int64_t o = 0; o < neurons; ++o) {
    for (int64_t j = 0; j < neurons; ++j) {
      if (float value = weight[o * neurons + j]; value != 0.0F) {
        sparseTargets[filled[j]] = static_cast<uint16_t>(o);
        sparseWeights[filled[j]++] = value;
      }
    }
  }
}

static void reset(LoopState &state) {
  std::fill(state.v.begin(), state.v.end(), 0.0F);
  std::fill(state.spikes.begin(), state.spikes.end(), 0.0F);
  state.fired.clear();
}

/// `accumulate` fills state.current from the spikes of the last step.
template <typename Accumulate>
static void run(const LoopNetwork &net, LoopState &state, const uint8_t *input, int64_t steps,
                uint8_t *out, Accumulate accumulate) {
  reset(state);
  for (int64_t t = 0; t < steps; ++t) {
    accumulate();
    advanceNeurons(net, state, input + t * net.neurons, out + t * net.neurons);
  }
}

void nirc::bench::textbookLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input,
                               int64_t steps, uint8_t *out) {
  run(net, state, input, steps, out, [&] {
    for (int64_t o = 0; o < net.neurons; ++o) {
      float sum = 0.0F;
      for (int64_t j = 0; j < net.neurons; ++j) {
        sum += net.weight[o * net.neurons + j] * state.spikes[j];
      }
      state.current[o] = sum;
    }
  });
}

void nirc::bench::vectorLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input,
                             int64_t steps, uint8_t *out) {
  run(net, state, input, steps, out, [&] {
    float *__restrict current = state.current.data();
    std::fill_n(current, net.neurons, 0.0F);
    for (int64_t j = 0; j < net.neurons; ++j) {
      const float *row = net.byInput.data() + j * net.neurons;
      float spike = state.spikes[j];
      for (int64_t o = 0; o < net.neurons; ++o) {
        current[o] += row[o] * spike;
      }
    }
  });
}

void nirc::bench::eventLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input,
                            int64_t steps, uint8_t *out) {
  run(net, state, input, steps, out, [&] {
    float *__restrict current = state.current.data();
    std::fill_n(current, net.neurons, 0.0F);
    auto row = [&](size_t k) { return net.byInput.data() + state.fired[k] * net.neurons; };
    size_t k = 0;
    // Four rows a pass: a sum is loaded and stored once for four weights.
    for (; k + 4 <= state.fired.size(); k += 4) {
      const float *a = row(k), *b = row(k + 1), *c = row(k + 2), *d = row(k + 3);
      for (int64_t o = 0; o < net.neurons; ++o) {
        current[o] = (((current[o] + a[o]) + b[o]) + c[o]) + d[o];
      }
    }
    for (; k < state.fired.size(); ++k) {
      const float *a = row(k);
      for (int64_t o = 0; o < net.neurons; ++o) {
        current[o] += a[o];
      }
    }
  });
}

/// Adds a row to `current`, and has the row after it brought from memory meanwhile: rows are in
/// random order, and each is too short for the processor to see what comes.

static void addSparseRow(const uint16_t *__restrict targets, const float *__restrict weights,
                         int64_t synapses, const uint16_t *nextTargets, const float *nextWeights,
                         float *__restrict current) {
  // Two cache lines of weights, and one of targets.
  constexpr int64_t block = 32;
  int64_t i = 0;
  for (; i + block <= synapses; i += block) {
    __builtin_prefetch(nextWeights + i);
    __builtin_prefetch(nextWeights + i + block / 2);
    __builtin_prefetch(nextTargets + i);
    for (int64_t u = i; u < i + block; ++u) {
      current[targets[u]] += weights[u];
    }
  }
  for (; i < synapses; ++i) {
    current[targets[i]] += weights[i];
  }
}

void nirc::bench::sparseLoop(const LoopNetwork &net, LoopState &state, const uint8_t *input,
                             int64_t steps, uint8_t *out) {
  run(net, state, input, steps, out, [&] {
    std::fill(state.current.begin(), state.current.end(), 0.0F);
    for (size_t k = 0; k < state.fired.size(); ++k) {
      int64_t row = net.rowStart[state.fired[k]];
      int64_t synapses = net.rowStart[state.fired[k] + 1] - row;
      int64_t next = k + 1 < state.fired.size() ? net.rowStart[state.fired[k + 1]] : row;
      addSparseRow(net.sparseTargets.data() + row, net.sparseWeights.data() + row, synapses,
                   net.sparseTargets.data() + next, net.sparseWeights.data() + next,
                   state.current.data());
    }
  });
}

uint64_t nirc::bench::sumOf(const uint64_t *numbers, int64_t words) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < words; ++i) {
    sum += numbers[i];
  }
  return sum;
}
