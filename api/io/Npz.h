//===- Npz.h - arrays of several in one file --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <cstddef>
#include <span>
#include <string>

namespace nirc {

/// "x.npz:frames" is the array `frames` of x.npz; "x.npz" the only one.
struct NpzSource {
  std::string path, array; ///< array: empty where none is named
};
NpzSource npzSourceOf(const std::string &source);

/// The array of that name, or the only one. Trusts nothing: the error names the file.
nir::Result<nir::Tensor> readNpz(std::span<const std::byte> bytes, const NpzSource &source,
                                 uint64_t maxBytes);

} // namespace nirc
