//===- Results.h - what a run leaves behind ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace nirc {

/// The forms of results. Npy: one array, and x.npy.json beside it that says what made it. Npz: the
/// same of several, NODE.OBSERVABLE each. Csv:
/// a row for each step, what made it in comment lines. NirData: NIRData (HDF5), what made it as
/// attributes `nirc.*` of its root. Folder: NODE.OBSERVABLE.npy for each trace, NODE.times.csv
/// where spikes have times, and run.json.
enum class ResultForm { Npy, Npz, Csv, NirData, Folder };

/// The form that the path asks for by its ending: .npy, .npz, .csv, .nird, or a folder for a path
/// that ends in '/', has no ending, or is a folder; "-", standard output, takes CSV. The error
/// lists the forms.
nir::Result<ResultForm> resultFormOf(const std::string &path);

/// A run's outcome and what produced it: an object of text, numbers and lists of text.
struct Results {
  nir::Recording recording; ///< as a target gives it: [batch, T, shape...]
  bool batched = false;     ///< false: the one sample is written without the batch dimension
  nlohmann::ordered_json provenance;
  std::function<bool(std::string_view path)> isSubgraph; ///< NIRData nests its nodes in it
};

/// Writes every file under a temporary name first. Npy takes exactly one trace.
nir::Status writeResults(const Results &results, ResultForm form, const std::string &path);

/// The same results as CSV text: the columns step, time (s) and one an element, and "sample" before
/// them where there is a batch.
std::string csvText(const Results &results);

} // namespace nirc
