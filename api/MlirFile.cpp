//===- MlirFile.cpp - models as MLIR text and bytecode --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/MlirFile.h"

#include "backends/FrontEnd.h"
#include "dialects/Version.h"
#include "dialects/nir/Dialect.h"
#include "dialects/nir/Export.h"
#include "dialects/nir/Import.h"
#include "dialects/nir/Types.h"
#include "dialects/snn/Snn.h"
#include "passes/pipeline/Pipeline.h"

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
  auto frontEnd = std::make_shared<FrontEnd>();
  auto lock = frontEnd->lock();
  mlir::MLIRContext &context = frontEnd->context();
  context.loadDialect<nir::NirDialect, snn::SnnDialect, mlir::arith::ArithDialect,
                      mlir::math::MathDialect>();
  FirstError first(context);
  llvm::StringRef text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  // Of bytecode, weights stay in this memory: they are aligned in it as far as it is.
  auto buffer =
      llvm::WritableMemoryBuffer::getNewUninitMemBuffer(text.size(), path, llvm::Align(64));
  if (!buffer) {
    return nir::Error("there is no memory for it").in(path);
  }
  std::copy(text.begin(), text.end(), buffer->getBufferStart());
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
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
    nameLocations(networks.front());
    frontEnd->adopt(std::move(module));
    return ParsedMlir{{}, describe(frontEnd)};
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
  std::optional<std::string> bytes = moduleBytes(*module, form);
  return bytes ? nir::Result<std::string>(*std::move(bytes))
               : first.take("cannot be written as bytecode").in(file);
}

/// Whether one of the module's ops is of the dialect.
template <typename Dialect>
static bool holds(mlir::ModuleOp module) {
  return llvm::any_of(*module.getBody(), [](mlir::Operation &op) {
    return llvm::isa_and_nonnull<Dialect>(op.getDialect());
  });
}

std::optional<std::string> moduleBytes(mlir::ModuleOp module, MlirForm form) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  if (form == MlirForm::Bytecode) { // it states the versions of its dialects itself
    bool failed = mlir::failed(mlir::writeBytecodeToFile(module, out));
    return failed ? std::nullopt : std::optional(std::move(bytes));
  }
  mlir::OpPrintingFlags flags;
  if (form == MlirForm::ElidedText) {
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(64);
  }
  if (holds<nir::NirDialect>(module)) {
    stateVersion<nir::DialectVersionAttr>(module, nirDialectVersion);
  }
  if (holds<snn::SnnDialect>(module)) {
    stateVersion<snn::DialectVersionAttr>(module, snnDialectVersion);
  }
  module->print(out, flags);
  removeVersion<nir::DialectVersionAttr>(module);
  removeVersion<snn::DialectVersionAttr>(module);
  out << '\n';
  return bytes;
}

} // namespace nirc
