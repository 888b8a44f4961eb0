//===- QuantizationView.h - what is said of a quantization ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/QuantizationMeasure.h"
#include "passes/Quantization.h"
#include "tools/nirc/Report.h"

#include <string>

namespace nirc {

/// The integers that the weights of a node could be, as far as their format and signs go.
struct CodeRange {
  int64_t least = 0, most = 0;
};
CodeRange codeRange(const nir::NumberFormat &format, const WeightsReport &weights);
/// The share of them that the weights reach, 0 to 1.
double usedShare(const nir::NumberFormat &format, const WeightsReport &weights);

/// For people; `measure` may be null.
std::string quantizationText(const QuantizationReport &report, const QuantizationMeasure *measure);
/// Complete, for programs; `measure` may be null.
Json quantizationJson(const QuantizationReport &report, const QuantizationMeasure *measure);

} // namespace nirc
