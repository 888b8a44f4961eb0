//===- SavedData.h - what other programs saved of a run ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Frameworks save bare arrays, tables and lists of spikes. Nothing in such a file says which
// dimension is which or what the node is; what it is compared with does.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What the dimensions of an array are: T steps, B samples, N what a step has.
enum class Layout {
  Auto,       ///< what the shapes say
  Steps,      ///< [T, N...]
  BatchSteps, ///< [B, T, N...]
  StepsBatch, ///< [T, B, N...], as snnTorch and SpikingJelly have it
  Batch,      ///< [B, N...], values without steps, for an encoder
  Events,     ///< a row a spike: time, neuron; or sample, time, neuron
};

/// "auto", "TN", "BTN", "TBN", "BN", "events".
nir::Result<Layout> layoutOf(std::string_view text);

/// A row of a list of spikes.
struct SavedSpike {
  int64_t sample = 0, neuron = 0;
  double at = 0.0; ///< in units of SavedData::unitSeconds
};

/// An array, or a list of spikes.
struct SavedData {
  std::string file;
  nir::Tensor array; ///< as the file has it; of no meaning where it is a list
  bool isList = false;
  std::vector<SavedSpike> spikes;
  double unitSeconds = 0.0; ///< of the list's times; 0: they are numbers of steps

  /// Whether it can be spikes: whole numbers, none below 0.
  bool canBeSpikes() const;
  /// Whether it is taken for spikes where nothing says: bools, integers, and floats of 0 and 1.
  bool looksLikeSpikes() const;
};

/// What is compared with: its samples, its steps, and the shape of a step.
struct SavedExtent {
  int64_t samples = 1, steps = 1;
  nir::Shape shape;
};

/// Whether a path ends as a table does: .csv, .tsv, .txt, .dat; with ":COLUMNS" behind it, too.
bool isTable(std::string_view path);

/// Reads a .npy file, or a table: numbers in columns, with a line of names or without one, and
/// "file.csv:2", "file.csv:1-3" or "file.csv:NAME" for some of the columns, counted from 0. A table
/// with columns of a time and of a neuron is a list of spikes, and so is whatever `layout` calls
/// events. Trusts nothing: the error names the file.
nir::Result<SavedData> readSaved(const std::string &path, Layout layout, uint64_t maxBytes);

/// The same of a table's text.
nir::Result<SavedData> parseTable(std::string_view text, std::string_view columns, Layout layout,
                                  const std::string &file);

/// The data as [samples, steps, shape...] of `want`. There may be up to `slack` steps more or
/// fewer. Where `Auto` finds two ways the error asks for --layout.
nir::Result<nir::Tensor> fitSaved(const SavedData &data, const SavedExtent &want, Layout layout,
                                  double dtSeconds, int64_t slack = 0);

/// The extent that the data has by itself: an array is [T, ...] unless `layout` says otherwise, and
/// a list ends with its last spike and its last neuron. An error where a list needs a dt.
nir::Result<SavedExtent> extentOf(const SavedData &data, Layout layout, double dtSeconds);

/// [T, B, ...] as [B, T, ...].
nir::Tensor swapFirstTwo(const nir::Tensor &array);

} // namespace nirc
