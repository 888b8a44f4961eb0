//===- Labels.h - the class of each sample ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

class SourceSamples;

/// The class of each sample.
struct Labels {
  std::vector<int64_t> values;
  std::vector<std::string> names = {}; ///< of the classes, where they are no numbers; else empty
  std::string from;                    ///< the file, or what else says it, for people
};

/// Whether --labels names a file: it may also be empty, `names` or `folders`.
bool isLabelFile(const std::string &text);
/// The numbers of a file: IDX, .npy, .npz or a column of a table; whole and from 0 on.
nir::Result<Labels> readLabels(const std::string &path, uint64_t maxBytes);
/// What the samples say of their classes. "names": the number with which each file's name starts,
/// as 7 and 7_0042. "folders": the folder that each is in; its number where all of them are whole
/// numbers, else its place in their natural order. Empty: what there is of labels in the file and
/// folders. Errors are faults of the command line.
nir::Result<Labels> labelsOf(const SourceSamples &samples, const std::string &text);

} // namespace nirc
