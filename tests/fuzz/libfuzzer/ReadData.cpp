//===- ReadData.cpp - recorded data in whole files of HDF5 ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// NIRData, as ReadGraph.cpp does graphs; and files of SHD, whose lists have any length.

#include "tests/fuzz/libfuzzer/Hdf5Lines.h"
#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/file/NirData.h"
#include "ir/file/ReadShd.h"

#include <cstdio>

using namespace nir;
using fuzz::require;

static void readRecordings(const std::string &path, const ReadLimits &limits) {
  hdf5::Session session;
  hdf5::HeapMemory memory;
  hdf5::Source source(path, limits, memory);
  if (!source.open()) {
    (void)fuzz::isValue(readShd(source));
  }
}

NIRC_FUZZER(input) {
  static const std::string path = fuzz::scratchFile(), other = path + ".again";
  fuzz::writeHdf5(input.text(), path);
  ReadLimits limits;
  limits.maxTensorBytes = limits.maxTotalBytes = int64_t{1} << 20;
  Result<NIRGraphData> data = readDataInProcess(path, limits);
  if (fuzz::isValue(data)) {
    Result<Recording> recording = toRecording(*data);
    (void)fuzz::isValue(recording);
    if (!writeData(*data, other, {.provenance = {}, .gzipLevel = 0})) {
      Result<NIRGraphData> again = readDataInProcess(other, limits);
      require(static_cast<bool>(again), "what is written is read");
      require(*again == *data, "what is written is read as it was");
    }
  }
  readRecordings(path, limits);
  std::remove(path.c_str());
  std::remove(other.c_str());
}
