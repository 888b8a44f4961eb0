//===- Version.h - in which version a file is written -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each dialect has a version, a number that counts up. Bytecode has it in its header, text in an
// attribute of the module, `snn.dialect = #snn.dialect<1, "0.1.0">`; beside it stands the nirc that
// wrote the file. A file without one is of version 1, or written by hand. One of a later version is
// refused before anything else of it is read.
//
// A change that an earlier nirc cannot read, or reads as something else, gets the next number; the
// interface then upgrades what is older (`upgradeFromVersion`), and tests/formats/ keeps a file.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Bytecode/BytecodeImplementation.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace nirc {

/// The versions that this nirc writes.
inline constexpr uint64_t nirDialectVersion = 1, snnDialectVersion = 1;

/// What a file says of itself.
struct FileVersion final : mlir::DialectVersion {
  FileVersion(uint64_t number, std::string writer) : number(number), writer(std::move(writer)) {}

  uint64_t number;
  std::string writer; ///< of nirc: "0.1.0"
};

/// Whether this nirc reads that version, 1 to `known`. The error says who does.
template <typename EmitError>
mlir::LogicalResult checkVersion(EmitError emitError, llvm::StringRef dialect, uint64_t known,
                                 uint64_t found, llvm::StringRef writer) {
  if (found >= 1 && found <= known) {
    return mlir::success();
  }
  mlir::InFlightDiagnostic error = emitError();
  error << "found version " << found << " of the dialect " << dialect << ", expected 1";
  if (known > 1) {
    error << " to " << known;
  }
  std::string shown; // of a file that nobody vouches for
  llvm::raw_string_ostream out(shown);
  llvm::printEscapedString(writer.take_front(32), out);
  error.attachNote() << "nirc " << shown << " wrote it; this is nirc " << NIRC_VERSION
                     << ": read it with that nirc or a later one";
  return mlir::failure();
}

/// Writes and checks the version of bytecode. These two fields stay the first for ever.
template <uint64_t known>
class VersionInterface final : public mlir::BytecodeDialectInterface {
public:
  explicit VersionInterface(mlir::Dialect *dialect) : mlir::BytecodeDialectInterface(dialect) {}

  void writeVersion(mlir::DialectBytecodeWriter &writer) const final {
    writer.writeVarInt(known);
    writer.writeOwnedString(NIRC_VERSION);
  }

  std::unique_ptr<mlir::DialectVersion>
  readVersion(mlir::DialectBytecodeReader &reader) const final {
    uint64_t number = 0;
    llvm::StringRef writer;
    if (mlir::failed(reader.readVarInt(number)) || mlir::failed(reader.readString(writer))) {
      return nullptr;
    }
    auto emitError = [&] { return reader.emitError(); };
    llvm::StringRef dialect = getDialect()->getNamespace();
    if (mlir::failed(checkVersion(emitError, dialect, known, number, writer))) {
      return nullptr;
    }
    return std::make_unique<FileVersion>(number, writer.str());
  }
};

/// `<1, "0.1.0">`.
template <typename VersionAttr>
mlir::Attribute parseVersion(mlir::AsmParser &parser) {
  uint64_t number = 0;
  std::string writer;
  llvm::SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseInteger(number) || parser.parseComma() ||
      parser.parseString(&writer) || parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<VersionAttr>(loc, parser.getContext(), number, writer);
}

inline void printVersion(mlir::AsmPrinter &printer, uint64_t number, llvm::StringRef writer) {
  printer << '<' << number << ", ";
  printer.printString(writer);
  printer << '>';
}

/// The attribute's name on a module is its own: `snn.dialect`.
template <typename VersionAttr>
void stateVersion(mlir::Operation *module, uint64_t number) {
  llvm::StringRef writer = NIRC_VERSION;
  module->setDiscardableAttr(VersionAttr::name,
                             VersionAttr::get(module->getContext(), number, writer));
}
template <typename VersionAttr>
void removeVersion(mlir::Operation *module) {
  module->removeDiscardableAttr(VersionAttr::name);
}

} // namespace nirc
