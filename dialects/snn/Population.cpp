//===- Population.cpp - neurons and their arithmetic ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Elements.h"
#include "dialects/snn/Snn.h"
#include "dialects/snn/Verify.h"

#include "ir/Wording.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>

using namespace mlir;
using namespace snn;

/// population (C1), (C2): the body's signature.
static LogicalResult verifyBody(PopulationOp op, Type element) {
  Block &body = op.getBody().front();
  size_t states = op.getStates().size();
  size_t expected = 1 + states + op.getParams().size();
  if (body.getNumArguments() != expected) {
    return nodeError(op) << "the body takes " << nir::counted(body.getNumArguments(), "number")
                         << ", expected " << expected << ": u, " << nir::counted(states, "state")
                         << ", " << nir::counted(op.getParams().size(), "parameter");
  }
  for (Type type : body.getArgumentTypes()) {
    if (type != element) {
      return nodeError(op) << "the body takes a " << type << ", expected " << element;
    }
  }
  auto yield = cast<YieldOp>(body.getTerminator()); // as the op's traits say
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
    if (!tensor || tensor.getShape() != shape || !snn::isInteger(tensor.getElementType()) ||
        !isSoundTensor(tensor)) {
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
    auto tensor = dyn_cast<RankedTensorType>(input.getType());
    if (tensor && !snn::isInteger(tensor.getElementType())) {
      return success(); // network (C2) refuses it
    }
    SmallVector<double> own = scalesOf(input.getType());
    if (scales && *scales != own) {
      return nodeError(op) << "an input is " << input.getType()
                           << ", expected the scale of those before it";
    }
    scales = own;
  }
  return success();
}

/// population (C6): what the interpreter and the backends have a meaning for; which ops of `arith`
/// and `math` those are, each says itself.
static bool isScalar(Type type) {
  return type.isF32() || type.isF64() || type.isSignlessInteger(1) || type.isSignlessInteger(8) ||
         type.isSignlessInteger(16) || type.isSignlessInteger(32) || type.isSignlessInteger(64);
}

/// population (C7): whether an op says no more than its name. A flag promises what a file from
/// outside need not keep, or leaves the result to the platform.
static bool isPlain(Operation &op) {
  if (auto wraps = dyn_cast<arith::ArithIntegerOverflowFlagsInterface>(op)) {
    if (wraps.hasNoSignedWrap() || wraps.hasNoUnsignedWrap()) {
      return false;
    }
  }
  if (auto fast = dyn_cast<arith::ArithFastMathInterface>(op)) {
    arith::FastMathFlagsAttr flags = fast.getFastMathFlagsAttr();
    if (flags && flags.getValue() != arith::FastMathFlags::none) {
      return false;
    }
  }
  return llvm::none_of(ArrayRef<StringRef>{"isExact", "nonNeg", "roundingmode"},
                       [&](StringRef name) {
                         std::optional<Attribute> flag = op.getInherentAttr(name);
                         return flag && *flag;
                       });
}

static LogicalResult verifyOps(PopulationOp op) {
  for (Operation &inner : op.getBody().front().without_terminator()) {
    auto constant = dyn_cast<arith::ConstantOp>(inner);
    bool isArithmetic =
        isa_and_nonnull<arith::ArithDialect, math::MathDialect>(inner.getDialect()) &&
        inner.getNumRegions() == 0 && inner.getNumSuccessors() == 0 &&
        (!constant || isa<IntegerAttr, FloatAttr>(constant.getValue())) &&
        llvm::all_of(inner.getOperandTypes(), isScalar) &&
        llvm::all_of(inner.getResultTypes(), isScalar);
    if (!isArithmetic) { // population (C6)
      InFlightDiagnostic error = nodeError(op) << "the body holds '" << inner.getName()
                                               << "', which a neuron has no meaning for";
      error.attachNote(inner.getLoc())
          << "expected arith and math on i1, i8, i16, i32, i64, f32 and f64";
      return error;
    }
    if (!isPlain(inner)) { // population (C7)
      InFlightDiagnostic error = nodeError(op)
                                 << "the body holds '" << inner.getName()
                                 << "' with a flag, expected none: the result must be one number "
                                    "on every target";
      error.attachNote(inner.getLoc()) << "remove fastmath, overflow, exact, nneg or rounding mode";
      return error;
    }
  }
  return success();
}

/// One number a neuron, of that element type.
static LogicalResult verifyPerNeuron(PopulationOp op, const std::string &what, ElementsAttr values,
                                     Type element, int64_t neurons) {
  if (failed(verifyValues(op, what, values))) {
    return failure();
  }
  if (values.getNumElements() != neurons || values.getElementType() != element) {
    return nodeError(op) << what << " is " << values.getType() << ", expected " << neurons
                         << " values of " << element;
  }
  return success();
}

