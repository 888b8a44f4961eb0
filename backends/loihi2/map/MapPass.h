//===- MapPass.h - the mapping, into the IR ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <memory>

namespace mlir {
class Pass;
}

namespace nirc::loihi2 {

/// `loihi2-map`: takes networks that the chip can compute, and leaves them with a snn.mapping.
std::unique_ptr<mlir::Pass> createMapPass();

} // namespace nirc::loihi2
