//===- Files.h - whole files, read and written ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// All bytes of a file, or of a pipe until its end. The error names the file; more than `maxBytes`
/// is one, with `fix` as its note.
nir::Result<std::vector<std::byte>> readFile(const std::string &path, uint64_t maxBytes,
                                             const std::string &fix = {});

/// The first `count` bytes, or fewer of a shorter file; the same errors, except the limit.
nir::Result<std::vector<std::byte>> readHead(const std::string &path, size_t count);

/// Lets `write` fill a new file beside `path` and then gives it that name, so that a reader of
/// `path` sees the old file or the whole new one. A symbolic link is followed. Permissions are
/// those of a newly created file.
nir::Status writeAtomically(const std::string &path,
                            const std::function<nir::Status(const std::string &temporary)> &write);

/// The same with the bytes at hand. What is not a regular file (/dev/null, a pipe) is written to as
/// it is.
nir::Status writeFile(const std::string &path, std::string_view bytes);

} // namespace nirc
