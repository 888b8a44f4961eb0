//===- CoreData.h - what a core holds, as numbers ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between the network and the bytes of a core: firmware/pe.h has the same as structures of C, and
// image/DataBlock.h puts one into the other.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/model/Model.h"
#include "passes/split/Split.h"

#include <functional>
#include <span>
#include <vector>

namespace nirc::spinnaker2 {

/// Numbers of the neurons of a slice.
struct SliceColumn {
  std::string name;
  Width width = Width::Int32;
  bool isState = false;
  std::vector<uint32_t> bits; ///< one a neuron
};

/// Neurons of one population that a core has, at places that follow each other.
struct Slice {
  std::string node;
  uint32_t update = 0;          ///< of the core's program
  uint32_t first = 0;           ///< place
  std::vector<int32_t> neurons; ///< of the population
  uint32_t start = 0;
  bool sends = true; ///< packets
  uint32_t bias = 0; ///< the column of biases that change
  std::vector<SliceColumn> columns;
};

/// Keys that follow each other, with a row each or none; or with the rows of a matrix: one block
/// each, all with the same word, which stands once.
struct KeyRange {
  uint32_t key = 0;
  std::vector<uint16_t> pointers; ///< words from the first row; noRow; of a matrix where it begins
  uint32_t matrixRows = 0;        ///< 0: no matrix
  uint32_t count() const {
    return matrixRows > 0 ? matrixRows : static_cast<uint32_t>(pointers.size());
  }
};
constexpr uint16_t noRow = 0xffff, neverSends = 0xffff;
constexpr uint32_t mostKeys = 0x7fff; ///< of a range

struct CoreChange {
  uint32_t step = 0;
  uint16_t slice = 0, neuron = 0; ///< of the slice
  uint32_t added = 0;
};

struct CoreData {
  std::vector<Slice> slices;
  uint32_t places = 0; ///< a multiple of four
  int ringBits = 16;
  uint32_t slots = 1;
  std::vector<KeyRange> keys; ///< ascending
  std::vector<uint32_t> rows; ///< words
  std::vector<CoreChange> changes;
  uint32_t historySlots = 0;
  std::vector<uint16_t> sendDelays; ///< of the places, where history is kept

  bool listsPackets() const; ///< apart from the spikes
};

/// How many bytes a core needs, and for what.
struct CoreBytes {
  int64_t program = 0, tables = 0, rows = 0, states = 0, parameters = 0, ring = 0, spikes = 0,
          history = 0;
  int64_t data() const { return tables + rows + states + parameters + ring + spikes + history; }
  int64_t total() const { return program + data() + stackBytes; }
};

/// Where the data begin that such updates of the model leave room for: behind the program.
uint32_t dataBegin(const Model &model, std::span<const size_t> updates);

/// The updates of the model that a core with such slices needs, ascending.
std::vector<size_t> updatesOf(const Model &model, std::span<const int32_t> neurons);

/// Of a source its key; of several sources that follow each other the keys do, too.
using KeyOf = std::function<uint32_t(int32_t source)>;

/// What a core has that computes these neurons, in this order but for the populations, which follow
/// each other.
CoreData coreData(const Model &model, std::span<const int32_t> neurons, const KeyOf &keyOf);

/// The order in which a core has the neurons: by population.
std::vector<int32_t> inCore(const Model &model, std::span<const int32_t> neurons);

/// What a spike with the i-th key of the range does in the core; nothing where it has no row.
std::vector<PartSynapse> synapsesOf(const CoreData &core, const KeyRange &range, size_t i);

/// Whether each slice has an update among those of a program, with the columns that it takes.
bool fitsProgram(const CoreData &core, std::span<const std::string_view> updateColumns);

/// The slice that has a neuron at the place, or null.
const Slice *sliceAt(const CoreData &core, uint32_t place);

/// What the data take.
CoreBytes bytesOf(const CoreData &core);

} // namespace nirc::spinnaker2
