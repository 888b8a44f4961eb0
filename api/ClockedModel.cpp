//===- ClockedModel.cpp - a network that is clocked already ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/ClockedModel.h"

#include "api/io/Units.h"
#include "backends/FrontEnd.h"
#include "dialects/snn/Records.h"
#include "ir/choices/Stored.h"

#include <fmt/format.h>
#include <llvm/Support/raw_ostream.h>

namespace nirc {

static std::string textOf(mlir::Type type) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << type;
  return text;
}

static nir::Shape shapeVector(llvm::ArrayRef<int64_t> shape) {
  return {shape.begin(), shape.end()};
}

static ClockedModel::Node nodeOf(mlir::Operation &op) {
  ClockedModel::Node node;
  node.node = op.getAttrOfType<mlir::StringAttr>("node").str();
  node.kind = op.getName().stripDialect().str();
  mlir::Type type = op.getResult(0).getType();
  node.shape = shapeVector(snn::shapeOf(type));
  node.isSpikes = snn::isSpikes(type);
  if (!node.isSpikes) {
    node.numbers = textOf(llvm::cast<mlir::RankedTensorType>(type).getElementType());
  }
  if (auto population = llvm::dyn_cast<snn::PopulationOp>(op)) {
    for (mlir::Attribute state : population.getStates()) {
      node.states.push_back(llvm::cast<mlir::StringAttr>(state).str());
    }
  }
  for (const char *name : {"weight", "bias", "scale"}) {
    if (auto values = op.getAttrOfType<mlir::ElementsAttr>(name)) {
      node.weights += values.getNumElements();
    }
  }
  return node;
}

static void addDrift(std::string text, ClockedModel &model) {
  if (!text.empty()) {
    model.drift.push_back(std::move(text));
  }
}

ClockedModel describe(const std::shared_ptr<FrontEnd> &frontEnd) {
  auto lock = frontEnd->lock();
  snn::NetworkOp network = frontEnd->clocked();
  ClockedModel model;
  model.frontEnd = frontEnd;
  model.semantics = network.getSemantics().getSemantics();
  model.semantics.dtSeconds = network.getSemantics().getDtSeconds();
  model.element = textOf(network.getElement());
  addDrift(nir::nameDrift(network.getSemantics().getChoices(), model.semantics), model);
  if (auto format = network.getFormat()) {
    model.format = format->getFormat();
    addDrift(nir::nameDrift(format->getFields(), *model.format), model);
  }
  for (mlir::Operation &op : network.getBody().front()) {
    if (auto output = llvm::dyn_cast<snn::OutputOp>(op)) {
      model.outputs.push_back({output.getNode().str(), shapeVector(output.getShape())});
    }
    if (op.getNumResults() != 1) {
      continue;
    }
    model.nodes.push_back(nodeOf(op));
    if (llvm::isa<snn::InputOp>(op)) {
      model.inputs.push_back({model.nodes.back().node, model.nodes.back().shape});
    }
    if (llvm::isa<snn::PopulationOp>(op)) {
      model.neurons += nir::numElements(model.nodes.back().shape);
    }
  }
  model.observables = snn::observables(network);
  return model;
}

std::string ClockedModel::text() const {
  return fmt::format("steps of {}, semantics {}, in {}", secondsText(semantics.dtSeconds),
                     semantics.text(), format ? format->text() : element);
}

} // namespace nirc
