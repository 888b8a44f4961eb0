//===- RunInput.h - what drives a run ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/FlatGraph.h"
#include "ir/recording/Recording.h"

#include <stop_token>
#include <string>
#include <vector>

namespace nir {

/// An Input node and what drives it.
struct Drive {
  std::string path;
  const Tensor *data; ///< [batch, T, ...]
  std::vector<double> step;
};

/// Samples and steps that the input has.
struct Extent {
  int64_t batch = 1, steps = 0;
};

/// An Input node: its path, and the shape of a step.
struct Entry {
  std::string path;
  Shape shape;
};

/// Finds the data of every entry, in their order, and refuses data for what is none. The drives
/// point into `input`. `extent` is what the input has, or `steps` where they are more than 0.
Result<std::vector<Drive>> matchInput(const std::vector<Entry> &entries, const Recording &input,
                                      int64_t steps, Extent &extent);
/// Refuses a number that has no finite value in the run's type: 1e39 is infinite in float32.
Status checkFits(const std::vector<Drive> &drives, DType dtype);
/// The entries of a graph, in the order of `flat.scopes[0].inputs`. `shapes`: of what each node
/// passes on.
std::vector<Entry> entriesOf(const FlatGraph &flat, const std::vector<Shape> &shapes);

/// An error of Cause::Stopped where who asked for the run wants no more of it.
Status checkStop(const std::stop_token &stop);

/// Sets `drive.step` to the numbers of step `t` of sample `b`; 0 past the end.
void readStep(Drive &drive, int64_t b, int64_t t);

} // namespace nir
