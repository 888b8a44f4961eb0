//===- CFunctions.cpp - the functions of a step as C ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/CFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc::cpu;

/// "network *net, float x": the arena is the network. Empty where C cannot pass a type.
std::string FunctionWriter::parametersOf(func::FuncOp function) {
  std::string text;
  for (BlockArgument argument : function.getArguments()) {
    bool isArena = isa<MemRefType>(argument.getType());
    std::string name = isArena ? "net" : locals.add("x");
    std::string type = isArena ? names.network + " *" : typeText(argument.getType()) + " ";
    if (type == " ") {
      return {};
    }
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", type, name);
    values.set(argument, {name});
  }
  return text.empty() ? "void" : text;
}

LogicalResult FunctionWriter::write(func::FuncOp function, const std::string &comment) {
  locals = {};
  loops = 0;
  std::string result = "void", parameters = parametersOf(function);
  if (function.getNumResults() > 0) {
    result = typeText(function.getResultTypes().front());
  }
  if (function.getNumResults() > 1 || result.empty() || parameters.empty()) {
    return function.emitError() << "has a signature that has no form in C";
  }
  line("/* " + comment + " */");
  line(fmt::format("static {} {}({}) {{", result, names.functions.lookup(function.getName()),
                   parameters));
  size_t start = text.size();
  Block &inner = function.getBody().front();
  if (failed(body(inner))) {
    return failure();
  }
  if (!StringRef(text).drop_front(start).contains("net") &&
      StringRef(parameters).ends_with("*net")) {
    line("  (void)net;");
  }
  if (function.getNumResults() == 1) {
    line(fmt::format("  return {};", values.text(inner.getTerminator()->getOperand(0))));
  }
  line("}\n");
  return success();
}

LogicalResult FunctionWriter::body(Block &inner) {
  ++depth;
  LogicalResult done = block(inner);
  --depth;
  return done;
}

LogicalResult FunctionWriter::block(Block &block) {
  for (Operation &op : block.without_terminator()) {
    if (failed(statement(op))) {
      return failure();
    }
  }
  return success();
}

LogicalResult FunctionWriter::statement(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](memref::ViewOp view) { return this->view(view); })
      .Case([&](memref::GetGlobalOp global) {
        values.set(global, {names.parameters.lookup(global.getName())});
        return success();
      })
      .Case([&](memref::LoadOp load) { return this->load(load); })
      .Case([&](memref::StoreOp store) { return this->store(store); })
      .Case([&](memref::AllocaOp array) { return localArray(array); })
      .Case([&](scf::ForOp loop) { return this->loop(loop); })
      .Case([&](scf::WhileOp loop) { return whileLoop(loop); })
      .Case([&](scf::IfOp branch) { return this->branch(branch); })
      .Case([&](func::CallOp call) { return this->call(call); })
      .Default([&](Operation *other) { return compute(*other); });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// The op in whose statement the result of `op` ends up where every value with one use stands where
/// it is used.
static Operation *statementOf(Operation *op) {
  while (op->getNumResults() == 1 && op->getResult(0).hasOneUse() && isMemoryEffectFree(op)) {
    Operation *user = *op->getUsers().begin();
    if (user->getBlock() != op->getBlock()) {
      break;
    }
    op = user;
  }
  return op;
}

/// Whether the load may stand where its value is used: nothing is written in between.
static bool mayMove(memref::LoadOp load) {
  if (!load->hasOneUse() || (*load->getUsers().begin())->getBlock() != load->getBlock()) {
    return false;
  }
  Operation *end = statementOf(*load->getUsers().begin());
  if (end->getNumRegions() != 0) {
    return false; // a loop would read it again
  }
  for (Operation *op = load->getNextNode(); op != end; op = op->getNextNode()) {
    if (!isa<memref::LoadOp>(op) && !isMemoryEffectFree(op)) {
      return false;
    }
  }
  return true;
}

LogicalResult FunctionWriter::define(Value value, const std::string &expression, bool isConst,
                                     StringRef like) {
  std::string type = typeText(value.getType());
  if (type.empty()) {
    return emitError(value.getLoc())
           << "a value of type " << value.getType() << " has no form in C";
  }
  std::string local = locals.add(like);
  line(fmt::format("{}{} {}{};", isConst ? "const " : "", type, local,
                   expression.empty() ? "" : " = " + expression));
  values.set(value, {local});
  return success();
}

