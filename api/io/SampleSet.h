//===- SampleSet.h - several files as the samples of a batch ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// Whether the source is a folder, or a pattern such as "digits/*.bin" and no file of that name.
bool isSampleSet(const std::string &source);

/// Whether `a` comes before `b` where numbers in names are numbers: "2" before "10". Names that are
/// alike in that are ordered by their bytes.
bool isNaturallyBefore(std::string_view a, std::string_view b);

/// A file of a set.
struct SampleFile {
  std::string path;
  std::string folder = {}; ///< the name of its folder, where folders stand for classes

  /// "0042", or "7/0042" where folders stand for classes: without the ending.
  std::string name() const;
};

/// The files of a set in the natural order of their names, at least one: all that match the
/// pattern; or the folder's files of one ending: of events, .npy or .npz; or where it has none of
/// them, those of its folders, each of which stands for a class.
nir::Result<std::vector<SampleFile>> sampleFiles(const std::string &source);

/// One file's recording, [1, T, shape...].
struct Sample {
  std::string file;
  nir::Tensor data;
};

/// The samples as one batch [batch, T, shape...], as long as the longest: shorter ones go on with
/// zeros. Their dtypes must be the same, as the shape already is.
nir::Result<nir::Tensor> stackSamples(const std::vector<Sample> &samples);

} // namespace nirc
