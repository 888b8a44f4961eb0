//===- RandomLayers.h - networks for platforms of neurons -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For chips that have spiking neurons, synapses and read-outs, and nothing else.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "tests/support/Build.h"
#include "tests/support/Random.h"
#include "tests/support/Recordings.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir::test {

inline Result<Recording> runOn(const char *target, const nirc::Job &job, const Recording &input) {
  auto executable = (*nirc::findTarget(target))->compile(job);
  return executable ? (*executable)->run(input, {.threads = 1}) : executable.takeError();
}

/// All that neurons have: v, i, their spikes, and the numbers that they pass on.
inline std::vector<Probe> neuronsOf(const Graph &graph, const Semantics &semantics) {
  std::vector<Probe> all = everything(graph, semantics), probes;
  for (const Probe &probe : all) {
    bool hasMembrane = std::ranges::any_of(all, [&](const Probe &other) {
      return other.node == probe.node && other.observable == "v";
    });
    if (hasMembrane) {
      probes.push_back(probe);
    }
  }
  return probes;
}

/// What random networks of layers are grown with.
struct GraphGrower {
  GraphGrower(uint64_t seed, double oneSigned) : random(seed), oneSigned(oneSigned) {}

  /// A node behind `from`; its name.
  std::string add(const std::string &from, Params params) {
    std::string name = fmt::format("n{}", graph.nodes.size());
    graph.nodes.push_back({name, std::move(params), {}});
    graph.edges.push_back({from, name});
    return name;
  }

  /// A fifth of them 0, and in a share `oneSigned` of the calls none negative.
  std::vector<double> weights(int64_t count, double mean) {
    bool oneSign = random.chance(oneSigned);
    std::vector<double> values;
    for (int64_t i = 0; i < count; ++i) {
      values.push_back(random.chance(0.2) ? 0.0
                                          : random.uniform(oneSign ? 0.0 : -mean, 1.5 * mean));
    }
    return values;
  }

  Random random;
  double oneSigned;
  Graph graph;
};

/// Spikes in a share of the steps, which differs by sample.
inline Recording spikesFor(const Graph &graph, double dtSeconds, int64_t steps, uint64_t seed) {
  Random random(seed);
  constexpr int64_t batch = 2;
  Recording out{dtSeconds, {}};
  for (const Node &node : graph.nodes) {
    const auto *in = node.as<Input>();
    if (!in) {
      continue;
    }
    Shape shape{batch, steps};
    for (int64_t i = 0; i < in->shape.size(); ++i) {
      shape.push_back(in->shape.intAt(i));
    }
    std::vector<double> values;
    for (int64_t i = 0; i < numElements(shape); ++i) {
      values.push_back(random.chance(i < numElements(shape) / 2 ? 0.1 : 0.5) ? 1.0 : 0.0);
    }
    out.traces.push_back({node.name, "value", Tensor::of<double>(shape, values)});
  }
  return out;
}

/// Layers of neurons behind anything that is linear: with convolutions, pools, delays, loops and
/// edges that skip a layer.
class Layers : GraphGrower {
public:
  explicit Layers(uint64_t seed) : GraphGrower(seed, 0.2) {}

  Graph build() {
    Shape shape = random.chance(0.5)
                      ? Shape{random.between(1, 2), random.between(5, 8), random.between(5, 8)}
                      : Shape{random.between(2, 20)};
    graph.nodes.push_back({"in", input(shape), {}});
    std::string last = "in";
    std::vector<std::pair<std::string, Shape>> before;
    int64_t count = random.between(1, 3);
    for (int64_t layer = 0; layer < count; ++layer) {
      before.emplace_back(last, shape);
      std::string cells = fmt::format("cells{}", layer);
      std::vector<std::string> sources = {connect(last, shape)};
      bool isReadOut = layer == count - 1 && random.chance(0.3);
      if (!isReadOut && shape.size() == 1 && random.chance(0.4)) {
        sources.push_back(matrix(cells, shape, shape[0], 0.3));
      }
      const auto &[from, size] = random.pick(before);
      if (shape.size() == 1 && size.size() == 1 && random.chance(0.4)) {
        sources.push_back(matrix(from, size, shape[0], 0.5));
      }
      graph.nodes.push_back({cells, isReadOut ? readOuts(shape) : neurons(shape), {}});
      for (const std::string &source : sources) {
        graph.edges.push_back({source, cells});
      }
      last = cells;
    }
    graph.nodes.push_back({"out", output(shape), {}});
    graph.edges.push_back({last, "out"});
    return std::move(graph);
  }

private:
  std::string matrix(const std::string &from, const Shape &shape, int64_t out, double mean) {
    std::string source = from;
    if (random.chance(0.3)) {
      std::vector<double> delays;
      for (int64_t i = 0; i < shape[0]; ++i) {
        delays.push_back(1e-3 * static_cast<double>(random.between(0, 60)));
      }
      source = add(source, Delay{vec(delays)});
    }
    Tensor weight = array({out, shape[0]}, weights(out * shape[0], mean));
    bool isAffine = random.chance(0.3);
    std::string name = isAffine ? add(source, Affine{weight, vec(weights(out, 0.1))})
                                : add(source, Linear{weight});
    bool isLate = isAffine && random.chance(0.3); // and its bias with it
    double late = 1e-3 * static_cast<double>(random.between(0, 40));
    return isLate ? add(name, Delay{vec(std::vector<double>(out, late))}) : name;
  }

