//===- Npy.cpp - .npy files -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/Npy.h"
#include "ir/recording/NpyBytes.h"

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  Result<Tensor> tensor = nirc::parseNpy(input.bytes(), "x.npy");
  if (fuzz::isValue(tensor)) {
    std::string bytes = npyBytes(*tensor);
    Result<Tensor> again = nirc::parseNpy(std::as_bytes(std::span(bytes)), "again.npy");
    require(again && *again == *tensor, "an array that is written is read as it was");
  }
}
