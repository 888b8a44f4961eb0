//===- Writer.h - .nir files, written ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <string>

namespace nir {

struct WriteOptions {
  int gzipLevel = 4; ///< of arrays above a kilobyte, as the official library's; 0 for none
};

/// The version that a model without one gets: the one whose layout is written.
inline constexpr const char *writtenVersion = "1.0.8";

/// Writes a model in the layout of NIR 1.0.8, which every earlier version shares. What is written
/// reads back equal: names, order of nodes and edges, dtypes, metadata. The version is the model's
/// own, so that a file which passes through keeps it, else `writtenVersion`.
///
/// Groups list their members by name, as the official library's do; where the nodes are in another
/// order the file tracks it (h5py follows that). Parameters that the model lacks are not made up.
/// NIR 1.0.8 reads a Conv1d or Conv2d only with its input_shape.
///
/// The file appears under its name when it is whole, and the same model gives the same bytes.
/// Thread safe; calls take turns. Since 0.1.
Status write(const Model &model, const std::string &path, const WriteOptions &options = {});

} // namespace nir
