//===- Folder.cpp - nodes made one ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What every fold rests on: that the feedback edges stay where the graph says that they are
// (passes/graph/OpGraph.h). docs/folding.md, "Where".

#include "passes/fold/Fold.h"

#include "dialects/nir/Diagnostics.h"

using namespace mlir;
using namespace nirc;

Folder::Folder(OpGraph graph, const nir::Semantics &semantics, Element element, Folding folding,
               const llvm::StringSet<> &recorded)
    : flat(std::move(graph)), numberType(element), folding(folding), recorded(recorded),
      numbers(flat, semantics, element) {
  for (auto [index, node] : llvm::enumerate(flat.nodes)) {
    indices[node.op] = index;
  }
}

Folder::~Folder() {
  for (Operation *op : retired) {
    op->dropAllReferences();
  }
  for (Operation *op : retired) {
    op->erase();
  }
}

bool Folder::isPresent(Operation *node) const {
  return indices.contains(node) && !retired.contains(node);
}

Operation *Folder::readerPast(Operation *first) const {
  if (!isPresent(first) || first->getNumResults() != 1 || !first->getResult(0).hasOneUse()) {
    return nullptr;
  }
  Operation *reader = *first->getUsers().begin();
  const OpNode &node = flat.nodes[indexOf(first)];
  if (!isPresent(reader) || first->getNumOperands() == 0 || recorded.contains(node.path)) {
    return nullptr;
  }
  // Edges through ports come before those of the body, and only inputs have ports.
  const OpNode &after = flat.nodes[indexOf(reader)];
  unsigned operand = first->getResult(0).getUses().begin()->getOperandNumber();
  size_t edge = after.reads.size() - reader->getNumOperands() + operand;
  return after.feedback[edge] ? nullptr : reader;
}

Operation *Folder::onlyReader(Operation *first) const {
  Operation *reader = readerPast(first);
  auto isEmpty = [](Value signal) {
    return llvm::product_of(cast<nir::SignalType>(signal.getType()).getShape()) == 0;
  };
  bool isOnly = reader && reader->getNumOperands() == 1 && reader->getNumResults() == 1 &&
                !isEmpty(first->getOperand(0)) && !isEmpty(first->getResult(0)) &&
                !isEmpty(reader->getResult(0));
  return isOnly && flat.nodes[indexOf(reader)].isStateless() ? reader : nullptr;
}

void Folder::retire(Operation *node) { retired.insert(node); }

Operation *Folder::merge(StringRef type, Operation *first, Operation *second,
                         NamedAttrList attributes, Type result) {
  OpBuilder builder(first->isBeforeInBlock(second) ? first : second);
  OperationState state(second->getLoc(), type);
  attributes.set("name", second->getAttr("name"));
  attributes.erase("metadata");
  copyLate(first, attributes);
  state.addOperands(first->getOperands());
  state.addTypes(result ? result : second->getResult(0).getType());
  state.addAttributes(attributes);
  Operation *merged = builder.create(state);
  second->getResult(0).replaceAllUsesWith(merged->getResult(0));
  retire(second);
  retire(first);
  return merged;
}

void Folder::replace(Operation *node, Value operand, const NamedAttrList &attributes) {
  OpBuilder builder(node);
  OperationState state(node->getLoc(), node->getName());
  state.addOperands(operand);
  state.addTypes(node->getResultTypes());
  state.addAttributes(attributes);
  node->getResult(0).replaceAllUsesWith(builder.create(state)->getResult(0));
  retire(node);
}

void Folder::bypass(Operation *node) {
  if (isLate(node->getOpOperand(0))) {
    for (OpOperand &use : node->getResult(0).getUses()) {
      setLate(use);
    }
  }
  node->getResult(0).replaceAllUsesWith(node->getOperand(0));
  retire(node);
}

ElementsAttr Folder::tensor(ArrayRef<int64_t> shape, std::vector<double> values, bool isExact,
                            ArrayRef<ElementsAttr> of, Operation *node) const {
  auto isSingle = [](double v) { return std::isnan(v) || static_cast<float>(v) == v; };
  // A float32 parameter is read without loss by a float64 run.
  bool isNarrow = isExact ? !numberType.isDouble() || llvm::all_of(values, isSingle)
                          : llvm::none_of(of, [](ElementsAttr parameter) {
                              Type type = parameter.getElementType();
                              return type.isF64() || type.isInteger(64) || type.isInteger(32);
                            });
  nir::Shape dims(shape.begin(), shape.end());
  std::string hint = nir::nodePath(node) + ".weight";
  if (!isNarrow) {
    return nir::attributeOf(nir::Tensor::of(dims, values), hint, node->getContext());
  }
  std::vector<float> single(values.begin(), values.end());
  return nir::attributeOf(nir::Tensor::of(dims, single), hint, node->getContext());
}

void Folder::report(Operation *first, Operation *second, StringRef proof, StringRef rounding) {
  std::string text = "takes in '" + nir::nodePath(first) + "', ";
  text +=
      rounding.empty() ? "no bit changes: " + proof.str() : "rounds differently: " + rounding.str();
  reports.push_back(
      {second->getLoc(), {nir::nodePath(second), std::move(text), !rounding.empty()}});
}
