//===- SourceSamples.h - the samples of one input ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/ArrayInput.h"

#include <memory>

namespace nirc {

/// The samples of a source, each read or made when it is asked for. Safe to read from several
/// threads.
class SourceSamples {
public:
  virtual ~SourceSamples() = default;

  int64_t count = 1;
  bool isBatch = false;             ///< whether the source says so, be it of one sample
  std::vector<std::string> names;   ///< of each, where files or recordings have them; else empty
  std::vector<int64_t> labels;      ///< of each, where the file has them; else empty
  std::vector<std::string> folders; ///< of each, where folders stand for classes; else empty
  bool isRandom = false;            ///< whether a sample depends on the seed
  bool hasSteps = true;             ///< whether the source has them, or an encoder makes them
  std::vector<nir::Diagnostic> remarks; ///< on the source as a whole

  /// Sample `i` as [1, T, port...], where T may differ from that of others. The spikes of a random
  /// encoding depend on `seed` and `i` alone.
  virtual nir::Result<nir::Tensor> read(int64_t i, uint64_t seed, Heard &heard) const = 0;
  /// The file of a sample, for diagnostics.
  virtual std::string fileOf(int64_t i) const = 0;
  /// The steps of every sample, where they are the same; 0 where only reading tells.
  virtual int64_t steps() const { return 0; }
  /// All samples as one array, where memory holds it already.
  virtual const nir::Tensor *whole() const { return nullptr; }
};

/// Sample `i` of an array of samples, without a copy.
nir::Tensor sampleOf(const nir::Tensor &array, int64_t i);

/// Opens a source that is no generator. Arrays, and recordings of SHD, are read at once; of a
/// folder or pattern each file when it is asked for.
nir::Result<std::shared_ptr<const SourceSamples>>
openSource(const InputSource &source, const InputOptions &options, Heard &heard);

} // namespace nirc
