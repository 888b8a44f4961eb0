//===- Verify.h - what the verifiers of several ops share -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network may come from outside, as text or bytecode. What the verifiers let pass is run: what
// the interpreter and the backends rely on is checked here, and nothing of it again later.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

namespace snn {

/// network (C5), (C7): elements that can be read, of a type that networks have. Of an attribute
/// that failed this, not even the shape is known.
llvm::LogicalResult verifyValues(mlir::Operation *op, llvm::StringRef name,
                                 mlir::ElementsAttr values);

/// All of mapping (C1) to (C5). It looks at the populations beside it, so the network calls it,
/// when each op has been verified by itself.
llvm::LogicalResult verifyMapping(MappingOp op);

} // namespace snn
