//===- CompareReport.h - what a comparison found ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/RunReport.h"
#include "tools/nirc/Report.h"

#include <string>
#include <vector>

namespace nirc {

/// For people, and complete for programs.
std::string compareText(const CompareReport &report);
Json compareJson(const CompareReport &report);

} // namespace nirc
