//===- Coefficient.cpp - what a number of a body is -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Coefficient.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace snn;

Location snn::located(Location where, const Coefficient &coefficient) {
  Builder b(where.getContext());
  SmallVector<NamedAttribute> entries{
      b.getNamedAttr("coefficient", b.getStringAttr(coefficient.name))};
  if (!coefficient.divisor.empty()) {
    entries.push_back(b.getNamedAttr("divisor", b.getDenseF64ArrayAttr(coefficient.divisor)));
  }
  if (!coefficient.less.empty()) {
    entries.push_back(b.getNamedAttr("less", b.getDenseF64ArrayAttr(coefficient.less)));
  }
  return FusedLoc::get({where}, b.getDictionaryAttr(entries), where.getContext());
}

std::optional<Coefficient> snn::coefficientOf(Value value) {
  auto fused = dyn_cast<FusedLoc>(value.getLoc());
  auto entries = fused ? dyn_cast_or_null<DictionaryAttr>(fused.getMetadata()) : DictionaryAttr();
  auto name = entries ? entries.getAs<StringAttr>("coefficient") : StringAttr();
  if (!name) {
    return std::nullopt;
  }
  Coefficient found{name.getValue()};
  if (auto divisor = entries.getAs<DenseF64ArrayAttr>("divisor")) {
    found.divisor = divisor.asArrayRef();
  }
  if (auto less = entries.getAs<DenseF64ArrayAttr>("less")) {
    found.less = less.asArrayRef();
  }
  return found;
}
