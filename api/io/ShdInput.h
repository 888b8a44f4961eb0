//===- ShdInput.h - recordings of SHD and SSC as input ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/EventFile.h"

#include <optional>
#include <string>

namespace nirc {

/// "x.h5" is all recordings of a file, "x.h5#12" one, "x.h5#0-99" some, counted from 0.
struct ShdSource {
  std::string path;
  int64_t first = 0, most = int64_t(1) << 40;
  bool isOne = false;
};
/// An error where what follows the last '#' is neither a number nor a range.
nir::Result<ShdSource> shdSourceOf(const std::string &source);

/// Whether the bytes start as HDF5 does.
bool isHdf5(std::span<const std::byte> bytes);

struct ShdInput {
  std::vector<EventRecording> recordings; ///< y is 0, and each is brighter
  std::vector<int64_t> labels;            ///< one each, or none where the file has none
};
nir::Result<ShdInput> readShdInput(const ShdSource &source, const EventFraming &framing,
                                   uint64_t maxBytes);

} // namespace nirc
