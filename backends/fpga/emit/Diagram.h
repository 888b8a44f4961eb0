//===- Diagram.h - a design as a picture ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/plan/Plan.h"

#include <string>

namespace nirc::fpga {

/// The blocks of a design and the streams between them, as SVG that Graphviz lays out. Empty where
/// it cannot.
std::string diagramOf(const Plan &plan);

} // namespace nirc::fpga
