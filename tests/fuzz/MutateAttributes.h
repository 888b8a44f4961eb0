//===- MutateAttributes.h - other types, attributes and elements *- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/support/Random.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <utility>

namespace nir::test {

/// Makes types and attributes that are near those of a module, and some that are far from them.
class MutateAttributes {
public:
  MutateAttributes(mlir::ModuleOp module, Random &random);

  mlir::Type anyType();
  mlir::Type mutateType(mlir::Type type);
  mlir::TypedAttr constantOf(mlir::Type type);
  mlir::TypedAttr anyConstant();
  /// Another attribute, and what is other about it. `isDelay`: numbers are steps of a buffer, which
  /// are few or far too many.
  std::pair<mlir::Attribute, std::string> mutateAttribute(mlir::Attribute attribute, bool isDelay);

private:
  int64_t extreme(bool isDelay = false);
  llvm::SmallVector<int64_t> mutateShape(llvm::ArrayRef<int64_t> shape);
  mlir::Type mutateElement(llvm::ArrayRef<int64_t> shape);
  std::pair<mlir::Attribute, std::string> mutateElements(mlir::ElementsAttr elements);
  mlir::Attribute resource(mlir::ShapedType type, llvm::ArrayRef<char> bytes, size_t alignment);
  mlir::Attribute foreign();

  mlir::MLIRContext *context;
  Random &random;
  std::vector<mlir::StringAttr> texts; ///< names of nodes and the like
};

} // namespace nir::test
