//===- CoreData.cpp - what a core holds, as numbers -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/CoreData.h"

#include "backends/spinnaker2/map/PackRows.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

using namespace nirc;
using namespace nirc::spinnaker2;

constexpr int64_t aligned(int64_t bytes) { return (bytes + 3) / 4 * 4; }
constexpr uint32_t perFour = 4;

bool CoreData::listsPackets() const {
  return historySlots > 0 ||
         std::ranges::any_of(slices, [](const Slice &each) { return !each.sends; });
}

std::vector<int32_t> nirc::spinnaker2::inCore(const Model &model,
                                              std::span<const int32_t> neurons) {
  std::map<size_t, std::vector<int32_t>> byPopulation;
  for (int32_t neuron : neurons) {
    byPopulation[model.populationOf(neuron)].push_back(neuron);
  }
  std::vector<int32_t> ordered;
  for (const auto &[population, some] : byPopulation) {
    ordered.insert(ordered.end(), some.begin(), some.end());
  }
  return ordered;
}

std::vector<size_t> nirc::spinnaker2::updatesOf(const Model &model,
                                                std::span<const int32_t> neurons) {
  std::set<size_t> updates;
  for (int32_t neuron : neurons) {
    updates.insert(model.populations[model.populationOf(neuron)].update);
  }
  return {updates.begin(), updates.end()};
}

uint32_t nirc::spinnaker2::dataBegin(const Model &model, std::span<const size_t> updates) {
  constexpr int64_t runtime = 4096; // boot.c, core.c and pe.c, and a queue of packets
  int64_t bytes = runtime;
  for (size_t update : updates) {
    bytes += model.updates[update].bytes;
  }
  constexpr int64_t grain = 64;
  return static_cast<uint32_t>((bytes + grain - 1) / grain * grain);
}

//===----------------------------------------------------------------------===//
// Making
//===----------------------------------------------------------------------===//

namespace {
struct KeyedRow {
  uint32_t key = 0;
  std::vector<PartSynapse> synapses;
};

class CoreMaker {
public:
  CoreMaker(const Model &model, std::span<const int32_t> neurons, const KeyOf &keyOf)
      : model(model), neurons(inCore(model, neurons)), keyOf(keyOf) {}
  CoreData make();

private:
  void addSlices();
  void addChanges();
  void addRing();
  void addHistory();
  void addRows();
  void addRow(const KeyedRow &row);
  size_t addLikeRows(std::span<const KeyedRow> rows);
  int32_t delayOf(int32_t neuron) const { return model.sendDelays[model.inputElements + neuron]; }

  const Model &model;
  std::vector<int32_t> neurons;
  std::vector<uint32_t> places; ///< of the neurons
  const KeyOf &keyOf;
  CoreData core;
};
} // namespace

void CoreMaker::addSlices() {
  std::vector<size_t> updates = updatesOf(model, neurons);
  for (size_t i = 0; i < neurons.size();) {
    size_t number = model.populationOf(neurons[i]);
    const Population &population = model.populations[number];
    Slice slice;
    slice.node = population.node;
    slice.update =
        static_cast<uint32_t>(std::ranges::find(updates, population.update) - updates.begin());
    slice.first = core.places;
    slice.start = static_cast<uint32_t>(population.start);
    slice.sends = model.sends[number];
    slice.bias = static_cast<uint32_t>(population.bias.value_or(0));
    for (; i < neurons.size() && model.populationOf(neurons[i]) == number; ++i) {
      places.push_back(core.places++);
      slice.neurons.push_back(neurons[i] - population.first);
    }
    core.places = (core.places + perFour - 1) / perFour * perFour;
    for (const Column &column : population.columns) {
      SliceColumn &made =
          slice.columns.emplace_back(SliceColumn{column.name, column.width, column.isState, {}});
      for (int32_t neuron : slice.neurons) {
        made.bits.push_back(column.at(static_cast<size_t>(neuron)));
      }
    }
    core.slices.push_back(std::move(slice));
  }
}

