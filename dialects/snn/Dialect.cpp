//===- Dialect.cpp - the snn dialect, its types and attributes ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace snn;

#include "dialects/snn/SnnDialect.cpp.inc"
#include "dialects/snn/SnnEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/snn/SnnAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/snn/SnnTypes.cpp.inc"

void SnnDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/snn/SnnAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/snn/SnnTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/snn/SnnOps.cpp.inc"
      >();
}

bool snn::isSpikes(Type signal) { return isa<SpikesType>(signal); }

ArrayRef<int64_t> snn::shapeOf(Type signal) {
  if (auto spikes = dyn_cast<SpikesType>(signal)) {
    return spikes.getShape();
  }
  return cast<RankedTensorType>(signal).getShape();
}

int64_t snn::elementsOf(Type signal) {
  int64_t count = 1;
  for (int64_t dim : shapeOf(signal)) {
    count *= dim;
  }
  return count;
}

InFlightDiagnostic snn::nodeError(Operation *op) {
  InFlightDiagnostic diagnostic = op->emitError();
  if (auto name = op->getAttrOfType<StringAttr>("node")) {
    diagnostic << "node '" << name.getValue() << "': ";
  }
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// !snn.spikes<2x34x34>, !snn.spikes<>
//===----------------------------------------------------------------------===//

Type SpikesType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess()) {
    return {};
  }
  if (succeeded(parser.parseOptionalGreater())) {
    return get(parser.getContext(), shape);
  }
  if (parser.parseDimensionList(shape, /*allowDynamic=*/false, /*withTrailingX=*/false) ||
      parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<SpikesType>(loc, parser.getContext(), shape);
}

void SpikesType::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printDimensionList(getShape());
  printer << '>';
}

LogicalResult SpikesType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> shape) {
  for (int64_t dim : shape) {
    if (dim < 1) {
      return emitError() << "a dimension of spikes is " << dim << ", expected at least 1";
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// #snn.semantics<dt = 1.0e-04, integrator = "euler", reset = "to-value">
//===----------------------------------------------------------------------===//

/// Parses `key = "value"` into the enum that `symbolize` knows.
template <typename Enum, typename Symbolize>
static ParseResult parseChoice(AsmParser &parser, StringRef key, Enum &choice,
                               Symbolize symbolize) {
  std::string value;
  SMLoc loc;
  if (parser.parseComma() || parser.parseKeyword(key) || parser.parseEqual()) {
    return failure();
  }
  loc = parser.getCurrentLocation();
  if (parser.parseString(&value)) {
    return failure();
  }
  auto found = symbolize(value);
  if (!found) {
    return parser.emitError(loc) << "no " << key << " is called '" << value << "'";
  }
  choice = *found;
  return success();
}

Attribute SemanticsAttr::parse(AsmParser &parser, Type) {
  FloatAttr dt;
  Integrator integrator{};
  Reset reset{};
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword("dt") || parser.parseEqual() ||
      parser.parseAttribute(dt, parser.getBuilder().getF64Type()) ||
      parseChoice(parser, "integrator", integrator,
                  [](StringRef name) { return symbolizeIntegrator(name); }) ||
      parseChoice(parser, "reset", reset, [](StringRef name) { return symbolizeReset(name); }) ||
      parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<SemanticsAttr>(loc, parser.getContext(), dt, integrator, reset);
}

void SemanticsAttr::print(AsmPrinter &printer) const {
  printer << "<dt = ";
  printer.printAttributeWithoutType(getDt());
  printer << ", integrator = \"" << stringifyIntegrator(getIntegrator()) << "\", reset = \""
          << stringifyReset(getReset()) << "\">";
}

LogicalResult SemanticsAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                    FloatAttr dt, Integrator, Reset) {
  if (!dt.getType().isF64() || !(dt.getValueAsDouble() > 0) || !dt.getValue().isFinite()) {
    return emitError() << "dt is " << dt << ", expected a positive number of seconds";
  }
  return success();
}
