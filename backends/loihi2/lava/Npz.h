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

namespace nirc::loihi2 {

/// The bytes of an .npz file: a zip archive of .npy files, not packed and without times, so that
/// the same arrays give the same bytes. Names are ASCII. An error where it would exceed 4 GiB.
nir::Result<std::string> npzBytes(const std::vector<std::pair<std::string, nir::Tensor>> &arrays);

} // namespace nirc::loihi2
