//===- ReadShd.h - the recordings in an open file of SHD --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Hdf5Source.h"
#include "ir/file/ShdFile.h"
#include "ir/file/Wire.h"

namespace nir {

/// Reads the recordings that the limits name. The caller holds an hdf5::Session.
Result<ShdRecordings> readShd(hdf5::Source &source);

void put(WireWriter &wire, const ShdRecordings &recordings);
void take(WireReader &wire, ShdRecordings &recordings);

} // namespace nir
