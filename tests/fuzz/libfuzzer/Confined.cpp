//===- Confined.cpp - any bytes as a .nir file ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The whole way of a file from outside: whatever becomes of the reading process, the parent has a
// value or an error, and has it soon.

#include "tests/fuzz/libfuzzer/Hdf5Lines.h"
#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "ir/file/ShdFile.h"

#include <chrono>
#include <cstdio>
#include <fstream>

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  static const std::string path = fuzz::scratchFile();
  uint8_t kind = input.byte();
  std::ofstream(path, std::ios::binary) << input.text();
  ReadLimits limits;
  constexpr double seconds = 1.0, slack = 10.0;
  limits.maxSeconds = seconds;
  limits.maxTensorBytes = limits.maxWorkBytes = int64_t{64} << 20;
  limits.maxTotalBytes = int64_t{128} << 20;
  auto start = std::chrono::steady_clock::now();
  switch (kind % 3) {
  case 0:
    (void)fuzz::isValue(read(path, limits));
    break;
  case 1:
    (void)fuzz::isValue(readData(path, limits));
    break;
  default:
    (void)fuzz::isValue(readShd(path, 0, 3, limits));
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  require(took.count() < seconds + slack, "a file is refused soon");
  std::remove(path.c_str());
}
