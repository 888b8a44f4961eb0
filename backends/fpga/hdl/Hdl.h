//===- Hdl.h - circuits -----------------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "backends/fpga/hdl/HdlDialect.h.inc"
#define GET_OP_CLASSES
#include "backends/fpga/hdl/HdlOps.h.inc"

namespace hdl {

/// A discardable attribute of combinational ops: what the wire is called in Verilog.
constexpr llvm::StringLiteral nameAttribute = "hdl.name";

inline unsigned bitsOf(mlir::Value value) { return value.getType().getIntOrFloatBitWidth(); }
/// Whether the module or one in it has registers or memories, so that it has a clock.
bool isClocked(CircuitOp module, mlir::SymbolTableCollection &symbols);

} // namespace hdl
