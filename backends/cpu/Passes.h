//===- Passes.h - the passes of the cpu target ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace nirc::cpu {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "backends/cpu/Passes.h.inc"

} // namespace nirc::cpu
