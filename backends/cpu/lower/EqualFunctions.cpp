//===- EqualFunctions.cpp - one function for many nodes -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/EqualFunctions.h"

#include "llvm/Support/MathExtras.h"

#include <map>

using namespace mlir;
using namespace nirc::cpu;

/// The largest array that is copied to where those of the other nodes are. Of larger ones a step
/// takes longer than the code generator would.
constexpr int64_t mostPooledBytes = int64_t(1) << 20;

//===----------------------------------------------------------------------===//
// Which functions are equal
//===----------------------------------------------------------------------===//

/// The start of an array in the arena.
static bool isOffset(arith::ConstantOp op) {
  if (!op.getType().isIndex() || !op->hasOneUse()) {
    return false;
  }
  auto view = dyn_cast<memref::ViewOp>(*op->user_begin());
  return view && view.getByteShift() == op.getResult();
}

bool EqualFunctions::isSmallParameter(memref::GetGlobalOp op) const {
  auto found = numberOfParameter.find(op.getName());
  bool isKept =
      llvm::any_of(emit.kept, [&](const KeptNumber &kept) { return op.getName() == kept.symbol; });
  return !isKept && found != numberOfParameter.end() &&
         static_cast<int64_t>(parameters[found->second].data().size()) <= mostPooledBytes;
}

bool EqualFunctions::mayDiffer(Operation *op) const {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    Type type = constant.getType();
    return type.isF32() || type.isF64() ||
           (type.isInteger() && type.getIntOrFloatBitWidth() >= 8) || isOffset(constant);
  }
  auto global = dyn_cast<memref::GetGlobalOp>(op);
  return global && isSmallParameter(global);
}

static Attribute valueOf(Operation *op) {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  return constant ? Attribute(constant.getValue()) : cast<memref::GetGlobalOp>(op).getNameAttr();
}

namespace {
/// Bytes that two functions have in common where they do the same. Attributes and types are unique
/// in a context, so their addresses say what they are.
class Signature {
public:
  void add(const void *pointer) { add(reinterpret_cast<uintptr_t>(pointer)); }
  void add(uintptr_t number) {
    bytes.append(reinterpret_cast<const char *>(&number), sizeof number);
  }
  void define(Value value) {
    add(value.getType().getAsOpaquePointer());
    numbers.try_emplace(value, numbers.size());
  }
  void use(Value value) { add(numbers.lookup(value)); }
  void addRegions(Operation *op, llvm::function_ref<void(Operation *)> each);

  std::string bytes;

private:
  llvm::DenseMap<Value, uintptr_t> numbers; ///< in the order of definition
};
} // namespace

void Signature::addRegions(Operation *op, llvm::function_ref<void(Operation *)> each) {
  for (Region &region : op->getRegions()) {
    add(region.getBlocks().size());
    for (Block &block : region) {
      add(block.getNumArguments());
      for (Value argument : block.getArguments()) {
        define(argument);
      }
      for (Operation &inner : block) {
        each(&inner);
      }
      add(uintptr_t(0)); // no op has this name
    }
  }
}

std::string EqualFunctions::signatureOf(func::FuncOp function, Values &values) const {
  Signature signature;
  signature.add(function.getFunctionType().getAsOpaquePointer());
  auto each = [&](auto &self, Operation *op) -> void {
    signature.add(op->getName().getAsOpaquePointer());
    if (mayDiffer(op)) {
      values.push_back(valueOf(op));
      signature.define(op->getResult(0));
      return;
    }
    signature.add(op->getAttrDictionary().getAsOpaquePointer());
    signature.add(op->getNumOperands());
    for (Value operand : op->getOperands()) {
      signature.use(operand);
    }
    for (Value result : op->getResults()) {
      signature.define(result);
    }
    signature.addRegions(op, [&](Operation *inner) { self(self, inner); });
  };
  signature.addRegions(function, [&](Operation *inner) { each(each, inner); });
  return std::move(signature.bytes);
}

void EqualFunctions::add(func::FuncOp function) {
  size_t callee = callees.size();
  callees.push_back({function});
  if (least == 0) {
    return;
  }
  for (size_t i = numberOfParameter.size(); i < parameters.size(); ++i) {
    numberOfParameter[parameters[i].symbol] = i;
  }
  Values values;
  std::string signature = signatureOf(function, values);
  auto [found, isNew] = numberOfGroup.try_emplace(signature, groups.size());
  if (isNew) {
    groups.emplace_back();
  }
  std::vector<Member> &members = groups[found->second].members;
  members.push_back({callee, std::move(values)});
  // The module stays small, and with it all that later runs over it.
  auto count = static_cast<int64_t>(members.size());
  if (count < least) {
    return;
  }
  for (Member &member : MutableArrayRef(members).drop_front(count == least ? 1 : count - 1)) {
    callees[member.callee].function.erase();
    callees[member.callee].function = callees[members.front().callee].function;
  }
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// Where the parameter's bytes start in the pool.
int64_t EqualFunctions::pool(StringRef symbol) {
  auto [found, isNew] = pooled.try_emplace(symbol, poolBytes);
  if (isNew) {
    size_t number = numberOfParameter.lookup(symbol);
    pooledInOrder.push_back(number);
    poolBytes += static_cast<int64_t>(llvm::alignTo(parameters[number].data().size(), 64));
  }
  return found->second;
}

/// What the table has of a value: of floats their bits.
int64_t EqualFunctions::numberOf(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value)) {
    return static_cast<int64_t>(number.getValue().bitcastToAPInt().getZExtValue());
  }
  if (auto number = dyn_cast<IntegerAttr>(value)) {
    return number.getValue().getSExtValue();
  }
  return pool(cast<FlatSymbolRefAttr>(value).getValue());
}

