//===- MappingText.h - routes and neurons as text ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What the assembly formats of Mapping.td name: [0 : 12, 3 : 1] and ["lif1" [0 to 8, 9 to 10]].

#pragma once

#include "mlir/IR/OpImplementation.h"

namespace snn {

mlir::ParseResult parseRoutes(mlir::OpAsmParser &parser, mlir::DenseI64ArrayAttr &routes);
void printRoutes(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::DenseI64ArrayAttr routes);
mlir::ParseResult parseNeurons(mlir::OpAsmParser &parser, mlir::ArrayAttr &nodes,
                               mlir::ArrayAttr &neurons);
void printNeurons(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr nodes,
                  mlir::ArrayAttr neurons);

} // namespace snn
