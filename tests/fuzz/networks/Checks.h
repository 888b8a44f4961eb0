//===- Checks.h - what must hold of every case ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/fuzz/networks/Case.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nir::fuzz {

/// What a check says of a case.
struct Verdict {
  enum Kind { Holds, Refused, Fails } kind = Holds;
  std::string cause; ///< of a refusal, its code; of a failure, in a word, what kind it is
  std::string text;  ///< of a failure: all there is to say

  static Verdict holds() { return {}; }
  static Verdict refused(const Error &error) { return {Refused, error.code, error.str()}; }
  static Verdict fails(std::string cause, std::string text) {
    return {Fails, std::move(cause), std::move(text)};
  }
};

/// A case, and what the reference computes of it, which is computed when a check asks for it.
class Trial {
public:
  explicit Trial(const Case &of) : of(of) {}

  const Case &of;
  /// The types to compare in: both floats, or one that says nothing.
  std::vector<DType> dtypes() const;
  /// What every other target has to give. Of a network that is balanced cpu says it: the reference
  /// steps through the graph as it is.
  const Result<Recording> &want(DType dtype);

private:
  std::map<DType, Result<Recording>> known;
};

/// Something that must hold of every case, on one target or on all.
class Check {
public:
  virtual ~Check() = default;
  virtual std::string name() const = 0; ///< "cpu", "snapshots"
  virtual Verdict run(Trial &trial) const = 0;
  /// One in so many cases is checked, as others would take too long.
  virtual int every() const { return 1; }
  virtual double maxSeconds() const { return 120.0; }
};

/// All checks: one for each target, and those of files, sessions and compilers.
std::vector<std::unique_ptr<Check>> allChecks();

/// Whether a check is made of the case, which its seed says.
bool isDue(const Check &check, const Case &of);

/// Empty where both hold the same bits; all numbers that are none are alike.
std::string differenceInBits(const Recording &got, const Recording &want);

/// A recording, where a target takes the case: or the verdict, where it does not.
struct Outcome {
  std::optional<Recording> recording;
  Verdict verdict;
};
/// Compiles the job and runs it on the case's input.
Outcome outcomeOn(const nirc::Target &target, const nirc::Job &job, const Recording &input,
                  const nirc::RunOptions &options);
/// What a target's error means: a refusal, or a fault.
Verdict judged(const nirc::Target &target, const Error &error);
/// `got` against what the reference gives.
Verdict compared(Trial &trial, DType dtype, const Outcome &got, const std::string &what);

/// Those of the sources beside this one.
void addTargetChecks(std::vector<std::unique_ptr<Check>> &all);
void addCpuChecks(std::vector<std::unique_ptr<Check>> &all);
void addFileChecks(std::vector<std::unique_ptr<Check>> &all);
void addSessionChecks(std::vector<std::unique_ptr<Check>> &all);
void addArtifactChecks(std::vector<std::unique_ptr<Check>> &all);

} // namespace nir::fuzz
