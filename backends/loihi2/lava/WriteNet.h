//===- WriteNet.h - lava-dl's .net ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/lava/ConvWindows.h"
#include "ir/Error.h"

namespace nirc::loihi2 {

/// The model as a .net file (HDF5) that lava-dl's netx loads: one row of layers, with the spikes of
/// the chip model. What the file or its reader has no place for is an error that names the node.
/// `windows` are those of the network that the model was built from.
nir::Result<std::string> writeNet(const Model &model,
                                  const std::vector<std::optional<ConvWindow>> &windows);

} // namespace nirc::loihi2
