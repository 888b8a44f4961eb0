//===- Dialect.cpp - the snn dialect, its types and attributes ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Snn.h"

#include "ir/choices/Choices.h"
#include "ir/graph/Shapes.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
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
  getContext()->getOrLoadDialect<quant::QuantDialect>(); // its types are those of integers
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

bool snn::isInteger(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (!quantized || !quantized.isSigned() || quantized.getStorageTypeIntegralWidth() > 32) {
    return false;
  }
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    return uniform.getZeroPoint() == 0;
  }
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  return perAxis && perAxis.getQuantizedDimension() == 0 &&
         llvm::all_of(perAxis.getZeroPoints(), [](int64_t point) { return point == 0; });
}

/// Whether a signal can have that shape. The product of sound dimensions does not overflow.
static bool isSoundShape(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    if (dim < 1 || dim > nir::largestSignal / count) {
      return false;
    }
    count *= dim;
  }
  return true;
}

bool snn::isSoundTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || tensor.getEncoding() || !isSoundShape(tensor.getShape())) {
    return false;
  }
  auto channels = dyn_cast<quant::UniformQuantizedPerAxisType>(tensor.getElementType());
  return !channels || (tensor.getRank() > 0 && static_cast<int64_t>(channels.getScales().size()) ==
                                                   tensor.getShape().front());
}

IntegerRange snn::integerRange(Type signal) {
  if (isSpikes(signal)) {
    return {};
  }
  auto element = cast<quant::QuantizedType>(cast<RankedTensorType>(signal).getElementType());
  return {element.getStorageTypeMin(), element.getStorageTypeMax()};
}

SmallVector<double> snn::scalesOf(Type signal) {
  if (isSpikes(signal)) {
    return {1.0};
  }
  Type element = cast<RankedTensorType>(signal).getElementType();
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    return {uniform.getScale()};
  }
  return SmallVector<double>(cast<quant::UniformQuantizedPerAxisType>(element).getScales());
}

RankedTensorType snn::integerTensor(MLIRContext *context, ArrayRef<int64_t> shape,
                                    ArrayRef<double> scales, unsigned bits, IntegerRange range) {
  Type storage = IntegerType::get(context, bits), expressed = Float64Type::get(context);
  unsigned isSigned = quant::QuantizationFlags::Signed;
  if (scales.size() == 1) {
    return RankedTensorType::get(
        shape, quant::UniformQuantizedType::get(isSigned, storage, expressed, scales[0],
                                                /*zeroPoint=*/0, range.least, range.most));
  }
  SmallVector<int64_t> zeros(scales.size(), 0);
  return RankedTensorType::get(shape, quant::UniformQuantizedPerAxisType::get(
                                          isSigned, storage, expressed, scales, zeros,
                                          /*quantizedDimension=*/0, range.least, range.most));
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
    if (dim < 1) { // spikes (C1)
      return emitError() << "a dimension of spikes is " << dim << ", expected at least 1";
    }
  }
  if (!isSoundShape(shape)) { // spikes (C1)
    return emitError() << "spikes have shape [" << shape << "], expected at most 2^40 elements";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// #snn.semantics<"norse,reset=subtract", dt = 1.0e-04>
//===----------------------------------------------------------------------===//

SemanticsAttr SemanticsAttr::get(MLIRContext *context, const nir::Semantics &semantics) {
  return get(context, semantics.text(), Builder(context).getF64FloatAttr(semantics.dtSeconds));
}

nir::Semantics SemanticsAttr::getSemantics() const {
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(getChoices());
  assert(semantics && "the verifier lets no other text pass");
  semantics->dtSeconds = getDtSeconds();
  return std::move(*semantics);
}

Attribute SemanticsAttr::parse(AsmParser &parser, Type) {
  std::string choices;
  FloatAttr dt;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&choices) || parser.parseComma() ||
      parser.parseKeyword("dt") || parser.parseEqual() ||
      parser.parseAttribute(dt, parser.getBuilder().getF64Type()) || parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<SemanticsAttr>(loc, parser.getContext(), choices, dt);
}

void SemanticsAttr::print(AsmPrinter &printer) const {
  printer << "<\"" << getChoices() << "\", dt = ";
  printer.printAttributeWithoutType(getDt());
  printer << '>';
}

LogicalResult SemanticsAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                    StringRef choices, FloatAttr dt) {
  if (!dt.getType().isF64() || !(dt.getValueAsDouble() > 0) || !dt.getValue().isFinite()) { // (C1)
    return emitError() << "dt is " << dt << ", expected a positive number of seconds";
  }
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(choices);
  if (!semantics) { // (C2)
    return emitError() << semantics.error().message;
  }
  if (nir::Status bad = nir::checkSemantics(*semantics)) { // (C2)
    return emitError() << bad->message;
  }
  if (semantics->text() != choices) { // (C3)
    return emitError() << "the choices are \"" << choices << "\", expected them written as \""
                       << semantics->text() << "\"";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// #snn.format<"int8,weight-bits=6">
//===----------------------------------------------------------------------===//

FormatAttr FormatAttr::get(MLIRContext *context, const nir::NumberFormat &format) {
  return get(context, format.text());
}

nir::NumberFormat FormatAttr::getFormat() const {
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(getFields());
  assert(format && "the verifier lets no other text pass");
  return std::move(*format);
}

Attribute FormatAttr::parse(AsmParser &parser, Type) {
  std::string fields;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&fields) || parser.parseGreater()) {
    return {};
  }
  return parser.getChecked<FormatAttr>(loc, parser.getContext(), fields);
}

void FormatAttr::print(AsmPrinter &printer) const { printer << "<\"" << getFields() << "\">"; }

LogicalResult FormatAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                 StringRef fields) {
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(fields);
  if (!format) { // (C1)
    return emitError() << format.error().message;
  }
  if (format->text() != fields) { // (C2)
    return emitError() << "the format is \"" << fields << "\", expected it written as \""
                       << format->text() << "\"";
  }
  return success();
}
