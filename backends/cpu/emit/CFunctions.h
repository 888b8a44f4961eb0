//===- CFunctions.h - the functions of a step as C --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk over what `lower` leaves: scalars, loops and arrays. The arena becomes a struct with a
// member for each slot, so that the C file has neither casts of pointers nor memory of its own.
// MLIR's emitc has no form for memref.view, through which the arena is read, and no place for names
// and comments.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CExpressions.h"
#include "backends/c/CText.h"
#include "backends/cpu/plan/Layout.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringMap.h"

namespace nirc::cpu {

/// What things are called in a C file.
struct CNames {
  std::string network;                                ///< the struct: "braille_network"
  llvm::DenseMap<int64_t, std::string> members;       ///< arrays in it, by the offset of the slot:
                                                      ///< "lif1_v", "signals.conv1.values"
  llvm::StringMap<std::string> functions, parameters; ///< by symbol
};

/// Writes the static functions of one file.
class FunctionWriter {
public:
  FunctionWriter(const Layout &layout, const CNames &names) : layout(layout), names(names) {}

  /// Appends the function to `text`, under the comment. Fails with a diagnostic.
  mlir::LogicalResult write(mlir::func::FuncOp function, const std::string &comment);

  std::string text;
  Expressions values;

private:
  std::string parametersOf(mlir::func::FuncOp function);
  mlir::LogicalResult block(mlir::Block &block);
  mlir::LogicalResult statement(mlir::Operation &op);
  mlir::LogicalResult view(mlir::memref::ViewOp op);
  mlir::LogicalResult load(mlir::memref::LoadOp op);
  mlir::LogicalResult store(mlir::memref::StoreOp op);
  mlir::LogicalResult localArray(mlir::memref::AllocaOp op);
  mlir::LogicalResult loop(mlir::scf::ForOp op);
  mlir::LogicalResult whileLoop(mlir::scf::WhileOp op);
  mlir::LogicalResult plainWhile(mlir::scf::WhileOp op, std::string condition);
  mlir::LogicalResult branch(mlir::scf::IfOp op);
  mlir::LogicalResult call(mlir::func::CallOp op);
  mlir::LogicalResult compute(mlir::Operation &op);
  mlir::LogicalResult product(mlir::Operation &op);

  void line(const std::string &content) { text += std::string(2UL * depth, ' ') + content + "\n"; }
  /// "array[index]"; empty where the array has no such form.
  std::string element(mlir::Value array, mlir::ValueRange indices) const;
  /// A local variable for the value, which `expression` starts.
  mlir::LogicalResult define(mlir::Value value, const std::string &expression, bool isConst,
                             llvm::StringRef like = "x");
  std::string assignment(const std::string &to, mlir::Value value) const;
  /// `like`: what those are called that are no indices.
  mlir::LogicalResult defineAll(mlir::ValueRange results, mlir::ValueRange starts,
                                llvm::StringRef like = "sum");
  void assignAll(mlir::ValueRange targets, mlir::ValueRange sources);
  mlir::LogicalResult body(mlir::Block &inner);

  const Layout &layout;
  const CNames &names;
  Identifiers locals;
  int depth = 0;
  size_t loops = 0; ///< around this place
};

} // namespace nirc::cpu
