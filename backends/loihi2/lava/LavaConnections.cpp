//===- LavaConnections.cpp - synapses as Lava's processes -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/LavaConnections.h"

#include "backends/loihi2/Limits.h"

#include <algorithm>
#include <bit>
#include <map>

using namespace nirc;
using namespace nirc::loihi2;

namespace {

/// A synapse within a matrix.
struct Entry {
  int32_t row = 0, column = 0;
  int32_t delay = 0;
  int64_t weight = 0;
};

class Splitter {
public:
  Splitter(int from, int to, std::vector<LavaConnection> &out) : from(from), to(to), out(out) {}

  /// As few connections as hold the entries, of which no two have the same row and column.
  void split(const std::vector<Entry> &entries);

private:
  using Sign = LavaConnection::Sign;
  void splitSign(const std::vector<Entry> &entries, Sign sign, int exponent);
  /// The entries whose weight is not 0 in units of 2^exponent.
  void add(const std::vector<Entry> &entries, Sign sign, int exponent, int unit);

  int from, to;
  std::vector<LavaConnection> &out;
};

} // namespace

void Splitter::add(const std::vector<Entry> &entries, Sign sign, int exponent, int unit) {
  LavaConnection connection{from, to, sign, exponent, {}, {}, {}, {}};
  for (const Entry &each : entries) {
    connection.rows.push_back(each.row);
    connection.columns.push_back(each.column);
    connection.weights.push_back(static_cast<int16_t>(each.weight * unit));
    connection.delays.push_back(static_cast<uint8_t>(each.delay));
  }
  if (std::all_of(connection.delays.begin(), connection.delays.end(),
                  [](uint8_t delay) { return delay == 0; })) {
    connection.delays.clear();
  }
  out.push_back(std::move(connection));
}

void Splitter::splitSign(const std::vector<Entry> &entries, Sign sign, int exponent) {
  int64_t most = 0;
  for (const Entry &each : entries) {
    most = std::max(most, std::abs(each.weight));
  }
  if (most == 0) {
    return;
  }
  if (most <= largestWeight) {
    add(entries, sign, exponent, 1);
    return;
  }
  // A large and a small synapse: `match` lets no weight pass that needs a third one.
  int shift = std::min(static_cast<int>(std::bit_width(static_cast<uint64_t>(most))) - 8,
                       largestWeightExponent - exponent);
  std::vector<Entry> large, small;
  for (const Entry &each : entries) {
    int64_t size = std::abs(each.weight), sign = each.weight < 0 ? -1 : 1;
    int64_t upper = std::min<int64_t>(size >> shift, largestWeight),
            lower = size - (upper << shift);
    for (auto [part, to] : {std::pair(upper, &large), std::pair(lower, &small)}) {
      if (part != 0) {
        to->push_back({each.row, each.column, each.delay, sign * part});
      }
    }
  }
  add(large, sign, exponent + shift, 1);
  if (!small.empty()) {
    add(small, sign, exponent, 1);
  }
}

void Splitter::split(const std::vector<Entry> &entries) {
  uint64_t all = 0; // the bits of all weights
  int64_t least = 0, most = 0;
  for (const Entry &each : entries) {
    all |= static_cast<uint64_t>(each.weight);
    least = std::min(least, each.weight);
    most = std::max(most, each.weight);
  }
  int exponent = std::min(std::countr_zero(all), largestWeightExponent);
  std::vector<Entry> scaled = entries;
  for (Entry &each : scaled) {
    each.weight >>= exponent;
  }
  least >>= exponent;
  most >>= exponent;
  if (least < 0 && most > 0 && least >= -128 && most <= 127) {
    add(scaled, Sign::Mixed, exponent - 1, 2);
    return;
  }
  std::vector<Entry> positive, negative;
  for (const Entry &each : scaled) {
    (each.weight > 0 ? positive : negative).push_back(each);
  }
  splitSign(positive, Sign::Excitatory, exponent);
  splitSign(negative, Sign::Inhibitory, exponent);
}

std::vector<LavaConnection> loihi2::lavaConnections(const Model &model) {
  std::vector<int32_t> firsts; // of inputs and populations, among all sources
  firsts.reserve(model.inputs.size() + model.populations.size());
  for (const SpikeInput &input : model.inputs) {
    firsts.push_back(input.first);
  }
  for (const Population &population : model.populations) {
    firsts.push_back(model.inputElements + population.first);
  }
  std::vector<LavaConnection> connections;
  for (int to = 0; to < std::ssize(model.populations); ++to) {
    const Population &population = model.populations[static_cast<size_t>(to)];
    // Lava's matrix has one synapse of a pair of neurons; further ones, of other delays, are in
    // further matrices.
    std::map<std::pair<int, int>, std::vector<Entry>> matrices;
    for (size_t row = 0; row < population.compartments.size(); ++row) {
      int32_t last = -1;
      int repeats = 0;
      for (const Synapse &synapse : model.synapses[static_cast<size_t>(population.first) + row]) {
        repeats = synapse.source == last ? repeats + 1 : 0;
        last = synapse.source;
        auto next = std::upper_bound(firsts.begin(), firsts.end(), synapse.source);
        int from = static_cast<int>(next - firsts.begin()) - 1;
        matrices[{from, repeats}].push_back({static_cast<int32_t>(row),
                                             synapse.source - firsts[size_t(from)], synapse.delay,
                                             synapse.weight});
      }
    }
    for (const auto &[key, entries] : matrices) {
      Splitter(key.first, to, connections).split(entries);
    }
  }
  return connections;
}
