//===- Mutate.h - networks, damaged one place at a time ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/support/Random.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace nir::test {

/// What a mutation did.
struct Mutation {
  std::string what;       ///< in words
  bool isWritable = true; ///< whether the module can still be written as bytecode
};

/// Changes one thing of a module: erases, copies, moves or inserts an op, gives one another kind,
/// type, attribute, operand or region. The result need not verify, but prints in generic form.
Mutation mutate(mlir::ModuleOp module, Random &random);

/// Changes one thing of a text: a number, a type, a name, a line, a character.
std::string mutateText(std::string &text, Random &random);

/// Changes some bytes.
std::string mutateBytes(std::string &bytes, Random &random);

} // namespace nir::test
