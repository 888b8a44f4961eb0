//===- Rest.cpp - neurons that stay at rest without input -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/bodies/Rest.h"

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace nirc;

/// One step of all neurons. Nothing is connected to them, so u and the states are 0.
template <typename Number>
static bool staysAtRestIn(snn::PopulationOp population) {
  ScopedDiagnosticHandler silence(population.getContext(), [](Diagnostic &) { return success(); });
  snn::UnitOr<Number> unit = snn::makePopulation<Number>(population);
  if (failed(unit)) {
    return false;
  }
  (*unit)->evaluate(static_cast<int64_t>(population.getStart()));
  auto isZero = [](Number number) { return number == 0; };
  return llvm::all_of((*unit)->output, isZero) &&
         llvm::all_of((*unit)->states, [&](const std::vector<Number> &state) {
           return llvm::all_of(state, isZero);
         });
}

bool nirc::staysAtRest(snn::PopulationOp population) {
  Type element = population->getParentOfType<snn::NetworkOp>().getElement();
  return element.isF32()   ? staysAtRestIn<float>(population)
         : element.isF64() ? staysAtRestIn<double>(population)
                           : staysAtRestIn<int64_t>(population);
}
