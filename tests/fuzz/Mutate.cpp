//===- Mutate.cpp - modules, damaged one place at a time ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Mutate.h"

#include "dialects/snn/Snn.h"
#include "tests/fuzz/MutateAttributes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include <fmt/format.h>

using namespace mlir;

namespace nir::test {

namespace {

/// What there is of a module, and what can be done to it.
class Mutator {
public:
  Mutator(ModuleOp module, Random &random) : module(module), random(random), parts(module, random) {
    module.walk([&](Operation *op) {
      if (op != module) {
        ops.push_back(op);
      }
      for (Region &region : op->getRegions()) {
        for (Block &block : region) {
          blocks.push_back(&block);
          values.append(block.args_begin(), block.args_end());
        }
      }
      values.append(op->result_begin(), op->result_end());
    });
  }

  Mutation mutateOnce();

private:
  std::string eraseOp();
  std::string copyOp();
  std::string moveOp();
  std::string changeKind();
  std::string changeOperand();
  std::string changeType();
  std::string changeAttribute();
  std::string changeRegion();
  std::string insertConstant();
  std::string insertArithmetic();

  std::string nameOf(Operation *op) const {
    auto node = op->getAttrOfType<StringAttr>("node");
    return op->getName().getStringRef().str() + (node ? " '" + node.str() + "'" : "");
  }
  Operation *anyOp() { return pick(ops); }
  /// Mostly one that the op may read.
  Value valueFor(Operation *op);
  /// A place in a block: before an op, or at the end.
  Block::iterator placeIn(Block &block);
  template <typename T>
  T pick(ArrayRef<T> from) {
    return from[static_cast<size_t>(random.below(static_cast<int64_t>(from.size())))];
  }
  template <typename T>
  T pick(const SmallVectorImpl<T> &from) {
    return pick(ArrayRef<T>(from));
  }

