//===- Emitter.cpp - loops and loads of a node's function -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Emitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace nirc::cpu;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

func::FuncOp Emitter::begin(Location where, StringRef name, bool isShared) {
  loc = where;
  builder.setInsertionPointToEnd(module.getBody());
  SmallVector<Type> types{arenaType()};
  isShared &= options.parts;
  if (isShared) {
    types.append({builder.getIndexType(), builder.getIndexType(), scratchType()});
  }
  auto function = func::FuncOp::create(builder, loc, name, builder.getFunctionType(types, {}));
  // Weights lie outside the arena.
  function.setArgAttr(0, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
  Block *entry = function.addEntryBlock();
  arena = entry->getArgument(0);
  firstByte = count = Value();
  part = isShared ? entry->getArgument(1) : Value();
  parts = isShared ? entry->getArgument(2) : Value();
  scratch = isShared ? entry->getArgument(3) : Value();
  builder.setInsertionPointToStart(entry);
  return function;
}

func::FuncOp Emitter::beginTogether(Location where, StringRef name, TypeRange results) {
  loc = where;
  builder.setInsertionPointToEnd(module.getBody());
  Type index = builder.getIndexType();
  auto function = func::FuncOp::create(
      builder, loc, name,
      builder.getFunctionType({arenaType(maxTogether), index, index, index, scratchType()},
                              results));
  Block *entry = function.addEntryBlock();
  arena = entry->getArgument(0);
  count = entry->getArgument(1);
  part = entry->getArgument(2);
  parts = entry->getArgument(3);
  scratch = entry->getArgument(4);
  builder.setInsertionPointToStart(entry);
  firstByte = this->index(0);
  return function;
}

void Emitter::select(Value sample) { firstByte = mul(sample, index(layout.bytes)); }

void Emitter::callSelected(const Callee &alone, Value as) {
  Value own = memref::ViewOp::create(builder, loc, mlir::cast<MemRefType>(arenaType()), arena,
                                     firstByte, ValueRange());
  call(alone, ValueRange{own, as, parts, scratch});
}

void Emitter::call(const Callee &callee, ValueRange arguments) {
  Values all(arguments);
  if (callee.row) {
    all.push_back(index(*callee.row));
  }
  func::FuncOp function = callee.function;
  func::CallOp::create(builder, function.getLoc(), function, all);
}

void Emitter::finish(ValueRange results) { func::ReturnOp::create(builder, loc, results); }

Value Emitter::rangeStart(int64_t elements, Value part) {
  int64_t grains = static_cast<int64_t>(llvm::divideCeil(elements, uint64_t(grain)));
  return mul(div(mul(part, index(grains)), parts), index(grain));
}

std::pair<Value, Value> Emitter::range(int64_t elements) {
  if (!part) {
    return {index(0), index(elements)};
  }
  return {rangeStart(elements, part),
          min(rangeStart(elements, add(part, index(1))), index(elements))};
}

Value Emitter::ownCounter() { return part ? mul(part, index(counterPitch)) : index(0); }

void Emitter::onFirstPart(llvm::function_ref<void()> body) {
  if (!part) {
    return body();
  }
  when(compare(arith::CmpIPredicate::eq, part, index(0)), body);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value Emitter::index(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

Value Emitter::integer(int64_t value, unsigned bits) {
  return arith::ConstantIntOp::create(builder, loc, value, bits);
}

Value Emitter::number(double value) {
  if (isInteger()) {
    return integer(static_cast<int64_t>(value), 32);
  }
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, value));
}

static bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

Value Emitter::add(Value a, Value b) {
  return isFloat(a) ? arith::AddFOp::create(builder, loc, a, b).getResult()
                    : arith::AddIOp::create(builder, loc, a, b).getResult();
}

Value Emitter::sub(Value a, Value b) { return arith::SubIOp::create(builder, loc, a, b); }

Value Emitter::mul(Value a, Value b) {
  return isFloat(a) ? arith::MulFOp::create(builder, loc, a, b).getResult()
                    : arith::MulIOp::create(builder, loc, a, b).getResult();
}

Value Emitter::div(Value a, Value b) { return arith::DivUIOp::create(builder, loc, a, b); }
Value Emitter::rem(Value a, Value b) { return arith::RemUIOp::create(builder, loc, a, b); }
Value Emitter::min(Value a, Value b) { return arith::MinSIOp::create(builder, loc, a, b); }
Value Emitter::max(Value a, Value b) { return arith::MaxSIOp::create(builder, loc, a, b); }

Value Emitter::flat(Value a, int64_t factor, Value b) { return add(mul(a, index(factor)), b); }

Value Emitter::cast(Type type, Value value) {
  return value.getType() == type
             ? value
             : arith::IndexCastOp::create(builder, loc, type, value).getResult();
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void Emitter::loop(Value from, Value to, int64_t step, Body body) {
  loop(from, to, step, {}, [&](Value i, ValueRange) {
    body(i);
    return Values();
  });
}

Emitter::Values Emitter::loop(Value from, Value to, int64_t step, ValueRange first,
                              CarryingBody body) {
  auto loop = scf::ForOp::create(builder, loc, from, to, index(step), first,
                                 [&](OpBuilder &inner, Location, Value i, ValueRange carried) {
                                   OpBuilder::InsertionGuard guard(builder);
                                   builder.setInsertionPoint(inner.getInsertionBlock(),
                                                             inner.getInsertionPoint());
                                   scf::YieldOp::create(builder, loc, body(i, carried));
                                 });
  return Values(loop.getResults());
}

void Emitter::loopBy(Value from, Value to, Value step, Body body) {
  scf::ForOp::create(builder, loc, from, to, step, ValueRange(),
                     [&](OpBuilder &inner, Location, Value i, ValueRange) {
                       OpBuilder::InsertionGuard guard(builder);
                       builder.setInsertionPoint(inner.getInsertionBlock(),
                                                 inner.getInsertionPoint());
                       body(i);
                       scf::YieldOp::create(builder, loc);
                     });
}

void Emitter::when(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  body();
}

void Emitter::unless(Value condition, llvm::function_ref<void()> body) {
  when(arith::XOrIOp::create(builder, loc, condition, integer(1, 1)), body);
}

Emitter::Values Emitter::choose(Value condition, llvm::function_ref<Values()> then,
                                llvm::function_ref<Values()> otherwise) {
  auto branch = scf::IfOp::create(
      builder, loc, condition,
      [&](OpBuilder &inner, Location) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
        scf::YieldOp::create(builder, loc, then());
      },
      [&](OpBuilder &inner, Location) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
        scf::YieldOp::create(builder, loc, otherwise());
      });
  return Values(branch.getResults());
}

