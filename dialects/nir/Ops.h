//===- Ops.h - the ops of the nir dialect -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Dialect.h"
#include "dialects/nir/HybridSystem.h"
#include "dialects/nir/Tensors.h"
#include "dialects/nir/Types.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"

namespace nir {

/// The constraints of NodeOpInterface, those that hold for every node.
mlir::LogicalResult verifyNode(mlir::Operation *node);
/// Names the results of a node after it, for whoever reads the text.
void nameResults(mlir::Operation *node, mlir::OpAsmSetValueNameFn setName);

/// The text of a node's name, in the assembly format of every node.
mlir::ParseResult parseNodeName(mlir::OpAsmParser &parser, mlir::StringAttr &name);
void printNodeName(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::StringAttr name);

/// A string literal that keeps letters of any script readable, where MLIR's own escapes them.
void printQuoted(mlir::OpAsmPrinter &printer, llvm::StringRef text);

} // namespace nir

#include "dialects/nir/NirInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/nir/NirOps.h.inc"
