//===- FileCheck.h - what is wrong with a model -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/FileReading.h"
#include "api/ModelFile.h"
#include "api/RunChoices.h"
#include "ir/graph/Check.h"

namespace nirc {

/// What `nirc check` finds of a model.
struct FileCheck {
  FileReading reading;
  nir::Checked checked; ///< with what there is to know of running it, without what is accepted
  bool isGraph = false; ///< whether the graph itself is sound; `checked.ok()` holds for all
};

/// Of `choices` the semantics and what is accepted count. An error of usage is a fault of the
/// options, another one of the file's metadata.
nir::Result<FileCheck> checkFile(const ModelFile &file, const ChoiceOptions &choices,
                                 const ReadingOptions &reading);

} // namespace nirc