Emitter::Values Emitter::when(Value condition, ValueRange otherwise,
                              llvm::function_ref<Values()> body) {
  if (otherwise.empty()) {
    when(condition, [&] { body(); });
    return {};
  }
  return choose(condition, body, [&] { return Values(otherwise); });
}

Value Emitter::hasStarted(uint64_t start) {
  Value clock = load(array(*layout.clock), index(0));
  unsigned width = clock.getType().getIntOrFloatBitWidth();
  return compare(arith::CmpIPredicate::sge, clock, integer(static_cast<int64_t>(start), width));
}

void Emitter::from(uint64_t start, llvm::function_ref<void()> body) {
  if (start == 0) {
    return body();
  }
  when(hasStarted(start), body);
}

void Emitter::advanceClock(Value ofArena, uint64_t latestStart) {
  arena = ofArena;
  Value clock = array(*layout.clock), zero = index(0), now = load(clock, zero);
  unsigned width = now.getType().getIntOrFloatBitWidth();
  Value next = add(now, integer(1, width));
  if (width < 64) { // which would have an end
    next = min(next, integer(static_cast<int64_t>(latestStart), width));
  }
  store(next, clock, zero);
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

Value Emitter::array(const Slot &slot) {
  auto type = MemRefType::get({slot.capacity}, typeOf(slot.type));
  Value offset = index(slot.offset);
  return memref::ViewOp::create(builder, loc, type, arena,
                                firstByte ? add(firstByte, offset) : offset, ValueRange());
}

Value Emitter::load(Value array, Value at) {
  return memref::LoadOp::create(builder, loc, array, at);
}

void Emitter::store(Value value, Value array, Value at) {
  Type stored = mlir::cast<MemRefType>(array.getType()).getElementType();
  if (stored.isInteger() &&
      stored.getIntOrFloatBitWidth() < value.getType().getIntOrFloatBitWidth()) {
    value = arith::TruncIOp::create(builder, loc, stored, value); // its range fits
  }
  memref::StoreOp::create(builder, loc, value, array, at);
}

void Emitter::prefetch(Value array, Value at) {
  if (lanes == 1 || !options.prefetches) { // C has no word for it, and small machines no caches
    return;
  }
  memref::PrefetchOp::create(builder, loc, array, at, /*isWrite=*/false, /*localityHint=*/3,
                             /*isDataCache=*/true);
}

void Emitter::storeIndex(Value value, Value array, Value at) {
  store(cast(mlir::cast<MemRefType>(array.getType()).getElementType(), value), array, at);
}

Value Emitter::loadNumber(Value array, Value at) { return loadNumberLanes(array, at, 1); }

nir::DType Emitter::storedType(const Numbers &values) const {
  if (!options.compact || !isInteger() || hasFailed) {
    return values.storedType(numberType());
  }
  auto [least, most] = values.extremes();
  return narrowest(std::min<int64_t>(least, 0),
                   std::max<int64_t>(most, 0)); // 0 where there is none
}

Value Emitter::parameter(nir::DType stored, int64_t elements,
                         llvm::function_ref<void(char *)> fill) {
  std::shared_ptr<char> bytes =
      allocateParameter(elements * static_cast<int64_t>(nir::sizeOf(stored)));
  if (!hasFailed) {
    fill(bytes.get());
  }
  std::string symbol = ("parameter_" + llvm::Twine(parametersMade++)).str();
  parameters.push_back({symbol, stored, elements, std::move(bytes)});
  auto type = MemRefType::get({elements}, typeOf(stored));
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    memref::GlobalOp::create(builder, loc, symbol, /*sym_visibility=*/StringAttr(), type,
                             /*initial_value=*/Attribute(), /*constant=*/false,
                             /*alignment=*/IntegerAttr());
  }
  return memref::GetGlobalOp::create(builder, loc, type, symbol);
}

