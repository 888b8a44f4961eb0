//===- OpMutants.cpp - lowered code with one fault ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/mutants/OpMutants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <map>

using namespace mlir;
using namespace nirc::mutants;

namespace {

/// Goes over the ops and counts the faults; the one of that number is put in.
class Faults {
public:
  explicit Faults(int apply) : apply(apply) {}

  void of(Operation &op);
  std::vector<OpFault> all;

private:
  /// A fault of the op, which `change` makes; it returns the op that is there afterwards.
  void add(const std::string &kind, Operation &op,
           llvm::function_ref<Operation *(OpBuilder &)> change);
  template <typename To>
  void becomes(const std::string &kind, Operation &op, bool swaps = false);
  void ofConstant(arith::ConstantOp op);
  void ofComparison(arith::CmpIOp op);
  void ofChoice(arith::SelectOp op);
  void isOperand(const std::string &kind, Operation &op, unsigned number);
  void loses(Operation &op);

  int apply;
  bool isDone = false;
};

} // namespace

static std::string shown(Operation *op) {
  std::string text;
  llvm::raw_string_ostream out(text);
  op->print(out, OpPrintingFlags().skipRegions().useLocalScope());
  return text;
}

static bool isInteger(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isSignlessInteger();
}

void Faults::add(const std::string &kind, Operation &op,
                 llvm::function_ref<Operation *(OpBuilder &)> change) {
  OpFault fault{kind, shown(&op), {}};
  if (static_cast<int>(all.size()) == apply && !isDone) {
    OpBuilder builder(&op);
    isDone = true;
    Operation *after = change(builder);
    fault.after = after ? shown(after) : "(nothing)";
  }
  all.push_back(std::move(fault));
}

template <typename To>
void Faults::becomes(const std::string &kind, Operation &op, bool swaps) {
  add(kind, op, [&](OpBuilder &builder) -> Operation * {
    Value a = op.getOperand(swaps ? 1 : 0), b = op.getOperand(swaps ? 0 : 1);
    auto made = To::create(builder, op.getLoc(), a, b);
    op.getResult(0).replaceAllUsesWith(made);
    return made;
  });
}

/// One of its operands stands for the op.
void Faults::isOperand(const std::string &kind, Operation &op, unsigned number) {
  add(kind, op, [&](OpBuilder &) -> Operation * {
    op.getResult(0).replaceAllUsesWith(op.getOperand(number));
    return nullptr;
  });
}

/// The highest bit, and it gets the sign of the one below.
void Faults::loses(Operation &op) {
  add("one bit short", op, [&](OpBuilder &builder) -> Operation * {
    builder.setInsertionPointAfter(&op);
    Value result = op.getResult(0);
    Value one = arith::ConstantOp::create(builder, op.getLoc(),
                                          cast<TypedAttr>(builder.getOneAttr(result.getType())));
    Value up = arith::ShLIOp::create(builder, op.getLoc(), result, one);
    auto down = arith::ShRSIOp::create(builder, op.getLoc(), up, one);
    result.replaceAllUsesExcept(down, up.getDefiningOp());
    return down;
  });
}

void Faults::ofConstant(arith::ConstantOp op) {
  if (!isInteger(op.getType()) || getElementTypeOrSelf(op.getType()).isInteger(1)) {
    return;
  }
  Attribute value = op.getValue();
  if (auto elements = dyn_cast<DenseElementsAttr>(value)) {
    if (!elements.isSplat()) {
      return; // numbers of lanes
    }
    value = elements.getSplatValue<Attribute>();
  }
  APInt number = cast<IntegerAttr>(value).getValue();
  bool isShift = llvm::any_of(op->getUses(), [](OpOperand &use) {
    return isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(use.getOwner()) &&
           use.getOperandNumber() == 1;
  });
  auto to = [&](const std::string &kind, const APInt &other) {
    add(kind, *op, [&](OpBuilder &builder) -> Operation * {
      Attribute scalar = builder.getIntegerAttr(getElementTypeOrSelf(op.getType()), other);
      auto type = dyn_cast<ShapedType>(op.getType());
      auto made = arith::ConstantOp::create(
          builder, op.getLoc(),
          type ? cast<TypedAttr>(Attribute(DenseElementsAttr::get(type, scalar)))
               : cast<TypedAttr>(scalar));
      op.replaceAllUsesWith(made.getResult());
      return made;
    });
  };
  to(isShift ? "shift one more" : "constant one more", number + 1);
  to(isShift ? "shift one less" : "constant one less", number - 1);
  if (!isShift) {
    to("constant halved", number.ashr(1));
  }
}

