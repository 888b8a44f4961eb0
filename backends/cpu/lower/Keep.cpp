//===- Keep.cpp - numbers of neurons that can be changed ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Keep.h"

#include "dialects/snn/Coefficient.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace nirc::cpu;

bool nirc::cpu::isThreshold(StringRef parameter) {
  return parameter == "v_threshold" || parameter == "v_drop" || parameter == "threshold";
}

/// Integers have ranges that are proven with these numbers.
void nirc::cpu::keepThresholds(snn::NetworkOp network) {
  if (!isa<FloatType>(network.getElement())) {
    return;
  }
  Builder b(network.getContext());
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    Block &body = population.getBody().front();
    SmallVector<Attribute> names(population.getParamNames().getValue());
    SmallVector<Attribute> params(population.getParams().getValue());
    auto type =
        RankedTensorType::get({snn::elementsOf(population.getType())}, network.getElement());
    for (auto constant : llvm::make_early_inc_range(body.getOps<arith::ConstantOp>())) {
      std::optional<snn::Coefficient> what = snn::coefficientOf(constant);
      if (!what || !isThreshold(what->name)) {
        continue;
      }
      names.push_back(b.getStringAttr(what->name));
      params.push_back(DenseElementsAttr::get(type, constant.getValue()));
      constant.replaceAllUsesWith(body.addArgument(constant.getType(), constant.getLoc()));
      constant.erase();
    }
    population.setParamNamesAttr(b.getArrayAttr(names));
    population.setParamsAttr(b.getArrayAttr(params));
  }
}