Value Emitter::once(Operation *op, StringRef what, llvm::function_ref<Value()> make) {
  std::string key = (what + llvm::Twine(reinterpret_cast<uintptr_t>(op))).str();
  auto known = symbols.find(key);
  if (known == symbols.end()) {
    Value made = make();
    symbols[key] = made.getDefiningOp<memref::GetGlobalOp>().getName().str();
    return made;
  }
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      module, builder.getStringAttr(known->second));
  return memref::GetGlobalOp::create(builder, loc, global.getType(), known->second);
}

Numbers Emitter::numbers(ElementsAttr values) {
  if (std::optional<Numbers> numbers = Numbers::of(values)) {
    return *numbers;
  }
  Type type = values.getElementType();
  bool isKnown =
      type.isIntOrFloat() &&
      (!type.isInteger() || llvm::is_contained({8, 16, 32}, type.getIntOrFloatBitWidth()));
  if (!hasFailed && isKnown) {
    emitError(loc) << "the IR lacks the numbers of a large parameter: it was printed without them";
  } else if (!hasFailed) {
    emitError(loc) << "a parameter is of " << type << ", expected floats or i8, i16 or i32";
  }
  hasFailed = true;
  return *Numbers::of(
      DenseElementsAttr::get(RankedTensorType::get(values.getShapedType().getShape(), element),
                             builder.getZeroAttr(element)));
}

Value Emitter::parameter(const Numbers &values, int64_t elements,
                         llvm::function_ref<int64_t(int64_t)> from) {
  nir::DType stored = storedType(values);
  return parameter(stored, elements, [&](char *to) { values.gather(stored, to, elements, from); });
}

//===----------------------------------------------------------------------===//
// Lanes
//===----------------------------------------------------------------------===//

Type Emitter::typeOf(nir::DType dtype) {
  if (nir::isFloat(dtype)) {
    return dtype == nir::DType::F64 ? Type(builder.getF64Type()) : Type(builder.getF32Type());
  }
  return builder.getIntegerType(static_cast<unsigned>(nir::sizeOf(dtype) * 8));
}

Type Emitter::wide(Type scalar, int64_t width) const {
  return width == 1 ? scalar : VectorType::get({width}, scalar);
}

Value Emitter::splat(Value scalar, int64_t width) {
  return width == 1
             ? scalar
             : vector::BroadcastOp::create(builder, loc, wide(scalar.getType(), width), scalar)
                   .getResult();
}

Value Emitter::loadLanes(Value array, Value at, int64_t width) {
  if (width == 1) {
    return load(array, at);
  }
  Type scalar = mlir::cast<MemRefType>(array.getType()).getElementType();
  return vector::LoadOp::create(builder, loc, mlir::cast<VectorType>(wide(scalar, width)), array,
                                at);
}

Value Emitter::loadNumberLanes(Value array, Value at, int64_t width) {
  Value value = loadLanes(array, at, width);
  Type have = getElementTypeOrSelf(value.getType());
  if (have == element) {
    return value;
  }
  if (isInteger()) { // weights, and spikes, which are 0 or 1
    return arith::ExtSIOp::create(builder, loc, wide(element, width), value);
  }
  if (isa<FloatType>(have)) { // never wider than what the network computes in
    return arith::ExtFOp::create(builder, loc, wide(element, width), value);
  }
  return arith::UIToFPOp::create(builder, loc, wide(element, width), value);
}

