//===- MappingPicture.h - a mapping as a picture ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"
#include "tools/text/MappingView.h"

namespace nirc {

/// Chips as grids of cores, coloured by node, filled as their memory is. What few cores send is
/// drawn between them. Of 18 and more it is shown on demand, where the pointer rests on a core, and
/// bundled below: how much the nodes send each other. The same mapping gives the same drawing. At
/// most as wide as the style says, unless cores would be too small.
Drawing mappingFigure(const MappedModel &model, const FigureStyle &style);

} // namespace nirc
