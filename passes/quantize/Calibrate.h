//===- Calibrate.h - what a network's numbers are in a run ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "passes/Quantization.h"
#include "passes/quantize/Observed.h"

#include "llvm/ADT/DenseMap.h"

namespace nirc {

/// What was seen of each signal of numbers, and of each state of each population.
struct Calibrated {
  llvm::DenseMap<mlir::Value, Observed> signals;
  llvm::DenseMap<mlir::Operation *, std::vector<Observed>> states;
};

/// Runs `network` on the calibration's inputs. Fails with a diagnostic where they do not fit.
llvm::FailureOr<Calibrated> calibrate(snn::NetworkOp network, const Calibration &calibration);

} // namespace nirc
