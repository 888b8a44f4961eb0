//===- Cases.h - how many cases a fuzzer runs -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <cstdlib>

namespace nir::test {

/// The number that a variable of the environment holds.
inline uint64_t numberFrom(const char *variable, uint64_t otherwise) {
  const char *text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// How many cases a fuzzer runs: NIRC_FUZZ_CASES, or its own number.
inline uint64_t fuzzCases(uint64_t otherwise) { return numberFrom("NIRC_FUZZ_CASES", otherwise); }

} // namespace nir::test
