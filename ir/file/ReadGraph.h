//===- ReadGraph.h - the graph in an open file ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Hdf5Source.h"

namespace nir {

/// Reads the model out of a file that `source.open()` has opened. The caller holds an
/// hdf5::Session.
Result<Model> readGraph(hdf5::Source &source);

} // namespace nir
