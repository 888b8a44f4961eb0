//===- Passes.h - passes on the nir dialect ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace nir {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/nir/NirPasses.h.inc"

} // namespace nir
