//===- Finding.h - a failure as files ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Trying.h"

#include <string>

namespace nir::fuzz {

/// A case that fails, in a folder: model.nir, input.nir, case.json with all choices, and a test for
/// lit, case.test, that passes once the fault is mended.
struct Finding {
  Case of;
  std::string check, text;

  /// What shows it, in a line: a command of nirc where there is one.
  std::string command(const std::string &folder) const;
};

Status writeFinding(const Finding &finding, const std::string &folder);
Result<Finding> readFinding(const std::string &folder);

} // namespace nir::fuzz
