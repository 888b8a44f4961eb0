//===- FloatBiases.cpp - sums of whole numbers alone ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/FloatBiases.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;

/// The bias of a connection for each element of its result; empty where it has none.
static std::vector<double> biasOf(Operation *op) {
  std::optional<ElementsAttr> bias;
  size_t perBias = 1;
  if (auto dense = dyn_cast<snn::DenseOp>(op)) {
    bias = dense.getBias();
  } else if (auto conv = dyn_cast<snn::ConvOp>(op)) {
    bias = conv.getBias();
    perBias =
        static_cast<size_t>(snn::elementsOf(conv.getType()) / snn::shapeOf(conv.getType()).front());
  }
  std::vector<double> all;
  if (bias) {
    for (double each : nir::doublesOf(*bias)) {
      all.insert(all.end(), perBias, each);
    }
    all.resize(static_cast<size_t>(snn::elementsOf(op->getResult(0).getType())),
               all.empty() ? 0.0 : all.front()); // one may stand for all
  }
  return all;
}

static bool drivesPopulationsAlone(Operation *op) {
  return !op->use_empty() &&
         llvm::all_of(op->getUsers(), [](Operation *user) { return isa<snn::PopulationOp>(user); });
}

/// u becomes u + bias, in the body and nowhere else.
static void addBias(snn::PopulationOp op, ArrayRef<float> bias) {
  Builder builder(op.getContext());
  auto names = llvm::to_vector(op.getParamNames());
  auto params = llvm::to_vector(op.getParams());
  std::string name = "bias";
  while (llvm::is_contained(names, builder.getStringAttr(name))) {
    name += '_';
  }
  names.push_back(builder.getStringAttr(name));
  auto type = RankedTensorType::get(snn::shapeOf(op.getType()), builder.getF32Type());
  bool isSame = std::adjacent_find(bias.begin(), bias.end(), std::not_equal_to<>()) == bias.end();
  params.push_back(DenseElementsAttr::get(type, isSame ? bias.take_front() : bias));
  op.setParamNamesAttr(builder.getArrayAttr(names));
  op.setParamsAttr(builder.getArrayAttr(params));
  Block &body = op.getBody().front();
  Value parameter = body.addArgument(builder.getF32Type(), op.getLoc()), u = body.getArgument(0);
  OpBuilder inside = OpBuilder::atBlockBegin(&body);
  auto sum = arith::AddFOp::create(inside, op.getLoc(), u, parameter);
  u.replaceAllUsesExcept(sum, sum);
}

void nirc::moveBiases(snn::NetworkOp network) {
  SmallVector<Operation *> moved;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    std::vector<double> sum(static_cast<size_t>(snn::elementsOf(op.getType())), 0.0);
    for (Value input : op.getInputs()) {
      Operation *from = input.getDefiningOp();
      if (!drivesPopulationsAlone(from)) {
        continue;
      }
      std::vector<double> bias = biasOf(from);
      for (size_t i = 0; i < bias.size(); ++i) {
        sum[i] += bias[i];
      }
      moved.push_back(from);
    }
    if (std::ranges::any_of(sum, [](double each) { return each != 0.0; })) {
      addBias(op, std::vector<float>(sum.begin(), sum.end()));
    }
  }
  for (Operation *op : moved) {
    op->removeAttr("bias");
  }
}
