//===- Claim.h - what is to be proven of a target's code --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <vector>

namespace nirc {

/// A question in one theory: SMT-LIB 2 up to the last assertion, without (check-sat). `unsat` says
/// that it can never be.
struct Form {
  std::string text;
  bool isExact = true; ///< `sat` is a counterexample; else it says nothing
};

/// Whether something that must never be can be, as a solver is asked.
struct Question {
  std::string text;        ///< "a state of the C code differs from the body's"
  std::vector<Form> forms; ///< the same question in one or more theories, asked in this order
};

/// What a target's code of a population of integers must be, for all inputs in their proven ranges.
struct Claim {
  std::string node;      ///< "lif1"
  std::string code;      ///< in what form it is: "C", "Verilog", "vector code"
  std::string statement; ///< "is equal to the body"
  /// It holds where each of them can never be.
  std::vector<Question> questions = {};
  std::string unasked = {}; ///< why no solver can be asked, and what is tested instead; else empty
};

} // namespace nirc
