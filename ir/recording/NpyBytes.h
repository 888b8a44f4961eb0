//===- NpyBytes.h - an array as NumPy's file -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <string>

namespace nir {

/// The bytes of a .npy file (version 1, little-endian, C order) that numpy loads as `tensor`.
std::string npyBytes(const Tensor &tensor);

} // namespace nir