LogicalResult FunctionWriter::compute(Operation &op) {
  constexpr size_t longest = 60; // letters of what stands inside another expression
  if (!isMemoryEffectFree(&op)) {
    return op.emitError() << "has no form in C";
  }
  if (op.use_empty()) {
    return success();
  }
  if (isa<arith::MulSIExtendedOp, arith::MulUIExtendedOp>(op)) {
    return product(op);
  }
  FailureOr<Expression> expression = values.of(&op);
  if (failed(expression)) {
    return failure();
  }
  Value result = op.getResult(0);
  bool inPlace = result.hasOneUse() && (*op.getUsers().begin())->getBlock() == op.getBlock() &&
                 expression->text.size() <= longest;
  if (op.hasTrait<OpTrait::ConstantLike>() || inPlace) {
    values.set(result, *expression);
    return success();
  }
  bool isTest = result.getType().isInteger(1);
  return define(result, expression->text, /*isConst=*/true, isTest ? "test" : "x");
}

/// Both halves of a product.
LogicalResult FunctionWriter::product(Operation &op) {
  FailureOr<Expression> high = values.highHalf(&op);
  if (failed(high)) {
    return failure();
  }
  std::string low = fmt::format("{} * {}", values.operand(op.getOperand(0), Product),
                                values.operand(op.getOperand(1), Product, true));
  bool usesLow = !op.getResult(0).use_empty();
  return failure((usesLow && failed(define(op.getResult(0), low, /*isConst=*/true))) ||
                 failed(define(op.getResult(1), high->text, /*isConst=*/true)));
}

LogicalResult FunctionWriter::view(memref::ViewOp op) {
  IntegerAttr offset;
  if (!matchPattern(op.getByteShift(), m_Constant(&offset))) {
    return op.emitError() << "is at an offset that is not constant and has no form in C";
  }
  Type element = op.getType().getElementType();
  for (const NamedSlot &named : layout.slots) {
    const Slot &slot = named.slot;
    auto width = static_cast<int64_t>(nir::sizeOf(slot.type));
    int64_t into = offset.getInt() - slot.offset;
    if (typeText(slot.type) == typeText(element) && into >= 0 && into < slot.elements * width &&
        into % width == 0) {
      std::string member = "net->" + names.members.lookup(slot.offset);
      values.set(op, {into == 0 ? member : fmt::format("({} + {})", member, into / width)});
      return success();
    }
  }
  return op.emitError() << "is not an array of the layout and has no form in C";
}

std::string FunctionWriter::element(Value array, ValueRange indices) const {
  if (indices.size() > 1) {
    return {};
  }
  return fmt::format("{}[{}]", values.text(array),
                     indices.empty() ? "0" : values.text(indices.front()));
}

/// What an element of the array is called: "v" of a state, "w" of a parameter.
static StringRef localNameFor(StringRef array) {
  if (!array.starts_with("net->")) {
    return "w";
  }
  StringRef last = array.rsplit('_').second;
  return llvm::StringSwitch<StringRef>(last)
      .Case("i", "current")
      .Case("events", "event")
      .Case("counts", "count")
      .Cases({"v", "head"}, last)
      .Case("ring", "past")
      .Default("x");
}

LogicalResult FunctionWriter::load(memref::LoadOp op) {
  std::string from = element(op.getMemRef(), op.getIndices());
  if (from.empty()) {
    return op.emitError() << "reads an array of several dimensions, which has no form in C";
  }
  if (op.use_empty()) {
    return success();
  }
  // Numbers among parameters are signed in C, so that they can be read.
  bool isParameter =
      op.getMemRef().getDefiningOp<memref::GetGlobalOp>() && op.getType().isInteger(32);
  Expression value{isParameter ? "(uint32_t)" + from : from, isParameter ? Unary : Primary};
  if (mayMove(op)) {
    values.set(op, value);
    return success();
  }
  return define(op, value.text, /*isConst=*/true, localNameFor(values.text(op.getMemRef())));
}

/// "to = value;", or "to += x;" where the value is to + x: only where that is the whole expression,
/// since sums go from left to right.
std::string FunctionWriter::assignment(const std::string &to, Value value) const {
  StringRef text = values.text(value);
  Operation *sum = value.getDefiningOp();
  bool adds = isa_and_nonnull<arith::AddFOp, arith::AddIOp>(sum) && !value.getType().isInteger(1) &&
              values.text(sum->getOperand(0)) == to;
  return adds && text.consume_front(to + " + ") ? fmt::format("{} += {};", to, text.str())
                                                : fmt::format("{} = {};", to, text.str());
}

