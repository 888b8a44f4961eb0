//===- Page.h - what a page asks of nirc's core -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "web/core/Records.h"
#include "web/core/Tree.h"

#include "ir/file/NirData.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

namespace nirc::web {

using Json = nlohmann::json;

/// A signal that was dropped on the page.
struct Dropped {
  std::string name;
  std::variant<nir::Tensor, nir::NIRGraphData> data;
};

/// What is open in the page, and its runs. Every answer is an object; where something is wrong it
/// has an "error" like those of `nirc check --json`. No input ends the program.
class Page {
public:
  /// The model in a tree, or why there is none. {name, objects} or {name, unreadable}.
  Json open(const Json &request, std::shared_ptr<const std::byte> bytes, size_t size);
  /// What `nirc check` says of it with these options: {dt, semantics, timeUnit}.
  Json check(const Json &request) const;
  /// A signal in the bytes of a .npy file: {name}; or in NIRData: {name, objects}.
  Json drop(const Json &request, std::shared_ptr<const std::byte> bytes, size_t size);
  /// Makes one or two runs ready:
  ///   {lanes: [{semantics, dt, timeUnit}], dtype, steps, seed, traces,
  ///    inputs: {NODE: {source: "poisson:20Hz"} or {dropped: index, sample: 0}}}
  Json start(const Json &request);
  /// So many steps, or those that are left.
  Json advance(int64_t steps);
  /// What was kept of the runs, with the addresses of the numbers, which live until the next start.
  Json records() const;

private:
  /// What drives an Input of all lanes.
  struct Signal {
    std::string node;
    nir::Tensor data; ///< [batch, T, shape...]
    int64_t sample = 0;
    bool isSpikes = false;
  };
  struct Run {
    std::string label;
    std::unique_ptr<Lane> lane;
    std::vector<KeptQuantity> kept;
    std::vector<nir::Diagnostic> advice;
    nir::Semantics semantics;
  };

  nir::Result<Run> runOf(const Json &lane, const Json &request, Network &network) const;
  nir::Result<Signal> signalOf(const InputPort &port, const Json &input,
                               const InputOptions &options) const;
  nir::Status drive(int64_t step);
  bool isOpen() const { return !file.format.empty(); }

  Tree tree;
  ModelFile file;
  std::vector<Dropped> dropped;
  std::vector<Signal> signals;
  std::vector<Run> runs;
  int64_t done = 0, steps = 0;
  std::optional<Difference> difference, spikeDifference;
};

} // namespace nirc::web
