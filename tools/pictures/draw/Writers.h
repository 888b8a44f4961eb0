//===- Writers.h - a drawing as SVG and as PDF ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "tools/pictures/draw/Drawing.h"

#include <string>

namespace nirc {

/// SVG 1.1 with CSS; text is text. The same drawing gives the same bytes.
std::string svgOf(const Drawing &drawing);

/// A page of PDF, made by cairo; text is text in a font that is part of the file. It holds no date,
/// so that the same drawing gives the same bytes. Text keeps the anchors, and where the machine has
/// no DejaVu Sans, another font's width. The error is Cause::CannotWrite.
nir::Result<std::string> pdfOf(const Drawing &drawing);

/// An image as PNG, without loss.
std::string pngOf(const Pixels &pixels);

} // namespace nirc
