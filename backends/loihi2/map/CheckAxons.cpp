//===- CheckAxons.cpp - neurons that no core has axons for ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/map/CheckAxons.h"

#include "dialects/Elements.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

/// The matrix that alone drives the population, each of its columns by a source of its own; or
/// null.
static snn::DenseOp matrixOf(snn::PopulationOp op) {
  if (op.getInputs().size() != 1) {
    return {}; // weights of two matrices may add up to 0
  }
  Operation *from = op.getInputs().front().getDefiningOp();
  while (isa_and_present<snn::ReshapeOp, snn::RescaleOp>(from)) {
    from = from->getOperand(0).getDefiningOp();
  }
  auto matrix = dyn_cast_or_null<snn::DenseOp>(from);
  Operation *source = matrix ? matrix.getSignal().getDefiningOp() : nullptr;
  while (isa_and_present<snn::ReshapeOp, snn::DelayOp>(source)) {
    source = source->getOperand(0).getDefiningOp();
  }
  return isa_and_present<snn::InputOp, snn::PopulationOp>(source) ? matrix : snn::DenseOp();
}

/// How many of the row's weights are not 0.
template <typename T>
static int64_t synapsesOf(const nir::RawElements &weight, int64_t row, int64_t columns) {
  const T *first = reinterpret_cast<const T *>(weight.data);
  if (weight.single) {
    return *first == 0 ? 0 : columns;
  }
  first += row * columns;
  return columns - std::count(first, first + columns, T(0));
}

static int64_t synapsesOf(const nir::RawElements &weight, int64_t row, int64_t columns) {
  switch (weight.dtype) {
  case nir::DType::I8:
    return synapsesOf<int8_t>(weight, row, columns);
  case nir::DType::I16:
    return synapsesOf<int16_t>(weight, row, columns);
  case nir::DType::I32:
    return synapsesOf<int32_t>(weight, row, columns);
  default:
    return 0; // not of a network for this chip, which is said elsewhere
  }
}

static LogicalResult checkAxons(snn::PopulationOp op, snn::DenseOp matrix, int64_t most) {
  int64_t columns = snn::shapeOf(matrix.getSignal().getType()).back();
  if (columns <= most || !nir::brokenValues(matrix.getWeight()).empty()) {
    return success();
  }
  nir::RawElements weight = nir::rawElements(matrix.getWeight());
  for (int64_t row = 0, rows = weight.count / columns; row < rows; ++row) {
    if (int64_t needed = synapsesOf(weight, row, columns); needed > most) {
      InFlightDiagnostic error = snn::nodeError(op) << "neuron " << row << " needs " << needed
                                                    << " input axons, expected at most " << most
                                                    << ", which is a core";
      error.attachNote() << "prune its smallest weights, or put a layer between";
      return error;
    }
  }
  return success();
}

LogicalResult nirc::loihi2::checkAxons(snn::NetworkOp network, const CoreLimits &limits) {
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    snn::DenseOp matrix = matrixOf(op);
    if (matrix && failed(::checkAxons(op, matrix, limits.inputAxons))) {
      return failure();
    }
  }
  return success();
}
