//===- Readme.h - an artifact for people ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/machine/Loaded.h"

namespace nirc::spinnaker2 {

/// What there is to know of it at once, a line each.
std::vector<std::string> summaryOf(const Loaded &loaded);

/// README.md of the artifact, under that name: its files, and for each core what it holds and what
/// that takes.
std::string readmeOf(const Loaded &loaded, std::string_view name);

/// What a core's memory is taken by, its program as large as its ELF.
CoreBytes memoryOf(const Loaded &loaded, size_t core);

} // namespace nirc::spinnaker2
