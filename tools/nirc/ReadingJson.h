//===- ReadingJson.h - how a file is read, for programs ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/FileReading.h"
#include "tools/nirc/Report.h"

namespace nirc {

/// {"platforms", "sure", "stated", "evidence"}.
Json originJson(const FileReading &reading);
/// {"unit", "candidates", "evidence", "dt", "dt_from", "semantics"}.
Json timeJson(const FileReading &reading);

} // namespace nirc
