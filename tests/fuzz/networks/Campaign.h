//===- Campaign.h - many cases, in several children -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Finding.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nir::fuzz {

struct CampaignOptions {
  uint64_t seed = 1;   ///< of the first case; the next has the next one
  uint64_t cases = 0;  ///< 0: as many as there is time for
  double minutes = 0;  ///< 0: as long as the cases take
  int jobs = 1;        ///< children at a time
  std::string out;     ///< where findings go, a folder each; empty: they are only told
  bool shrinks = true; ///< findings before they are told
  bool shows = true;   ///< how far it is, on standard error
};

/// Counts of one check.
struct Tally {
  uint64_t holds = 0, fails = 0;
  std::map<std::string, uint64_t> refused; ///< by cause
};

struct Campaigned {
  uint64_t cases = 0;
  double seconds = 0.0;
  std::map<std::string, Tally> checks;
  std::vector<Finding> findings;    ///< at most three of a kind
  std::vector<std::string> folders; ///< of each

  /// A table, and what was found.
  std::string text(const CampaignOptions &options) const;
};

/// Makes the checks of the cases.
Campaigned campaign(const Checks &checks, const CampaignOptions &options);

} // namespace nir::fuzz
