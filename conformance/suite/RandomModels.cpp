//===- RandomModels.cpp - networks from seeds -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A generator of its own, so that no change of another one changes the suite: layers of random
// size and kind, and edges that skip layers or lead back. Numbers are small multiples of 1/16.
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

namespace {
/// Numbers from a seed (splitmix64, Steele et al. 2014, doi:10.1145/2660193.2660195).
class Dice {
public:
  explicit Dice(uint64_t seed) : state(seed) {}
  /// 0 ... count - 1.
  int64_t below(int64_t count) {
    state += 0x9E3779B97F4A7C15ULL;
    uint64_t x = state;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<int64_t>((x ^ (x >> 31)) % static_cast<uint64_t>(count));
  }
  int64_t between(int64_t least, int64_t most) { return least + below(most - least + 1); }
  bool oneIn(int64_t count) { return below(count) == 0; }
  /// Multiples of 1/16 from `least` to `most` sixteenths.
  nir::Tensor sixteenths(nir::Shape shape, int64_t least, int64_t most) {
    std::vector<double> values(static_cast<size_t>(nir::numElements(shape)));
    for (double &value : values) {
      value = static_cast<double>(between(least, most)) / 16.0;
    }
    return tensor(std::move(shape), values);
  }

private:
  uint64_t state;
};

/// A graph of a seed, layer by layer.
class Builder {
public:
  explicit Builder(uint64_t seed) : dice(seed) {}

  nir::Graph build(int64_t &inputs) {
    inputs = dice.between(2, 5);
    net.input("input", {inputs});
    layers.push_back({"input", inputs});
    int64_t count = dice.between(2, 4);
    for (int64_t i = 0; i < count; ++i) {
      addLayer(i, /*isLast=*/i + 1 == count);
    }
    if (dice.oneIn(2)) {
      connect(layers[1 + static_cast<size_t>(dice.below(count))], layers[1], "back");
    }
    if (dice.oneIn(2)) {
      connect(layers.front(), layers.back(), "skip");
    }
    net.output("output", {layers.back().size}).edge(layers.back().name, "output");
    return std::move(net.graph);
  }

private:
  struct Layer {
    std::string name;
    int64_t size;
  };

  NeuronNumbers numbers(std::string_view type, int64_t size) {
    NeuronNumbers n = numbersOf(type, {size});
    n.vThreshold = dice.sixteenths({size}, 10, 24);
    n.vReset = dice.sixteenths({size}, -6, 4);
    n.vLeak = dice.oneIn(2) ? n.vLeak : dice.sixteenths({size}, -4, 6);
    if (dice.oneIn(3)) {
      n.vReset.reset();
    }
    double tau = static_cast<double>(int64_t(2) << dice.below(4));
    n.tauMem = filled({size}, tau * exactDt);
    n.r = filled({size}, hasLeak(type) ? tau : 1.0);
    return n;
  }

  /// Weights, then neurons, then now and then a Delay or a Scale.
  void addLayer(int64_t place, bool isLast) {
    Layer from = layers.back();
    int64_t size = dice.between(2, 5);
    std::string weights = "w" + std::to_string(place), name = "n" + std::to_string(place);
    nir::Tensor weight = dice.sixteenths({size, from.size}, -6, 14);
    if (dice.oneIn(2)) {
      net.node(weights, nir::Affine{weight, dice.sixteenths({size}, -2, 4)});
    } else {
      net.node(weights, nir::Linear{weight});
    }
    std::string_view type = spikingTypes[static_cast<size_t>(dice.below(3))];
    if (!isLast && dice.oneIn(6)) {
      type = "LI";
    }
    net.node(name, neuronOf(type, numbers(type, size))).chain({from.name, weights, name});
    layers.push_back({name, size});
    if (dice.oneIn(3)) {
      std::string delay = "d" + std::to_string(place);
      std::vector<double> seconds(static_cast<size_t>(size));
      for (double &one : seconds) {
        one = static_cast<double>(dice.below(5)) * exactDt;
      }
      net.node(delay, nir::Delay{list(seconds)}).edge(name, delay);
      layers.back().name = delay;
    }
  }

  void connect(const Layer &source, const Layer &target, const std::string &name) {
    // Into the neurons themselves, not what delays their spikes.
    std::string neurons = target.name;
    neurons.front() = 'n';
    net.node(name, nir::Linear{dice.sixteenths({target.size, source.size}, -6, 6)})
        .chain({source.name, name, neurons});
  }

  Dice dice;
  Net net;
  std::vector<Layer> layers;
};
} // namespace

void addRandomModels(Catalogue &catalogue) {
  // Without 9, 10 and 13, whose Outputs stay silent.
  for (uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}) {
    int64_t inputs = 0;
    nir::Graph graph = Builder(seed).build(inputs);
    std::string name = std::to_string(seed);
    catalogue.add({"models/random/" + std::string(2 - std::min<size_t>(2, name.size()), '0') + name,
                   "A random network, from the seed " + name + ".",
                   "NIRGraph: each node's own equation, along the edges", "random"},
                  std::move(graph), spiking("input", {inputs}, 32));
  }
}

} // namespace nirc::conformance
