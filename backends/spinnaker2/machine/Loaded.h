//===- Loaded.h - an artifact in memory -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/spinnaker2/image/DataBlock.h"
#include "backends/spinnaker2/image/Image.h"

#include <string>
#include <vector>

namespace nirc::spinnaker2 {

constexpr std::string_view sumsFile = "SHA256SUMS";

/// All that runs: the image, the bytes of its cores, and the files of their programs.
struct Loaded {
  Image image;
  std::vector<DataBlock> blocks;
  std::vector<Artifact::File> files; ///< all of the artifact
};

/// Of files that were just made.
nir::Result<Loaded> loadFiles(std::vector<Artifact::File> files);

/// Of the folder of the file network.spinnaker2. A file that is missing, was changed or does not
/// fit the others is an error that names the core and its nodes, as far as it is one of a core.
nir::Result<Loaded> loadFolder(const std::string &path);

/// The files of such a folder, as far as its SHA256SUMS can be read.
std::vector<std::string> filesOfFolder(const std::string &path);

/// The text of SHA256SUMS, as sha256sum has it.
std::string sumsOf(const std::vector<Artifact::File> &files);

/// What the network says of itself.
ProgramInfo infoOf(const NetworkImage &network);

} // namespace nirc::spinnaker2
