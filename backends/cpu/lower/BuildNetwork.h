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

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"
#include "backends/run/Clock.h"

#include "mlir/IR/OwningOpRef.h"

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

/// A context for one network, with the dialects that `lower` writes and `toLLVMDialect` leaves.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// A network as its step function.
struct Built {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Lowered lowered;
  std::string semantics; ///< as the job or, where it is a network, that says
  std::string format;    ///< of the integers of the network; empty for one of floats
  double dtSeconds = 0.0;
  nir::DType element = nir::DType::F32; ///< of the numbers: F32, F64 or I32
  size_t outputs = 0; ///< the first of lowered.layout.outputs; the others are records
};

/// From the job's graph, or its network, to what `lower` leaves. `states`: of a network, record all
/// of them too, beside the job's probes.
nir::Result<Built> build(const Job &job, const LowerOptions &options, mlir::MLIRContext &context,
                         Stopwatch &stopwatch, bool states = false);

/// From there to the llvm dialect.
nir::Status toLLVMDialect(mlir::ModuleOp module);

} // namespace nirc::cpu
