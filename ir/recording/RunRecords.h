//===- RunRecords.h - what a run records ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"
#include "ir/recording/Recording.h"
#include "ir/recording/RunInput.h"

#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// The node at `path` if it has `observable`; the error lists what can be observed.
Result<int32_t> findObservable(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                               std::string_view path, std::string_view observable);

/// A node's observable and where it goes. `bytes` belongs to `trace.data`.
struct Record {
  int32_t node; ///< of a graph, else -1
  Trace trace;
  std::byte *bytes;
};

/// A trace for every step of every sample, of a node that passes on `shape`. An error where it does
/// not fit into memory.
Result<Record> makeRecord(std::string path, std::string observable, DType dtype, const Shape &shape,
                          const Extent &extent);

/// Where the outermost graph's Outputs and the probes go, in this order. `number`: the dtype of
/// what is not spikes.
Result<std::vector<Record>> makeRecords(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                                        const std::vector<Shape> &shapes,
                                        const std::vector<Probe> &probes, const Extent &extent,
                                        DType number);

/// Puts a step's values into row `at` of the record, which was made for numbers of that type.
template <typename Number>
void write(Record &record, const std::vector<Number> &values, int64_t at);

} // namespace nir
