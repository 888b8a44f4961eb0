//===- Hdl.cpp - circuits -------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Hdl.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>

#include "backends/fpga/hdl/HdlDialect.cpp.inc"
#define GET_OP_CLASSES
#include "backends/fpga/hdl/HdlOps.cpp.inc"

using namespace mlir;
using namespace hdl;

void HdlDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "backends/fpga/hdl/HdlOps.cpp.inc"
      >();
}

Operation *HdlDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                           Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

RegionKind CircuitOp::getRegionKind(unsigned) { return RegionKind::Graph; }

/// Whether what the op gives depends on its operands in the same cycle.
static bool isCombinational(Operation *op) {
  return !isa<InputOp, OutputOp, RegOp, MemoryOp, InstanceOp>(op);
}

/// (C2): depth first, along what is combinational.
static LogicalResult verifyNoLoops(CircuitOp module) {
  enum class Mark : char { Open, Done };
  llvm::DenseMap<Operation *, Mark> marks;
  struct Frame {
    Operation *op;
    unsigned next;
  };
  for (Operation &start : module.getBody().front()) {
    if (!isCombinational(&start) || marks.contains(&start)) {
      continue;
    }
    SmallVector<Frame> stack{{&start, 0}};
    marks[&start] = Mark::Open;
    while (!stack.empty()) {
      Frame &top = stack.back();
      if (top.next == top.op->getNumOperands()) {
        marks[top.op] = Mark::Done;
        stack.pop_back();
        continue;
      }
      Operation *def = top.op->getOperand(top.next++).getDefiningOp();
      if (!def || !isCombinational(def)) {
        continue;
      }
      auto [found, isNew] = marks.try_emplace(def, Mark::Open);
      if (isNew) {
        stack.push_back({def, 0});
      } else if (found->second == Mark::Open) {
        return def->emitOpError("is on a loop of combinational logic in module '")
               << module.getSymName() << "'";
      }
    }
  }
  return success();
}

LogicalResult CircuitOp::verifyRegions() {
  llvm::StringSet<> names;
  for (Operation &op : getBody().front()) {
    if (!isa<HdlDialect, arith::ArithDialect>(op.getDialect())) {
      return op.emitOpError("is no part of a circuit"); // (C3)
    }
    auto name = op.getAttrOfType<StringAttr>("name");
    if (name && !names.insert(name.getValue()).second) {
      return op.emitOpError("has the name '") << name.getValue() << "', as another one has"; // (C1)
    }
  }
  return verifyNoLoops(*this);
}

LogicalResult RegOp::verify() {
  if (static_cast<bool>(getReset()) != getValue().has_value()) {
    return emitOpError("has a reset or a value, expected both or none");
  }
  return success();
}

LogicalResult MemoryOp::verify() {
  auto words = static_cast<int64_t>(getWords());
  unsigned bits = words <= 2 ? 1 : llvm::Log2_64_Ceil(static_cast<uint64_t>(words));
  bool writes = static_cast<bool>(getWrite());
  if (words < 1 || bitsOf(getAddress()) != bits || (writes && bitsOf(getTarget()) != bits)) {
    return emitOpError("has ") << words << " words, expected addresses of " << bits << " bits";
  }
  if (writes != static_cast<bool>(getData()) || writes != static_cast<bool>(getTarget())) {
    return emitOpError("has a part of a write port");
  }
  if (writes && getData().getType() != getType()) {
    return emitOpError("writes words of another width than it reads");
  }
  if (!writes && !getInit()) {
    return emitOpError("is neither written nor filled");
  }
  return success();
}

LogicalResult TableOp::verify() {
  unsigned bits = bitsOf(getResult()), index = bitsOf(getIndex());
  if (index < 32 && getValues().size() > size_t(1) << index) {
    return emitOpError("has more values than its index counts");
  }
  for (int64_t value : getValues()) {
    if (bits < 64 && !llvm::isIntN(bits, value) && !llvm::isUIntN(bits, value)) {
      return emitOpError("has the value ") << value << ", expected " << bits << " bits";
    }
  }
  return success();
}

LogicalResult ConcatOp::verify() {
  unsigned bits = 0;
  for (Value part : getParts()) {
    bits += bitsOf(part);
  }
  return bits == bitsOf(getResult()) ? success() : emitOpError("has ") << bits << " bits together";
}

LogicalResult ExtractOp::verify() {
  return getLow() + bitsOf(getResult()) <= bitsOf(getValue())
             ? success()
             : emitOpError("takes bits that the value does not have");
}

/// A table that is not read by index has no input, and some tools never compute what has none.
OpFoldResult TableOp::fold(FoldAdaptor adaptor) {
  auto at = [&](int64_t index) {
    ArrayRef<int64_t> values = getValues();
    bool isThere = index < static_cast<int64_t>(values.size());
    APInt value(64, static_cast<uint64_t>(isThere ? values[index] : 0), /*isSigned=*/true);
    return IntegerAttr::get(getType(), value.sextOrTrunc(bitsOf(getResult())));
  };
  if (auto index = dyn_cast_or_null<IntegerAttr>(adaptor.getIndex())) {
    return at(static_cast<int64_t>(index.getValue().getLimitedValue(INT64_MAX)));
  }
  // All are 0 beyond the last one, if there is something beyond it.
  bool isWhole = static_cast<double>(getValues().size()) >= std::exp2(bitsOf(getIndex()));
  bool isSame = llvm::all_equal(getValues()) &&
                (isWhole || llvm::all_of(getValues(), [](int64_t v) { return v == 0; }));
  return isSame ? OpFoldResult(at(0)) : OpFoldResult();
}

OpFoldResult ExtractOp::fold(FoldAdaptor adaptor) {
  if (getType() == getValue().getType()) {
    return getValue();
  }
  if (auto constant = dyn_cast_or_null<IntegerAttr>(adaptor.getValue())) {
    return IntegerAttr::get(getType(),
                            constant.getValue().extractBits(bitsOf(getResult()), getLow()));
  }
  return {};
}

bool hdl::isClocked(CircuitOp module, SymbolTableCollection &symbols) {
  for (Operation &op : module.getBody().front()) {
    if (isa<RegOp, MemoryOp>(op)) {
      return true;
    }
    auto instance = dyn_cast<InstanceOp>(op);
    auto inner = instance ? symbols.lookupNearestSymbolFrom<CircuitOp>(module->getParentOp(),
                                                                       instance.getModuleAttr())
                          : nullptr;
    if (inner && isClocked(inner, symbols)) {
      return true;
    }
  }
  return false;
}
