//===- Passes.h - the passes of Loihi 2 -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace nirc::loihi2 {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "backends/loihi2/Passes.h.inc"

} // namespace nirc::loihi2
