//===- Core.cpp - one core of the chip model ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Core.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

using namespace nirc::loihi2;

CoreTables::CoreTables(const Image::Core &core)
    : firstEffect(core.firstSynapse), slots(static_cast<uint32_t>(core.longestDelay) + 1) {
  for (const Compartment &each : core.compartments) {
    keepsU.push_back(static_cast<int32_t>(wholeDecay) - (each.du + 1));
    keepsV.push_back(static_cast<int32_t>(wholeDecay) - each.dv);
    bias.push_back(each.biasMantissa * (1 << each.biasExponent));
    threshold.push_back(each.threshold << mantissaShift);
    firstU.push_back(each.current);
    firstV.push_back(each.voltage);
  }
  std::vector<int64_t> drive(count(), 0); // the most that a can be
  effects.reserve(core.synapses.size());
  for (const CoreSynapse &each : core.synapses) {
    uint32_t place = static_cast<uint32_t>(each.delay) * static_cast<uint32_t>(count()) +
                     static_cast<uint32_t>(each.compartment);
    effects.push_back({place, static_cast<int32_t>(each.weight)});
    drive[each.compartment] += std::abs(each.weight);
  }
  int64_t most = drive.empty() ? 0 : *std::max_element(drive.begin(), drive.end());
  uIsNarrow = most << mantissaShift <= 2 * stateLimit;
}

Core::Core(const CoreTables &tables) : tables(&tables) {
  size_t count = tables.count();
  if (tables.uIsNarrow) {
    currents = std::vector<int32_t>(count, 0);
  } else {
    currents = std::vector<int64_t>(count, 0);
  }
  spikes.resize(count);
  sums.resize(count * tables.slots);
  reset();
}

void Core::reset() {
  std::visit([&](auto &u) { u.assign(tables->firstU.begin(), tables->firstU.end()); }, currents);
  voltages = tables->firstV;
  std::fill(spikes.begin(), spikes.end(), 0);
  std::fill(sums.begin(), sums.end(), 0);
  spiking.clear();
}

/// |x| keeps / 4096, toward zero. In two parts, as the product has more bits than x.
template <typename Int>
static Int decayed(Int x, Int keeps) {
  constexpr Int low = wholeDecay - 1;
  Int size = x < 0 ? -x : x;
  size = (size >> decayBits) * keeps + (((size & low) * keeps) >> decayBits);
  return x < 0 ? -size : size;
}

template <typename Int>
static Int wrapped(Int x) {
  constexpr Int limit = stateLimit;
  return x > limit ? x - 2 * limit : x <= -limit ? x + 2 * limit : x;
}

/// The step of Model.h. Reading what arrived empties its place for what is to come.
template <typename Int>
static void advanceAll(const CoreTables &tables, Int *__restrict u, int32_t *__restrict v,
                       int32_t *__restrict arrived, uint8_t *__restrict spikes) {
  constexpr Int most = stateLimit - 1;
  const int32_t *keepsU = tables.keepsU.data(), *keepsV = tables.keepsV.data();
  const int32_t *bias = tables.bias.data(), *threshold = tables.threshold.data();
  for (size_t n = 0, count = tables.count(); n < count; ++n) {
    Int current =
        wrapped<Int>(decayed<Int>(u[n], keepsU[n]) + Int{arrived[n]} * (1 << mantissaShift));
    Int voltage = decayed<Int>(v[n], keepsV[n]) + current + bias[n];
    voltage = std::min(std::max(voltage, -most), most);
    bool fires = voltage > threshold[n];
    u[n] = current;
    v[n] = fires ? 0 : static_cast<int32_t>(voltage);
    spikes[n] = fires;
    arrived[n] = 0;
  }
}

void Core::advance() {
  int32_t *arrived = sums.data() + row * tables->count();
  std::visit(
      [&](auto &u) { advanceAll(*tables, u.data(), voltages.data(), arrived, spikes.data()); },
      currents);
  row = row + 1 == tables->slots ? 0 : row + 1;
  collectFired();
}

/// Most neurons are silent, so eight are looked at together.
void Core::collectFired() {
  spiking.clear();
  size_t n = 0;
  for (uint64_t eight; n + sizeof eight <= spikes.size(); n += sizeof eight) {
    std::memcpy(&eight, &spikes[n], sizeof eight);
    for (size_t i = 0; eight != 0 && i < sizeof eight; ++i) {
      if (spikes[n + i]) {
        spiking.push_back(static_cast<uint32_t>(n + i));
      }
    }
  }
  for (; n < spikes.size(); ++n) {
    if (spikes[n]) {
      spiking.push_back(static_cast<uint32_t>(n));
    }
  }
  counted.spikes += std::ssize(spiking);
}

void Core::receive(uint32_t axon) {
  using Effect = CoreTables::Effect;
  uint32_t first = tables->firstEffect[axon], last = tables->firstEffect[axon + 1];
  std::span<const Effect> effects(tables->effects.data() + first, last - first);
  int32_t *sum = sums.data();
  if (tables->slots == 1) { // most networks have no delays, and most of the time goes here
    for (const Effect &each : effects) {
      sum[each.place] += each.weight;
    }
  } else {
    size_t start = row * tables->count(), end = sums.size();
    for (const Effect &each : effects) {
      size_t at = start + each.place;
      sum[at < end ? at : at - end] += each.weight;
    }
  }
  ++counted.messages;
  counted.operations += std::ssize(effects);
}

int64_t Core::u(size_t n) const {
  return std::visit([n](const auto &u) { return int64_t{u[n]}; }, currents);
}

void Core::setU(size_t n, int32_t value) {
  std::visit([&](auto &u) { u[n] = value; }, currents);
}

template <typename T>
static std::string_view bytesOf(const std::vector<T> &numbers) {
  return {reinterpret_cast<const char *>(numbers.data()), numbers.size() * sizeof(T)};
}

void Core::save(std::string &to) const {
  std::visit([&](const auto &u) { to += bytesOf(u); }, currents);
  to += bytesOf(voltages);
  to += bytesOf(spikes);
  to += bytesOf(sums);
  to.append(reinterpret_cast<const char *>(&row), sizeof row);
}

size_t Core::savedBytes() const {
  return std::visit([](const auto &u) { return bytesOf(u).size(); }, currents) +
         bytesOf(voltages).size() + bytesOf(spikes).size() + bytesOf(sums).size() + sizeof row;
}

void Core::load(const char *from) {
  auto take = [&](auto &numbers) {
    size_t bytes = bytesOf(numbers).size();
    std::copy_n(from, bytes, reinterpret_cast<char *>(numbers.data()));
    from += bytes;
  };
  std::visit(take, currents);
  take(voltages);
  take(spikes);
  take(sums);
  std::memcpy(&row, from, sizeof row);
  int64_t before = counted.spikes;
  collectFired();
  counted.spikes = before;
}
