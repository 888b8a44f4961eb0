//===- Quantized.h - integer networks as executables ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

namespace nirc::reference {

/// A job with a quantization or of a clocked network: which integers there are is decided by the
/// pass `quantize`, so that its network is what is run, op by op
/// (dialects/snn/interpreter/Interpreter.h). A run fails where a number leaves the range that the
/// network proves for it.
nir::Result<std::unique_ptr<Executable>> compileQuantized(const Job &job);

} // namespace nirc::reference
