//===- MlirFile.cpp - models as MLIR text and bytecode --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/MlirFile.h"

#include "api/SplitModule.h"
#include "backends/FrontEnd.h"
#include "dialects/Version.h"
#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Dialect.h"
#include "dialects/nir/Export.h"
#include "dialects/nir/Import.h"
#include "dialects/nir/Types.h"
#include "dialects/snn/Snn.h"
#include "ir/Wording.h"
#include "passes/pipeline/Pipeline.h"

#include <fmt/format.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Bytecode/BytecodeReader.h>
#include <mlir/Bytecode/BytecodeWriter.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/IR/Verifier.h>
#include <mlir/Parser/Parser.h>

#include <algorithm>
#include <memory>

namespace nirc {

namespace {
/// Keeps the first error that MLIR reports while it lives.
class FirstError {
public:
  explicit FirstError(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (message.empty() && diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error) {
            message = lineOf(diagnostic) + diagnostic.str();
            code = nir::codeOf(diagnostic);
            for (mlir::Diagnostic &note : diagnostic.getNotes()) {
              std::string line = lineOf(note);
              notes.push_back((line == lineOf(diagnostic) ? "" : line) + note.str());
            }
          }
          return mlir::success();
        }) {}

  nir::Error take(const std::string &otherwise) {
    nir::Error error(nir::Cause::MlirSyntax, message.empty() ? otherwise : message);
    error.code = code.empty() ? error.code : code;
    for (std::string &note : notes) {
      error.notes.push_back({{}, std::move(note)});
    }
    return error;
  }

private:
  static std::string lineOf(mlir::Diagnostic &diagnostic) {
    auto where = llvm::dyn_cast<mlir::FileLineColLoc>(diagnostic.getLocation());
    return where && where.getLine() > 0 ? fmt::format("line {}: ", where.getLine()) : "";
  }

  std::string message, code;
  std::vector<std::string> notes;
  mlir::ScopedDiagnosticHandler handler;
};
} // namespace

/// The module in a buffer of its own, in which bytecode is read in place and weights stay: they are
/// aligned in it as far as it is. What is not whole yet is not verified.
static mlir::OwningOpRef<mlir::ModuleOp> moduleOf(llvm::StringRef content, const std::string &path,
                                                  mlir::MLIRContext &context, bool isWhole = true) {
  context.loadDialect<nir::NirDialect, snn::SnnDialect, mlir::arith::ArithDialect,
                      mlir::math::MathDialect>();
  // MLIR's lexer goes on behind the end of a text that ends within a string, but not of a line.
  bool isText = !mlir::isBytecode(llvm::MemoryBufferRef(content, path));
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(content.size() + isText, path,
                                                                  llvm::Align(64));
  if (!buffer) {
    return {};
  }
  char *end = std::copy(content.begin(), content.end(), buffer->getBufferStart());
  if (isText) {
    *end = '\n';
  }
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return mlir::parseSourceFile<mlir::ModuleOp>(sources, mlir::ParserConfig(&context, isWhole));
}

/// MLIR's parser calls itself for every bracket and every term of an affine map, without a limit,
/// until the stack ends. So text is looked through first: networks need neither.
static nir::Status checkNesting(llvm::StringRef text, const std::string &path) {
  constexpr int mostOpen = 256;
  int open = 0;
  int64_t line = 1;
  auto fails = [&](const std::string &what) {
    return nir::Error(nir::Cause::MlirSyntax, fmt::format("line {}: {}", line, what))
        .in(path)
        .note("write it again, with `nirc convert` or `nirc quantize`");
  };
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
    case '\n':
      ++line;
      break;
    case '"':
      for (++i; i < text.size() && text[i] != '"' && text[i] != '\n'; ++i) {
        i += text[i] == '\\' ? 1 : 0;
      }
      line += i < text.size() && text[i] == '\n' ? 1 : 0;
      break;
    case '/':
      if (text.substr(i).starts_with("//")) {
        i = std::min(text.find('\n', i), text.size()) - 1;
      }
      break;
    case '(':
    case '[':
    case '{':
    case '<':
      if (++open > mostOpen) {
        return fails(fmt::format("more than {} brackets are open, expected a network", mostOpen));
      }
      break;
    case '>':
      open -= i > 0 && text[i - 1] == '-' ? 0 : 1; // not of an arrow
      break;
    case ')':
    case ']':
    case '}':
      --open;
      break;
    case 'a':
      if ((text.substr(i).starts_with("affine_map") || text.substr(i).starts_with("affine_set")) &&
          (i == 0 ||
           (!llvm::isAlnum(text[i - 1]) && !llvm::StringRef("_$.%@#!^-").contains(text[i - 1])))) {
        return fails("an affine map, expected none in a network");
      }
      break;
    default:
      break;
    }
    open = std::max(open, 0);
  }
  return std::nullopt;
}

static nir::Error notWhatIsExpected(FirstError &first) {
  return first.take("is not a module of the nir dialect");
}

/// The module that text or bytecode holds, by way of a process that may crash on it.
static nir::Result<mlir::OwningOpRef<mlir::ModuleOp>>
moduleApart(llvm::StringRef content, const std::string &path, mlir::MLIRContext &context) {
  std::unique_ptr<mlir::MLIRContext> own; // made in the child
  auto read = [&](llvm::StringRef content) -> nir::Result<mlir::OwningOpRef<mlir::ModuleOp>> {
    own = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
    own->printOpOnDiagnostic(false);
    FirstError first(*own);
    auto module = moduleOf(content, path, *own);
    if (!module) {
      return notWhatIsExpected(first);
    }
    return module;
  };
  nir::Result<SplitModule> split = readApart(content, path, read);
  if (!split) {
    return split.takeError();
  }
  if (nir::Status nested = checkNesting(split->text, path)) {
    return std::move(*nested);
  }
  FirstError first(context);
  auto module = moduleOf(split->text, path, context, /*isWhole=*/false);
  if (!module) {
    return notWhatIsExpected(first).in(path);
  }
  takeResources(*split, *module);
  if (mlir::failed(mlir::verify(*module))) {
    return notWhatIsExpected(first).in(path);
  }
  return module;
}

nir::Result<ParsedMlir> parseMlir(const std::string &path, std::span<const std::byte> bytes) {
  llvm::StringRef text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto frontEnd = std::make_shared<FrontEnd>();
  auto lock = frontEnd->lock();
  bool isText = !mlir::isBytecode(llvm::MemoryBufferRef(text, path));
  if (nir::Status nested = isText ? checkNesting(text, path) : nir::Status()) {
    return std::move(*nested);
  }
  nir::Result<mlir::OwningOpRef<mlir::ModuleOp>> parsed =
      moduleApart(text, path, frontEnd->context());
  if (!parsed) {
    return parsed.takeError();
  }
  mlir::OwningOpRef<mlir::ModuleOp> module = *std::move(parsed);
  auto networks = llvm::to_vector(module->getOps<snn::NetworkOp>());
  if (networks.size() > 1) {
    return nir::Error(nir::Cause::WrongModel, fmt::format("holds {}, expected one",
                                                          nir::counted(networks.size(), "network")))
        .in(path);
  }
  if (networks.size() == 1) {
    nameLocations(networks.front());
    frontEnd->adopt(std::move(module));
    return ParsedMlir{{}, describe(frontEnd)};
  }
  FirstError first(frontEnd->context());
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