/// Values that differ in the same way share a column: they are arrays that one function has several
/// times, and the optimizer must see that they are one.
void EqualFunctions::findColumns(Group &group) {
  std::vector<Member> &members = group.members;
  std::map<std::vector<const void *>, size_t> known;
  for (size_t place = 0; place < members.front().values.size(); ++place) {
    std::vector<const void *> all;
    for (const Member &member : members) {
      all.push_back(member.values[place].getAsOpaquePointer());
    }
    if (llvm::all_equal(all)) {
      continue;
    }
    auto [found, isNew] = known.try_emplace(std::move(all), group.columns.size());
    if (isNew) {
      group.columns.emplace_back();
      for (const Member &member : members) {
        group.columns.back().numbers.push_back(numberOf(member.values[place]));
      }
    }
    group.columns[found->second].places.push_back(place);
  }
}

void EqualFunctions::addRows(Group &group) {
  for (auto [i, member] : llvm::enumerate(group.members)) {
    callees[member.callee].row = static_cast<int64_t>(table.size());
    for (const Column &column : group.columns) {
      table.push_back(column.numbers[i]);
    }
  }
}

//===----------------------------------------------------------------------===//
// The functions that read it
//===----------------------------------------------------------------------===//

void EqualFunctions::makeArrays(func::FuncOp first) {
  emit.builder.setInsertionPointToStart(&first.getBody().front());
  auto array = [&](nir::DType type, size_t elements, llvm::function_ref<void(char *)> fill) {
    return emit.parameter(type, static_cast<int64_t>(elements), fill)
        .getDefiningOp<memref::GetGlobalOp>();
  };
  if (poolBytes > 0) {
    poolArray = array(nir::DType::I8, static_cast<size_t>(poolBytes), [&](char *to) {
      for (size_t number : pooledInOrder) {
        ArrayRef<char> bytes = parameters[number].data();
        llvm::copy(bytes, to + pooled.lookup(parameters[number].symbol));
      }
    });
  }
  tableArray = array(nir::DType::I64, std::max<size_t>(table.size(), 1), [&](char *to) {
    std::memcpy(to, table.data(), table.size() * sizeof(int64_t));
  });
}

/// In the place of an op: what the number from the table says.
Value EqualFunctions::asRead(Operation *op, Value number) {
  OpBuilder &b = emit.builder;
  Location loc = op->getLoc();
  Type type = op->getResult(0).getType();
  if (auto array = dyn_cast<MemRefType>(type)) {
    Value bytes = memref::GetGlobalOp::create(b, loc, poolArray.getType(), poolArray.getName());
    Value offset = arith::IndexCastOp::create(b, loc, b.getIndexType(), number);
    return memref::ViewOp::create(b, loc, array, bytes, offset, ValueRange());
  }
  if (type.isIndex()) {
    return arith::IndexCastOp::create(b, loc, type, number);
  }
  unsigned width = type.getIntOrFloatBitWidth();
  Value bits = width == 64
                   ? number
                   : arith::TruncIOp::create(b, loc, b.getIntegerType(width), number).getResult();
  return isa<FloatType>(type) ? arith::BitcastOp::create(b, loc, type, bits).getResult() : bits;
}

void EqualFunctions::readFromTable(Group &group) {
  func::FuncOp function = callees[group.members.front().callee].function;
  OpBuilder &b = emit.builder;
  unsigned last = function.getNumArguments();
  if (failed(function.insertArgument(last, b.getIndexType(), {}, function.getLoc()))) {
    llvm_unreachable("any function takes another argument");
  }
  // Copies for each call would be compiled one by one again.
  function->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
  SmallVector<Operation *> differing, replaced;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != function && mayDiffer(op)) {
      differing.push_back(op);
    }
  });
  b.setInsertionPointToStart(&function.getBody().front());
  Location loc = function.getLoc();
  Value row = function.getArgument(last);
  Value array = memref::GetGlobalOp::create(b, loc, tableArray.getType(), tableArray.getName());
  for (auto [number, column] : llvm::enumerate(group.columns)) {
    Value at = emit.add(row, emit.index(static_cast<int64_t>(number)));
    // One value for all: the attributes are the same, and so their types.
    Value value = asRead(differing[column.places.front()], emit.load(array, at));
    for (size_t place : column.places) {
      differing[place]->getResult(0).replaceAllUsesWith(value);
      replaced.push_back(differing[place]);
    }
  }
  for (Operation *op : replaced) { // the builder stands before the first of them until now
    op->erase();
  }
}

/// The parameters whose numbers are in the pool, and their symbols.
void EqualFunctions::erasePooled() {
  for (auto global : llvm::make_early_inc_range(emit.module.getOps<memref::GlobalOp>())) {
    if (pooled.contains(global.getName())) {
      global.erase();
    }
  }
  llvm::erase_if(parameters, [&](const Parameter &one) { return pooled.contains(one.symbol); });
}

std::vector<Callee> EqualFunctions::finish() {
  SmallVector<Group *> merged;
  for (Group &group : groups) {
    if (static_cast<int64_t>(group.members.size()) >= least) {
      merged.push_back(&group);
      findColumns(group);
      addRows(group);
    }
  }
  if (merged.empty()) {
    return std::move(callees);
  }
  makeArrays(callees[merged.front()->members.front().callee].function);
  Operation *borrowed[] = {poolArray, tableArray};
  for (Group *group : merged) {
    readFromTable(*group);
  }
  for (Operation *op : borrowed) {
    if (op) {
      op->erase();
    }
  }
  erasePooled();
  return std::move(callees);
}
