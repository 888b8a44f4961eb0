//===- Targets.h - targets compared with the reference ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/judge/Material.h"
#include "conformance/judge/Verdict.h"
#include "conformance/judge/Ways.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace nirc::conformance {

struct TargetsReport {
  std::string about; ///< "612 cases", "model.nir, 100 steps of 1 ms"
  std::vector<Way> ways;
  std::vector<CaseVerdict> cases; ///< in the order given

  /// Cases with that outcome of a way.
  int64_t count(size_t way, Outcome outcome) const;
  /// Neither differs nor fails, and nothing is stale or unreadable.
  bool isGood() const;
};

/// `reference` on one material, once for each choice that is asked for. One thread.
class Reference {
public:
  explicit Reference(const Material &material) : material(material) {}
  /// Outputs, spikes and states of all neurons; in the way's dtype or format.
  const nir::Result<nir::Recording> &run(const Way &way);

private:
  const Material &material;
  std::map<std::string, nir::Result<nir::Recording>> runs;
};

/// Outputs, and spikes and states of all neurons, as the way computes them.
nir::Result<nir::Recording> runWay(const Material &material, const Way &way,
                                   std::stop_token stop = {});

/// Runs the target and `reference` on the same, and compares every bit but the signs of zeros.
TargetVerdict judgeTarget(const Material &material, const Way &way, Reference &reference,
                          std::stop_token stop = {});

/// The files of a case that are not those of its manifest, and the expected ones that are not what
/// `reference` gives in float64.
std::vector<Stale> staleOf(const Material &material, Reference &reference);

/// Judges the ways on a case. Nothing is left out: where the case cannot be read, that is said.
CaseVerdict judgeCase(const Material &material, const std::vector<Way> &ways,
                      const std::stop_token &stop = {});

} // namespace nirc::conformance