void Faults::ofComparison(arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  static const std::map<P, std::vector<std::pair<std::string, P>>> others = {
      {P::sgt, {{">= for >", P::sge}, {"< for >", P::slt}}},
      {P::sge, {{"> for >=", P::sgt}}},
      {P::slt, {{"<= for <", P::sle}, {"> for <", P::sgt}}},
      {P::sle, {{"< for <=", P::slt}}},
      {P::eq, {{"!= for ==", P::ne}}},
      {P::ne, {{"== for !=", P::eq}}}};
  auto found = others.find(op.getPredicate());
  for (const auto &[kind, predicate] :
       found == others.end() ? decltype(found->second){} : found->second) {
    add(kind, *op, [&](OpBuilder &) -> Operation * {
      op.setPredicate(predicate);
      return op;
    });
  }
}

void Faults::ofChoice(arith::SelectOp op) {
  add("arms swapped", *op, [&](OpBuilder &) -> Operation * {
    Value a = op.getTrueValue();
    op.getTrueValueMutable().assign(op.getFalseValue());
    op.getFalseValueMutable().assign(a);
    return op;
  });
  isOperand("choice dropped", *op, 1);
  isOperand("choice dropped", *op, 2);
}

void Faults::of(Operation &op) {
  bool isNumber = op.getNumResults() == 1 && isInteger(op.getResult(0).getType());
  llvm::TypeSwitch<Operation *>(&op)
      .Case([&](arith::ConstantOp o) { ofConstant(o); })
      .Case([&](arith::CmpIOp o) { ofComparison(o); })
      .Case([&](arith::SelectOp o) { ofChoice(o); })
      .Case<memref::StoreOp, vector::StoreOp>([&](auto store) {
        add("assignment left out", op, [&](OpBuilder &) -> Operation * {
          store.erase();
          return nullptr;
        });
      });
  if (!isNumber || op.getNumOperands() == 0) {
    return;
  }
  llvm::TypeSwitch<Operation *>(&op)
      .Case([&](arith::AddIOp) {
        becomes<arith::SubIOp>("- for +", op);
        isOperand("term left out", op, 0);
      })
      .Case([&](arith::SubIOp) {
        becomes<arith::AddIOp>("+ for -", op);
        becomes<arith::SubIOp>("operands swapped", op, /*swaps=*/true);
      })
      .Case([&](arith::MulIOp) { becomes<arith::AddIOp>("+ for *", op); })
      .Case([&](arith::AndIOp) { becomes<arith::OrIOp>("| for &", op); })
      .Case([&](arith::OrIOp) { becomes<arith::AndIOp>("& for |", op); })
      .Case([&](arith::MaxSIOp) {
        becomes<arith::MinSIOp>("least for most", op);
        isOperand("saturation dropped", op, 0);
      })
      .Case([&](arith::MinSIOp) {
        becomes<arith::MaxSIOp>("most for least", op);
        isOperand("saturation dropped", op, 0);
      })
      .Case([&](arith::ShRSIOp) { becomes<arith::ShRUIOp>("zeros for the sign", op); })
      .Case([&](arith::ExtSIOp extended) {
        add("zeros for the sign", op, [&](OpBuilder &builder) -> Operation * {
          auto made =
              arith::ExtUIOp::create(builder, op.getLoc(), extended.getType(), extended.getIn());
          extended.replaceAllUsesWith(made.getResult());
          return made;
        });
      });
  bool isNarrow = getElementTypeOrSelf(op.getResult(0).getType()).isInteger(1);
  if (!isNarrow &&
      isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::ShLIOp, arith::TruncIOp>(op)) {
    loses(op);
  }
}

std::vector<OpFault> nirc::mutants::faultsOf(func::FuncOp function, int apply) {
  std::vector<Operation *> ops;
  function.walk([&](scf::ForOp loop) {
    for (Operation &op : *loop.getBody()) {
      ops.push_back(&op);
    }
  });
  Faults faults(apply);
  for (Operation *op : ops) {
    faults.of(*op);
  }
  return std::move(faults.all);
}
