//===- Cases.cpp - what the benchmarks have in common ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Cases.h"

#include <cmath>

using namespace nirc;
using namespace nirc::bench;

std::string bench::caseName(const std::string &who, const std::string &network, double activity) {
  return who + "/" + network + "/activity:" + std::to_string(std::lround(100.0 * activity));
}

int64_t bench::recurrentSpikes(const nir::Tensor &input) {
  int64_t batch = input.shape()[0], sample = input.size() / batch;
  int64_t passedOn = sample - sample / input.shape()[1];
  auto spikes = input.as<uint8_t>();
  int64_t sum = 0;
  for (int64_t i = 0; i < input.size(); ++i) {
    sum += i % sample < passedOn ? spikes[i] : 0;
  }
  return sum;
}

void bench::report(benchmark::State &state, int64_t batch, int64_t steps, int64_t events) {
  using benchmark::Counter;
  auto perSecond = [](int64_t count) {
    return Counter(static_cast<double>(count), Counter::kIsIterationInvariantRate);
  };
  state.counters["steps"] = perSecond(steps);
  state.counters["sample_steps"] = perSecond(batch * steps);
  state.counters["events"] = perSecond(events);
  state.counters["events_per_step"] =
      static_cast<double>(events) / static_cast<double>(batch * steps);
}

nir::Recording bench::driving(const Network &network, nir::Tensor input) {
  nir::Recording recording{network.semantics.dtSeconds, {}};
  for (const nir::Node &node : network.graph.nodes) {
    if (node.as<nir::Input>()) {
      recording.traces.push_back({node.name, "value", std::move(input)});
      break;
    }
  }
  return recording;
}

LoopNetwork bench::loopNetworkOf(const Network &network) {
  const auto &weight = network.graph.find("recurrent")->as<nir::Linear>()->weight;
  const auto &lif = *network.graph.find("lif")->as<nir::LIF>();
  // docs/semantics.md, "Update of a neuron": Euler, a held input, v_leak 0.
  double k = network.semantics.dtSeconds / lif.tau.at(0);
  LoopNetwork net;
  net.neurons = weight.shape()[0];
  net.lif = {static_cast<float>(1.0 - k), static_cast<float>(k * lif.r.at(0)),
             static_cast<float>(lif.v_threshold.at(0))};
  net.weight = weight.as<float>().data();
  return net;
}
