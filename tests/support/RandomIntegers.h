//===- RandomIntegers.h - random networks of integers -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/pipeline/Pipeline.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"

namespace nirc::test {

/// What quantize makes of the graph of a seed, under random choices and in a random format whose
/// states are integers, which is set. Null where that is refused.
inline mlir::OwningOpRef<mlir::ModuleOp> randomIntegers(uint64_t seed, nir::test::Random &random,
                                                        nir::NumberFormat &format,
                                                        mlir::MLIRContext &context) {
  NetworkOptions options{nir::test::randomChoices(random), nir::DType::F64, {}};
  format = nir::test::randomFormat(random);
  format.states = nir::StateArithmetic::Integer;
  options.quantization = QuantizationOptions{format};
  DiagnosticCollector refusal(context);
  return buildNetwork(nir::test::randomGraph(seed), "test", options, context);
}

} // namespace nirc::test
