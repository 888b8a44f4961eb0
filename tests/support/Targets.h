//===- Targets.h - targets by what they can -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace nir::test {

/// Every target that computes in floats, the reference among them: it runs float32. Those of
/// integer hardware record float64 and take no network of floats.
inline std::vector<const nirc::Target *> floatTargets() {
  std::vector<const nirc::Target *> result;
  std::copy_if(nirc::targets().begin(), nirc::targets().end(), std::back_inserter(result),
               [](const nirc::Target *target) {
                 const std::vector<DType> &dtypes = target->describe().dtypes;
                 return std::find(dtypes.begin(), dtypes.end(), DType::F32) != dtypes.end();
               });
  return result;
}

/// A target and an element type.
struct Platform {
  const nirc::Target *target;
  DType dtype;
};

/// Every pair that computes in floats.
inline std::vector<Platform> floatPlatforms() {
  std::vector<Platform> result;
  for (const nirc::Target *target : floatTargets()) {
    for (DType dtype : target->describe().dtypes) {
      result.push_back({target, dtype});
    }
  }
  return result;
}

} // namespace nir::test
