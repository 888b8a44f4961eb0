//===- Recordings.cpp -----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Recordings.h"

#include "ir/FlatGraph.h"
#include "ir/SignalKinds.h"

#include <fmt/format.h>

namespace nir::test {

std::vector<Probe> everything(const Graph &graph) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  std::vector<SignalKind> kinds = signalKinds(flat);
  std::vector<Probe> probes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    std::string path = flat.path(static_cast<int32_t>(i));
    bool fires = node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>();
    bool cuba = node.as<CubaLI>() || node.as<CubaLIF>();
    if (!fires) {
      probes.push_back({path, "value"});
    }
    if (kinds[i] != SignalKind::Analog) {
      probes.push_back({path, "spikes"});
    }
    if (fires || cuba || node.as<I>() || node.as<LI>()) {
      probes.push_back({path, "v"});
    }
    if (cuba) {
      probes.push_back({path, "i"});
    }
  }
  return probes;
}

std::string difference(const Recording &got, const Recording &want) {
  if (got.traces.size() != want.traces.size()) {
    return fmt::format("{} traces, expected {}", got.traces.size(), want.traces.size());
  }
  for (size_t i = 0; i < want.traces.size(); ++i) {
    const Trace &a = got.traces[i], &b = want.traces[i];
    if (a.node != b.node || a.observable != b.observable || a.data.dtype() != b.data.dtype() ||
        a.data.shape() != b.data.shape()) {
      return fmt::format("trace {} is {}:{} {} {}, expected {}:{} {} {}", i, a.node, a.observable,
                         name(a.data.dtype()), str(a.data.shape()), b.node, b.observable,
                         name(b.data.dtype()), str(b.data.shape()));
    }
    int64_t steps = b.data.shape()[1], elements = b.data.size() / b.data.shape()[0] / steps;
    for (int64_t k = 0; k < b.data.size(); ++k) {
      if (a.data.at(k) != b.data.at(k)) {
        return fmt::format("{}:{} sample {} step {} element {}: {}, expected {}", a.node,
                           a.observable, k / elements / steps, k / elements % steps, k % elements,
                           a.data.at(k), b.data.at(k));
      }
    }
  }
  return {};
}

} // namespace nir::test
