//===- Published.h - the NIR paper's networks -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "bench/Networks.h"

#include "ir/Error.h"

#include <string>
#include <vector>

namespace nirc::bench {

/// A network of the reference data: the name of its file without the ending.
struct Published {
  const char *name;
  const char *semantics; ///< as `nirc run --semantics` takes it
  double dtSeconds;
  int64_t steps;
  int64_t batch; ///< the larger of the two that are measured, beside 1
};
/// cnn_sinabs on 300 steps of N-MNIST in a batch of 32, and both Braille networks on 256 steps in a
/// batch of 140, the size of the Braille paper's test set.
const std::vector<Published> &publishedNetworks();

/// Reads it from `data`, the folder of the reference data.
nir::Result<Network> readPublished(const Published &published, const std::string &data);

/// What drives it: uint8 [batch, steps, ...]. For cnn_sinabs the recordings in `data`/nmnist, in
/// bins of 1 ms, by turns, over random spikes in 3 % of the inputs; for the Braille networks, whose
/// recordings are not there, random spikes of which every channel has one in ten steps.
nir::Result<nir::Tensor> publishedInput(const Published &published, const std::string &data,
                                        int64_t batch);

} // namespace nirc::bench
