//===- Checks.cpp - what must hold of every case --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "tests/support/Random.h"
#include "tests/support/Recordings.h"

#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace nir::fuzz {

std::vector<DType> Trial::dtypes() const {
  return of.format ? std::vector{DType::F64} : std::vector{DType::F64, DType::F32};
}

const Result<Recording> &Trial::want(DType dtype) {
  auto found = known.find(dtype);
  if (found == known.end()) {
    const nirc::Target *target = *nirc::findTarget(of.balances ? "cpu" : "reference");
    auto executable = target->compile(jobOf(of, dtype));
    Result<Recording> got =
        executable ? (*executable)->run(of.input, {.threads = 1}) : executable.takeError();
    found = known.emplace(dtype, std::move(got)).first;
  }
  return found->second;
}

bool isDue(const Check &check, const Case &of) {
  uint64_t hash = of.seed * 0x9e3779b97f4a7c15;
  for (char letter : check.name()) {
    hash = (hash ^ static_cast<uint64_t>(letter)) * 0x100000001b3;
  }
  return test::Random(hash).below(check.every()) == 0;
}

std::string differenceInBits(const Recording &got, const Recording &want) {
  std::string differs = test::difference(got, want);
  for (size_t i = 0; differs.empty() && i < want.traces.size(); ++i) {
    const Trace &a = got.traces[i], &b = want.traces[i];
    if (a.latency != b.latency) {
      return fmt::format("{}:{} comes {} steps late, expected {}", a.node, a.observable, a.latency,
                         b.latency);
    }
    for (int64_t k = 0; k < b.data.size(); ++k) {
      double x = a.data.at(k), y = b.data.at(k); // equal, or both are none
      if (!std::isnan(x) && std::signbit(x) != std::signbit(y)) {
        return fmt::format("{}:{} value {}: {}, expected {}", a.node, a.observable, k, x, y);
      }
    }
  }
  return differs;
}

Verdict judged(const nirc::Target &target, const Error &error) {
  // What a platform does not have. Everything else every target takes, or none does.
  static constexpr std::string_view own[] = {"unsupported-by-target", "does-not-fit",
                                             "step-conflict"};
  if (error.kind == ErrorKind::Internal) {
    return Verdict::fails("internal", fmt::format("{}: {}", target.name(), error.str()));
  }
  if (std::ranges::find(own, error.code) != std::end(own)) {
    return Verdict::refused(error);
  }
  return Verdict::fails("refuses-" + error.code, fmt::format("{}: {}", target.name(), error.str()));
}

Outcome outcomeOn(const nirc::Target &target, const nirc::Job &job, const Recording &input,
                  const nirc::RunOptions &options) {
  auto executable = target.compile(job);
  if (!executable) {
    return {{}, judged(target, executable.error())};
  }
  Result<Recording> got = (*executable)->run(input, options);
  if (!got) {
    return {{}, judged(target, got.error())};
  }
  return {*std::move(got), {}};
}

Verdict compared(Trial &trial, DType dtype, const Outcome &got, const std::string &what) {
  const Result<Recording> &want = trial.want(dtype);
  bool isFault = !want && want.error().kind == ErrorKind::Internal;
  if (isFault) {
    return Verdict::fails("internal", "reference: " + want.error().str());
  }
  if (!want) { // then nobody takes it
    bool isTaken = got.recording.has_value();
    return isTaken ? Verdict::fails("taken", fmt::format("{} takes what the reference refuses: {}",
                                                         what, want.error().str()))
                   : Verdict::refused(want.error());
  }
  if (!got.recording) {
    return got.verdict;
  }
  std::string differs = differenceInBits(*got.recording, *want);
  return differs.empty() ? Verdict::holds()
                         : Verdict::fails("bits", fmt::format("{}: {}", what, differs));
}

std::vector<std::unique_ptr<Check>> allChecks() {
  std::vector<std::unique_ptr<Check>> all;
  addFileChecks(all);
  addTargetChecks(all);
  addCpuChecks(all);
  addSessionChecks(all);
  addArtifactChecks(all);
  return all;
}

} // namespace nir::fuzz
