//===- Npz.cpp - several arrays in one file for numpy ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/python/Npz.h"

#include "ir/recording/NpyBytes.h"
#include "ir/recording/events/Zip.h"

using namespace nirc;

nir::Result<std::string>
nirc::npzBytes(const std::vector<std::pair<std::string, nir::Tensor>> &arrays) {
  std::vector<nir::ZipMember> members;
  for (const auto &[array, tensor] : arrays) {
    std::string bytes = nir::npyBytes(tensor);
    auto *data = reinterpret_cast<const std::byte *>(bytes.data());
    members.push_back({array + ".npy", {data, data + bytes.size()}});
  }
  nir::Result<std::vector<std::byte>> archive = nir::zipped(members);
  if (!archive) {
    return archive.takeError();
  }
  return std::string(reinterpret_cast<const char *>(archive->data()), archive->size());
}