  /// Changes `shape` to that of what drives the neurons.
  std::string connect(std::string from, Shape &shape) {
    if (shape.size() == 1) {
      int64_t out = random.between(1, 20);
      std::string name = matrix(from, shape, out, 0.6);
      shape = {out};
      return name;
    }
    if (shape[1] >= 4 && shape[2] >= 4 && random.chance(0.4)) {
      from = add(from, SumPool2d{wholes({2, 2}), wholes({2, 2}), wholes({0, 0})});
      shape = {shape[0], shape[1] / 2, shape[2] / 2};
    }
    if (random.chance(0.4)) {
      from = add(from, Flatten{whole(0), whole(-1), wholes(shape)});
      shape = {numElements(shape)};
      return connect(from, shape);
    }
    int64_t out = random.between(1, 3),
            kernel = random.between(1, std::min<int64_t>({2, shape[1], shape[2]}));
    int64_t pad = random.between(0, 1);
    Conv2d conv;
    conv.input_shape = wholes({shape[1], shape[2]});
    conv.weight =
        array({out, shape[0], kernel, kernel}, weights(out * shape[0] * kernel * kernel, 0.8));
    conv.stride = wholes({1, 1});
    conv.padding = wholes({pad, pad});
    conv.dilation = wholes({1, 1});
    conv.groups = whole(1);
    bool isAffine = random.chance(0.4);
    conv.bias = vec(isAffine ? weights(out, 0.1) : std::vector<double>(out, 0.0));
    shape = {out, shape[1] + 2 * pad - kernel + 1, shape[2] + 2 * pad - kernel + 1};
    return add(from, conv);
  }

  /// One a neuron, or one for all of [channels, rows, columns], whose states have one scale.
  Tensor each(const Shape &shape, double low, double high) {
    std::vector<double> values;
    for (int64_t i = 0; i < numElements(shape); ++i) {
      values.push_back(i > 0 && shape.size() > 1 ? values[0] : random.uniform(low, high));
    }
    return array(shape, values);
  }

  Params readOuts(const Shape &shape) {
    Tensor leak = each(shape, -0.5, 0.5);
    if (random.chance(0.5)) {
      return LI{each(shape, 2e-3, 5e-2), each(shape, 3.0, 9.0), leak};
    }
    CubaLI cells;
    cells.tau_syn = each(shape, 2e-3, 2e-2);
    cells.tau_mem = each(shape, 2e-3, 2e-2);
    cells.r = each(shape, 4.0, 9.0);
    cells.v_leak = leak;
    return cells;
  }

  Params neurons(const Shape &shape) {
    Tensor one = array(shape, std::vector<double>(numElements(shape), 1.0));
    double most = random.chance(0.3) ? 0.3 : 0.0;
    Tensor leak = each(shape, -most, most);
    bool alike = random.chance(0.5); // the same constants for all
    double tau = random.uniform(1.5e-3, 3e-2);
    Tensor taus = alike ? each(shape, tau, tau) : each(shape, 5e-3, 2e-2);
    if (random.chance(0.3)) {
      return IF{one, each(shape, 0.5, 3.0), {}};
    }
    if (random.chance(0.4)) {
      return LIF{taus, each(shape, 3.0, 9.0), leak, each(shape, 0.5, 2.0), {}};
    }
    CubaLIF cells;
    cells.tau_syn = each(shape, 2e-3, 2e-2);
    cells.tau_mem = taus;
    cells.r = each(shape, 4.0, 9.0);
    cells.v_leak = leak;
    cells.v_threshold = each(shape, 0.5, 2.0);
    cells.w_in = each(shape, 1.0, 4.0);
    return cells;
  }
};

} // namespace nir::test
