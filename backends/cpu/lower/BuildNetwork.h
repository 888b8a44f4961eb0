//===- BuildNetwork.h - from a job to the code of its step ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way that code in memory and every artifact have in common.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/FrontEnd.h"
#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"
#include "backends/run/Clock.h"

namespace nirc::cpu {

/// Notes how long each part of a compilation takes.
class Stopwatch {
public:
  void finish(std::string_view part) {
    parts.push_back({part, secondsSince(last)});
    last = Clock::now();
  }
  std::vector<Profile::Part> parts;

private:
  Clock::time_point last = Clock::now();
};

/// Loads the dialects that `lower` writes and `toLLVMDialect` leaves.
void loadDialects(mlir::MLIRContext &context);
/// A context of them.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// A network as its step function.
struct Built {
  NetworkCopy network; ///< its module is what `lower` left
  Lowered lowered;
  ProgramInfo info;
  nir::DType element = nir::DType::F32; ///< of the numbers: F32, F64 or I32
  size_t outputs = 0;                   ///< the first of lowered.layout.outputs
  mlir::ModuleOp module() const { return network.module.get(); }
};

/// From the job's graph, or its network, to what `lower` leaves.
nir::Result<Built> build(const Job &job, const LowerOptions &options, Stopwatch &stopwatch);

/// From there to the llvm dialect.
nir::Status toLLVMDialect(mlir::ModuleOp module);

} // namespace nirc::cpu
