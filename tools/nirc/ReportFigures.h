//===- ReportFigures.h - figures of formats and quantizations ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Exploration.h"
#include "tools/nirc/QuantizationView.h"
#include "tools/pictures/charts/Front.h"
#include "tools/pictures/charts/Ranges.h"

#include <string>

namespace nirc {

/// The formats that could be run, with `model` for the caption.
FrontPicture frontOf(const Exploration &exploration, const std::string &model);

/// Weights, states and signals of each node, with what the format has room for.
RangesPicture rangesOf(const QuantizationReport &report, const std::string &caption);

} // namespace nirc
