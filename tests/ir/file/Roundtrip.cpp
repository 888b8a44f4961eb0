//===- Roundtrip.cpp - nir-roundtrip --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the tests that judge from outside: `nir-roundtrip graph|data IN OUT` reads and writes again.
// Reads both ways and refuses when they differ.
//
//===----------------------------------------------------------------------===//

#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "ir/file/Writer.h"

#include <cstdio>
#include <cstring>

template <typename T>
static int report(const T &error) {
  std::fprintf(stderr, "%s\n", error.str().c_str());
  return 1;
}

template <typename T, typename Write>
static int pass(nir::Result<T> confined, nir::Result<T> inProcess, const Write &write) {
  if (!confined) {
    return report(confined.error());
  }
  if (!inProcess) {
    return report(inProcess.error());
  }
  if (!(*confined == *inProcess)) {
    std::fprintf(stderr, "read and readInProcess differ\n");
    return 1;
  }
  nir::Status failed = write(*confined);
  return failed ? report(*failed) : 0;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: nir-roundtrip graph|data IN OUT\n");
    return 2;
  }
  if (std::strcmp(argv[1], "data") == 0) {
    return pass(nir::readData(argv[2]), nir::readDataInProcess(argv[2]),
                [&](const nir::NIRGraphData &data) { return nir::writeData(data, argv[3]); });
  }
  return pass(nir::read(argv[2]), nir::readInProcess(argv[2]),
              [&](const nir::Model &model) { return nir::write(model, argv[3]); });
}
