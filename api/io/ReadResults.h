//===- ReadResults.h - what a run left behind, read back --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace nirc {

/// A run's outcome and what its files say of what produced it.
struct ReadResult {
  nir::Recording recording; ///< dtSeconds is 0 where nothing says it
  bool batched = false;     ///< whether the samples are a dimension of the files
  nlohmann::ordered_json provenance = nlohmann::ordered_json::object();
};

/// Reads what writeResults wrote in any of its forms, told apart as it does. Trusts nothing of it:
/// what does not add up is an error that names the file. A .npy file alone is one sample, [T, ...],
/// of spikes where it holds bools or integers; NIRData has lost the shapes of the nodes, but not
/// the number of their elements.
nir::Result<ReadResult> readResults(const std::string &path, uint64_t maxBytes);

/// The same from the text of a .csv file.
nir::Result<ReadResult> parseCsv(std::string_view text, const std::string &file);

} // namespace nirc
