//===- Networks.cpp - networks of a known activity ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Networks.h"

#include "api/io/Random.h"

#include <cassert>
#include <fmt/format.h>
#include <vector>

using namespace nirc;
using namespace nirc::bench;

/// With the parameters below, v := 0.5 v + 2 u. A neuron whose input is 0 stays below its threshold
/// of 1 while |u| < 1/4, one whose input is 1 gets above it while the rest of u is above -1/4. The
/// recurrent part of u has a standard deviation of 0.016 where 20 % of 4,096 neurons fire.
static constexpr double largestWeight = 0x1p-10;
static constexpr double dtSeconds = 1e-3, tauSeconds = 2e-3, resistance = 4.0;

static float randomWeight(Random &random) {
  return static_cast<float>(largestWeight * (2.0 * random.uniform() - 1.0));
}

static nir::Tensor uniform(int64_t neurons, double value) {
  return nir::Tensor::vector(std::vector<float>(neurons, static_cast<float>(value)));
}

static Network recurrent(std::string name, nir::Tensor weight) {
  int64_t neurons = weight.shape()[0];
  nir::Tensor shape = nir::Tensor::vector(std::vector<int64_t>{neurons});
  nir::LIF lif{uniform(neurons, tauSeconds), uniform(neurons, resistance), uniform(neurons, 0.0),
               uniform(neurons, 1.0), uniform(neurons, 0.0)};
  Network network{std::move(name), {}, nir::Semantics(dtSeconds)};
  network.graph.nodes = {{"input", nir::Input{shape}, {}},
                         {"recurrent", nir::Linear{std::move(weight)}, {}},
                         {"lif", std::move(lif), {}},
                         {"output", nir::Output{shape}, {}}};
  network.graph.edges = {
      {"recurrent", "lif"}, {"input", "lif"}, {"lif", "recurrent"}, {"lif", "output"}};
  return network;
}

Network bench::denseNetwork(int64_t neurons) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F32, {neurons, neurons});
  auto *weight = reinterpret_cast<float *>(bytes);
  Random random(1);
  for (int64_t i = 0; i < neurons * neurons; ++i) {
    weight[i] = randomWeight(random);
  }
  return recurrent("dense-" + std::to_string(neurons), tensor);
}

Network bench::chainNetwork(int64_t nodes) {
  Random random(3);
  auto one = [&](double low, double high) {
    return nir::Tensor::vector<float>({static_cast<float>(low + (high - low) * random.uniform())});
  };
  nir::Graph graph;
  nir::Tensor shape = nir::Tensor::vector<int64_t>({1});
  graph.nodes = {{"in", nir::Input{shape}, {}}, {"out", nir::Output{shape}, {}}};
  std::string last = "in";
  for (int64_t i = 0; i < (nodes - 2) / 2; ++i) {
    std::string weight = fmt::format("w{}", i), neuron = fmt::format("n{}", i);
    nir::Tensor matrix(nir::DType::F32, {1, 1}, one(0.5, 3.0).share());
    graph.nodes.push_back({weight, nir::Linear{matrix}, {}});
    graph.nodes.push_back(
        {neuron,
         nir::LIF{one(0.005, 0.03), one(0.5, 2.0), one(-0.1, 0.1), one(0.3, 1.0), one(-0.1, 0.1)},
         {}});
    graph.edges.push_back({last, weight});
    graph.edges.push_back({weight, neuron});
    last = neuron;
  }
  graph.edges.push_back({last, "out"});
  nir::Semantics semantics;
  semantics.dtSeconds = dtSeconds;
  return {fmt::format("chain-{}", nodes), std::move(graph), std::move(semantics)};
}

Network bench::sparseNetwork(int64_t neurons, int64_t synapses) {
  assert(synapses <= neurons && "a neuron reaches another once");
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F32, {neurons, neurons});
  auto *weight = reinterpret_cast<float *>(bytes);
  Random random(2);
  for (int64_t from = 0; from < neurons; ++from) {
    // Selection sampling (Fan, Muller & Rezucha 1962): every set of targets is as likely.
    int64_t left = synapses;
    for (int64_t to = 0; left > 0; ++to) {
      if (random.uniform() * static_cast<double>(neurons - to) < static_cast<double>(left)) {
        float value = randomWeight(random);
        weight[to * neurons + from] = value != 0.0F ? value : 0x1p-20F;
        --left;
      }
    }
  }
  return recurrent("sparse-" + std::to_string(neurons), tensor);
}

nir::Tensor bench::bernoulli(double activity, int64_t batch, int64_t steps, int64_t neurons) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, {batch, steps, neurons});
  auto *values = reinterpret_cast<uint8_t *>(bytes);
  Random random(3);
  for (int64_t i = 0; i < batch * steps * neurons; ++i) {
    values[i] = random.uniform() < activity ? 1 : 0;
  }
  return tensor;
}
