//===- MemoryView.h - what a network takes of a small machine ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "tools/nirc/Report.h"

namespace nirc {

/// A table with a row for each node that takes any, the sums, and what they leave out.
std::string memoryText(const MemoryUse &use);
Json memoryJson(const MemoryUse &use);

} // namespace nirc
