//===- Events.cpp - synaptic events of a run ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Events.h"

#include "backends/Target.h"

#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"
#include "ir/graph/Window.h"

#include <algorithm>
#include <map>
#include <vector>

using namespace nirc;
using namespace nirc::bench;

/// How many weights other than zero each input of weight [out, in] meets.
static std::vector<int64_t> fanOut(const nir::Tensor &weight) {
  int64_t outputs = weight.shape()[0], inputs = weight.shape()[1];
  std::vector<int64_t> fan(inputs);
  for (int64_t i = 0; i < outputs * inputs; ++i) {
    fan[i % inputs] += weight.at(i) != 0.0;
  }
  return fan;
}

/// The same of a convolution over `in` [C, H, W], by walking over every place of the kernel.
static std::vector<int64_t> fanOut(const nir::Window &window, const nir::Tensor &weight,
                                   const nir::Shape &in, const nir::Shape &out) {
  std::vector<int64_t> fan(nir::numElements(in));
  int64_t group = weight.shape()[1], groups = in[0] / group;
  for (int64_t at = 0; at < weight.size() * out[1] * out[2]; ++at) {
    int64_t column = at % out[2], row = at / out[2] % out[1], k = at / out[2] / out[1];
    int64_t kx = k % window.kernel[1], ky = k / window.kernel[1] % window.kernel[0];
    int64_t plane = k / window.kernel[1] / window.kernel[0];
    int64_t channel = plane % group + plane / group / (out[0] / groups) * group;
    int64_t y = row * window.stride[0] + ky * window.dilation[0] - window.before[0];
    int64_t x = column * window.stride[1] + kx * window.dilation[1] - window.before[1];
    if (y >= 0 && y < in[1] && x >= 0 && x < in[2]) {
      fan[(channel * in[1] + y) * in[2] + x] += weight.at(k) != 0.0;
    }
  }
  return fan;
}

static nir::Result<std::vector<int64_t>> fanOutOf(const nir::Node &node,
                                                  const nir::NodeShapes &shapes) {
  if (const auto *affine = node.as<nir::Affine>()) {
    return fanOut(affine->weight);
  }
  if (const auto *linear = node.as<nir::Linear>()) {
    return fanOut(linear->weight);
  }
  if (const auto *conv = node.as<nir::Conv2d>()) {
    nir::Result<nir::Window> window = nir::windowOf(node);
    if (!window) {
      return window.takeError();
    }
    return fanOut(*window, conv->weight, shapes.input, shapes.output);
  }
  return std::vector<int64_t>();
}

nir::Result<int64_t> bench::synapticEvents(const Network &network, const nir::Recording &input) {
  nir::Checked checked = nir::check(network.graph);
  std::map<std::string, std::vector<int64_t>, std::less<>> fans; // by the source of the signal
  for (size_t i = 0; i < network.graph.nodes.size(); ++i) {
    const nir::Node &node = network.graph.nodes[i];
    nir::Result<std::vector<int64_t>> fan = fanOutOf(node, checked.shapes[i]);
    if (!fan) {
      return fan.takeError();
    }
    for (const nir::Edge &edge : network.graph.edges) {
      if (edge.target == node.name && !fan->empty()) {
        std::vector<int64_t> &sum = fans[edge.source];
        sum.resize(fan->size());
        std::transform(sum.begin(), sum.end(), fan->begin(), sum.begin(), std::plus<>());
      }
    }
  }

  std::vector<nir::Probe> probes;
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(network.graph, problems);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, network.semantics);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    if (fans.contains(flat.nodes[i].node->name)) {
      probes.push_back(
          {flat.nodes[i].node->name, nir::observables(*flat.nodes[i].node, kinds[i]).front()});
    }
  }
  nir::Result<const Target *> target = findTarget("cpu");
  if (!target) {
    return target.takeError();
  }
  auto executable = (*target)->compile({.graph = &network.graph,
                                        .file = network.name,
                                        .semantics = network.semantics,
                                        .probes = probes});
  if (!executable) {
    return executable.takeError();
  }
  nir::Result<nir::Recording> run = (*executable)->run(input, {});
  if (!run) {
    return run.takeError();
  }
  int64_t events = 0;
  for (const nir::Probe &probe : probes) {
    const std::vector<int64_t> &fan = fans[probe.node];
    const nir::Tensor &signal = run->find(probe.node, probe.observable)->data;
    for (int64_t i = 0; i < signal.size(); ++i) {
      events += signal.at(i) != 0.0 ? fan[i % static_cast<int64_t>(fan.size())] : 0;
    }
  }
  return events;
}
