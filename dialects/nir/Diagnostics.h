//===- Diagnostics.h - errors that name the node ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Operation.h"

#include <string>
#include <string_view>

namespace nir {

/// "lif1", or "encoder.lif1" inside the subgraph "encoder"; the outermost graph has no part in it.
std::string nodePath(mlir::Operation *node);

/// An error that starts "node 'lif1': ", at the op's location. For the outermost graph it starts
/// with the message itself.
mlir::InFlightDiagnostic nodeError(mlir::Operation *node);

/// Reports a diagnostic of ir/ with its notes, at the file it names.
void emit(const Diagnostic &diagnostic, mlir::MLIRContext *context);

/// Lets a diagnostic carry the code of an error (ir/Cause.h) beside its text.
void setCode(mlir::InFlightDiagnostic &diagnostic, std::string_view code);
/// Empty: it carries none.
std::string codeOf(mlir::Diagnostic &diagnostic);

/// A location that names a file and a node of it.
mlir::Location locationOf(llvm::StringRef file, llvm::StringRef path, mlir::MLIRContext *context);

} // namespace nir