LogicalResult FunctionWriter::store(memref::StoreOp op) {
  std::string to = element(op.getMemRef(), op.getIndices());
  if (to.empty()) {
    return op.emitError() << "writes an array of several dimensions, which has no form in C";
  }
  line(assignment(to, op.getValue()));
  return success();
}

LogicalResult FunctionWriter::localArray(memref::AllocaOp op) {
  MemRefType type = op.getType();
  std::string element = typeText(type.getElementType());
  if (!type.hasStaticShape() || element.empty()) {
    return op.emitError() << "has no form in C";
  }
  std::string local = locals.add("list");
  line(fmt::format("{} {}[{}];", element, local, type.getNumElements()));
  values.set(op, {local});
  return success();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

LogicalResult FunctionWriter::defineAll(ValueRange results, ValueRange starts, StringRef like) {
  for (auto [number, result] : llvm::enumerate(results)) {
    std::string start = starts.empty() ? "" : values.text(starts[number]);
    StringRef name = result.getType().isIndex() ? "count" : like;
    if (failed(define(result, start, /*isConst=*/false, name))) {
      return failure();
    }
  }
  return success();
}

/// Whether an expression has that variable in it.
static bool mentions(StringRef expression, StringRef variable) {
  auto isLetter = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = 0; (at = expression.find(variable, at)) != StringRef::npos; ++at) {
    size_t end = at + variable.size();
    if ((at == 0 || !isLetter(expression[at - 1])) &&
        (end == expression.size() || !isLetter(expression[end]))) {
      return true;
    }
  }
  return false;
}

/// All at once: a source may have a target in it that is assigned before.
void FunctionWriter::assignAll(ValueRange targets, ValueRange sources) {
  SmallVector<std::string> lines;
  SmallVector<StringRef> assigned;
  for (auto [target, from] : llvm::zip(targets, sources)) {
    const std::string &to = values.text(target), &source = values.text(from);
    if (to == source) {
      continue;
    }
    if (llvm::any_of(assigned, [&](StringRef before) { return mentions(source, before); })) {
      std::string local = locals.add("next");
      line(fmt::format("const {} {} = {};", typeText(target.getType()), local, source));
      lines.push_back(fmt::format("{} = {};", to, local));
    } else {
      lines.push_back(assignment(to, from));
    }
    assigned.push_back(to);
  }
  for (const std::string &one : lines) {
    line(one);
  }
}

LogicalResult FunctionWriter::loop(scf::ForOp op) {
  if (failed(defineAll(op.getRegionIterArgs(), op.getInitArgs()))) {
    return failure();
  }
  // i, j, k, ...: sibling loops may have one name, each is gone after its loop.
  constexpr StringRef letters = "ijklmn";
  std::string counter =
      loops < letters.size() ? std::string(1, letters[loops]) : fmt::format("i{}", loops);
  std::string type = typeText(op.getInductionVar().getType());
  values.set(op.getInductionVar(), {counter});
  bool byOne = values.text(op.getStep()) == "1";
  Value end = op.getUpperBound();
  if (values.operand(end, Unary) != values.text(end) && // not to be computed in every turn
      failed(define(end, values.text(end), /*isConst=*/true, "end"))) {
    return failure();
  }
  line(fmt::format("for ({} {} = {}; {} < {}; {}) {{", type, counter,
                   values.text(op.getLowerBound()), counter, values.text(end),
                   byOne ? "++" + counter
                         : fmt::format("{} += {}", counter, values.text(op.getStep()))));
  ++loops;
  if (failed(body(*op.getBody()))) {
    return failure();
  }
  --loops;
  ++depth;
  assignAll(op.getRegionIterArgs(), op.getYieldedValues());
  --depth;
  line("}");
  for (auto [result, argument] : llvm::zip(op.getResults(), op.getRegionIterArgs())) {
    values.set(result, {values.text(argument)});
  }
  return success();
}

/// Of which the condition is an expression, and which hands on what it was given.
LogicalResult FunctionWriter::plainWhile(scf::WhileOp op, std::string condition) {
  for (auto [after, before] : llvm::zip(op.getAfterArguments(), op.getBeforeArguments())) {
    values.set(after, {values.text(before)});
  }
  line(fmt::format("while ({}) {{", condition));
  if (failed(body(*op.getAfterBody()))) {
    return failure();
  }
  ++depth;
  assignAll(op.getBeforeArguments(), op.getYieldOp().getResults());
  --depth;
  line("}");
  for (auto [result, argument] : llvm::zip(op.getResults(), op.getBeforeArguments())) {
    values.set(result, {values.text(argument)});
  }
  return success();
}

