//===- ReadLimits.h - what reading a file may take --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>

namespace nir {

/// Bounds on what a file may ask for. Each is checked before the memory or the time is spent, and
/// the error names the bound. The defaults let through any network that fits a workstation.
struct ReadLimits {
  int64_t maxFileBytes = int64_t(8) << 30;
  int64_t maxTensorBytes = int64_t(2) << 30; ///< of one parameter, unpacked
  int64_t maxTotalBytes = int64_t(4) << 30;  ///< of all parameters together, unpacked
  int64_t maxNodes = 1'000'000;              ///< in all graphs of the file together
  int64_t maxEdges = 10'000'000;             ///< in all graphs of the file together
  int64_t maxObjects = 20'000'000;           ///< groups and datasets
  /// Groups inside groups. A graph in a graph takes two (the node and its "nodes"), a slash in a
  /// name one. Values above 1000 count as 1000: the stack bounds it.
  int64_t maxNesting = 256;
  /// Memory besides the parameters: names, edges, metadata, and what HDF5 itself takes. Holds for
  /// confined reading only.
  int64_t maxWorkBytes = int64_t(1) << 30;
  /// From start to end, and of processor time. Holds for confined reading only.
  double maxSeconds = 60.0;
  /// Of a file of many recordings (ShdFile.h): the first to read, and how many.
  int64_t firstRecording = 0, maxRecordings = int64_t(1) << 40;
};

} // namespace nir