void Emitter::storeLanes(Value value, Value array, Value at) {
  if (isa<VectorType>(value.getType())) {
    vector::StoreOp::create(builder, loc, value, array, at);
  } else {
    store(value, array, at);
  }
}

Value Emitter::inRegister(Value value) {
  // Instructions without a text.
  StringRef constraints = isa<VectorType>(value.getType()) ? "=v,0" : "=r,0";
  return LLVM::InlineAsmOp::create(builder, loc, value.getType(), value,
                                   /*asm_string=*/builder.getStringAttr(""),
                                   builder.getStringAttr(constraints),
                                   /*has_side_effects=*/UnitAttr(), /*is_align_stack=*/UnitAttr(),
                                   LLVM::TailCallKindAttr::get(builder.getContext(), {}),
                                   /*asm_dialect=*/LLVM::AsmDialectAttr(),
                                   /*operand_attrs=*/ArrayAttr())
      .getResult(0);
}

Value Emitter::indexLanes(Value at) { return indexLanes(at, lanes, builder.getI32Type()); }

Value Emitter::indexLanes(Value at, int64_t width, Type index) {
  Value first = splat(cast(index, at), width);
  if (width == 1) {
    return first;
  }
  auto type = mlir::cast<VectorType>(wide(index, width));
  SmallVector<Attribute> numbers;
  for (int64_t i = 0; i < width; ++i) {
    numbers.push_back(builder.getIntegerAttr(index, i));
  }
  return add(first, arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, numbers)));
}

Value Emitter::isNonZero(Value number) {
  // UNE, so that a NaN at the input is passed on as by a plain product.
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(number.getType()));
  if (!isFloat(number)) {
    return compare(arith::CmpIPredicate::ne, number, zero);
  }
  return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, number, zero);
}

Value Emitter::below(Value at, int64_t elements) {
  return elements % lanes == 0
             ? Value()
             : compare(arith::CmpIPredicate::slt, indexLanes(at), splat(integer(elements, 32)));
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

Value Emitter::bitsOf(Value mask) {
  // Not by way of a vector of one, which WebAssembly's code generator would take apart.
  auto width = static_cast<unsigned>(mlir::cast<VectorType>(mask.getType()).getNumElements());
  Value bits = LLVM::BitcastOp::create(builder, loc, builder.getIntegerType(width), mask);
  return arith::ExtUIOp::create(builder, loc, builder.getI64Type(), bits);
}

Value Emitter::countSet(Value mask) {
  Value bits = bitsOf(mask);
  return cast(builder.getIndexType(),
              LLVM::CtPopOp::create(builder, loc, bits.getType(), bits).getResult());
}

Emitter::Values Emitter::forEachSet(Value mask, Value at, ValueRange first, CarryingBody body) {
  if (lanes == 1) {
    return when(mask, first, [&] { return body(at, first); });
  }
  Value bits = bitsOf(mask);
  return when(compare(arith::CmpIPredicate::ne, bits, integer(0, 64)), first, [&] {
    return forEachBit(bits, first,
                      [&](Value bit, ValueRange carried) { return body(add(at, bit), carried); });
  });
}

Emitter::Values Emitter::forEachBit(Value bits, ValueRange first, CarryingBody body) {
  unsigned width = bits.getType().getIntOrFloatBitWidth();
  Value zero = integer(0, width), one = integer(1, width);
  Values initial{bits};
  initial.append(first.begin(), first.end());
  auto loop = scf::WhileOp::create(
      builder, loc, ValueRange(initial).getTypes(), initial,
      [&](OpBuilder &inner, Location, ValueRange carried) {
        Value more = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::ne, carried[0], zero);
        scf::ConditionOp::create(inner, loc, more, carried);
      },
      [&](OpBuilder &inner, Location, ValueRange carried) {
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
        Value bit = LLVM::CountTrailingZerosOp::create(builder, loc, carried[0].getType(),
                                                       carried[0], /*is_zero_poison=*/true);
        Values next{arith::AndIOp::create(builder, loc, carried[0], sub(carried[0], one))};
        next.append(body(cast(builder.getIndexType(), bit), carried.drop_front()));
        scf::YieldOp::create(builder, loc, next);
      });
  return Values(loop.getResults().drop_front());
}

