//===- Hdf5Lines.h - a file of HDF5 from lines of text ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// libhdf5 itself is not what is fuzzed: it crashes on damaged files, which is why nirc confines it.
// So the files are whole, and what is in them is anything. A line makes one thing:
//
//     node                               a group
//     node/type t LIF                    a text, of fixed length; T: of variable length
//     node/tau f 3 0.5 1 2               float32 of shape [3]; 2x3: of [2, 3]; -: a scalar
//     node/nodes/lif@dt d - 1e-4         an attribute of that group or dataset
//     node/copy =node/nodes              a hard link; ~: a soft one
//
// Types: b h f d (int8, float16, float32, float64), B I L (uint8, int32, int64), E (bool, as h5py),
// s (texts of fixed length), S (of variable length), c (compound), n (null dataspace), z (float32,
// packed), v (lists of float64, each of the value's length).
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nir::fuzz {

/// Writes the file. What a line says and HDF5 does not take is left out.
void writeHdf5(std::string_view lines, const std::string &path);

/// The name of a file of this process, in memory where there is such a folder.
std::string scratchFile();

} // namespace nir::fuzz
