//===- Npz.h - several arrays in one file for numpy -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Tensor.h"

#include <string>
#include <utility>
#include <vector>

namespace nirc {

/// The bytes of an .npz file: an archive of .npy files, not packed, so that the same arrays give
/// the same bytes. Names are there once. An error where there is no memory for it.
nir::Result<std::string> npzBytes(const std::vector<std::pair<std::string, nir::Tensor>> &arrays);

} // namespace nirc
