//===- Ops.cpp - how the ops print and are named --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Ops.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/raw_ostream.h"

namespace nir {

void nameResults(mlir::Operation *node, mlir::OpAsmSetValueNameFn setName) {
  auto name = node->getAttrOfType<mlir::StringAttr>("name"); // a wrong op is printed too
  if (node->getNumResults() == 1 && name) {
    setName(node->getResult(0), name.getValue());
  }
}

mlir::ParseResult parseNodeName(mlir::OpAsmParser &parser, mlir::StringAttr &name) {
  std::string text;
  if (parser.parseString(&text)) {
    return mlir::failure();
  }
  name = parser.getBuilder().getStringAttr(text);
  return mlir::success();
}

void printQuoted(mlir::OpAsmPrinter &printer, llvm::StringRef text) {
  auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  bool readable = llvm::isLegalUTF8String(&begin, begin + text.size());
  llvm::raw_ostream &out = printer.getStream();
  out << '"';
  for (char c : text) {
    bool keep = static_cast<unsigned char>(c) < 0x80 ? llvm::isPrint(c) : readable;
    if (keep && c != '"' && c != '\\') {
      out << c;
    } else {
      llvm::printEscapedString(llvm::StringRef(&c, 1), out);
    }
  }
  out << '"';
}

void printNodeName(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::StringAttr name) {
  printQuoted(printer, name.getValue());
}

} // namespace nir

#include "dialects/nir/NirInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/nir/NirOps.cpp.inc"
