//===- Network.cpp - order and structure of a network ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/MappingText.h"
#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace snn;

RegionKind NetworkOp::getRegionKind(unsigned) { return RegionKind::Graph; }

/// network (C1): whether `use` reads its operand at the end of the step, so that it may be defined
/// later.
static bool readsLate(OpOperand &use) {
  auto delay = dyn_cast<DelayOp>(use.getOwner());
  return delay && delay.shortest() >= 1;
}

/// network (C5)
static LogicalResult verifyIntegers(Operation &op) {
  for (StringRef name : {"weight", "bias", "scale"}) {
    auto values = op.getAttrOfType<ElementsAttr>(name);
    if (values && !values.getElementType().isSignlessInteger()) {
      return nodeError(&op) << name << " is " << values.getType()
                            << ", expected integers in a network of i32";
    }
  }
  return success();
}

LogicalResult NetworkOp::verifyRegions() {
  bool isInteger = getElement().isSignlessInteger(32);
  if (!getElement().isF32() && !getElement().isF64() && !isInteger) {
    return emitError() << "the element type is " << getElement() << ", expected f32, f64 or i32";
  }
  if (isInteger && !getFormat()) { // network (C4)
    return emitError() << "the element type is i32 and there is no number format, expected one";
  }
  llvm::StringSet<> inputs, outputs, populations;
  for (Operation &op : *getBody().begin()) {
    for (OpOperand &use : op.getOpOperands()) {
      Operation *source = use.get().getDefiningOp();
      if (source && !source->isBeforeInBlock(&op) && !readsLate(use)) {
        // network (C1)
        InFlightDiagnostic error = nodeError(&op)
                                   << "reads a signal that is computed later in the step";
        error.attachNote(source->getLoc())
            << "computed here; a snn.delay of at least one step may read it";
        return error;
      }
    }
    for (Type type : op.getResultTypes()) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      if (!tensor) {
        continue;
      }
      if (isInteger ? !snn::isInteger(tensor.getElementType())
                    : tensor.getElementType() != getElement()) {
        return nodeError(&op) << "has numbers of " << tensor.getElementType() << ", expected "
                              << getElement() << (isInteger ? " as !quant.uniform" : "")
                              << " like its network"; // network (C2)
      }
    }
    if (isInteger && failed(verifyIntegers(op))) {
      return failure();
    }
    llvm::StringSet<> *names = llvm::TypeSwitch<Operation *, llvm::StringSet<> *>(&op)
                                   .Case<InputOp>([&](auto) { return &inputs; })
                                   .Case<OutputOp>([&](auto) { return &outputs; })
                                   .Case<PopulationOp>([&](PopulationOp population) {
                                     return population.getStates().empty() ? nullptr : &populations;
                                   })
                                   .Default([](auto) { return nullptr; });
    if (names && !names->insert(op.getAttrOfType<StringAttr>("node").getValue()).second) {
      return nodeError(&op) << "is there twice"; // network (C3)
    }
  }
  for (RecordOp record : getBody().getOps<RecordOp>()) {
    if (!record.getSignal() && !populations.contains(record.getNode())) {
      return nodeError(record) << "no population has this name"; // record (C1)
    }
  }
  return success();
}

/// population (C1), (C2): the body's signature.
static LogicalResult verifyBody(PopulationOp op, Type element) {
  Block &body = op.getBody().front();
  size_t states = op.getStates().size();
  size_t expected = 1 + states + op.getParams().size();
  if (body.getNumArguments() != expected) {
    return nodeError(op) << "the body takes " << body.getNumArguments() << " numbers, expected "
                         << expected << ": u, " << states << " states, " << op.getParams().size()
                         << " parameters";
  }
  for (Type type : body.getArgumentTypes()) {
    if (type != element) {
      return nodeError(op) << "the body takes a " << type << ", expected " << element;
    }
  }
  auto yield = cast<YieldOp>(body.getTerminator());
  if (yield.getValues().size() != 1 + states) {
    return nodeError(op) << "the body yields " << yield.getValues().size() << " values, expected "
                         << 1 + states << ": what is passed on, and each state";
  }
  Type passedOn = isSpikes(op.getType()) ? IntegerType::get(op.getContext(), 1) : element;
  for (auto [index, value] : llvm::enumerate(yield.getValues())) {
    Type want = index == 0 ? passedOn : element;
    if (value.getType() != want) {
      return nodeError(op) << "value " << index << " that the body yields is " << value.getType()
                           << ", expected " << want;
    }
  }
  return success();
}

