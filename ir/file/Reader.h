//===- Reader.h - .nir files, read ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/file/ReadLimits.h"
#include "ir/graph/Graph.h"

#include <string>

namespace nir {

/// Reads a .nir file of any version of NIR (0.1 to 1.0.8) as it is: nothing is inferred, converted
/// or checked beyond what a parameter's name asks for (ir/graph/Check.h does that). Nodes come in
/// the order in which h5py lists them.
///
/// The file is not trusted. It is read by the program `nirc-read`, in a process of its own with
/// limits on time and memory, as libhdf5 crashes or hangs on some damaged files; the tensors share
/// the memory that process wrote. See docs/reading.md for what this costs. The program is looked
/// for at $NIRC_READ_HELPER, beside the running program and the library that holds this code, where
/// nirc was installed, and on PATH.
///
/// Thread safe. Since 0.1.
Result<Model> read(const std::string &path, const ReadLimits &limits = {});

/// The same in this process, for files that the caller trusts: libhdf5 may crash on a damaged one,
/// and `maxSeconds` and `maxWorkBytes` do not hold. Thread safe; calls take turns.
Result<Model> readInProcess(const std::string &path, const ReadLimits &limits = {});

} // namespace nir
