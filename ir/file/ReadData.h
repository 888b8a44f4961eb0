//===- ReadData.h - the recorded data in an open file -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Hdf5Source.h"
#include "ir/file/NirData.h"
#include "ir/file/Wire.h"

namespace nir {

/// Reads the data out of a file that `source.open()` has opened. The caller holds an
/// hdf5::Session.
Result<NIRGraphData> readData(hdf5::Source &source);

void put(WireWriter &wire, const NIRGraphData &data);
void take(WireReader &wire, NIRGraphData &data);

} // namespace nir
