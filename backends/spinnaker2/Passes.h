//===- Passes.h - the passes of SpiNNaker2 -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace nirc::spinnaker2 {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "backends/spinnaker2/Passes.h.inc"

} // namespace nirc::spinnaker2
