//===- Npy.h - NumPy's .npy files -------------------------------*- C++ -*-===//
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

/// The array in the bytes of a .npy file of version 1, 2 or 3: bool, integers and floats, either
/// byte order, C or Fortran order. The result is row-major. Trusts nothing in `bytes`: what does
/// not add up is an error that names `file`.
nir::Result<nir::Tensor> parseNpy(std::span<const std::byte> bytes, const std::string &file);

} // namespace nirc
