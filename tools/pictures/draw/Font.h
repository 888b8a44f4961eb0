//===- Font.h - how wide text is --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc {

/// The width in points of a line of DejaVu Sans of that size. From a table, so that a figure is the
/// same on every machine; other fonts of system-ui are narrower.
double textWidth(std::string_view text, double size, bool isBold = false);

/// The text, with an ellipsis for what does not fit into `width` points.
std::string fitted(std::string_view text, double width, double size, bool isBold = false);

/// The same where the end tells more than the beginning, as in paths: "…/cnn.nir".
std::string fittedAtEnd(std::string_view text, double width, double size);

} // namespace nirc
