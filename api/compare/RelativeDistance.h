//===- RelativeDistance.h - one number for how far apart --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/Recording.h"

namespace nirc {

/// How far one recording is from another, relative to how much there is in the base: 0 where they
/// are equal, 1 where the other is silent.
struct RelativeDistance {
  bool ofSpikes = false; ///< else of numbers
  double value = 0.0;
};

/// Of spikes van Rossum's distance to the base over that of silence to the base, over all traces of
/// spikes that both have, with `tauSeconds`; where there are none, of numbers the root mean square
/// of the difference over that of the base. Infinite where the base is silent and the other is not.
/// Errors are those of `differenceOf`.
nir::Result<RelativeDistance> relativeDistance(const nir::Recording &base,
                                               const nir::Recording &other, double tauSeconds);

} // namespace nirc
