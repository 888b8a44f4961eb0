//===- CBody.cpp - a population's body as C -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CBody.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc::cpu;

/// The values that the terminator depends on.
static llvm::DenseSet<Value> liveIn(Block &block) {
  llvm::DenseSet<Value> live;
  for (Operation &op : llvm::reverse(block)) {
    bool isLive = op.hasTrait<OpTrait::IsTerminator>() ||
                  llvm::any_of(op.getResults(), [&](Value each) { return live.contains(each); });
    if (isLive) {
      live.insert(op.operand_begin(), op.operand_end());
    }
  }
  return live;
}

namespace {
class BodyWriter {
public:
  BodyWriter(Block &block, StringRef indent) : live(liveIn(block)), indent(indent.str()) {}

  LogicalResult add(Operation &op);
  Expressions values;
  CBody body;
  llvm::DenseSet<Value> live;

private:
  LogicalResult define(Value value, const std::string &text);
  std::string indent;
  size_t locals = 0;
};
} // namespace

LogicalResult BodyWriter::define(Value value, const std::string &text) {
  std::string type = typeText(value.getType());
  if (type.empty()) {
    return emitError(value.getLoc())
           << "a value of type " << value.getType() << " has no form in C";
  }
  std::string name = fmt::format("x{}", locals++);
  body.statements += fmt::format("{}const {} {} = {};\n", indent, type, name, text);
  values.set(value, {name});
  return success();
}

LogicalResult BodyWriter::add(Operation &op) {
  constexpr size_t longest = 50; // letters of what stands inside another expression
  if (llvm::none_of(op.getResults(), [&](Value each) { return live.contains(each); })) {
    return success();
  }
  ++body.ops;
  if (isa<arith::MulSIExtendedOp, arith::MulUIExtendedOp>(op)) {
    FailureOr<Expression> high = values.highHalf(&op);
    std::string low = fmt::format("{} * {}", values.operand(op.getOperand(0), Product),
                                  values.operand(op.getOperand(1), Product, true));
    return failure(failed(high) || failed(define(op.getResult(0), low)) ||
                   failed(define(op.getResult(1), high->text)));
  }
  FailureOr<Expression> expression = values.of(&op);
  if (failed(expression)) {
    return failure();
  }
  Value result = op.getResult(0);
  if (op.hasTrait<OpTrait::ConstantLike>() ||
      (result.hasOneUse() && expression->text.size() <= longest)) {
    values.set(result, *expression);
    return success();
  }
  return define(result, expression->text);
}

FailureOr<CBody> nirc::cpu::writeBody(Block &block, ArrayRef<Expression> arguments,
                                      StringRef indent) {
  BodyWriter writer(block, indent);
  for (auto [argument, expression] : llvm::zip_equal(block.getArguments(), arguments)) {
    writer.values.set(argument, expression);
    writer.body.isArgumentRead.push_back(writer.live.contains(argument));
  }
  for (Operation &op : block.without_terminator()) {
    if (failed(writer.add(op))) {
      return failure();
    }
  }
  for (Value each : block.getTerminator()->getOperands()) {
    const std::string &text = writer.values.text(each);
    bool isName = llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
    writer.body.yields.push_back(isName ? text : "(" + text + ")");
  }
  writer.body.helpers = writer.values.helpers;
  writer.body.usesMath = writer.values.usesMath;
  return std::move(writer.body);
}
