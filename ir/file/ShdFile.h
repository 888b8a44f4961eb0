//===- ShdFile.h - recordings of the Heidelberg datasets --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/file/ReadLimits.h"
#include "ir/graph/Tensor.h"

#include <string>

namespace nir {

/// Recordings of a cochlea with labels: some of those of a file, one after the other.
struct ShdRecordings {
  int64_t total = 0; ///< in the file
  Tensor sizes;      ///< int64 [recordings]: spikes of each
  Tensor seconds;    ///< float64 [spikes of all]
  Tensor channels;   ///< float64 [spikes of all], as the file has them
  Tensor labels;     ///< int64 [recordings], or empty where the file has none
};

/// Reads the recordings from `first` on, at most `most`, of a file as SHD and SSC have it: HDF5
/// with the lists `spikes/times` (seconds) and `spikes/units`, and the numbers `labels`. Cramer et
/// al. 2020, doi:10.1109/TNNLS.2020.3044364. Confined, within the limits, as `read` is.
Result<ShdRecordings> readShd(const std::string &path, int64_t first, int64_t most,
                              ReadLimits limits = {});

} // namespace nir
