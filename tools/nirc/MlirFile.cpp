//===- MlirFile.cpp - models as MLIR text and bytecode --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/MlirFile.h"

#include "dialects/nir/Dialect.h"
#include "dialects/nir/Export.h"
#include "dialects/nir/Import.h"
#include "dialects/snn/Snn.h"

#include <fmt/format.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Bytecode/BytecodeWriter.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/Parser/Parser.h>

namespace nirc {

namespace {
/// Keeps the first error that MLIR reports while it lives.
class FirstError {
public:
  explicit FirstError(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (message.empty() && diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error) {
            llvm::raw_string_ostream out(message);
            if (auto where = llvm::dyn_cast<mlir::FileLineColLoc>(diagnostic.getLocation());
                where && where.getLine() > 0) {
              out << "line " << where.getLine() << ": ";
            }
            out << diagnostic;
            for (mlir::Diagnostic &note : diagnostic.getNotes()) {
              notes.push_back(note.str());
            }
          }
          return mlir::success();
        }) {}

  nir::Error take(const std::string &otherwise) {
    nir::Error error(message.empty() ? otherwise : message);
    for (std::string &note : notes) {
      error.notes.push_back({{}, std::move(note)});
    }
    return error;
  }

private:
  std::string message;
  std::vector<std::string> notes;
  mlir::ScopedDiagnosticHandler handler;
};
} // namespace

nir::Result<ParsedMlir> parseMlir(const std::string &path, std::span<const std::byte> bytes) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<nir::NirDialect, snn::SnnDialect, mlir::arith::ArithDialect,
                      mlir::math::MathDialect>();
  FirstError first(context);
  llvm::SourceMgr sources;
  llvm::StringRef text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  // Bytecode is read in place and wants its resources aligned; the copy is.
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, path), llvm::SMLoc());
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceFile<mlir::ModuleOp>(sources, mlir::ParserConfig(&context));
  if (!module) {
    return first.take("is not a module of the nir dialect").in(path);
  }
  auto networks = llvm::to_vector(module->getOps<snn::NetworkOp>());
  if (networks.size() > 1) {
    return nir::Error(fmt::format("holds {} networks, expected one", networks.size())).in(path);
  }
  if (networks.size() == 1) {
    return ParsedMlir{{}, describe(networks.front(), text.str())};
  }
  nir::Result<nir::Model> model = nir::exportGraph(*module);
  if (!model) {
    return model.takeError().in(path);
  }
  return ParsedMlir{*std::move(model), {}};
}

nir::Result<std::string> mlirBytes(const nir::Model &model, const std::string &file,
                                   MlirForm form) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  FirstError first(context);
  mlir::OwningOpRef<mlir::ModuleOp> module = nir::importGraph(model, file, context);
  if (!module) {
    return first.take("cannot be written in the nir dialect").in(file);
  }
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  if (form == MlirForm::Bytecode) {
    if (mlir::failed(mlir::writeBytecodeToFile(*module, out))) {
      return first.take("cannot be written as bytecode").in(file);
    }
    return bytes;
  }
  mlir::OpPrintingFlags flags;
  if (form == MlirForm::ElidedText) {
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(64);
  }
  module->print(out, flags);
  out << '\n';
  return bytes;
}

} // namespace nirc
