//===- Solvers.h - programs that answer questions ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/Target.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nirc::proof {

enum class Verdict { Proved, Refuted, Undecided };

/// A solver that is there.
struct Solver {
  std::string name;    ///< "cvc5", as the PATH has it
  std::string version; ///< the first line of what it says of itself
};

struct SolverOptions {
  std::string solver = "any"; ///< "cvc5", "z3", "any": the first that answers, "both": each must
  double seconds = 10.0;      ///< for one form and solver
  std::optional<CacheOptions> cache = {}; ///< of answers; nothing: each is asked again
};

/// What one solver said of one form.
struct Said {
  std::string solver;
  size_t form = 0;
  std::string answer; ///< "unsat", "sat", "unknown", "timeout", or what went wrong
  std::string text;   ///< all that it printed
  double seconds = 0.0;
  bool isFromCache = false; ///< as it was said in an earlier run, with the seconds of that
};

struct Answer {
  Verdict verdict = Verdict::Undecided;
  std::string by;       ///< "cvc5", or "cvc5 and z3"
  double seconds = 0.0; ///< of the solvers that decided it
  /// Of a counterexample, in the order of the text: "state.v", "-17".
  std::vector<std::pair<std::string, std::string>> values = {};
  std::string why = {};        ///< it is undecided: "cvc5: timeout, z3: unknown"
  std::vector<Said> said = {}; ///< all that was asked
};

/// Asks solvers, each a process of its own. Any number of threads may ask one object.
class Solvers {
public:
  Solvers() = default; ///< none
  /// Those of the options. An error names the program where one is not there.
  static nir::Result<Solvers> find(const SolverOptions &options);

  const std::vector<Solver> &all() const { return solvers; }
  /// Each form and solver for a short time, and then for as long as the options say. An error where
  /// two solvers contradict each other.
  nir::Result<Answer> ask(const Question &question) const;

private:
  explicit Solvers(SolverOptions options) : options(std::move(options)) {}
  nir::Result<Answer> askEach(const Question &question, const std::vector<Solver> &which) const;
  nir::Result<Said> askOnce(const Solver &solver, const Form &form, size_t number,
                            double seconds) const;

  SolverOptions options;
  std::vector<Solver> solvers;
};

/// The text of a form as a solver gets it: with what asks for an answer and for its numbers.
std::string scriptOf(const Form &form, const std::string &solver);
/// The numbers that a solver printed after "sat", signed, by their names.
std::vector<std::pair<std::string, std::string>> valuesIn(std::string_view printed);

} // namespace nirc::proof
