//===- Trying.h - a case and its checks, in a child -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Checks.h"
#include "tests/fuzz/networks/Child.h"

#include <functional>
#include <string>
#include <vector>

namespace nir::fuzz {

/// A check that a case does not pass.
struct Failure {
  std::string check;
  std::string cause; ///< in a word: "bits", "crash", "hang", "refuses-bad-option"
  std::string text;
};

/// What became of each check.
struct Tried {
  struct Passed {
    std::string check, cause; ///< the cause of a refusal; empty where it holds
  };
  std::vector<Passed> passed;
  std::vector<Failure> failures;
};

using Checks = std::vector<const Check *>;

/// A child that makes the case, and those of the checks that are due.
Child start(const std::function<Case()> &make, const Checks &checks, bool areDueAlways);
/// What its ending says.
Tried triedOf(const Ending &ending);
/// The failure of one check, or nothing where it holds or is refused.
std::optional<Failure> failureOf(const Case &of, const Check &check);

} // namespace nir::fuzz
