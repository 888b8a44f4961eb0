//===- MlirBytecode.cpp - networks as bytecode ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// As MlirText.cpp. MLIR's own reader of bytecode crashes on damaged files, which is why nirc reads
// them in a process of its own (docs/reading.md): a crash is one of nirc's where its stack has
// nirc's functions.

#include "tests/fuzz/Judge.h"
#include "tests/fuzz/libfuzzer/Input.h"

NIRC_FUZZER(input) {
  std::string bytes = "ML\xefR" + std::string(input.text());
  nir::test::Verdict verdict = nir::test::judge(bytes, bytes.size(), false, [](const char *) {});
  nir::fuzz::require(verdict.isVerified || !verdict.error.empty(), "what is refused has a message");
}
