//===- Junit.h - results as JUnit's XML -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <vector>

namespace nirc::conformance {

/// A test case as CI systems show it.
struct JunitCase {
  enum class Kind { Passed, Failed, Broken, Skipped } kind = Kind::Passed;
  std::string suite, name;
  double seconds = 0.0;
  std::string message; ///< but of Passed: a line
  std::string text;    ///< more of it
};

/// XML of all, by suite in the order in which they come first. Names and texts are any bytes: what
/// XML cannot hold is written as \xNN.
std::string junitText(const std::string &name, const std::vector<JunitCase> &cases);

} // namespace nirc::conformance
