//===- Proofs.h - claims and solvers in tests -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/proof/Solvers.h"
#include "ir/choices/Choices.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nir::test {

/// The graph in integers, with steps of 1 ms.
inline nirc::Job jobOf(const nir::Graph &graph, const std::string &semantics,
                       const std::string &format) {
  nirc::Job job;
  job.graph = &graph;
  job.file = "test.nir";
  job.semantics = *nir::semanticsOf(semantics);
  job.semantics.dtSeconds = 1e-3;
  job.dtype = nir::DType::F64;
  job.quantization = nirc::QuantizationOptions{*nir::numberFormatOf(format)};
  return job;
}

/// The solvers that are here; none where there are none.
inline const nirc::proof::Solvers &solvers() {
  static const nirc::proof::Solvers all = [] {
    nir::Result<nirc::proof::Solvers> found = nirc::proof::Solvers::find({.seconds = 60.0});
    return found ? *std::move(found) : nirc::proof::Solvers();
  }();
  return all;
}

struct ClaimVerdict {
  nirc::proof::Verdict verdict = nirc::proof::Verdict::Proved;
  std::string why; ///< why it is not proved, with the numbers of a counterexample
};

/// What solvers say of all of its questions; a claim without any is undecided.
inline ClaimVerdict verdictOf(const nirc::Claim &claim) {
  using nirc::proof::Verdict;
  if (!claim.unasked.empty() || claim.questions.empty()) {
    return {Verdict::Undecided, "not asked: " + claim.unasked};
  }
  ClaimVerdict all;
  for (const nirc::Question &question : claim.questions) {
    nir::Result<nirc::proof::Answer> answer = solvers().ask(question);
    if (!answer) {
      return {Verdict::Undecided, answer.error().str()};
    }
    if (answer->verdict == Verdict::Proved) {
      continue;
    }
    all = {answer->verdict, claim.node + ": " + question.text + ": " + answer->why};
    for (const auto &[name, value] : answer->values) {
      all.why += " " + name + "=" + value;
    }
    if (answer->verdict == Verdict::Refuted) {
      break;
    }
  }
  return all;
}

inline void expectProved(const std::vector<nirc::Claim> &claims) {
  for (const nirc::Claim &claim : claims) {
    ClaimVerdict found = verdictOf(claim);
    EXPECT_EQ(found.verdict, nirc::proof::Verdict::Proved) << claim.node << ": " << found.why;
  }
}

} // namespace nir::test
