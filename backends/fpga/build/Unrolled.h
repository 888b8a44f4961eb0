//===- Unrolled.h - a step in a few cycles ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/build/Build.h"
#include "backends/fpga/build/Control.h"

namespace nirc::fpga {

/// When an unrolled design answers. Both are met on every step whose answer is taken.
struct Timing {
  int64_t latency = 1;  ///< cycles from the one in which a step is taken to that of its answer
  int64_t interval = 1; ///< cycles from one step to the next: II
};

/// The network with all neurons at once. `latency`: the most cycles of a step; a network of n
/// populations in a row takes n at most. Fails with a diagnostic where it is not tiny, by node and
/// size.
llvm::FailureOr<Circuits> buildUnrolled(snn::NetworkOp network, llvm::StringRef top,
                                        int64_t latency, mlir::MLIRContext *context,
                                        const BuildOptions &options, Timing &timing);

/// What the unrolled design collects for its edges while it is built.
struct EdgeControl {
  hdl::Signal inValid, inData, outReady, outData;
  std::map<std::pair<std::string, size_t>, std::vector<hdl::Signal>> states;
};

} // namespace nirc::fpga
