//===- Chip.cpp -----------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Chip.h"

#include <algorithm>
#include <cstdlib>

using namespace nirc::loihi2;

Chip::Chip(Image contents) : image(std::move(contents)), cores(image.cores.size()) {
  for (size_t i = 0; i < cores.size(); ++i) {
    size_t count = image.cores[i].compartments.size();
    cores[i].length = image.cores[i].longestDelay + 1;
    cores[i].u.resize(count);
    cores[i].v.resize(count);
    cores[i].spikes.resize(count);
    cores[i].slots.resize(count * static_cast<size_t>(cores[i].length));
  }
  reset();
}

void Chip::reset() {
  for (size_t i = 0; i < cores.size(); ++i) {
    CoreState &core = cores[i];
    for (size_t n = 0; n < core.u.size(); ++n) {
      core.u[n] = image.cores[i].compartments[n].current;
      core.v[n] = image.cores[i].compartments[n].voltage;
    }
    std::fill(core.spikes.begin(), core.spikes.end(), 0);
    std::fill(core.slots.begin(), core.slots.end(), 0);
  }
  now = 0;
}

static int64_t wrapped(int64_t x) {
  return x > stateLimit ? x - 2 * stateLimit : x <= -stateLimit ? x + 2 * stateLimit : x;
}

/// The step of Model.h. Reading what arrived empties its place for what is to come.
void Chip::advance(size_t index) {
  CoreState &core = cores[index];
  const std::vector<Compartment> &compartments = image.cores[index].compartments;
  int64_t *arrived = &core.slots[(now % core.length) * compartments.size()];
  for (size_t n = 0; n < compartments.size(); ++n) {
    const Compartment &c = compartments[n];
    int64_t bias = int64_t{c.biasMantissa} * (int64_t{1} << c.biasExponent);
    core.u[n] = wrapped(decayed(core.u[n], c.du + 1) + arrived[n] * (1 << mantissaShift));
    core.v[n] =
        std::clamp(decayed(core.v[n], c.dv) + core.u[n] + bias, 1 - stateLimit, stateLimit - 1);
    core.spikes[n] = core.v[n] > int64_t{c.threshold} << mantissaShift;
    core.v[n] = core.spikes[n] ? 0 : core.v[n];
    arrived[n] = 0;
  }
}

/// What is sent in this step arrives in the next one at the earliest.
void Chip::send(const RouteTable &table, size_t source) {
  for (uint32_t i = table.first[source]; i < table.first[source + 1]; ++i) {
    Route route = table.routes[i];
    const Image::Core &core = image.cores[route.core];
    CoreState &state = cores[route.core];
    uint32_t end = core.firstSynapse[route.axon + 1];
    for (uint32_t s = core.firstSynapse[route.axon]; s < end; ++s) {
      const CoreSynapse &synapse = core.synapses[s];
      int64_t slot = (now + 1 + synapse.delay) % state.length;
      state.slots[slot * core.compartments.size() + synapse.compartment] += synapse.weight;
    }
    counted.synapticOperations += end - core.firstSynapse[route.axon];
    ++counted.messages;
  }
}

void Chip::step(std::span<const std::vector<double>> spikes) {
  for (size_t i = 0; i < cores.size(); ++i) {
    advance(i);
  }
  // The barrier: from here on messages.
  for (size_t i = 0; i < image.inputs.size(); ++i) {
    for (size_t element = 0; element < spikes[i].size(); ++element) {
      if (spikes[i][element] != 0.0) {
        send(image.inputs[i].routes, element);
      }
    }
  }
  for (size_t i = 0; i < cores.size(); ++i) {
    for (size_t n = 0; n < cores[i].spikes.size(); ++n) {
      if (cores[i].spikes[n]) {
        send(image.cores[i].routes, n);
        ++counted.spikes;
      }
    }
  }
  ++now;
  ++counted.steps;
}

void Chip::read(const Image::Readout &readout, std::vector<double> &values) const {
  values.resize(readout.places.size());
  size_t perScale = readout.scales.empty() ? 1 : values.size() / readout.scales.size();
  for (size_t i = 0; i < values.size(); ++i) {
    const CoreState &core = cores[readout.places[i].core];
    uint32_t n = readout.places[i].compartment;
    switch (readout.kind) {
    case Readout::Kind::Spikes:
      values[i] = core.spikes[n];
      break;
    case Readout::Kind::Voltage:
      values[i] = static_cast<double>(core.v[n]) * readout.scales[i / perScale];
      break;
    case Readout::Kind::Current:
      values[i] = static_cast<double>(core.u[n]) * readout.scales[i / perScale];
      break;
    }
  }
}
