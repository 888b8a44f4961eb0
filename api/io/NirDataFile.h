//===- NirDataFile.h - recordings as NIRData --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Inputs.h"
#include "api/io/Results.h"
#include "ir/Error.h"
#include "ir/file/NirData.h"

#include <string>

namespace nirc {

/// The recording of the port's node in an NIRData file, or the only node's where there is one: the
/// observable "value", else "spikes", else the only one. [T, n], or [batch, T, n] for more than one
/// sample, on the grid of options.dtSeconds: a gridded recording must have that dt, events are
/// counted in bins.
nir::Result<nir::Tensor> readNirDataInput(const std::string &path, const InputPort &port,
                                          const InputOptions &options);
/// The same of data that are read already, from the file at `path`.
nir::Result<nir::Tensor> nirDataInput(const nir::NIRGraphData &data, const std::string &path,
                                      const InputPort &port, const InputOptions &options);

/// Every trace as time-gridded data, or as events where its spikes have times, with the provenance
/// as attributes of the root.
nir::Status writeNirData(const Results &results, const std::string &path);

} // namespace nirc