/// population (C3), network (C5)
static LogicalResult verifyParameters(PopulationOp op, Type element, int64_t neurons) {
  if (op.getParamNames().size() != op.getParams().size()) {
    return nodeError(op) << "names " << op.getParamNames().size() << " parameters, has "
                         << op.getParams().size();
  }
  for (auto [name, attr] : llvm::zip(op.getParamNames(), op.getParams())) {
    auto values = cast<ElementsAttr>(attr);
    std::string what = ("parameter '" + cast<StringAttr>(name).getValue() + "'").str();
    if (failed(verifyPerNeuron(op, what, values, element, neurons))) {
      return failure();
    }
  }
  return success();
}

static constexpr llvm::StringLiteral initialName = "snn.initial";

/// population (C9), network (C5)
static LogicalResult verifyInitial(PopulationOp op, Type element, int64_t neurons) {
  Attribute found = op->getDiscardableAttr(initialName);
  if (!found) {
    return success();
  }
  auto list = dyn_cast<ArrayAttr>(found);
  if (!list || list.size() != op.getStates().size()) {
    return nodeError(op) << "has " << initialName << " " << found
                         << ", expected values or `unit` for each of " << op.getStates().size()
                         << " states";
  }
  for (auto [index, attr] : llvm::enumerate(list)) {
    if (isa<UnitAttr>(attr)) {
      continue;
    }
    auto values = dyn_cast<ElementsAttr>(attr);
    std::string what = "initial state '" + cast<StringAttr>(op.getStates()[index]).str() + "'";
    if (!values) {
      return nodeError(op) << what << " is " << attr << ", expected values";
    }
    if (failed(verifyPerNeuron(op, what, values, element, neurons))) {
      return failure();
    }
    IntegerRange range;
    if (element.isSignlessInteger()) {
      range = integerRange(cast<TypeAttr>((*op.getStateTypes())[index]).getValue());
    }
    for (double value : nir::doublesOf(values)) {
      bool isWithin = element.isSignlessInteger() ? value >= static_cast<double>(range.least) &&
                                                        value <= static_cast<double>(range.most)
                                                  : std::isfinite(value);
      if (!isWithin && element.isSignlessInteger()) {
        return nodeError(op) << what << " is " << static_cast<int64_t>(value) << ", expected "
                             << range.least << " to " << range.most;
      }
      if (!isWithin) {
        return nodeError(op) << what << " is " << value << ", expected a finite number";
      }
    }
  }
  return success();
}

SmallVector<ElementsAttr> snn::initialOf(PopulationOp population) {
  SmallVector<ElementsAttr> values(population.getStates().size());
  if (auto list = population->getAttrOfType<ArrayAttr>(initialName)) {
    for (auto [value, attr] : llvm::zip(values, list)) { // as many, but for a network in the making
      value = dyn_cast<ElementsAttr>(attr);
    }
  }
  return values;
}

void snn::setInitial(PopulationOp population, ArrayRef<ElementsAttr> values) {
  if (llvm::none_of(values, [](ElementsAttr state) { return static_cast<bool>(state); })) {
    population->removeDiscardableAttr(initialName);
    return;
  }
  SmallVector<Attribute> list;
  for (ElementsAttr state : values) {
    list.push_back(state ? Attribute(state) : UnitAttr::get(population.getContext()));
  }
  population->setDiscardableAttr(initialName, ArrayAttr::get(population.getContext(), list));
}

LogicalResult PopulationOp::verifyRegions() {
  Type element = (*this)->getParentOfType<NetworkOp>().getElement();
  bool isInteger = element.isSignlessInteger();
  if (failed(verifyBody(*this, element)) || failed(verifyOps(*this)) ||
      failed(verifyStateTypes(*this, isInteger)) || (isInteger && failed(verifySameScale(*this)))) {
    return failure();
  }
  int64_t neurons = elementsOf(getType());
  for (Value input : getInputs()) { // population (C3)
    if (elementsOf(input.getType()) != neurons) {
      return nodeError(*this) << "an input is " << input.getType() << ", expected "
                              << nir::counted(neurons, "element") << " like the result";
    }
  }
  llvm::StringSet<> states;
  for (StringRef state : getStates().getAsValueRange<StringAttr>()) {
    if (!states.insert(state).second) { // population (C8)
      return nodeError(*this) << "has two states '" << state << "', expected one of a name";
    }
  }
  return success(succeeded(verifyParameters(*this, element, neurons)) &&
                 succeeded(verifyInitial(*this, element, neurons)));
}

/// u, the states, the parameters: as the op calls them.
void PopulationOp::getAsmBlockArgumentNames(Region &region, OpAsmSetValueNameFn setName) {
  SmallVector<StringRef> names{"u"};
  for (ArrayAttr list : {getStatesAttr(), getParamNamesAttr()}) {
    for (Attribute name : list ? list : ArrayAttr::get(getContext(), {})) { // a wrong op is printed
      auto text = dyn_cast<StringAttr>(name);
      names.push_back(text ? text.getValue() : StringRef());
    }
  }
  for (auto [argument, name] : llvm::zip(region.getArguments(), names)) {
    setName(argument, name);
  }
}
