//===- Raster.h - spikes as a picture of text -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <cstdint>
#include <string>

namespace nirc {

/// Spikes as a picture: a line for each neuron (or group of neighbours where there are more than
/// `lines`), a column for each equal share of the time, a higher block for more spikes, the number
/// of spikes at the end. `spikes`: [batch, T, shape...], of which `sample` is drawn. `width`
/// columns are used at most, the frame included. With `dtSeconds` a line below has the time where
/// the picture begins and ends.
std::string raster(const nir::Tensor &spikes, int64_t sample, int64_t width, int64_t lines,
                   double dtSeconds = 0.0);

} // namespace nirc
