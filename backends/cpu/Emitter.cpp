//===- Emitter.cpp - loops and loads of a node's function -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Emitter.h"

#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace nirc::cpu;

func::FuncOp Emitter::begin(Location where, StringRef name) {
  loc = where;
  builder.setInsertionPointToEnd(module.getBody());
  auto arenaType = MemRefType::get({layout.bytes}, builder.getI8Type());
  auto function =
      func::FuncOp::create(builder, loc, name, builder.getFunctionType({arenaType}, {}));
  arena = function.addEntryBlock()->getArgument(0);
  builder.setInsertionPointToStart(&function.getBody().front());
  return function;
}

void Emitter::finish() { func::ReturnOp::create(builder, loc); }

Value Emitter::index(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

Value Emitter::number(double value) {
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, value));
}

Value Emitter::add(Value a, Value b) {
  return isa<FloatType>(a.getType()) ? arith::AddFOp::create(builder, loc, a, b).getResult()
                                     : arith::AddIOp::create(builder, loc, a, b).getResult();
}

Value Emitter::mul(Value a, Value b) {
  return isa<FloatType>(a.getType()) ? arith::MulFOp::create(builder, loc, a, b).getResult()
                                     : arith::MulIOp::create(builder, loc, a, b).getResult();
}

Value Emitter::flat(Value a, int64_t factor, Value b) { return add(mul(a, index(factor)), b); }

void Emitter::loop(Value from, Value to, llvm::function_ref<void(Value)> body) {
  scf::ForOp::create(builder, loc, from, to, index(1), ValueRange(),
                     [&](OpBuilder &inner, Location, Value i, ValueRange) {
                       OpBuilder::InsertionGuard guard(builder);
                       builder.setInsertionPoint(inner.getInsertionBlock(),
                                                 inner.getInsertionPoint());
                       body(i);
                       scf::YieldOp::create(builder, loc);
                     });
}

void Emitter::loop(int64_t count, llvm::function_ref<void(Value)> body) {
  loop(index(0), index(count), body);
}

void Emitter::when(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  body();
}

Value Emitter::hasStarted(int64_t start) {
  Value clock = load(array(*layout.clock), index(0));
  Value first = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(start));
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, clock, first);
}

void Emitter::from(int64_t start, llvm::function_ref<void()> body) {
  if (start == 0) {
    return body();
  }
  when(hasStarted(start), body);
}

void Emitter::advanceClock() {
  Value clock = array(*layout.clock), zero = index(0);
  Value one = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(1));
  store(add(load(clock, zero), one), clock, zero);
}

Value Emitter::array(const Slot &slot) {
  auto type = MemRefType::get({slot.elements}, slot.type);
  return memref::ViewOp::create(builder, loc, type, arena, index(slot.offset), ValueRange());
}

Value Emitter::load(Value array, Value at) {
  return memref::LoadOp::create(builder, loc, array, at);
}

void Emitter::store(Value value, Value array, Value at) {
  memref::StoreOp::create(builder, loc, value, array, at);
}

Value Emitter::loadNumber(Value array, Value at) {
  Value value = load(array, at);
  return value.getType() == element ? value : arith::UIToFPOp::create(builder, loc, element, value);
}

Value Emitter::isNonZero(Value number) {
  // UNE, so that a NaN at the input is passed on as by a plain product.
  return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, number, this->number(0));
}

Value Emitter::symbolArray(ElementsAttr values, Type stored) {
  auto type = MemRefType::get({values.getNumElements()}, stored);
  auto [entry, isNew] = symbolOf.try_emplace(values, parameters.size());
  if (isNew) {
    std::string symbol = ("parameter_" + llvm::Twine(parameters.size())).str();
    parameters.push_back({symbol, values});
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    memref::GlobalOp::create(builder, loc, symbol, /*sym_visibility=*/StringAttr(), type,
                             /*initial_value=*/Attribute(), /*constant=*/false,
                             /*alignment=*/IntegerAttr());
  }
  return memref::GetGlobalOp::create(builder, loc, type, parameters[entry->second].symbol);
}

Emitter::Weights Emitter::weights(ElementsAttr values) {
  if (auto dense = dyn_cast<DenseFPElementsAttr>(values); dense && dense.isSplat()) {
    return {Value(), number(dense.getSplatValue<APFloat>().convertToDouble())};
  }
  return {symbolArray(values, values.getElementType()), Value()};
}

Value Emitter::loadWeight(const Weights &weights, Value at) {
  if (weights.uniform) {
    return weights.uniform;
  }
  Value value = load(weights.array, at);
  unsigned have = value.getType().getIntOrFloatBitWidth(), want = element.getIntOrFloatBitWidth();
  if (have < want) {
    return arith::ExtFOp::create(builder, loc, element, value);
  }
  return have > want ? arith::TruncFOp::create(builder, loc, element, value).getResult() : value;
}
