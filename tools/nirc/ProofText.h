//===- ProofText.h - proofs for people --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/Proof.h"

#include <span>
#include <string>

namespace nirc {

/// What is proved of what, as one line.
std::string proofHead(const std::string &model, const Choices &choices, bool isAll);
/// A claim in a line; of one that is refuted or undecided, and of one that nobody could be asked
/// about, why.
std::string claimText(const ProvenClaim &one);
/// How many claims there were, and how long it took.
std::string summaryText(const ProofReport &report);
/// What is proved of what, for JSON.
Json proofOf(const std::string &model, const Network &network, const Choices &choices,
             std::span<const Target *const> targets);

} // namespace nirc
