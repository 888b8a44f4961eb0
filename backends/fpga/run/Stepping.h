//===- Stepping.h - a design, step by step ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/run/Simulator.h"

#include <memory>

namespace nirc::fpga {

/// Each sample has a simulator of its own. States can be read, but a design takes none.
nir::Result<std::unique_ptr<Stepper>> stepperOf(std::shared_ptr<const Simulated> simulated,
                                                const std::shared_ptr<Simulator> &simulator,
                                                int64_t batch);

} // namespace nirc::fpga
