//===- Outputs.h - what a command writes, and must not write -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"

#include <string>
#include <vector>

namespace nirc {

/// The files that a command reads: the model, what drives it and what calibrates it.
std::vector<std::string> filesRead(const Network &network);

/// Adds the files that a source or labels are in: of x.npz:NAME and x.csv:2 the file.
void addFiles(const std::string &source, std::vector<std::string> &files);

/// Refuses to write over a file that is read, by its name, another path or a link. No output is
/// refused that does not exist yet; an empty one is none. Pipes are refused.
nir::Status checkOutput(const std::string &out, const std::vector<std::string> &inputs);

/// Whether a file can be at this place: its folder exists, and it is none. For what is written
/// after long work.
nir::Status checkPlace(const std::string &out);

} // namespace nirc
