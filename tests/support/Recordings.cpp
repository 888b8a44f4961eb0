//===- Recordings.cpp - all of a run, and where two differ ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/Recordings.h"

#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"
#include "tests/support/Random.h"

#include <cmath>
#include <fmt/format.h>

namespace nir::test {

std::vector<Probe> everything(const Graph &graph, const Semantics &semantics) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  std::vector<SignalKind> kinds = signalKinds(flat, semantics);
  std::vector<Probe> probes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    std::string path = flat.path(static_cast<int32_t>(i));
    for (std::string &observable : observables(node, kinds[i])) {
      probes.push_back({path, std::move(observable)});
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
      double x = a.data.at(k), y = b.data.at(k);
      if (x != y && !(std::isnan(x) && std::isnan(y))) {
        return fmt::format("{}:{} sample {} step {} element {}: {}, expected {}", a.node,
                           a.observable, k / elements / steps, k / elements % steps, k % elements,
                           a.data.at(k), b.data.at(k));
      }
    }
  }
  return {};
}

Trace unshifted(const Trace &trace, int64_t steps) {
  Shape shape = trace.data.shape();
  int64_t batch = shape[0], before = shape[1];
  shape[1] = steps;
  int64_t elements = numElements(shape) / batch / steps;
  std::vector<double> values;
  for (int64_t sample = 0; sample < batch; ++sample) {
    for (int64_t i = 0; i < steps * elements; ++i) {
      values.push_back(trace.data.at((sample * before + trace.latency) * elements + i));
    }
  }
  return {trace.node, trace.observable, tensorOf(trace.data.dtype(), shape, values)};
}

} // namespace nir::test
