//===- Network.cpp - order and structure of a network ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Elements.h"
#include "dialects/snn/MappingText.h"
#include "dialects/snn/Snn.h"
#include "dialects/snn/Verify.h"
#include "ir/graph/Shapes.h"

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

LogicalResult snn::verifyValues(Operation *op, StringRef name, ElementsAttr values) {
  std::string broken = nir::brokenValues(values);
  if (!broken.empty()) { // network (C7)
    return nodeError(op) << name << " " << broken;
  }
  Type type = values.getElementType();
  bool isKnown = type.isF16() || type.isF32() || type.isF64() || type.isSignlessInteger(8) ||
                 type.isSignlessInteger(16) || type.isSignlessInteger(32);
  if (!isKnown) { // network (C5)
    return nodeError(op) << name << " is " << values.getType()
                         << ", expected f64, f32, f16, i8, i16 or i32";
  }
  return success();
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

/// network (C1)
static LogicalResult verifyOrder(Operation &op) {
  for (OpOperand &use : op.getOpOperands()) {
    Operation *source = use.get().getDefiningOp();
    if (!source->isBeforeInBlock(&op) && !readsLate(use)) {
      InFlightDiagnostic error = nodeError(&op)
                                 << "reads a signal that is computed later in the step";
      error.attachNote(source->getLoc())
          << "computed here; a snn.delay of at least one step may read it";
      return error;
    }
  }
  return success();
}

/// network (C2)
static LogicalResult verifyNumbers(Operation &op, Type element, bool isInteger) {
  for (Type type : op.getResultTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor) {
      continue;
    }
    if (isInteger ? !snn::isInteger(tensor.getElementType()) : tensor.getElementType() != element) {
      return nodeError(&op) << "has numbers of " << tensor.getElementType() << ", expected "
                            << element << (isInteger ? " as !quant.uniform" : "")
                            << " like its network";
    }
  }
  return success();
}

/// network (C6): what stands for a node, and the mapping.
static bool mayStandInNetwork(Operation &op) {
  return isa<InputOp, OutputOp, RecordOp, PopulationOp, DenseOp, ConvOp, PoolOp, ScaleOp, AddOp,
             RescaleOp, ReshapeOp, DelayOp, MappingOp>(op);
}

/// record (C1): a population of that name with that state.
static LogicalResult verifyRecord(RecordOp record) {
  bool isThere = false;
  for (auto population : record->getBlock()->getOps<PopulationOp>()) {
    if (population.getNode() != record.getNode() || population.getStates().empty()) {
      continue;
    }
    isThere = true;
    if (llvm::is_contained(population.getStates(), record.getObservableAttr())) {
      return success();
    }
  }
  if (!isThere) {
    return nodeError(record) << "no population has this name";
  }
  return nodeError(record) << "no population of this name has a state '" << record.getObservable()
                           << "'";
}

namespace {
/// network (C3)
class Names {
public:
  LogicalResult add(Operation &op) {
    llvm::StringSet<> *names = llvm::TypeSwitch<Operation *, llvm::StringSet<> *>(&op)
                                   .Case<InputOp>([&](auto) { return &inputs; })
                                   .Case<OutputOp>([&](auto) { return &outputs; })
                                   .Case<PopulationOp>([&](PopulationOp population) {
                                     return population.getStates().empty() ? nullptr : &populations;
                                   })
                                   .Default([](auto) { return nullptr; });
    if (names && !names->insert(op.getAttrOfType<StringAttr>("node").getValue()).second) {
      return nodeError(&op) << "is there twice";
    }
    return success();
  }

private:
  llvm::StringSet<> inputs, outputs, populations;
};
} // namespace

LogicalResult NetworkOp::verifyRegions() {
  bool isInteger = getElement().isSignlessInteger(32);
  if (!getElement().isF32() && !getElement().isF64() && !isInteger) {
    return emitError() << "the element type is " << getElement() << ", expected f32, f64 or i32";
  }
  if (isInteger && !getFormat()) { // network (C4)
    return emitError() << "the element type is i32 and there is no number format, expected one";
  }
  if (getBody().getNumArguments() != 0) { // network (C6)
    return emitError() << "the body has " << getBody().getNumArguments()
                       << " arguments, expected snn.input for what comes from outside";
  }
  Names names;
  for (Operation &op : getBody().front()) {
    if (!mayStandInNetwork(op)) { // network (C6)
      InFlightDiagnostic error = emitError() << "the body holds '" << op.getName()
                                             << "', expected nodes of the snn dialect";
      error.attachNote(op.getLoc()) << "arithmetic stands in the body of a snn.population";
      return error;
    }
    if (failed(verifyOrder(op)) || failed(verifyNumbers(op, getElement(), isInteger)) ||
        (isInteger && failed(verifyIntegers(op))) || failed(names.add(op))) {
      return failure();
    }
  }
  for (RecordOp record : getBody().getOps<RecordOp>()) {
    if (!record.getSignal() && failed(verifyRecord(record))) {
      return failure();
    }
  }
  for (MappingOp mapping : getBody().getOps<MappingOp>()) {
    if (failed(verifyMapping(mapping))) {
      return failure();
    }
  }
  return success();
}

LogicalResult OutputOp::verify() {
  int64_t declared = 1;
  for (int64_t dim : getShape()) { // output (C1)
    if (dim < 1 || dim > nir::largestSignal / declared) {
      return nodeError(*this) << "has shape [" << getShape()
                              << "], expected dimensions of at least 1 and at most 2^40 elements";
    }
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
    if (auto node = op->getAttrOfType<StringAttr>("node")) { // a wrong op is printed too
      setName(result, node.getValue());
    }
  }
}

#define GET_OP_CLASSES
#include "dialects/snn/SnnOps.cpp.inc"
