//===- ReadGraph.cpp - graphs in whole files of HDF5 ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What the reading process does with a file that libhdf5 opens: groups, types and shapes are
// anything. What is read can be checked, and written again as it is.

#include "tests/fuzz/libfuzzer/Hdf5Lines.h"
#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/file/Reader.h"
#include "ir/file/Writer.h"
#include "ir/graph/Check.h"

#include <cstdio>

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  static const std::string path = fuzz::scratchFile(), other = path + ".again";
  fuzz::writeHdf5(input.text(), path);
  ReadLimits limits;
  limits.maxTensorBytes = limits.maxTotalBytes = int64_t{1} << 20;
  Result<Model> model = readInProcess(path, limits);
  if (!fuzz::isValue(model)) {
    std::remove(path.c_str());
    return;
  }
  for (const Diagnostic &diagnostic : check(model->graph).diagnostics) {
    (void)diagnostic.str();
  }
  if (!write(*model, other, {.gzipLevel = 0})) {
    Result<Model> again = readInProcess(other, limits);
    require(static_cast<bool>(again), "what is written is read");
    require(again->graph == model->graph, "what is written is read as it was");
    require(again->metadata == model->metadata, "metadata that are written are read as they were");
  }
  std::remove(path.c_str());
  std::remove(other.c_str());
}
