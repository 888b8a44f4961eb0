//===- InterpreterNumbers.cpp - weights and parameters as numbers ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include "dialects/Elements.h"

#include <type_traits>

using namespace mlir;
using namespace snn;

template <typename T>
FailureOr<std::vector<T>> snn::numbersOf(Operation *op, StringRef name, ElementsAttr values) {
  if (std::is_integral_v<T> && !values.getElementType().isSignlessInteger()) {
    return nodeError(op) << name << " is " << values.getType()
                         << ", expected integers of 8, 16 or 32 bits";
  }
  return nir::numbersOf<T>(values);
}

template FailureOr<std::vector<double>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<float>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<int32_t>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
template FailureOr<std::vector<int64_t>> snn::numbersOf(Operation *, StringRef, ElementsAttr);
