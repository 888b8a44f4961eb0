//===- ClockedText.h - a clocked network in words ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/nirc/Report.h"

#include <string>

namespace nirc {

/// What `nirc inspect` says of a file that holds a clocked network.
std::string clockedText(const ModelFile &file);
Json clockedJson(const ModelFile &file);

} // namespace nirc
