//===- ShdFile.cpp - recordings of the Heidelberg datasets ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/ShdFile.h"

#include "ir/file/Confined.h"
#include "ir/file/ReadShd.h"

namespace nir {

Result<ShdRecordings> readShd(const std::string &path, int64_t first, int64_t most,
                              ReadLimits limits) {
  limits.firstRecording = first;
  limits.maxRecordings = most;
  return confined::read<ShdRecordings>(confined::Content::Shd, path, limits);
}

} // namespace nir