void CoreMaker::addChanges() {
  for (size_t s = 0; s < core.slices.size(); ++s) {
    const Slice &slice = core.slices[s];
    const Population &population = model.populations[model.populationOf(
        neurons[std::ranges::find(places, slice.first) - places.begin()])];
    for (const BiasChange &each : population.changes) {
      auto found = std::ranges::find(slice.neurons, each.neuron);
      if (found != slice.neurons.end()) {
        core.changes.push_back({static_cast<uint32_t>(each.step), static_cast<uint16_t>(s),
                                static_cast<uint16_t>(found - slice.neurons.begin()),
                                model.isFloat
                                    ? std::bit_cast<uint32_t>(static_cast<float>(each.added))
                                    : static_cast<uint32_t>(each.added)});
      }
    }
  }
  std::ranges::sort(core.changes, {}, [](const CoreChange &each) {
    return std::tuple(each.step, each.slice, each.neuron);
  });
}

/// Sums have 16 bits where none can be beyond, whichever of its spikes come in a step.
void CoreMaker::addRing() {
  constexpr int64_t least = -(1 << 15), most = (1 << 15) - 1;
  int32_t longest = 0;
  for (int32_t neuron : neurons) {
    int64_t low = 0, high = 0;
    for (const Synapse &each : model.synapses[neuron]) {
      (each.weight < 0 ? low : high) += each.weight;
      longest = std::max(longest, each.delay);
    }
    if (low < least || high > most) {
      core.ringBits = 32;
    }
  }
  core.slots = static_cast<uint32_t>(longest) + 1;
}

void CoreMaker::addHistory() {
  int32_t longest = 0;
  for (int32_t neuron : neurons) {
    longest = std::max(longest, delayOf(neuron));
  }
  if (longest == 0) {
    return;
  }
  core.historySlots = static_cast<uint32_t>(longest) + 1;
  core.sendDelays.assign(core.places, neverSends);
  for (size_t i = 0; i < neurons.size(); ++i) {
    if (model.sends[model.populationOf(neurons[i])]) {
      core.sendDelays[places[i]] = static_cast<uint16_t>(delayOf(neurons[i]));
    }
  }
}

/// Beyond what 16 bits count the core's memory has ended long ago.
static uint16_t pointerTo(const std::vector<uint32_t> &rows) {
  return static_cast<uint16_t>(std::min<size_t>(rows.size(), noRow - 1));
}

/// Adds the first rows, as many as one matrix can hold: as one, or, where that takes less, each
/// with words and a pointer of its own. How many these are.
size_t CoreMaker::addLikeRows(std::span<const KeyedRow> rows) {
  Matrix matrix;
  size_t count = 0;
  std::vector<uint32_t> alone;
  for (; count < std::min<size_t>(rows.size(), mostKeys); ++count) {
    bool follows = count == 0 || rows[count].key == rows[count - 1].key + 1;
    if (!follows || !matrix.cover(rows[count].synapses)) {
      break;
    }
    packRow(rows[count].synapses, alone);
  }
  rows = rows.first(std::max<size_t>(count, 1));
  constexpr size_t entryWords = 2, headWords = 2;
  size_t aloneHalves = 2 * alone.size() + count;
  if (count == 0 || aloneHalves <= 2 * (entryWords + headWords + count * matrix.block().words())) {
    for (const KeyedRow &each : rows) {
      addRow(each);
    }
    return rows.size();
  }
  std::vector<std::span<const PartSynapse>> all;
  for (const KeyedRow &each : rows) {
    all.emplace_back(each.synapses);
  }
  core.keys.push_back({rows[0].key, {pointerTo(core.rows)}, static_cast<uint32_t>(count)});
  matrix.write(all, core.rows);
  return count;
}

void CoreMaker::addRow(const KeyedRow &row) {
  constexpr uint32_t mostGap = 4; // another range costs as much as 4 pointers
  bool follows = !core.keys.empty() && core.keys.back().matrixRows == 0 &&
                 row.key - core.keys.back().key <= core.keys.back().pointers.size() + mostGap &&
                 row.key - core.keys.back().key < mostKeys;
  if (!follows) {
    core.keys.push_back({row.key, {}, 0});
  }
  core.keys.back().pointers.resize(row.key - core.keys.back().key, noRow);
  core.keys.back().pointers.push_back(pointerTo(core.rows));
  packRow(row.synapses, core.rows);
}

