//===- Proof.cpp - claims, and what solvers say of them -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Proof.h"

#include "backends/FrontEnd.h"
#include "backends/proof/NetworkClaims.h"
#include "backends/run/Clock.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

using namespace nirc;
using proof::Verdict;

double ProvenClaim::seconds() const {
  double all = 0.0;
  for (const proof::Answer &answer : answers) {
    all += answer.seconds;
  }
  return all;
}

size_t ProofReport::count(ProvenClaim::State state) const {
  return static_cast<size_t>(std::count_if(
      claims.begin(), claims.end(), [&](const ProvenClaim &one) { return one.state == state; }));
}

bool ProofReport::isProved() const {
  return count(ProvenClaim::State::Refuted) == 0 && count(ProvenClaim::State::Undecided) == 0;
}

std::string_view nirc::name(ProvenClaim::State state) {
  switch (state) {
  case ProvenClaim::State::Proved:
    return "proved";
  case ProvenClaim::State::Refuted:
    return "refuted";
  case ProvenClaim::State::Undecided:
    return "undecided";
  case ProvenClaim::State::Unasked:
    return "unasked";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// What is claimed
//===----------------------------------------------------------------------===//

static void append(std::vector<ProvenClaim> &all, const std::string &target,
                   std::vector<Claim> claims) {
  for (Claim &claim : claims) {
    all.push_back({target, std::move(claim)});
  }
}

static nir::Status collect(const Job &job, std::span<const Target *const> targets,
                           ProofReport &report) {
  {
    nir::Result<NetworkCopy> copy = networkOf(job);
    if (!copy) {
      return copy.takeError();
    }
    append(report.claims, "", proof::networkClaims(copy->network()));
  }
  for (const Target *target : targets) {
    nir::Result<std::vector<Claim>> claims = target->claims(job);
    if (claims && claims->empty()) {
      report.silent.emplace_back(target->name());
    } else if (claims) {
      append(report.claims, std::string(target->name()), *std::move(claims));
    } else if (targets.size() == 1) {
      return claims.takeError();
    } else {
      report.refused.emplace_back(target->name(), claims.error().message);
    }
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

namespace {

/// Claims that threads take one after the other, handed on in their order.
class Work {
public:
  Work(ProofReport &report, const proof::Solvers &solvers, const ProofOptions &options)
      : report(report), solvers(solvers), options(options), isDone(report.claims.size()),
        failedAt(report.claims.size()) {}

  nir::Status run();

private:
  void work();
  nir::Status decide(ProvenClaim &one) const;
  void finish(size_t number, nir::Status failed);

  ProofReport &report;
  const proof::Solvers &solvers;
  const ProofOptions &options;
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::vector<char> isDone;
  size_t told = 0;
  size_t failedAt;
  nir::Status failure;
};

} // namespace

nir::Status Work::decide(ProvenClaim &one) const {
  if (one.claim.questions.empty()) {
    one.state =
        one.claim.unasked.empty() ? ProvenClaim::State::Proved : ProvenClaim::State::Unasked;
    return std::nullopt;
  }
  one.state = ProvenClaim::State::Proved;
  for (const Question &question : one.claim.questions) {
    nir::Result<proof::Answer> answer = solvers.ask(question);
    if (!answer) {
      return answer.takeError();
    }
    one.answers.push_back(*std::move(answer));
    Verdict verdict = one.answers.back().verdict;
    if (verdict != Verdict::Proved) {
      one.state =
          verdict == Verdict::Refuted ? ProvenClaim::State::Refuted : ProvenClaim::State::Undecided;
      break;
    }
  }
  return std::nullopt;
}

void Work::finish(size_t number, nir::Status failed) {
  std::lock_guard lock(mutex);
  isDone[number] = 1;
  // Those before it are taken already, so the first that fails is the same with any threads.
  if (failed && number < failedAt) {
    failure = std::move(failed);
    failedAt = number;
    next = report.claims.size();
  }
  for (; told < failedAt && isDone[told]; ++told) {
    if (options.onClaim) {
      options.onClaim(report.claims[told]);
    }
  }
}

void Work::work() {
  for (size_t number = 0; (number = next++) < report.claims.size();) {
    finish(number, decide(report.claims[number]));
  }
}

nir::Status Work::run() {
  size_t cores = std::max(1U, std::thread::hardware_concurrency());
  size_t count = options.threads > 0 ? static_cast<size_t>(options.threads) : cores;
  count = std::min(count, std::max<size_t>(1, report.claims.size()));
  std::vector<std::thread> threads;
  for (size_t i = 1; i < count; ++i) {
    threads.emplace_back([this] { work(); });
  }
  work();
  for (std::thread &thread : threads) {
    thread.join();
  }
  return std::move(failure);
}

nir::Result<ProofReport> nirc::prove(const Job &job, std::span<const Target *const> targets,
                                     const ProofOptions &options) {
  Clock::time_point start = Clock::now();
  ProofReport report;
  if (nir::Status failed = collect(job, targets, report)) {
    return *std::move(failed);
  }
  bool isAsked = std::any_of(report.claims.begin(), report.claims.end(),
                             [](const auto &one) { return !one.claim.questions.empty(); });
  // Where there is nothing to ask, none has to be there.
  nir::Result<proof::Solvers> solvers = isAsked ? proof::Solvers::find(options.solver)
                                                : nir::Result<proof::Solvers>(proof::Solvers());
  if (!solvers) {
    return solvers.takeError();
  }
  report.solvers = solvers->all();
  if (nir::Status failed = Work(report, *solvers, options).run()) {
    return *std::move(failed);
  }
  report.seconds = secondsSince(start);
  return report;
}
