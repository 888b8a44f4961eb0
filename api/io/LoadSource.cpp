//===- LoadSource.cpp - the samples of one input as a batch ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/LoadSource.h"

#include "api/io/SampleSet.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

nir::Status withinLimit(const InputPort &port, int64_t batch, int64_t steps,
                        const InputOptions &options) {
  double bytes = 8.0 * static_cast<double>(batch) * static_cast<double>(steps) *
                 static_cast<double>(nir::numElements(port.shape));
  if (bytes <= static_cast<double>(options.maxBytes)) {
    return std::nullopt;
  }
  return nir::Error(nir::Cause::Limit,
                    fmt::format("{} steps of input '{}' take {:.3g} bytes, the limit is {}", steps,
                                port.node, bytes, options.maxBytes))
      .note("--max-input-bytes raises the limit");
}

/// The samples as a batch, shorter ones padded.
static nir::Result<nir::Tensor> stack(const InputSource &source, const std::vector<Sample> &samples,
                                      const InputOptions &options, int64_t &shortest) {
  int64_t longest = 0;
  shortest = INT64_MAX;
  for (const Sample &sample : samples) {
    shortest = std::min(shortest, sample.data.shape()[1]);
    longest = std::max(longest, sample.data.shape()[1]);
  }
  if (nir::Status failed =
          withinLimit(source.port, static_cast<int64_t>(samples.size()), longest, options)) {
    return std::move(*failed);
  }
  return stackSamples(samples);
}

nir::Result<nir::Tensor> loadSource(const InputSource &source, const InputOptions &options,
                                    Inputs &inputs, Heard &heard) {
  auto opened = openSource(source, options, heard);
  if (!opened) {
    return opened.takeError();
  }
  const SourceSamples &samples = **opened;
  inputs.batched |= samples.isBatch;
  inputs.remarks.insert(inputs.remarks.end(), samples.remarks.begin(), samples.remarks.end());
  if (const nir::Tensor *whole = samples.whole()) {
    return *whole;
  }
  if (nir::Status failed = withinLimit(source.port, samples.count, samples.steps(), options)) {
    return std::move(*failed);
  }
  std::vector<Sample> read;
  for (int64_t i = 0; i < samples.count; ++i) {
    nir::Result<nir::Tensor> sample = samples.read(i, options.seed, heard);
    if (!sample) {
      return sample.takeError();
    }
    read.push_back({samples.fileOf(i), *std::move(sample)});
  }
  int64_t shortest = 0;
  nir::Result<nir::Tensor> batch = stack(source, read, options, shortest);
  if (!batch) {
    return batch.takeError();
  }
  inputs.labels = inputs.labels.empty() ? samples.labels : inputs.labels;
  if (samples.isBatch && !samples.names.empty()) {
    bool isFirst = inputs.samples.empty();
    inputs.samples = isFirst ? samples.names : inputs.samples;
    inputs.shortest = isFirst ? shortest : std::min(inputs.shortest, shortest);
  }
  return batch;
}

} // namespace nirc
