//===- LoopNeurons.cpp - the neurons of the plain C++ loops ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Compiled with -O3 -march=native, but without fused multiply-adds.
//
//===----------------------------------------------------------------------===//

#include "bench/Loops.h"

#include <bit>
#include <cstring>

using namespace nirc::bench;

/// Eight neurons at a time: few of them spike.
static void listSpikes(const uint8_t *spikes, int64_t neurons, std::vector<int32_t> &fired) {
  fired.clear();
  int64_t i = 0;
  for (; i + 8 <= neurons; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, spikes + i, 8);
    for (; eight != 0; eight &= eight - 1) {
      fired.push_back(static_cast<int32_t>(i + std::countr_zero(eight) / 8));
    }
  }
  for (; i < neurons; ++i) {
    if (spikes[i]) {
      fired.push_back(static_cast<int32_t>(i));
    }
  }
}

void nirc::bench::advanceNeurons(const LoopNetwork &net, LoopState &state, const uint8_t *input,
                                 uint8_t *out) {
  const auto [stays, gain, threshold] = net.lif;
  float *__restrict v = state.v.data();
  float *__restrict spikes = state.spikes.data();
  const float *__restrict current = state.current.data();
  for (int64_t i = 0; i < net.neurons; ++i) {
    float u = current[i] + static_cast<float>(input[i]);
    float next = stays * v[i] + gain * u;
    bool spike = next > threshold;
    v[i] = spike ? 0.0F : next;
    spikes[i] = spike ? 1.0F : 0.0F;
    out[i] = spike ? 1 : 0;
  }
  listSpikes(out, net.neurons, state.fired);
}
