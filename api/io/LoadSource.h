//===- LoadSource.h - the samples of one input as a batch -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/SourceSamples.h"

namespace nirc {

/// The signal of a source that is no generator, [batch, T, port...]. Adds to `inputs` whether it
/// has a batch, and the names and labels of its samples.
nir::Result<nir::Tensor> loadSource(const InputSource &source, const InputOptions &options,
                                    Inputs &inputs, Heard &heard);

/// Whether the signal, with 8 bytes an element, keeps to the limit.
nir::Status withinLimit(const InputPort &port, int64_t batch, int64_t steps,
                        const InputOptions &options);

} // namespace nirc
