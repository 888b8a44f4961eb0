//===- Models.cpp - small networks: layers in a row -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *modelClause = "NIRGraph: each node's own equation, along the edges";

static nir::Params affine(nir::Shape shape, double unit) {
  nir::Shape outputs(shape.begin(), shape.end() - 1);
  return nir::Affine{pattern(std::move(shape), unit), pattern(outputs, unit / 4)};
}

static nir::Params linear(nir::Shape shape, double unit) {
  return nir::Linear{pattern(std::move(shape), unit)};
}

static nir::Params neurons(std::string_view type, int64_t size) {
  return neuronOf(type, nir::Shape{size});
}

//===----------------------------------------------------------------------===//
// Dense layers
//===----------------------------------------------------------------------===//

static void addDense(Catalogue &catalogue) {
  auto add = [&](const std::string &name, std::string tests, const std::string &features,
                 std::vector<nir::Params> nodes, int64_t in, int64_t out, int64_t steps = 30) {
    catalogue.add(
        {"models/feedforward/" + name, std::move(tests), modelClause, "feedforward " + features},
        inARow(std::move(nodes), {in}, {out}), spiking("input", {in}, steps));
  };
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size()), types(type);
    add("two-layers-" + neuron, "Six inputs, five neurons, three neurons.", types,
        {linear({5, 6}, 0.25), neurons(type, 5), linear({3, 5}, 0.5), neurons(type, 3)}, 6, 3);
    add("three-layers-" + neuron, "Three layers with biases.", types + " bias",
        {affine({6, 4}, 0.25), neurons(type, 6), affine({5, 6}, 0.25), neurons(type, 5),
         affine({2, 5}, 0.5), neurons(type, 2)},
        4, 2);
    add("read-out-" + neuron, "A layer read out by leaky integrators.", types + " hybrid LI",
        {linear({6, 5}, 0.25), neurons(type, 6), linear({2, 6}, 0.25), neurons("LI", 2)}, 5, 2);
  }
  add("mixed", "A layer of IF, one of CubaLIF, one of LIF.", "IF CubaLIF LIF",
      {linear({5, 4}, 0.5), neurons("IF", 5), linear({4, 5}, 0.5), neurons("CubaLIF", 4),
       affine({3, 4}, 0.5), neurons("LIF", 3)},
      4, 3);
  add("deep", "Six layers: a spike passes all within a step.", "IF timing",
      {linear({3, 2}, 1), neurons("IF", 3), linear({3, 3}, 0.5), neurons("IF", 3),
       linear({3, 3}, 0.5), neurons("IF", 3), linear({3, 3}, 0.5), neurons("IF", 3),
       linear({3, 3}, 0.5), neurons("IF", 3), linear({2, 3}, 0.5), neurons("IF", 2)},
      2, 2);
  add("wide", "Twelve inputs, twenty neurons, two outputs.", "LIF",
      {linear({20, 12}, 0.125), neurons("LIF", 20), linear({2, 20}, 0.25), neurons("LIF", 2)}, 12,
      2);
  add("with-delays", "A Delay of its own behind each neuron of the first layer.", "Delay LIF",
      {linear({4, 4}, 0.5), neurons("LIF", 4),
       nir::Delay{list({0, exactDt, 3 * exactDt, 6 * exactDt})}, linear({2, 4}, 0.5),
       neurons("LIF", 2)},
      4, 2);
  add("scaled", "Scales between layers instead of weights.", "Scale IF",
      {nir::Scale{list({1.25, 0.5, 0.75})}, neurons("IF", 3), nir::Scale{list({0.625, 0.75, 1.5})},
       neurons("IF", 3)},
      3, 3);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

static nir::Params conv2d(int64_t out, int64_t in, int64_t kernel, int64_t size, int64_t padding,
                          double unit, int64_t stride = 1, int64_t groups = 1) {
  return nir::Conv2d{wholes({size, size}),     pattern({out, in / groups, kernel, kernel}, unit),
                     wholes({stride, stride}), wholes({padding, padding}),
                     wholes({1, 1}),           whole(groups),
                     filled({out}, 0)};
}

static nir::Params sumPool(int64_t size) {
  return nir::SumPool2d{wholes({size, size}), wholes({size, size}), wholes({0, 0})};
}

static nir::Params meanPool(int64_t size) {
  return nir::AvgPool2d{wholes({size, size}), wholes({size, size}), wholes({0, 0})};
}

static nir::Params flatten(const nir::Shape &shape) {
  return nir::Flatten{whole(0), whole(-1), wholes(shape)};
}

