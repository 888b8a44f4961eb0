//===- Types.cpp - !nir.signal --------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Types.h"
#include "dialects/Version.h"
#include "dialects/nir/Dialect.h"
#include "ir/graph/Shapes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/nir/NirEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/nir/NirAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/nir/NirTypes.cpp.inc"

namespace nir {

SignalType SignalType::withKind(SignalFlow kind) const {
  return get(getContext(), getShape(), kind);
}

mlir::LogicalResult SignalType::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                                       llvm::ArrayRef<int64_t> shape, SignalFlow) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    if (dim < 1 || dim > largestSignal / count) {
      return emitError() << "signal has shape " << str(Shape(shape.begin(), shape.end()))
                         << ", expected positive dimensions and at most 2^40 elements";
    }
    count *= dim;
  }
  return mlir::success();
}

/// `event` or `analog`, the only kinds that are written; anything else is left to the caller.
static std::optional<SignalFlow> parseOptionalKind(mlir::AsmParser &parser) {
  if (mlir::succeeded(parser.parseOptionalKeyword("event"))) {
    return SignalFlow::Event;
  }
  if (mlir::succeeded(parser.parseOptionalKeyword("analog"))) {
    return SignalFlow::Analog;
  }
  return std::nullopt;
}

mlir::Type SignalType::parse(mlir::AsmParser &parser) {
  llvm::SMLoc start = parser.getCurrentLocation();
  llvm::SmallVector<int64_t> shape;
  if (parser.parseLess()) {
    return {};
  }
  std::optional<SignalFlow> kind = parseOptionalKind(parser); // a scalar has no dimensions to read
  if (!kind) {
    if (parser.parseDimensionList(shape, /*allowDynamic=*/false, /*withTrailingX=*/false)) {
      return {};
    }
    if (mlir::succeeded(parser.parseOptionalComma())) {
      kind = parseOptionalKind(parser);
      if (!kind) {
        parser.emitError(parser.getCurrentLocation(), "expected 'event' or 'analog'");
        return {};
      }
    }
  }
  if (parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<SignalType>(start, parser.getContext(), shape,
                                       kind.value_or(SignalFlow::Unknown));
}

void SignalType::print(mlir::AsmPrinter &printer) const {
  printer << '<';
  llvm::interleave(getShape(), printer.getStream(), "x");
  if (getKind() != SignalFlow::Unknown) {
    printer << (getShape().empty() ? "" : ", ") << stringifySignalFlow(getKind());
  }
  printer << '>';
}

mlir::Attribute DialectVersionAttr::parse(mlir::AsmParser &parser, mlir::Type) {
  return nirc::parseVersion<DialectVersionAttr>(parser);
}

void DialectVersionAttr::print(mlir::AsmPrinter &printer) const {
  nirc::printVersion(printer, getNumber(), getWriter());
}

mlir::LogicalResult
DialectVersionAttr::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                           uint64_t number, llvm::StringRef writer) {
  return nirc::checkVersion(emitError, "nir", nirc::nirDialectVersion, number, writer); // (C1)
}

void NirDialect::registerTypes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/nir/NirAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/nir/NirTypes.cpp.inc"
      >();
}

} // namespace nir
