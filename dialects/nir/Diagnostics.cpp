//===- Diagnostics.cpp - errors between nir::Error and MLIR ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Ops.h"

#include "llvm/ADT/StringExtras.h"

namespace nir {

std::string nodePath(mlir::Operation *node) {
  llvm::SmallVector<llvm::StringRef> names;
  for (; node; node = node->getParentOp()) {
    auto graph = llvm::dyn_cast<GraphOp>(node);
    if (graph && graph.isOutermost()) {
      break;
    }
    if (auto named = llvm::dyn_cast<NodeOpInterface>(node)) {
      names.push_back(named.getNodeName());
    }
  }
  return llvm::join(llvm::reverse(names), ".");
}

mlir::InFlightDiagnostic nodeError(mlir::Operation *node) {
  mlir::InFlightDiagnostic error = node->emitError();
  auto graph = llvm::dyn_cast<GraphOp>(node);
  if (!graph || !graph.isOutermost()) {
    error << "node '" << nodePath(node) << "': ";
  }
  return error;
}

void setCode(mlir::InFlightDiagnostic &diagnostic, std::string_view code) {
  if (mlir::Diagnostic *raised = diagnostic.getUnderlyingDiagnostic()) {
    mlir::MLIRContext *context = raised->getLocation().getContext();
    raised->getMetadata().emplace_back(mlir::StringAttr::get(context, code));
  }
}

std::string codeOf(mlir::Diagnostic &diagnostic) {
  for (mlir::DiagnosticArgument &argument : diagnostic.getMetadata()) {
    if (argument.getKind() == mlir::DiagnosticArgument::DiagnosticArgumentKind::Attribute) {
      if (auto code = llvm::dyn_cast<mlir::StringAttr>(argument.getAsAttribute())) {
        return code.str();
      }
    }
  }
  return {};
}

static std::string named(const std::string &node, const std::string &message) {
  return node.empty() ? message : "node '" + node + "': " + message;
}

void emit(const Diagnostic &diagnostic, mlir::MLIRContext *context) {
  mlir::Location location = locationOf(diagnostic.file, diagnostic.node, context);
  std::string message = named(diagnostic.node, diagnostic.message);
  mlir::InFlightDiagnostic raised =
      diagnostic.severity == Severity::Error     ? mlir::emitError(location, message)
      : diagnostic.severity == Severity::Warning ? mlir::emitWarning(location, message)
                                                 : mlir::emitRemark(location, message);
  setCode(raised, diagnostic.code);
  for (const Note &note : diagnostic.notes) {
    raised.attachNote(location) << named(note.node, note.message);
  }
}

mlir::Location locationOf(llvm::StringRef file, llvm::StringRef path, mlir::MLIRContext *context) {
  auto place = mlir::FileLineColLoc::get(context, file.empty() ? "-" : file, 0, 0);
  return path.empty() ? mlir::Location(place)
                      : mlir::NameLoc::get(mlir::StringAttr::get(context, path), place);
}

} // namespace nir
