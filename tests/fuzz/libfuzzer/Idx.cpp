//===- Idx.cpp - IDX files, and what gzip packed --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/Gzip.h"
#include "api/io/Idx.h"

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  constexpr uint64_t most = uint64_t{1} << 20;
  Result<Tensor> tensor = nirc::parseIdx(input.bytes(), "x");
  if (fuzz::isValue(tensor)) {
    require(tensor->sizeInBytes() < input.bytes().size(), "the numbers are in the file");
  }
  if (nirc::isGzip(input.bytes())) {
    Result<std::vector<std::byte>> unpacked = nirc::gunzip(input.bytes(), "x.gz", most);
    if (fuzz::isValue(unpacked)) {
      require(unpacked->size() <= most, "no more is unpacked than is allowed");
      (void)fuzz::isValue(nirc::parseIdx(*unpacked, "x"));
    }
    (void)nirc::gunzipHead(input.bytes(), 512);
  }
}
