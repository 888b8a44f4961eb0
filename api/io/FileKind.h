//===- FileKind.h - files that are not models -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nirc {

/// Bytes of its beginning by which a file is known.
inline constexpr size_t headOfKind = 512;

/// What people have by mistake or halfway: a pointer of Git LFS or git-annex, an export that was
/// not written to its end, a checkpoint of PyTorch, ONNX, an archive, an array. The error names it
/// and what to do; none where it is nothing of that kind. `head`: its first bytes, `headOfKind` or
/// all; `name`: its path, of which the ending counts; `bytes`: how long it is.
std::optional<nir::Error> foreignFile(std::string_view head, std::string_view name, uint64_t bytes);

/// What a folder in the place of a model holds: the models in it, or what nirc wrote there.
nir::Error folderForModel(const std::string &folder);

} // namespace nirc
