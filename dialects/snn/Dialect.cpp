//===- Dialect.cpp - the snn dialect, its types and attributes ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Snn.h"

#include "dialects/Version.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"
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
  addInterfaces<nirc::VersionInterface<nirc::snnDialectVersion>>();
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
  if (isSpikes(signal) || isa<FloatType>(cast<RankedTensorType>(signal).getElementType())) {
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
  range.most = std::max(range.most, range.least + 1); // a signal that is always 0: quant wants two
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
// #snn.semantics<"norse,reset=subtract[v1,reset=subtract,...]", dt = 1.0e-04>
//===----------------------------------------------------------------------===//

SemanticsAttr SemanticsAttr::get(MLIRContext *context, const nir::Semantics &semantics) {
  return get(context, semantics.text(), nir::completeChoices(semantics),
             Builder(context).getF64FloatAttr(semantics.dtSeconds));
}

nir::Semantics SemanticsAttr::getSemantics() const {
  nir::Result<nir::Semantics> semantics =
      nir::semanticsOf(nir::storedText(getChoices(), getComplete()));
  assert(semantics && "the verifier lets no other text pass");
  semantics->dtSeconds = getDtSeconds();
  return std::move(*semantics);
}

namespace {
/// A text's parts: the name, and all that it stands for.
struct Named {
  std::string name, complete;
};
} // namespace

/// The parts of a text. A name alone is completed with what it means today; one that means nothing
/// stays alone, for the verifier to say why.
template <typename Value>
static Named partsOf(StringRef text, const nir::Result<Value> &value,
                     std::string (*complete)(const Value &)) {
  if (nir::isByName(text)) {
    return {text.str(), value && value->text() == text ? complete(*value) : ""};
  }
  size_t name = nir::labelOf(text).size();
  bool isWhole = text.size() > name + 2 && text.ends_with("]");
  return isWhole ? Named{text.take_front(name).str(), text.drop_front(name + 1).drop_back().str()}
                 : Named{text.str(), ""};
}

Attribute SemanticsAttr::parse(AsmParser &parser, Type) {
  std::string text;
  FloatAttr dt;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&text) || parser.parseComma() ||
      parser.parseKeyword("dt") || parser.parseEqual() ||
      parser.parseAttribute(dt, parser.getBuilder().getF64Type()) || parser.parseGreater()) {
    return {};
  }
  Named named = partsOf(text, nir::semanticsOf(text), nir::completeChoices);
  return parser.getChecked<SemanticsAttr>(loc, parser.getContext(), named.name, named.complete, dt);
}

void SemanticsAttr::print(AsmPrinter &printer) const {
  printer << "<\"" << nir::storedText(getChoices(), getComplete()) << "\", dt = ";
  printer.printAttributeWithoutType(getDt());
  printer << '>';
}

static LogicalResult report(InFlightDiagnostic diagnostic, const nir::Error &error) {
  diagnostic << error.message;
  for (const nir::Note &note : error.notes) {
    diagnostic.attachNote() << note.message;
  }
  return failure();
}

/// The text of both parts, as a file has it.
static std::string textOf(StringRef name, StringRef complete) {
  return complete.empty() ? name.str() : nir::storedText(name, complete);
}

LogicalResult SemanticsAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                    StringRef choices, StringRef complete, FloatAttr dt) {
  if (!dt.getType().isF64() || !(dt.getValueAsDouble() > 0) || !dt.getValue().isFinite()) { // (C1)
    return emitError() << "dt is " << dt << ", expected a positive number of seconds";
  }
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(textOf(choices, complete));
  if (!semantics) { // (C2)
    return report(emitError(), semantics.error());
  }
  if (nir::Status bad = nir::checkSemantics(*semantics)) { // (C2)
    return report(emitError(), *bad);
  }
  std::string expected = complete.empty() ? semantics->text() : nir::completeChoices(*semantics);
  if (complete.empty() || expected != complete) { // (C3)
    return emitError() << "the choices are \"" << (complete.empty() ? choices : complete)
                       << "\", expected them written as \"" << expected << "\"";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// #snn.format<"int8,weight-bits=6[v1,weight-bits=6]">
//===----------------------------------------------------------------------===//

FormatAttr FormatAttr::get(MLIRContext *context, const nir::NumberFormat &format) {
  return get(context, format.text(), nir::completeFields(format));
}

nir::NumberFormat FormatAttr::getFormat() const {
  nir::Result<nir::NumberFormat> format =
      nir::numberFormatOf(nir::storedText(getFields(), getComplete()));
  assert(format && "the verifier lets no other text pass");
  return std::move(*format);
}

Attribute FormatAttr::parse(AsmParser &parser, Type) {
  std::string text;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseString(&text) || parser.parseGreater()) {
    return {};
  }
  Named named = partsOf(text, nir::numberFormatOf(text), nir::completeFields);
  return parser.getChecked<FormatAttr>(loc, parser.getContext(), named.name, named.complete);
}

void FormatAttr::print(AsmPrinter &printer) const {
  printer << "<\"" << nir::storedText(getFields(), getComplete()) << "\">";
}

LogicalResult FormatAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                 StringRef fields, StringRef complete) {
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(textOf(fields, complete));
  if (!format) { // (C1)
    return report(emitError(), format.error());
  }
  std::string expected = complete.empty() ? format->text() : nir::completeFields(*format);
  if (complete.empty() || expected != complete) { // (C2)
    return emitError() << "the format is \"" << (complete.empty() ? fields : complete)
                       << "\", expected it written as \"" << expected << "\"";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// #snn.dialect<1, "0.1.0">
//===----------------------------------------------------------------------===//

Attribute DialectVersionAttr::parse(AsmParser &parser, Type) {
  return nirc::parseVersion<DialectVersionAttr>(parser);
}

void DialectVersionAttr::print(AsmPrinter &printer) const {
  nirc::printVersion(printer, getNumber(), getWriter());
}

LogicalResult DialectVersionAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                                         uint64_t number, StringRef writer) {
  return nirc::checkVersion(emitError, "snn", nirc::snnDialectVersion, number, writer); // (C1)
}