void CoreMaker::addRows() {
  std::vector<KeyedRow> rows;
  for (PartRow &row : rowsOf(model, neurons)) {
    for (PartSynapse &each : row.synapses) {
      each.place = static_cast<int32_t>(places[static_cast<size_t>(each.place)]);
    }
    rows.push_back({keyOf(row.source), std::move(row.synapses)});
  }
  std::ranges::sort(rows, {}, &KeyedRow::key);
  for (size_t i = 0; i < rows.size();) {
    i += addLikeRows(std::span(rows).subspan(i));
  }
}

CoreData CoreMaker::make() {
  addSlices();
  addChanges();
  addRing();
  addHistory();
  addRows();
  return std::move(core);
}

CoreData nirc::spinnaker2::coreData(const Model &model, std::span<const int32_t> neurons,
                                    const KeyOf &keyOf) {
  return CoreMaker(model, neurons, keyOf).make();
}

std::vector<PartSynapse> nirc::spinnaker2::synapsesOf(const CoreData &core, const KeyRange &range,
                                                      size_t i) {
  std::span<const uint32_t> rows = core.rows;
  if (range.matrixRows == 0) {
    return range.pointers[i] == noRow ? std::vector<PartSynapse>()
                                      : unpackRow(rows.subspan(range.pointers[i]));
  }
  rows = rows.subspan(range.pointers[0]);
  std::vector<uint32_t> row = {rows[1]};
  std::span<const uint32_t> weights = rows.subspan(2 + i * rows[0], rows[0]);
  row.insert(row.end(), weights.begin(), weights.end());
  return unpackRow(row);
}

bool nirc::spinnaker2::fitsProgram(const CoreData &core,
                                   std::span<const std::string_view> updateColumns) {
  return std::ranges::all_of(core.slices, [&](const Slice &slice) {
    std::string letters;
    for (const SliceColumn &column : slice.columns) {
      letters += letterOf(column.width);
    }
    return slice.update < updateColumns.size() && updateColumns[slice.update] == letters;
  });
}

const Slice *nirc::spinnaker2::sliceAt(const CoreData &core, uint32_t place) {
  auto after = std::ranges::upper_bound(core.slices, place, {}, &Slice::first);
  if (after == core.slices.begin()) {
    return nullptr;
  }
  const Slice &slice = *std::prev(after);
  return place - slice.first < slice.neurons.size() ? &slice : nullptr;
}

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

CoreBytes nirc::spinnaker2::bytesOf(const CoreData &core) {
  constexpr int64_t head = 88, slice = 120, entry = 8, change = 12; // of firmware/pe.h
  CoreBytes bytes;
  int64_t pointers = 0;
  for (const KeyRange &each : core.keys) {
    pointers += each.count() > 1 && each.matrixRows == 0 ? 2 * std::ssize(each.pointers) : 0;
  }
  bytes.tables = head + slice * std::ssize(core.slices) + entry * std::ssize(core.keys) +
                 aligned(pointers) + change * std::ssize(core.changes);
  bytes.rows = 4 * std::ssize(core.rows);
  for (const Slice &each : core.slices) {
    for (const SliceColumn &column : each.columns) {
      int64_t size = aligned(spinnaker2::bytesOf(column.width) * std::ssize(column.bits));
      (column.isState ? bytes.states : bytes.parameters) += size;
    }
  }
  bytes.ring = int64_t{core.slots} * core.places * core.ringBits / 8;
  bytes.spikes = aligned(int64_t{2} * core.places) * (core.listsPackets() ? 2 : 1);
  constexpr int64_t wordBits = 32;
  int64_t words = (int64_t{core.places} + wordBits - 1) / wordBits;
  bytes.history =
      core.historySlots > 0 ? 4 * words * core.historySlots + aligned(int64_t{2} * core.places) : 0;
  return bytes;
}
