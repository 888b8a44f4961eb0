//===- MlirText.cpp - networks as text ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// All that `nirc inspect` and `nirc run` do with a .mlir file, but for cpu.

#include "tests/fuzz/Judge.h"
#include "tests/fuzz/libfuzzer/Input.h"

NIRC_FUZZER(input) {
  std::string text(input.text());
  nir::test::Verdict verdict = nir::test::judge(text, text.size(), false, [](const char *) {});
  nir::fuzz::require(verdict.isVerified || !verdict.error.empty(), "what is refused has a message");
}
