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

static std::string named(const std::string &node, const std::string &message) {
  return node.empty() ? message : "node '" + node + "': " + message;
}

void emit(const Diagnostic &diagnostic, mlir::MLIRContext *context) {
  mlir::Location location = locationOf(diagnostic.file, diagnostic.node, context);
  std::string message = named(diagnostic.node, diagnostic.message);
  mlir::InFlightDiagnostic raised = diagnostic.severity == Severity::Error
                                        ? mlir::emitError(location, message)
                                        : mlir::emitWarning(location, message);
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
