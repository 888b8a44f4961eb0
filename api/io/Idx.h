//===- Idx.h - the files of MNIST -------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace nirc {

/// The array of an IDX file of unsigned bytes, as MNIST and what followed it have them: uint8, of
/// the file's shape. Trusts nothing in `bytes`: the sizes must be those of the data that is there,
/// so that no more is allocated than the file has.
nir::Result<nir::Tensor> parseIdx(std::span<const std::byte> bytes, const std::string &file);

/// The same of a file, which may be compressed (gzip). No more than about `maxBytes` are read or
/// unpacked.
nir::Result<nir::Tensor> readIdx(const std::string &path, uint64_t maxBytes);

/// Images and the class of each.
struct LabelledImages {
  nir::Tensor images;                           ///< uint8 [count, shape of an image...]
  nir::Tensor labels;                           ///< uint8 [count]
  std::string imagesFile = {}, labelsFile = {}; ///< for diagnostics

  int64_t count() const { return labels.size(); }
  int64_t pixels() const { return images.size() / labels.size(); } ///< of an image
};

/// Reads both files, with at least one image. There must be as many labels as images.
nir::Result<LabelledImages> readLabelledImages(const std::string &images, const std::string &labels,
                                               uint64_t maxBytes);

} // namespace nirc
