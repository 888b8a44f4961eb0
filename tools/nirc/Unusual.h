//===- Unusual.h - what may surprise about a model --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <string>
#include <vector>

namespace nirc {

/// What is legal in the model and may surprise, a line each: the check's warnings, how the file
/// differs from one that today's library writes, dtypes other than float32.
std::vector<std::string> unusual(const nir::Model &model, const nir::Checked &checked);

} // namespace nirc
