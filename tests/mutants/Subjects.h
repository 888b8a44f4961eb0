//===- Subjects.h - code that gets faults -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc::mutants {

/// A fault in what a target wrote of a population.
struct Mutant {
  std::string target;           ///< "scalars", "vectors", "C", "firmware", "registers"
  std::string subject;          ///< "LIF own int8 nir: LIF1"
  std::string kind;             ///< ">= for >"
  std::string before, after;    ///< what is wrong, to read
  std::function<Claim()> claim; ///< what is to be proven of the code with the fault
  /// Whether a run of both gives other numbers; may be empty.
  std::function<std::optional<bool>()> runsDiffer = {};
};

/// The kind of what has no fault, which must be proved.
inline const std::string noFault = "none";

/// Networks whose code gets faults; they are there as long as their mutants are asked about.
class Subjects {
public:
  Subjects();
  ~Subjects();

  /// All faults in the code of all networks, of one target; and the code without any.
  std::vector<Mutant> mutantsOf(const std::string &target);
  /// Those that there are.
  static const std::vector<std::string> &targets();

private:
  struct Networks;
  std::unique_ptr<Networks> networks;
};

} // namespace nirc::mutants
