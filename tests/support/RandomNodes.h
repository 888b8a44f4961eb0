//===- RandomNodes.h - one random node --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"
#include "tests/support/Random.h"

namespace nir::test {

/// Parameters of random primitives. Every one takes a signal of the shape it is asked for.
class RandomNodes {
public:
  explicit RandomNodes(Random &random, int64_t maxElements)
      : random(random), maxElements(maxElements) {}

  /// Any primitive but Input, Output and NIRGraph that takes `shape`; a Threshold only where
  /// `mayThreshold`.
  Params any(const Shape &shape, bool mayThreshold);
  /// A node that takes and passes on `shape`, with small weights, for loops that do not run away.
  Params damped(const Shape &shape);
  /// A Delay of one step of 1 ms or more in every element.
  Params delay(const Shape &shape, double leastSeconds);

  Tensor shapeOf(const Shape &shape);
  Metadata metadata();

private:
  Tensor values(const Shape &shape, double low, double high, const std::vector<DType> &dtypes);
  Tensor perNeuron(const Shape &shape, double low, double high);
  Tensor weights(const Shape &shape, double size);
  Tensor integer(int64_t value);
  Tensor pair(int64_t rows, int64_t columns);
  std::optional<Tensor> maybePerNeuron(const Shape &shape, double low, double high);
  Params neuron(const Shape &shape);
  Params matrix(const Shape &shape);
  Params conv1d(const Shape &shape);
  Params conv2d(const Shape &shape);
  Params pool(const Shape &shape);
  Params flatten(const Shape &shape);

  Random &random;
  int64_t maxElements;
};

} // namespace nir::test
