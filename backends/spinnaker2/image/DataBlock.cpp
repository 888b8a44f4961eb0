//===- DataBlock.cpp - a core's data as its bytes -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/DataBlock.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

// Words of the head, as struct core of firmware/pe.h.
enum Word : uint32_t {
  Magic,
  Bytes,
  Step,
  Places,
  PopulationCount,
  Populations,
  EntryCount,
  Entries,
  Pointers,
  Rows,
  Slots,
  Ring,
  Spikes,
  Packets,
  HistorySlots,
  History,
  SendDelays,
  ChangeCount,
  Changes,
  NextChange,
  Taken,
  Unwanted,
  HeadWords
};
static_assert(countsOffset == Taken * 4);

constexpr uint32_t magic = 0x32455053;

/// Little-endian bytes, each part at a multiple of four.
class BlockWriter {
public:
  explicit BlockWriter(const CoreData &core) : core(core) {}
  DataBlock write();

private:
  uint32_t here() const { return static_cast<uint32_t>(block.bytes.size()); }
  void put(uint32_t number, int bytes);
  void align();
  void set(Word word, uint32_t number);
  void zeros(int64_t bytes) { block.bytes.append(static_cast<size_t>(bytes), '\0'); }
  void writePopulations();
  void writeKeys();
  void writeColumns(bool areStates);

  const CoreData &core;
  DataBlock block;
  uint32_t populations = 0;
};

} // namespace

void BlockWriter::put(uint32_t number, int bytes) {
  constexpr int bits = 8;
  for (int i = 0; i < bytes; ++i) {
    block.bytes.push_back(static_cast<char>(number >> (bits * i)));
  }
}

void BlockWriter::align() {
  constexpr size_t four = 4;
  block.bytes.resize((block.bytes.size() + four - 1) / four * four, '\0');
}

static void setAt(std::string &bytes, uint32_t offset, uint32_t number) {
  constexpr uint32_t bits = 8, count = 4;
  for (uint32_t i = 0; i < count; ++i) {
    bytes[offset + i] = static_cast<char>(number >> (bits * i));
  }
}

void BlockWriter::set(Word word, uint32_t number) { setAt(block.bytes, 4 * word, number); }

constexpr uint32_t mostColumns = 24, populationWords = 6 + mostColumns;

/// The offsets of columns and biases follow, when they are known.
void BlockWriter::writePopulations() {
  populations = here();
  set(PopulationCount, static_cast<uint32_t>(core.slices.size()));
  set(Populations, populations);
  for (const Slice &slice : core.slices) {
    for (uint32_t word : {slice.update, static_cast<uint32_t>(slice.neurons.size()), slice.first,
                          slice.start, static_cast<uint32_t>(slice.sends), 0U}) {
      put(word, 4);
    }
    zeros(int64_t{4} * mostColumns);
    block.columns.emplace_back(slice.columns.size());
  }
}

void BlockWriter::writeKeys() {
  set(EntryCount, static_cast<uint32_t>(core.keys.size()));
  set(Entries, here());
  uint32_t pointers = 0;
  for (const KeyRange &each : core.keys) {
    constexpr uint32_t matrix = 0x8000; // of firmware/pe.h
    bool isAlone = each.pointers.size() == 1;
    put(each.key, 4);
    put(each.count() | (each.matrixRows > 0 ? matrix : 0), 2);
    put(isAlone ? each.pointers[0] : pointers, 2);
    pointers += isAlone ? 0 : static_cast<uint32_t>(each.pointers.size());
  }
  set(Pointers, here());
  for (const KeyRange &each : core.keys) {
    for (uint16_t pointer : each.pointers) {
      if (each.pointers.size() > 1) {
        put(pointer, 2);
      }
    }
  }
  align();
}

void BlockWriter::writeColumns(bool areStates) {
  for (size_t s = 0; s < core.slices.size(); ++s) {
    const Slice &slice = core.slices[s];
    uint32_t at = populations + static_cast<uint32_t>(s) * populationWords * 4;
    for (size_t c = 0; c < slice.columns.size(); ++c) {
      const SliceColumn &column = slice.columns[c];
      if (column.isState != areStates) {
        continue;
      }
      block.columns[s][c] = here();
      setAt(block.bytes, at + 4 * (6 + static_cast<uint32_t>(c)), here());
      if (c == slice.bias) {
        setAt(block.bytes, at + 4 * 5, here());
      }
      for (uint32_t bits : column.bits) {
        put(bits, static_cast<int>(bytesOf(column.width)));
      }
      align();
    }
  }
}

DataBlock BlockWriter::write() {
  zeros(int64_t{4} * HeadWords);
  block.head = here();
  set(Magic, magic);
  set(Places, core.places);
  set(Slots, core.slots);
  set(HistorySlots, core.historySlots);
  writePopulations();
  writeKeys();
  set(Rows, here());
  for (uint32_t word : core.rows) {
    put(word, 4);
  }
  set(ChangeCount, static_cast<uint32_t>(core.changes.size()));
  set(Changes, here());
  for (const CoreChange &each : core.changes) {
    put(each.step, 4);
    put(each.slice, 2);
    put(each.neuron, 2);
    put(each.added, 4);
  }
  set(SendDelays, here());
  for (uint16_t delay : core.sendDelays) {
    put(delay, 2);
  }
  align();
  writeColumns(/*areStates=*/false);
  block.changing = here();
  writeColumns(/*areStates=*/true);
  set(Ring, here());
  zeros(int64_t{core.slots} * core.places * core.ringBits / 8);
  set(History, here());
  constexpr uint32_t wordBits = 32;
  zeros(int64_t{core.historySlots} * ((core.places + wordBits - 1) / wordBits) * 4);
  set(Spikes, here());
  set(Packets, here());
  zeros(int64_t{2} * core.places);
  align();
  if (core.listsPackets()) {
    set(Packets, here());
    zeros(int64_t{2} * core.places);
    align();
  }
  set(Bytes, here());
  return std::move(block);
}

DataBlock nirc::spinnaker2::blockOf(const CoreData &core) { return BlockWriter(core).write(); }
