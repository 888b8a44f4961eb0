//===- ActivityData.h - recordings for the report ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nirc {

struct ActivityOptions {
  double dtSeconds = 0.0;
  /// Of a quantity that is numbers, of how many neurons to keep it: those with most spikes, else
  /// those that are largest.
  int64_t traces = 16;
  /// Neurons to keep in any case, by node, row-major in its shape.
  std::map<std::string, std::vector<int64_t>> wanted = {};
  std::vector<std::string> inputs = {}, outputs = {}; ///< nodes
  bool hasThresholds = true; ///< whether v is compared with the v_threshold that the file has
};

/// More spikes of one node than this are left out, so that a browser can still open the report: the
/// last steps are, and "complete" is false.
inline constexpr int64_t mostSpikes = int64_t(1) << 24;

/// The first sample of each trace: [{"name", "role": "input" | "node" | "output", "quantity", "dt",
/// "steps", "neurons", "shape", "also"}] and, of spikes, "events": {"perStep", "neurons"} and
/// "complete", of numbers "shown" and "values" [steps, shown], and of v "threshold", one for each
/// that is shown. Numbers are packed (Packed.h). An input of few whole numbers is spikes, too. An
/// output with the spikes of a node is left out, and "also" of that node names it.
Json recordingsJson(const nir::Graph &graph, const std::vector<const nir::Trace *> &traces,
                    const ActivityOptions &options);

/// Whether the numbers of an Input are few and whole, so that they are shown as spikes.
bool isShownAsSpikes(const nir::Trace &trace);

} // namespace nirc
