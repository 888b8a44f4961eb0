//===- RoundTrip.h - models through the nir dialect and back ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Dialect.h"
#include "dialects/nir/Export.h"
#include "dialects/nir/Import.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>
#include <string>

namespace nir::test {

/// A context that collects its errors.
struct Context {
  mlir::MLIRContext mlir{mlir::MLIRContext::Threading::DISABLED};
  std::string errors;

  Context() {
    mlir.loadDialect<NirDialect>();
    mlir.printOpOnDiagnostic(false);
    mlir.getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      for (mlir::Diagnostic &note : diagnostic.getNotes()) {
        errors += "note: " + note.str() + "\n";
      }
    });
  }
};

inline std::string textOf(mlir::ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module->print(out); // `out << module` leaves out resources
  return text;
}

inline std::string bytecodeOf(mlir::ModuleOp module) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  EXPECT_TRUE(mlir::succeeded(mlir::writeBytecodeToFile(module, out)));
  return bytes;
}

/// What comes back of a model that was written out as text or bytecode and read by another context.
inline Result<Model> reread(const std::string &written) {
  Context context;
  auto module = mlir::parseSourceString<mlir::ModuleOp>(written, &context.mlir);
  if (!module) {
    return Error(Cause::MlirSyntax, "not read back: " + context.errors);
  }
  return exportGraph(*module);
}

/// Expects a model to survive the dialect, its text and its bytecode.
inline void expectLossless(const Model &model) {
  Context context;
  auto module = importGraph(model, "folder/model.nir", context.mlir);
  ASSERT_TRUE(module) << context.errors;
  ASSERT_TRUE(mlir::succeeded(mlir::verify(*module))) << context.errors << textOf(*module);
  std::string text = textOf(*module);
  Result<Model> direct = exportGraph(*module);
  ASSERT_TRUE(direct) << direct.error().str();
  EXPECT_EQ(*direct, model) << text;
  Result<Model> throughText = reread(text);
  ASSERT_TRUE(throughText) << throughText.error().str();
  EXPECT_EQ(*throughText, model) << text;
  Result<Model> throughBytecode = reread(bytecodeOf(*module));
  ASSERT_TRUE(throughBytecode) << throughBytecode.error().str();
  EXPECT_EQ(*throughBytecode, model) << text;
}

} // namespace nir::test