  ModuleOp module;
  Random &random;
  MutateAttributes parts;
  SmallVector<Operation *> ops;
  SmallVector<Block *> blocks;
  SmallVector<Value> values;
  bool isWritable = true;
};

} // namespace

Value Mutator::valueFor(Operation *op) {
  SmallVector<Value> near;
  for (Value value : values) {
    if (value.getParentBlock() == op->getBlock()) {
      near.push_back(value);
    }
  }
  if (!near.empty() && random.chance(0.9)) {
    return pick(near);
  }
  isWritable = false; // it may lie beyond what is isolated
  return pick(values);
}

Block::iterator Mutator::placeIn(Block &block) {
  int64_t at = random.below(static_cast<int64_t>(block.getOperations().size()) + 1);
  return std::next(block.begin(), at);
}

/// Whether an op outside of `op` reads a value of one of its regions.
static bool isReadFromOutside(Operation *op) {
  auto isOutside = [&](Operation *reader) { return !op->isAncestor(reader); };
  return op
      ->walk([&](Block *block) {
        bool isRead = llvm::any_of(block->getArguments(), [&](Value argument) {
          return llvm::any_of(argument.getUsers(), isOutside);
        });
        for (Operation &inner : *block) {
          isRead |= llvm::any_of(inner.getUsers(), isOutside);
        }
        return isRead ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

std::string Mutator::eraseOp() {
  Operation *op = anyOp();
  std::string what = "erased " + nameOf(op);
  if (isReadFromOutside(op)) {
    return "nothing"; // its readers would be left without an operand, which no file can say
  }
  for (Value result : op->getResults()) {
    SmallVector<Value> others;
    for (Value value : values) {
      bool isInside = op->isAncestor(value.getParentBlock()->getParentOp());
      if (value.getParentBlock() == op->getBlock() && value.getDefiningOp() != op && !isInside) {
        others.push_back(value);
      }
    }
    if (others.empty() && !result.use_empty()) {
      return "nothing";
    }
    if (!others.empty()) {
      result.replaceAllUsesWith(pick(others));
    }
  }
  op->erase();
  return what;
}

std::string Mutator::copyOp() {
  Operation *op = anyOp();
  Block &block = random.chance(0.7) ? *op->getBlock() : *pick(blocks);
  isWritable &= &block == op->getBlock();
  Operation *copy = op->clone();
  block.getOperations().insert(placeIn(block), copy);
  if (copy->getNumResults() == 1 && random.chance(0.5)) {
    op->getResult(0).replaceAllUsesWith(copy->getResult(0));
  }
  return "copied " + nameOf(op);
}

std::string Mutator::moveOp() {
  Operation *op = anyOp();
  Block &block = random.chance(0.7) ? *op->getBlock() : *pick(blocks);
  if (op->isAncestor(block.getParentOp())) {
    return "nothing";
  }
  isWritable &= &block == op->getBlock();
  Block::iterator place = placeIn(block);
  if (place != block.end() && &*place == op) {
    return "nothing";
  }
  op->moveBefore(&block, place);
  return "moved " + nameOf(op);
}

std::string Mutator::changeKind() {
  static const SmallVector<StringRef> kinds = {
      "snn.dense",      "snn.conv",   "snn.pool",    "snn.scale",   "snn.add",    "snn.rescale",
      "snn.reshape",    "snn.delay",  "snn.input",   "snn.output",  "snn.record", "snn.yield",
      "snn.population", "snn.core",   "snn.mapping", "nir.lif",     "nir.linear", "nir.scale",
      "nir.output",     "arith.addf", "arith.subf",  "arith.mulf",  "arith.divf", "arith.maximumf",
      "arith.addi",     "arith.muli", "arith.divsi", "arith.shrsi", "arith.shli", "math.exp"};
  Operation *op = anyOp();
  std::string what = "made " + nameOf(op);
  OperationState state(op->getLoc(), pick(kinds));
  state.addOperands(op->getOperands());
  state.addTypes(op->getResultTypes());
  state.addAttributes(op->getAttrs());
  for (Region &region : op->getRegions()) {
    state.addRegion()->takeBody(region);
  }
  Operation *made = OpBuilder(op).create(state);
  isWritable = false; // it may lack attributes
  op->replaceAllUsesWith(made->getResults());
  op->erase();
  return what + " a " + made->getName().getStringRef().str();
}

std::string Mutator::changeOperand() {
  Operation *op = anyOp();
  unsigned count = op->getNumOperands();
  switch (random.below(4)) {
  case 0:
    if (count > 0) {
      op->eraseOperand(static_cast<unsigned>(random.below(count)));
      return "took an operand from " + nameOf(op);
    }
    [[fallthrough]];
  case 1:
    op->insertOperands(count, valueFor(op));
    return "gave an operand to " + nameOf(op);
  default:
    if (count == 0) {
      return "nothing";
    }
    op->setOperand(static_cast<unsigned>(random.below(count)), valueFor(op));
    return "another operand of " + nameOf(op);
  }
}

std::string Mutator::changeType() {
  Value value = pick(values);
  Type type = parts.mutateType(value.getType());
  std::string text;
  llvm::raw_string_ostream(text) << value.getType() << " became " << type;
  // A type that all agree on gets further than one of which one op knows.
  if (random.chance(0.5)) {
    Type was = value.getType();
    for (Value other : values) {
      if (other.getType() == was) {
        other.setType(type);
      }
    }
    return text + " everywhere";
  }
  value.setType(type);
  return text;
}

std::string Mutator::changeAttribute() {
  Operation *op = anyOp();
  DictionaryAttr all = op->getAttrDictionary();
  if (all.empty()) {
    return "nothing";
  }
  NamedAttribute attribute =
      all.getValue()[static_cast<size_t>(random.below(static_cast<int64_t>(all.size())))];
  std::string name = attribute.getName().str();
  if (random.chance(0.05)) {
    op->removeAttr(name);
    isWritable = false;
    return "took " + name + " from " + nameOf(op);
  }
  auto [mutated, what] = parts.mutateAttribute(attribute.getValue(), isa<snn::DelayOp>(op));
  op->setAttr(name, mutated);
  isWritable &= static_cast<bool>(op->getAttr(name));
  return name + " of " + nameOf(op) + ": " + what;
}

std::string Mutator::changeRegion() {
  Block *block = pick(blocks);
  Region *region = block->getParent();
  OpBuilder builder(module.getContext());
  switch (random.below(4)) {
  case 0:
    block->addArgument(parts.anyType(), builder.getUnknownLoc());
    return "gave a block an argument";
  case 1:
    if (block->getNumArguments() > 0 && block->getArguments().back().use_empty()) {
      block->eraseArgument(block->getNumArguments() - 1);
      return "took a block's argument";
    }
    [[fallthrough]];
  case 2:
    isWritable = false;
    builder.createBlock(region, region->end());
    return "gave a region a block";
  default: {
    Operation *op = anyOp();
    OpBuilder inside(op);
    isWritable = false;
    snn::YieldOp::create(inside, op->getLoc());
    return "a yield before " + nameOf(op);
  }
  }
}

std::string Mutator::insertConstant() {
  Block *block = pick(blocks);
  OpBuilder builder(block, placeIn(*block));
  TypedAttr value = parts.anyConstant();
  arith::ConstantOp::create(builder, builder.getUnknownLoc(), value);
  std::string text;
  llvm::raw_string_ostream(text) << "a constant " << value;
  return text;
}

/// Arithmetic in a body, mostly sound: what the interpreter and the backends must know or refuse.
std::string Mutator::insertArithmetic() {
  static const SmallVector<StringRef> ofIntegers = {
      "arith.addi",  "arith.subi",  "arith.muli",       "arith.divsi",     "arith.divui",
      "arith.remsi", "arith.remui", "arith.floordivsi", "arith.ceildivsi", "arith.ceildivui",
      "arith.andi",  "arith.ori",   "arith.xori",       "arith.shli",      "arith.shrsi",
      "arith.shrui", "arith.maxsi", "arith.minsi",      "arith.maxui",     "arith.minui",
      "math.ipowi"};
  static const SmallVector<StringRef> ofFloats = {
      "arith.addf", "arith.subf",     "arith.mulf",     "arith.divf",    "arith.remf",
      "math.powf",  "arith.maximumf", "arith.minimumf", "arith.maxnumf", "math.copysign"};
  static const SmallVector<StringRef> ofOneInteger = {"math.absi", "math.ctlz", "math.cttz",
                                                      "math.ctpop"};
  static const SmallVector<StringRef> ofOneFloat = {
      "arith.negf", "math.exp",   "math.expm1", "math.log",      "math.log1p", "math.sqrt",
      "math.rsqrt", "math.tanh",  "math.sin",   "math.erf",      "math.absf",  "math.floor",
      "math.ceil",  "math.round", "math.trunc", "math.roundeven"};
  SmallVector<Operation *> inBodies;
  for (Operation *op : ops) {
    if (isa<snn::PopulationOp>(op->getParentOp()) && op->getNumOperands() > 0) {
      inBodies.push_back(op);
    }
  }
  if (inBodies.empty()) {
    return "nothing";
  }
  Operation *op = pick(inBodies);
  unsigned at = static_cast<unsigned>(random.below(op->getNumOperands()));
  Value x = op->getOperand(at);
  Type type = x.getType();
  OpBuilder builder(op);
  Location loc = op->getLoc();
  if (!type.isIntOrFloat()) {
    return "nothing";
  }
  bool isFloat = isa<FloatType>(type);
  if (random.chance(0.2)) { // there and back again
    Type other = isFloat ? Type(builder.getIntegerType(random.chance(0.5) ? 32 : 8))
                         : Type(builder.getF32Type());
    OperationState there(loc, isFloat ? "arith.fptosi" : "arith.sitofp");
    there.addOperands(x);
    there.addTypes(other);
    OperationState back(loc, isFloat ? "arith.sitofp" : "arith.fptosi");
    back.addOperands(builder.create(there)->getResult(0));
    back.addTypes(type);
    op->setOperand(at, builder.create(back)->getResult(0));
    return "conversions before " + nameOf(op);
  }
  bool isUnary = random.chance(0.3);
  StringRef name =
      isUnary ? pick(isFloat ? ofOneFloat : ofOneInteger) : pick(isFloat ? ofFloats : ofIntegers);
  OperationState state(loc, name);
  state.addOperands(x);
  if (!isUnary) {
    Value y = x;
    if (random.chance(0.6)) {
      y = arith::ConstantOp::create(builder, loc, parts.constantOf(type));
    }
    state.addOperands(y);
  }
  state.addTypes(type);
  op->setOperand(at, builder.create(state)->getResult(0));
  return name.str() + " before " + nameOf(op);
}

Mutation Mutator::mutateOnce() {
  if (ops.empty() || values.empty()) {
    return {"nothing", false};
  }
  std::string what;
  switch (random.below(14)) {
  case 0:
    what = eraseOp();
    break;
  case 1:
    what = copyOp();
    break;
  case 2:
    what = moveOp();
    break;
  case 3:
    what = changeKind();
    break;
  case 4:
    what = changeOperand();
    break;
  case 5:
  case 6:
    what = changeType();
    break;
  case 7:
    what = changeRegion();
    break;
  case 8:
    what = insertConstant();
    break;
  case 9:
  case 10:
    what = insertArithmetic();
    break;
  default:
    what = changeAttribute();
    break;
  }
  return {what, isWritable};
}

Mutation mutate(ModuleOp module, Random &random) { return Mutator(module, random).mutateOnce(); }

} // namespace nir::test
