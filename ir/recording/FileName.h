//===- FileName.h - a file name for a node's name ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nir {

/// A file name for a node's name: bytes that file systems or shells give a meaning to are written
/// as %XX, so different nodes have different files. Names of more than 150 bytes are cut and told
/// apart by a hash.
std::string fileNameFor(std::string_view node);

} // namespace nir
