//===- NirData.cpp - recorded data, read and compared ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/NirData.h"

#include "ir/file/Confined.h"
#include "ir/file/ReadData.h"

#include <algorithm>

namespace nir {

const DataEntry *NIRGraphData::find(std::string_view name) const {
  auto it = std::find_if(nodes.begin(), nodes.end(), [&](const auto &n) { return n.name == name; });
  return it == nodes.end() ? nullptr : &*it;
}

bool operator==(const NIRGraphData &a, const NIRGraphData &b) {
  return a.nodes == b.nodes && a.provenance == b.provenance;
}

Result<NIRGraphData> readData(const std::string &path, const ReadLimits &limits) {
  return confined::read<NIRGraphData>(confined::Content::Data, path, limits);
}

Result<NIRGraphData> readDataInProcess(const std::string &path, const ReadLimits &limits) {
  hdf5::Session session;
  hdf5::HeapMemory memory;
  hdf5::Source source(path, limits, memory);
  if (Status error = source.open()) {
    return std::move(*error).in(path);
  }
  Result<NIRGraphData> data = readData(source);
  return data ? std::move(data) : Result<NIRGraphData>(std::move(data.takeError()).in(path));
}

} // namespace nir
