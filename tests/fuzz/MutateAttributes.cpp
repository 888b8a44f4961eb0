//===- MutateAttributes.cpp - other types, attributes and elements --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/MutateAttributes.h"

#include "dialects/nir/Ops.h"
#include "dialects/snn/Snn.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"

#include <limits>

using namespace mlir;

namespace nir::test {

MutateAttributes::MutateAttributes(ModuleOp module, Random &random)
    : context(module.getContext()), random(random) {
  module.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs()) {
      if (auto text = dyn_cast<StringAttr>(attribute.getValue())) {
        texts.push_back(text);
      }
    }
  });
  for (StringRef text : {"", "v", "größer\n\"", "/", "no such node"}) {
    texts.push_back(StringAttr::get(context, text));
  }
}

/// Small numbers, the ends of types, and what is far beyond any memory; nothing in between, which
/// would only be slow.
int64_t MutateAttributes::extreme(bool isDelay) {
  static const std::vector<int64_t> all = {0,
                                           1,
                                           -1,
                                           2,
                                           3,
                                           7,
                                           8,
                                           31,
                                           62,
                                           63,
                                           64,
                                           255,
                                           1000,
                                           1 << 20,
                                           int64_t{1} << 31,
                                           -(int64_t{1} << 31),
                                           int64_t{1} << 41,
                                           int64_t{1} << 62,
                                           std::numeric_limits<int64_t>::max(),
                                           std::numeric_limits<int64_t>::min()};
  int64_t value = random.pick(all);
  return isDelay && (value > 1000 && value <= int64_t{1} << 32) ? 5 : value;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

SmallVector<int64_t> MutateAttributes::mutateShape(ArrayRef<int64_t> shape) {
  static const std::vector<int64_t> dims = {
      0, 1, 2, 3, 4, 5, 8, int64_t{1} << 41, int64_t{1} << 62};
  SmallVector<int64_t> mutated(shape);
  switch (random.below(4)) {
  case 0:
    mutated.insert(mutated.begin() + random.below(static_cast<int64_t>(mutated.size()) + 1),
                   random.pick(dims));
    break;
  case 1:
    if (!mutated.empty()) {
      mutated.erase(mutated.begin() + random.below(static_cast<int64_t>(mutated.size())));
    }
    break;
  default:
    if (!mutated.empty()) {
      int64_t &dim =
          mutated[static_cast<size_t>(random.below(static_cast<int64_t>(mutated.size())))];
      dim = random.chance(0.5) ? std::max<int64_t>(0, dim + random.between(-1, 1))
                               : random.pick(dims);
    }
    break;
  }
  return mutated;
}

Type MutateAttributes::mutateElement(ArrayRef<int64_t> shape) {
  Builder b(context);
  unsigned isSigned = quant::QuantizationFlags::Signed;
  switch (random.below(8)) {
  case 0: {
    static const std::vector<unsigned> widths = {1, 2, 4, 8, 16, 24, 32, 33, 64, 128};
    return b.getIntegerType(random.pick(widths));
  }
  case 1:
    return random.chance(0.5) ? Type(b.getF32Type()) : Type(b.getF64Type());
  case 2:
    return random.chance(0.5) ? Type(b.getF16Type()) : Type(b.getBF16Type());
  case 3:
    return random.chance(0.5) ? Type(b.getIndexType()) : Type(ComplexType::get(b.getF32Type()));
  case 4: // scales for channels, as many as there are or not
  {
    auto count = static_cast<size_t>(shape.empty() || shape[0] > 64 || random.chance(0.3)
                                         ? random.between(1, 5)
                                         : std::max<int64_t>(shape[0], 1));
    return quant::UniformQuantizedPerAxisType::get(
        isSigned, b.getIntegerType(16), b.getF64Type(), SmallVector<double>(count, 0.5),
        SmallVector<int64_t>(count, 0), static_cast<int32_t>(random.below(2)), -100, 100);
  }
  case 5:
    return quant::UniformQuantizedType::get(random.chance(0.8) ? isSigned : 0, b.getIntegerType(8),
                                            b.getF64Type(), random.chance(0.5) ? 1.0 : 1e-30,
                                            random.chance(0.8) ? 0 : 3, 0, 100);
  case 6:
    return quant::UniformQuantizedType::get(isSigned, b.getIntegerType(32), b.getF64Type(), 1.0, 0,
                                            std::numeric_limits<int32_t>::min(),
                                            std::numeric_limits<int32_t>::max());
  default:
    return quant::UniformQuantizedType::get(isSigned, b.getIntegerType(8), b.getF64Type(), 1.0, 0,
                                            0, 1);
  }
}

Type MutateAttributes::anyType() {
  Builder b(context);
  return mutateType(random.chance(0.5) ? Type(b.getF32Type())
                                       : Type(RankedTensorType::get({2}, b.getF32Type())));
}

Type MutateAttributes::mutateType(Type type) {
  Builder b(context);
  if (auto spikes = dyn_cast<snn::SpikesType>(type)) {
    SmallVector<int64_t> shape = mutateShape(spikes.getShape());
    if (random.chance(0.3)) {
      return RankedTensorType::get(spikes.getShape(), mutateElement(spikes.getShape()));
    }
    bool isSound = llvm::all_of(shape, [](int64_t dim) { return dim > 0 && dim < 1000; });
    return isSound ? Type(snn::SpikesType::get(context, shape)) : type;
  }
  if (auto signal = dyn_cast<nir::SignalType>(type)) {
    SmallVector<int64_t> shape = mutateShape(signal.getShape());
    bool isSound = llvm::all_of(shape, [](int64_t dim) { return dim > 0 && dim < 1000; });
    return isSound ? Type(nir::SignalType::get(context, shape, nir::SignalFlow::Unknown)) : type;
  }
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor) {
    return random.chance(0.8) ? mutateElement({}) : Type(VectorType::get({4}, b.getF32Type()));
  }
  switch (random.below(8)) {
  case 0: {
    SmallVector<int64_t> shape(tensor.getShape());
    bool isSound = llvm::all_of(shape, [](int64_t dim) { return dim > 0 && dim < 1000; });
    return isSound ? Type(snn::SpikesType::get(context, shape)) : type;
  }
  case 1:
    return random.chance(0.5)
               ? Type(UnrankedTensorType::get(tensor.getElementType()))
               : Type(RankedTensorType::get({ShapedType::kDynamic}, tensor.getElementType()));
  case 2:
    return RankedTensorType::get(tensor.getShape(), tensor.getElementType(),
                                 b.getStringAttr("encoded"));
  case 3:
  case 4:
  case 5:
    return RankedTensorType::get(mutateShape(tensor.getShape()), tensor.getElementType());
  default:
    return RankedTensorType::get(tensor.getShape(), mutateElement(tensor.getShape()));
  }
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

TypedAttr MutateAttributes::constantOf(Type type) {
  static const std::vector<double> floats = {0.0,
                                             1.0,
                                             -1.0,
                                             0.5,
                                             1e30,
                                             -1e30,
                                             1e-40,
                                             std::numeric_limits<double>::infinity(),
                                             std::numeric_limits<double>::quiet_NaN()};
  if (auto number = dyn_cast<FloatType>(type)) {
    return FloatAttr::get(number, random.pick(floats));
  }
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  return IntegerAttr::get(type, APInt(width, static_cast<uint64_t>(extreme()), /*isSigned=*/true,
                                      /*implicitTrunc=*/true));
}

TypedAttr MutateAttributes::anyConstant() {
  Builder b(context);
  const std::vector<Type> types = {b.getF32Type(), b.getF64Type(),      b.getI32Type(),
                                   b.getI1Type(),  b.getI64Type(),      b.getIndexType(),
                                   b.getF16Type(), b.getIntegerType(24)};
  Type type = random.pick(types);
  if (random.chance(0.2)) {
    return DenseElementsAttr::get(RankedTensorType::get({2}, type), constantOf(type));
  }
  return constantOf(type);
}

Attribute MutateAttributes::resource(ShapedType type, ArrayRef<char> bytes, size_t alignment) {
  return DenseResourceElementsAttr::get(
      type, "damaged", HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, alignment));
}

