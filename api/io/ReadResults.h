//===- ReadResults.h - what a run left behind, read back --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/SavedData.h"
#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace nirc {

/// A run's outcome and what its files say of what produced it.
struct ReadResult {
  nir::Recording recording; ///< dtSeconds is 0 where nothing says it
  bool batched = false;     ///< whether the samples are a dimension of the files
  nlohmann::ordered_json provenance = nlohmann::ordered_json::object();
  /// The same of a file that says nothing of its dimensions, nodes and steps: `recording` is then
  /// what it looks like by itself.
  std::optional<SavedData> saved = std::nullopt;
};

/// How results are read. The layout and dt are of what other programs saved.
struct ReadOptions {
  uint64_t maxBytes = uint64_t(1) << 34;
  Layout layout = Layout::Auto;
  double dtSeconds = 0.0; ///< 0: not known
};

/// Reads what writeResults wrote in any of its forms, told apart as it does, NIRData also as .nir,
/// and what other programs saved (api/io/SavedData.h). Trusts nothing of it: what does not add up
/// is an error that names the file. A .npy file alone is one sample, [T, ...], of spikes where it
/// holds bools or integers, or nothing but 0 and 1; NIRData has lost the shapes of the nodes, but
/// not the number of their elements.
nir::Result<ReadResult> readResults(const std::string &path, const ReadOptions &options = {});

/// The same from the text of a .csv file.
nir::Result<ReadResult> parseCsv(std::string_view text, const std::string &file);

} // namespace nirc