static void addConvolutional(Catalogue &catalogue) {
  auto add = [&](const std::string &name, std::string tests, const std::string &features,
                 std::vector<nir::Params> nodes, const nir::Shape &in, const nir::Shape &out) {
    catalogue.add({"models/convolutional/" + name, std::move(tests), modelClause,
                   "convolutional " + features},
                  inARow(std::move(nodes), in, out), spiking("input", in, 12));
  };
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size()), types(type);
    add("classifier-" + neuron, "Convolution, neurons, pool, Flatten, weights, neurons.",
        types + " Conv2d SumPool2d Flatten",
        {conv2d(2, 1, 3, 6, 1, 0.25), neuronOf(type, nir::Shape{2, 6, 6}), sumPool(2),
         flatten({2, 3, 3}), linear({3, 18}, 0.125), neurons(type, 3)},
        {1, 6, 6}, {3});
    add("mean-pool-" + neuron, "A mean pool between convolutions.", types + " AvgPool2d Conv2d",
        {conv2d(2, 2, 3, 6, 1, 0.5), neuronOf(type, nir::Shape{2, 6, 6}), meanPool(2),
         conv2d(3, 2, 2, 3, 0, 0.5), neuronOf(type, nir::Shape{3, 2, 2})},
        {2, 6, 6}, {3, 2, 2});
  }
  add("depthwise-separable", "A kernel for each channel, then one over all channels.",
      "groups Conv2d IF",
      {conv2d(3, 3, 3, 5, 1, 0.25, 1, 3), neuronOf("IF", nir::Shape{3, 5, 5}),
       conv2d(4, 3, 1, 5, 0, 0.5), neuronOf("IF", nir::Shape{4, 5, 5})},
      {3, 5, 5}, {4, 5, 5});
  add("strided", "Strides instead of pools.", "stride Conv2d LIF",
      {conv2d(2, 1, 3, 8, 1, 0.25, 2), neuronOf("LIF", nir::Shape{2, 4, 4}),
       conv2d(2, 2, 2, 4, 0, 0.5, 2), neuronOf("LIF", nir::Shape{2, 2, 2}), flatten({2, 2, 2}),
       linear({2, 8}, 0.5), neurons("LIF", 2)},
      {1, 8, 8}, {2});
  add("one-dimension", "Convolutions over time series.", "Conv1d LIF",
      {nir::Conv1d{whole(12), pattern({3, 2, 3}, 0.25), whole(1), whole(1), whole(1), whole(1),
                   list({0.125, 0, 0.25})},
       neuronOf("LIF", nir::Shape{3, 12}),
       nir::Conv1d{whole(12), pattern({2, 3, 4}, 0.25), whole(2), whole(0), whole(1), whole(1),
                   list({0, 0})},
       neuronOf("LIF", nir::Shape{2, 5})},
      {2, 12}, {2, 5});
  add("pools-in-a-row", "A sum pool and a mean pool in a row.", "SumPool2d AvgPool2d IF",
      {sumPool(2), meanPool(2), neuronOf("IF", nir::Shape{1, 2, 2})}, {1, 8, 8}, {1, 2, 2});
}

void addFeedforwardModels(Catalogue &catalogue) {
  addDense(catalogue);
  addConvolutional(catalogue);
}

//===----------------------------------------------------------------------===//
// Recurrent layers
//===----------------------------------------------------------------------===//

/// A layer that reads itself, between weights.
static Net recurrent(std::string_view type, int64_t in, int64_t size, nir::Params loop) {
  return Net()
      .input("input", {in})
      .node("weights", linear({size, in}, 0.375))
      .node("neurons", neurons(type, size))
      .node("loop", std::move(loop))
      .chain({"input", "weights", "neurons", "loop", "neurons"});
}

void addRecurrentModels(Catalogue &catalogue) {
  auto add = [&](const std::string &name, std::string tests, const std::string &features,
                 const Net &net, int64_t in) {
    catalogue.add(
        {"models/recurrent/" + name, std::move(tests), modelClause, "recurrent cycle " + features},
        net.graph, spiking("input", {in}, 30));
  };
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size()), types(type);
    add("layer-" + neuron, "A recurrent layer of five neurons.", types,
        recurrent(type, 4, 5, linear({5, 5}, 0.125))
            .output("output", {5})
            .edge("neurons", "output"),
        4);
    add("read-out-" + neuron, "A recurrent layer with biases, read out by LIF neurons.",
        types + " bias cycle-start",
        recurrent(type, 4, 5, affine({5, 5}, 0.125))
            .node("out_weights", linear({2, 5}, 0.5))
            .node("out_neurons", neurons("LIF", 2))
            .output("output", {2})
            .chain({"neurons", "out_weights", "out_neurons", "output"}),
        4);
    add("two-layers-" + neuron, "Two recurrent layers, the second also into the first.", types,
        recurrent(type, 3, 4, linear({4, 4}, 0.125))
            .node("up", linear({3, 4}, 0.375))
            .node("second", neurons(type, 3))
            .node("loop2", linear({3, 3}, 0.125))
            .node("down", linear({4, 3}, 0.125))
            .output("output", {3})
            .chain({"neurons", "up", "second", "output"})
            .chain({"second", "loop2", "second"})
            .chain({"second", "down", "neurons"}),
        3);
  }
  add("delayed", "Recurrent weights behind Delays of one to four steps.", "Delay LIF",
      recurrent("LIF", 3, 4, nir::Delay{list({exactDt, 2 * exactDt, 3 * exactDt, 4 * exactDt})})
          .output("output", {4})
          .edge("neurons", "output"),
      3);
  add("winner-takes-all", "Neurons that inhibit each other.", "IF inhibition",
      recurrent(
          "IF", 4, 4,
          nir::Linear{tensor({4, 4}, {0, -1, -1, -1, -1, 0, -1, -1, -1, -1, 0, -1, -1, -1, -1, 0})})
          .output("output", {4})
          .edge("neurons", "output"),
      4);
  add("balanced", "Excitatory neurons and inhibitory ones.", "LIF inhibition",
      Net()
          .input("input", {4})
          .node("in", linear({6, 4}, 0.375))
          .node("excite", neurons("LIF", 6))
          .node("ei", linear({2, 6}, 0.375))
          .node("inhibit", neurons("LIF", 2))
          .node("ie", nir::Linear{filled({6, 2}, -0.5)})
          .node("ee", linear({6, 6}, 0.0625))
          .output("output", {6})
          .chain({"input", "in", "excite", "output"})
          .chain({"excite", "ei", "inhibit", "ie", "excite"})
          .chain({"excite", "ee", "excite"}),
      4);
}

} // namespace nirc::conformance