LogicalResult FunctionWriter::whileLoop(scf::WhileOp op) {
  if (failed(defineAll(op.getBeforeArguments(), op.getInits(), "rest"))) {
    return failure();
  }
  size_t start = text.size();
  Identifiers known = locals;
  if (failed(body(*op.getBeforeBody()))) {
    return failure();
  }
  scf::ConditionOp condition = op.getConditionOp();
  if (text.size() == start && llvm::equal(condition.getArgs(), op.getBeforeArguments())) {
    return plainWhile(op, values.text(condition.getCondition()));
  }
  text.resize(start);
  locals = std::move(known);
  if (failed(defineAll(op.getAfterArguments(), {}))) {
    return failure();
  }
  line("for (;;) {");
  if (failed(body(*op.getBeforeBody()))) {
    return failure();
  }
  ++depth;
  std::string goesOn = values.operand(condition.getCondition(), Unary);
  // What the condition hands on may be what it was computed from.
  std::string local = locals.add("more");
  line(fmt::format("const bool {} = {};", local, goesOn));
  assignAll(op.getAfterArguments(), condition.getArgs());
  line(fmt::format("if (!{}) {{", local));
  line("  break;");
  line("}");
  --depth;
  if (failed(body(*op.getAfterBody()))) {
    return failure();
  }
  ++depth;
  assignAll(op.getBeforeArguments(), op.getYieldOp().getResults());
  --depth;
  line("}");
  for (auto [result, argument] : llvm::zip(op.getResults(), op.getAfterArguments())) {
    values.set(result, {values.text(argument)});
  }
  return success();
}

/// What the loop around hands on where the branch has done nothing, and no one reads in between:
/// the branch then changes the loop's own variables.
static bool changesCarried(scf::IfOp op) {
  auto loop = dyn_cast<scf::ForOp>(op->getParentOp());
  if (!loop || op.getNumResults() == 0 || !llvm::hasSingleElement(op.getElseRegion().front())) {
    return false;
  }
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  for (auto [result, otherwise] : llvm::zip(op.getResults(), op.elseYield().getResults())) {
    auto carried = dyn_cast<BlockArgument>(otherwise);
    if (!carried || carried.getOwner() != loop.getBody() || carried == loop.getInductionVar() ||
        !result.hasOneUse() || yield.getOperand(carried.getArgNumber() - 1) != result) {
      return false;
    }
    bool isRead = llvm::any_of(carried.getUsers(), [&](Operation *user) {
      bool isLoad = isa<memref::LoadOp>(user) && user->hasOneUse();
      Operation *end = statementOf(isLoad ? *user->getUsers().begin() : user);
      Operation *here = loop.getBody()->findAncestorOpInBlock(*end);
      return here == op ? user != op.elseYield() && user->getBlock() != op.thenBlock()
                        : here == yield || op->isBeforeInBlock(here);
    });
    if (isRead) {
      return false;
    }
  }
  return true;
}

LogicalResult FunctionWriter::branch(scf::IfOp op) {
  if (changesCarried(op)) {
    for (auto [result, carried] : llvm::zip(op.getResults(), op.elseYield().getResults())) {
      values.set(result, {values.text(carried)});
    }
    line(fmt::format("if ({}) {{", values.text(op.getCondition())));
    if (failed(body(*op.thenBlock()))) {
      return failure();
    }
    ++depth;
    assignAll(op.getResults(), op.thenYield().getResults());
    --depth;
    line("}");
    return success();
  }
  if (failed(defineAll(op.getResults(), {}))) {
    return failure();
  }
  line(fmt::format("if ({}) {{", values.text(op.getCondition())));
  for (Region *region : {&op.getThenRegion(), &op.getElseRegion()}) {
    if (region->empty()) {
      continue;
    }
    if (region == &op.getElseRegion()) {
      line("} else {");
    }
    if (failed(body(region->front()))) {
      return failure();
    }
    ++depth;
    assignAll(op.getResults(), region->front().getTerminator()->getOperands());
    --depth;
  }
  line("}");
  return success();
}

LogicalResult FunctionWriter::call(func::CallOp op) {
  std::string arguments;
  for (Value operand : op.getOperands()) {
    arguments += (arguments.empty() ? "" : ", ") + values.text(operand);
  }
  std::string call = fmt::format("{}({})", names.functions.lookup(op.getCallee()), arguments);
  if (op.getNumResults() == 1) {
    return define(op.getResult(0), call, /*isConst=*/true);
  }
  line(call + ";");
  return success();
}