std::pair<Attribute, std::string> MutateAttributes::mutateElements(ElementsAttr elements) {
  Builder b(context);
  ShapedType type = elements.getShapedType();
  Type element = type.getElementType();
  bool isPlain = type.hasStaticShape() && element.isIntOrFloat() && !element.isInteger(1) &&
                 element.getIntOrFloatBitWidth() % 8 == 0;
  int64_t count = 1;
  for (int64_t dim : type.getShape()) {
    bool isSmall = dim >= 0 && dim < 4096 && count * std::max<int64_t>(dim, 1) < 1 << 20;
    if (!isSmall) {
      isPlain = false;
      break;
    }
    count *= dim;
  }
  if (!isPlain) {
    return {DenseElementsAttr::get(RankedTensorType::get({1}, b.getF32Type()), 1.0F), "one f32"};
  }
  auto bytes = static_cast<size_t>(count) * element.getIntOrFloatBitWidth() / 8;
  SmallVector<char> zeros(bytes, 0);
  for (char &byte : zeros) {
    byte = static_cast<char>(random.below(4));
  }
  switch (random.below(12)) {
  case 0:
    return {DenseElementsAttr::get(type, constantOf(element)), "one value for all"};
  case 1: {
    auto &manager = DenseResourceElementsHandle::getManagerInterface(context);
    return {DenseResourceElementsAttr::get(type, manager.insert("missing")),
            "a resource that is missing"};
  }
  case 2:
    return {resource(type, ArrayRef(zeros).take_front(bytes / 2), 8), "a resource that is short"};
  case 3: {
    zeros.push_back(0);
    return {resource(type, zeros, 1), "a resource that is long"};
  }
  case 4:
  case 5:
    return {resource(type, zeros, random.chance(0.5) ? 1 : 16), "a resource"};
  case 6: {
    SmallVector<int64_t> shape(random.chance(0.5) ? 0 : 1, 1);
    auto one = RankedTensorType::get(shape, element);
    return {resource(one, ArrayRef(zeros).take_front(element.getIntOrFloatBitWidth() / 8), 8),
            "a resource of one element"};
  }
  case 7: {
    auto positions = RankedTensorType::get({1, type.getRank()}, b.getI64Type());
    auto single = RankedTensorType::get({1}, element);
    return {SparseElementsAttr::get(
                type,
                DenseIntElementsAttr::get(
                    positions, SmallVector<int64_t>(static_cast<size_t>(type.getRank()), 0)),
                DenseElementsAttr::get(single, constantOf(element))),
            "sparse"};
  }
  case 8:
    return {DenseStringElementsAttr::get(RankedTensorType::get({1}, b.getF32Type()),
                                         ArrayRef<StringRef>{"text"}),
            "texts"};
  case 9: {
    auto other = RankedTensorType::get(mutateShape(type.getShape()), element);
    return {DenseElementsAttr::get(other, constantOf(element)), "another shape"};
  }
  case 10: {
    auto other = VectorType::get({4}, element);
    return {DenseElementsAttr::get(other, constantOf(element)), "a vector"};
  }
  default: {
    static const std::vector<unsigned> widths = {1, 4, 8, 16, 32, 64};
    Type other =
        random.chance(0.3) ? Type(b.getF16Type()) : Type(b.getIntegerType(random.pick(widths)));
    return {
        DenseElementsAttr::get(RankedTensorType::get(type.getShape(), other), constantOf(other)),
        "other elements"};
  }
  }
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Attribute MutateAttributes::foreign() {
  Builder b(context);
  const std::vector<Attribute> all = {b.getUnitAttr(),
                                      b.getI64IntegerAttr(extreme()),
                                      b.getStringAttr("text"),
                                      b.getArrayAttr({}),
                                      TypeAttr::get(b.getF32Type()),
                                      b.getF64FloatAttr(0.5),
                                      b.getDenseI64ArrayAttr({1, 2}),
                                      b.getDictionaryAttr({})};
  return random.pick(all);
}

template <typename T>
static SmallVector<T> mutateNumbers(ArrayRef<T> numbers, Random &random, int64_t extreme) {
  SmallVector<T> mutated(numbers);
  auto at = [&] { return random.below(static_cast<int64_t>(mutated.size())); };
  switch (random.below(5)) {
  case 0:
    mutated.push_back(static_cast<T>(extreme));
    break;
  case 1:
    if (!mutated.empty()) {
      mutated.erase(mutated.begin() + at());
    }
    break;
  case 2:
    if (!mutated.empty()) {
      mutated[static_cast<size_t>(at())] += static_cast<T>(random.between(-1, 1));
    }
    break;
  default:
    if (!mutated.empty()) {
      mutated[static_cast<size_t>(at())] = static_cast<T>(extreme);
    }
    break;
  }
  return mutated;
}

std::pair<Attribute, std::string> MutateAttributes::mutateAttribute(Attribute attribute,
                                                                    bool isDelay) {
  Builder b(context);
  if (random.chance(0.07)) {
    return {foreign(), "another kind of attribute"};
  }
  if (auto numbers = dyn_cast<DenseI64ArrayAttr>(attribute)) {
    auto mutated = mutateNumbers<int64_t>(numbers.asArrayRef(), random, extreme(isDelay));
    return {
        b.getDenseI64ArrayAttr(mutated),
        "[" +
            llvm::join(llvm::map_range(mutated, [](int64_t n) { return std::to_string(n); }), " ") +
            "]"};
  }
  if (auto numbers = dyn_cast<DenseI32ArrayAttr>(attribute)) {
    return {b.getDenseI32ArrayAttr(mutateNumbers<int32_t>(numbers.asArrayRef(), random, extreme())),
            "another of its numbers"};
  }
  if (auto elements = dyn_cast<ElementsAttr>(attribute)) {
    return mutateElements(elements);
  }
  if (auto number = dyn_cast<IntegerAttr>(attribute)) {
    return {constantOf(number.getType()), "another number"};
  }
  if (auto number = dyn_cast<FloatAttr>(attribute)) {
    return {constantOf(number.getType()), "another number"};
  }
  if (isa<StringAttr>(attribute)) {
    StringAttr text = random.pick(texts);
    return {text, "'" + text.str() + "'"};
  }
  if (auto type = dyn_cast<TypeAttr>(attribute)) {
    return {TypeAttr::get(mutateType(type.getValue())), "another type"};
  }
  if (auto list = dyn_cast<ArrayAttr>(attribute)) {
    SmallVector<Attribute> mutated(list.getValue());
    if (!mutated.empty() && random.chance(0.6)) {
      Attribute &one =
          mutated[static_cast<size_t>(random.below(static_cast<int64_t>(mutated.size())))];
      auto [other, what] = mutateAttribute(one, isDelay);
      one = other;
      return {b.getArrayAttr(mutated), "in a list: " + what};
    }
    if (!mutated.empty() && random.chance(0.5)) {
      mutated.pop_back();
      return {b.getArrayAttr(mutated), "a shorter list"};
    }
    mutated.push_back(mutated.empty() ? foreign() : mutated.front());
    return {b.getArrayAttr(mutated), "a longer list"};
  }
  if (isa<snn::SemanticsAttr>(attribute)) {
    StringRef choices = random.chance(0.5) ? "loihi2" : "nir";
    StringRef complete = random.chance(0.5) ? "v1" : "v1,IF.reset=subtract";
    return {snn::SemanticsAttr::get(context, choices, complete,
                                    b.getF64FloatAttr(random.chance(0.5) ? 1e-3 : 1e-300)),
            choices.str()};
  }
  if (isa<snn::FormatAttr>(attribute)) {
    StringRef fields = random.chance(0.5) ? "loihi2" : "int8";
    StringRef complete = random.chance(0.5) ? "v1" : "v1,weight-bits=6";
    return {snn::FormatAttr::get(context, fields, complete), fields.str()};
  }
  return {foreign(), "another kind of attribute"};
}

} // namespace nir::test
