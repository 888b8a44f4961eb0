//===- Export.h - the suite, written ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/files/Manifest.h"
#include "conformance/suite/Case.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace nirc::conformance {

struct ExportOptions {
  int threads = 2;
  std::function<void(int64_t done, int64_t total)> progress = {}; ///< of cases; may be empty
  std::stop_token stop = {};
};

/// Runs the cases and writes them to `folder`, which must be empty or not be there. It appears
/// when it is whole. The same cases give the same bytes.
nir::Result<Suite> exportSuite(const std::vector<Case> &cases, const std::string &folder,
                               const ExportOptions &options = {});

/// Runs one case and writes it to `folder`, which is made where it is missing; the manifest last.
nir::Result<Manifest> exportCase(const Case &one, const std::string &folder);

} // namespace nirc::conformance