/// population (C4)
static LogicalResult verifyStateTypes(PopulationOp op, bool isInteger) {
  if (!op.getStateTypes()) {
    return !isInteger || op.getStates().empty()
               ? success()
               : nodeError(op) << "does not say what its states stand for";
  }
  ArrayRef<int64_t> shape = shapeOf(op.getType());
  if (!isInteger || op.getStateTypes()->size() != op.getStates().size()) {
    return nodeError(op) << "has types for " << op.getStateTypes()->size()
                         << " states, expected them in a network of i32 alone, for each of "
                         << op.getStates().size();
  }
  for (Type type : op.getStateTypes()->getAsValueRange<TypeAttr>()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.getShape() != shape || !snn::isInteger(tensor.getElementType())) {
      return nodeError(op) << "a state stands for " << type
                           << ", expected integers in the shape of the result";
    }
  }
  return success();
}

/// population (C5)
static LogicalResult verifySameScale(PopulationOp op) {
  std::optional<SmallVector<double>> scales;
  for (Value input : op.getInputs()) {
    SmallVector<double> own = scalesOf(input.getType());
    if (scales && *scales != own) {
      return nodeError(op) << "an input is " << input.getType()
                           << ", expected the scale of those before it";
    }
    scales = own;
  }
  return success();
}

LogicalResult PopulationOp::verify() {
  Type element = (*this)->getParentOfType<NetworkOp>().getElement();
  bool isInteger = element.isSignlessInteger();
  if (failed(verifyBody(*this, element)) || failed(verifyStateTypes(*this, isInteger)) ||
      (isInteger && failed(verifySameScale(*this)))) {
    return failure();
  }
  int64_t neurons = elementsOf(getType());
  for (Value input : getInputs()) { // population (C3)
    if (elementsOf(input.getType()) != neurons) {
      return nodeError(*this) << "an input is " << input.getType() << ", expected " << neurons
                              << " elements like the result";
    }
  }
  if (getParamNames().size() != getParams().size()) {
    return nodeError(*this) << "names " << getParamNames().size() << " parameters, has "
                            << getParams().size();
  }
  for (auto [name, attr] : llvm::zip(getParamNames(), getParams())) {
    auto values = cast<ElementsAttr>(attr);
    if (values.getNumElements() != neurons || values.getElementType() != element) {
      return nodeError(*this) << "parameter " << name << " is " << values.getType() << ", expected "
                              << neurons << " values of " << element;
    }
  }
  return success();
}

LogicalResult OutputOp::verify() {
  int64_t declared = 1;
  for (int64_t dim : getShape()) {
    declared *= dim;
  }
  if (elementsOf(getSignal().getType()) != declared) {
    return nodeError(*this) << "gets " << getSignal().getType() << ", expected " << declared
                            << " elements";
  }
  return success();
}

void snn::nameResults(Operation *op, OpAsmSetValueNameFn setName) {
  for (Value result : op->getResults()) {
    setName(result, op->getAttrOfType<StringAttr>("node").getValue());
  }
}

/// u, the states, the parameters: as the op calls them.
void PopulationOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  SmallVector<StringRef> names{"u"};
  for (Attribute name : llvm::concat<const Attribute>(getStates(), getParamNames())) {
    names.push_back(cast<StringAttr>(name).getValue());
  }
  for (auto [argument, name] : llvm::zip(region.getArguments(), names)) {
    setName(argument, name);
  }
}

#define GET_OP_CLASSES
#include "dialects/snn/SnnOps.cpp.inc"
