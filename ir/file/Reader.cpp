//===- Reader.cpp - .nir files, confined and in process -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Reader.h"

#include "ir/file/Confined.h"
#include "ir/file/ReadGraph.h"

namespace nir {

Result<Model> read(const std::string &path, const ReadLimits &limits) {
  return confined::read<Model>(confined::Content::Graph, path, limits);
}

Result<Model> readInProcess(const std::string &path, const ReadLimits &limits) {
  hdf5::Session session;
  hdf5::HeapMemory memory;
  hdf5::Source source(path, limits, memory);
  if (Status error = source.open()) {
    return std::move(*error).in(path);
  }
  Result<Model> model = readGraph(source);
  return model ? std::move(model) : Result<Model>(std::move(model.takeError()).in(path));
}

} // namespace nir
