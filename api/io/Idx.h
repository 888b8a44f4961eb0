//===- Idx.h - the files of MNIST -------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace nirc {

/// The array of an IDX file of unsigned bytes, as MNIST and what followed it have them: uint8, of
/// the file's shape. Trusts nothing in `bytes`: the sizes must be those of the data that is there,
/// so that no more is allocated than the file has.
nir::Result<nir::Tensor> parseIdx(std::span<const std::byte> bytes, const std::string &file);

/// The same of a file, which may be compressed (gzip). No more than about `maxBytes` are read or
/// unpacked.
nir::Result<nir::Tensor> readIdx(const std::string &path, uint64_t maxBytes);

} // namespace nirc
