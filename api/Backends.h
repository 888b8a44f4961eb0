//===- Backends.h - chips of others -----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Targets, number formats, semantics presets, dialects and passes that were not built in: of a
// shared library (backends/Plugin.h) or of a chip file (backends/chipfile). docs/add-your-chip.md.
// Since 0.1.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <string>
#include <vector>

namespace nirc {

/// Loads a backend, for all of the process and for as long as it lives: a library or a chip file,
/// told apart by their content. A file that was loaded already stays as it is, and is no error. The
/// error names the file; nothing was added then.
///
/// Any thread may call it, at any time; compilations and runs that are under way go on. A target is
/// known to `findTarget`, `Model` and the command line from when the call has returned.
///
/// A library is code, and is trusted as a program is: its code runs while it is loaded, with all
/// rights of the process. What it says of its making is read before that, and a library that is
/// none, has no entry, or is of another API, nirc or LLVM is refused without running any of it. A
/// chip file is data, which is not trusted.
nir::Status loadBackend(const std::string &path);

/// Those of $NIRC_BACKENDS, paths with colons between them, in their order; the first that cannot
/// be loaded is an error. Nothing in a process with more rights than its user's (setuid).
nir::Status loadBackendsOfEnvironment();

/// The same, and then the files of `--load-backend=FILE` and `--load-backend FILE`, which it takes
/// out of the arguments up to "--". An error, too, where one has no value.
nir::Status loadBackendsOf(std::vector<std::string> &arguments);

} // namespace nirc
