//===- Proof.h - claims, and what solvers say of them -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "backends/proof/Solvers.h"

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace nirc {

/// A claim, and what became of it.
struct ProvenClaim {
  enum class State { Proved, Refuted, Undecided, Unasked };

  std::string target; ///< empty: of the network, whatever the target
  Claim claim;
  State state = State::Unasked;
  std::vector<proof::Answer> answers = {}; ///< one a question, up to the first that is not proved
  double seconds() const;                  ///< of the solvers
};

struct ProofReport {
  std::vector<proof::Solver> solvers; ///< those that were asked
  std::vector<ProvenClaim> claims;    ///< of the network, then target by target, in its order
  /// Targets that do not take the network, and why; only where several were asked for.
  std::vector<std::pair<std::string, std::string>> refused = {};
  std::vector<std::string> silent = {}; ///< targets that claim nothing of their code
  double seconds = 0.0;                 ///< of all, as a person waits

  size_t count(ProvenClaim::State state) const;
  /// Whether no claim is refuted or undecided.
  bool isProved() const;
};

struct ProofOptions {
  proof::SolverOptions solver = {};
  int threads = 0; ///< questions that are asked at once; 0: as many as the machine has cores
  /// Takes the claims one by one, as they are decided, in their order; may be empty.
  std::function<void(const ProvenClaim &)> onClaim = {};
};

/// What the network of the job promises and what each target claims of its code, proved or not. An
/// error where a solver or a tool is not there, two solvers contradict each other, or the only
/// target does not take the network.
nir::Result<ProofReport> prove(const Job &job, std::span<const Target *const> targets,
                               const ProofOptions &options);

/// "proved", "refuted", "undecided" or "unasked".
std::string_view name(ProvenClaim::State state);

/// The report, without the texts that were asked.
Json proofJson(const ProofReport &report);

/// Writes what anyone needs to ask again: the texts, what the solvers said, and manifest.json with
/// the digest of each and of the artifact that the claims are about. `of` says what was proved of
/// what.
nir::Status writeCertificate(const ProofReport &report, const Json &of, const Artifact &artifact,
                             const std::string &folder);

} // namespace nirc
