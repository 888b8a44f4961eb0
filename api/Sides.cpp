//===- Sides.cpp - what is compared, brought to one form ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Sides.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace nirc {

namespace fs = std::filesystem;

bool isResultPath(const std::string &side) {
  std::error_code ignored;
  return isTable(side) || side.ends_with(".npy") || side.ends_with(".nird") ||
         side.ends_with("/") || fs::exists(fs::path(side) / "run.json", ignored);
}

static SavedExtent extentOf(const nir::Trace &trace) {
  const nir::Shape &shape = trace.data.shape();
  return {shape[0], shape[1], {shape.begin() + 2, shape.end()}};
}

/// The traces in the order in which a saved file is meant to be one: outputs first.
static std::vector<const nir::Trace *> tracesOf(const Side &side) {
  std::vector<const nir::Trace *> outputs, others;
  for (const nir::Trace &trace : side.result.recording.traces) {
    bool isOutput =
        std::find(side.outputs.begin(), side.outputs.end(), trace.node) != side.outputs.end();
    (isOutput ? outputs : others).push_back(&trace);
  }
  outputs.insert(outputs.end(), others.begin(), others.end());
  return outputs;
}

/// Makes the side a recording of one trace of the anchor.
static nir::Status fitTo(const Side &anchor, const ReadOptions &options, int64_t slack,
                         Side &side) {
  const SavedData &data = *side.result.saved;
  double dt = anchor.result.recording.dtSeconds > 0.0 ? anchor.result.recording.dtSeconds
                                                      : options.dtSeconds;
  std::optional<nir::Error> first;
  for (const nir::Trace *trace : tracesOf(anchor)) {
    if (trace->observable == "spikes" && !data.canBeSpikes()) {
      continue;
    }
    nir::Result<nir::Tensor> fitted = fitSaved(data, extentOf(*trace), options.layout, dt, slack);
    if (fitted) {
      side.result.recording.traces = {{trace->node, trace->observable, *fitted}};
      return std::nullopt;
    }
    first = first ? std::move(first) : fitted.takeError();
  }
  return first
             ? std::move(*first)
             : nir::Error(nir::Cause::NotComparable, "holds numbers that are no spikes, and " +
                                                         anchor.label + " holds nothing but spikes")
                   .in(data.file)
                   .note("--record NODE:v records the membrane potentials of a run");
}

/// Sides that say nothing of themselves: with one extent, and one observable.
static nir::Status fitAll(std::vector<Side> &sides, const ReadOptions &options, int64_t slack) {
  auto isArray = [](const Side &side) { return !side.result.saved->isList; };
  auto anchor = std::find_if(sides.begin(), sides.end(), isArray);
  if (anchor == sides.end()) { // lists end with their last spike: the longest says how long all are
    SavedExtent all{1, 1, {1}};
    for (const Side &side : sides) {
      SavedExtent one = extentOf(side.result.recording.traces.front());
      all.samples = std::max(all.samples, one.samples);
      all.steps = std::max(all.steps, one.steps);
      all.shape[0] = std::max(all.shape[0], one.shape[0]);
    }
    for (Side &side : sides) {
      nir::Result<nir::Tensor> grid =
          fitSaved(*side.result.saved, all, options.layout, options.dtSeconds);
      if (!grid) {
        return grid.takeError();
      }
      side.result.recording.traces.front().data = *grid;
    }
    return std::nullopt;
  }
  bool canAll = std::all_of(sides.begin(), sides.end(),
                            [](const Side &side) { return side.result.saved->canBeSpikes(); });
  bool looksOne = std::any_of(sides.begin(), sides.end(), [](const Side &side) {
    return side.result.saved->looksLikeSpikes();
  });
  nir::Trace &trace = anchor->result.recording.traces.front();
  trace.observable = canAll && looksOne ? "spikes" : "value";
  for (Side &side : sides) {
    if (&side != &*anchor) {
      std::string name = side.result.recording.traces.front().node;
      if (nir::Status failed = fitTo(*anchor, options, slack, side)) {
        return failed;
      }
      side.result.recording.traces.front().node = name;
    }
  }
  return std::nullopt;
}

nir::Status fitSides(std::vector<Side> &sides, const ReadOptions &options, int64_t slack) {
  auto isKnown = [](const Side &side) {
    return !side.result.saved && !side.result.recording.traces.empty();
  };
  auto anchor = std::find_if(sides.begin(), sides.end(), isKnown);
  if (anchor == sides.end()) {
    return fitAll(sides, options, slack);
  }
  for (Side &side : sides) {
    if (!side.result.saved) {
      continue;
    }
    if (nir::Status failed = fitTo(*anchor, options, slack, side)) {
      return failed;
    }
  }
  return std::nullopt;
}

} // namespace nirc
