//===- Tools.h - programs of others ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/run/Workplace.h"

namespace nirc {

/// Whether a shell would find the program.
bool isOnPath(const std::string &program);

/// The path of a program that a package of nirc brings along, in libexec/nirc beside lib; empty
/// where there is none.
std::string carriedTool(const std::string &program);

/// Runs a tool in `folder` to its end; both of its streams go to the file `log` of the place.
/// Whether it ended with 0.
nir::Result<bool> runTool(Workplace &place, std::vector<std::string> words,
                          const std::string &folder, const std::string &log);

/// What a compiler or a linker says first of what is wrong.
std::string complaintIn(const std::string &log);

/// What the tool prints for --version, cut after 4 KiB.
nir::Result<std::string> versionOf(Workplace &place, const std::string &tool);

} // namespace nirc