Value Emitter::appendSet(Value list, Value count, Value mask, Value at) {
  if (!options.compresses || lanes == 1) {
    return forEachSet(mask, at, count, [&](Value element, ValueRange carried) {
      return Values{append(list, carried[0], element)};
    })[0];
  }
  return storeSet(indexLanes(at), mask, list, count);
}

Value Emitter::storeSet(Value values, Value mask, Value array, Value at) {
  auto type = mlir::cast<VectorType>(values.getType());
  std::string intrinsic =
      ("llvm.experimental.vector.compress.v" + llvm::Twine(type.getNumElements()) + "i" +
       llvm::Twine(type.getElementTypeBitWidth()))
          .str();
  Value front = LLVM::CallIntrinsicOp::create(builder, loc, type, builder.getStringAttr(intrinsic),
                                              ValueRange{values, mask, values})
                    .getResult(0);
  storeLanes(front, array, at);
  return add(at, countSet(mask));
}

Value Emitter::append(Value list, Value count, Value value) {
  storeIndex(value, list, count);
  return add(count, index(1));
}

Value Emitter::turnOf(const Events &events) {
  return events.turn ? loadIndex(array(*events.turn), ownCounter()) : index(0);
}

std::pair<Value, Value> Emitter::firstOf(const Events &events, Value turn) {
  return {mul(turn, index(events.list.capacity / 2)), mul(turn, index(events.counts.elements / 2))};
}

std::pair<Value, Value> Emitter::firstOf(const Events &events) {
  return events.turn ? firstOf(events, turnOf(events)) : std::pair(index(0), index(0));
}

Emitter::Values
Emitter::forEachPart(const Events &events, int64_t elements, ValueRange first,
                     llvm::function_ref<Values(Value, Value, Value, ValueRange)> body) {
  Value list = array(events.list), counts = array(events.counts);
  if (!part) {
    return body(list, index(0), loadIndex(counts, index(0)), first);
  }
  auto [firstEvent, firstCount] = firstOf(events);
  return loop(index(0), parts, 1, first,
              [&, firstEvent = firstEvent, firstCount = firstCount](Value p, ValueRange carried) {
                Value start = add(rangeStart(elements, p), firstEvent);
                Value count = loadIndex(counts, flat(p, counterPitch, firstCount));
                return body(list, start, add(start, count), carried);
              });
}

Emitter::Values Emitter::forEachEvent(const Events &events, int64_t elements, ValueRange first,
                                      CarryingBody body) {
  return forEachPart(
      events, elements, first, [&](Value list, Value from, Value to, ValueRange carried) {
        return loop(from, to, 1, carried,
                    [&](Value k, ValueRange inner) { return body(loadIndex(list, k), inner); });
      });
}

void Emitter::forEachEvent(const Events &events, int64_t elements, Body body) {
  forEachEvent(events, elements, {}, [&](Value event, ValueRange) {
    body(event);
    return Values();
  });
}

std::pair<Value, Value> Emitter::collect(const Events &events, int64_t elements) {
  if (!part) {
    return {array(events.list), loadIndex(array(events.counts), index(0))};
  }
  constexpr int64_t width = 8;
  Values size = forEachPart(
      events, elements, index(0), [&](Value list, Value from, Value to, ValueRange before) {
        loop(from, to, width, [&](Value k) { // what is written beyond the end is written again
          Value wider = arith::ExtUIOp::create(builder, loc, wide(builder.getI64Type(), width),
                                               loadLanes(list, k, width));
          storeLanes(wider, scratch, add(before[0], sub(k, from)));
        });
        return Values{add(before[0], sub(to, from))};
      });
  return {scratch, size[0]};
}

void Emitter::forEachEventGroup(const Events &events, int64_t elements, int64_t group,
                                llvm::function_ref<void(ArrayRef<Value>, ArrayRef<Value>)> body) {
  auto [list, end] = collect(events, elements);
  Value last = sub(end, index(1));
  // What is left of the list goes in halves of the group.
  Value begin = index(0);
  for (int64_t size = group; size > 0; size /= 2) {
    if (size > elements) { // a list is never that long, and C compilers warn of its end
      continue;
    }
    Value whole = sub(end, rem(sub(end, begin), index(size)));
    loop(begin, whole, size, [&, list = list](Value first) {
      Values members, next;
      for (int64_t i = 0; i < size; ++i) {
        members.push_back(loadIndex(list, add(first, index(i))));
        next.push_back(loadIndex(list, min(add(first, index(i + size)), last)));
      }
      body(members, next);
    });
    begin = whole;
  }
}
