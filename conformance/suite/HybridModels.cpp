//===- HybridModels.cpp - small networks of unlike parts ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *modelClause = "NIRGraph: each node's own equation, along the edges";

static nir::Params linear(nir::Shape shape, double unit) {
  return nir::Linear{pattern(std::move(shape), unit)};
}

static void add(Catalogue &catalogue, const std::string &name, std::string tests,
                const std::string &features, const Net &net, std::vector<nir::Trace> inputs) {
  catalogue.add({"models/" + name, std::move(tests), modelClause, features}, net.graph,
                std::move(inputs));
}

static void addAnalog(Catalogue &catalogue) {
  for (std::string_view type : analogTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    add(catalogue, "hybrid/filter-" + neuron, "A filter of analog neurons in front of a LIF.",
        "hybrid LIF " + std::string(type),
        Net()
            .input("input", {3})
            .node("filter", neuronOf(type, nir::Shape{3}))
            .node("weights", linear({2, 3}, 0.125))
            .node("lif", neuronOf("LIF", nir::Shape{2}))
            .output("output", {2})
            .chain({"input", "filter", "weights", "lif", "output"}),
        {exciting("input", {3}, 30)});
    add(catalogue, "hybrid/feedback-" + neuron, "Spikes come back through an analog neuron.",
        "hybrid cycle LIF " + std::string(type),
        Net()
            .input("input", {2})
            .node("lif", neuronOf("LIF", nir::Shape{2}))
            .node("slow", neuronOf(type, nir::Shape{2}))
            .node("weights", nir::Scale{list({-0.125, -0.0625})})
            .output("output", {2})
            .chain({"input", "lif", "slow", "weights", "lif", "output"}),
        {drive("input", {2}, constant(0.75, 60))});
  }
  add(catalogue, "hybrid/threshold-layer",
      "Thresholds make spikes of an input, neurons count them.", "hybrid Threshold IF",
      Net()
          .input("input", {4})
          .node("threshold", nir::Threshold{list({0, 0.125, -0.125, 0.25})})
          .node("weights", linear({2, 4}, 0.125))
          .node("if", neuronOf("IF", nir::Shape{2}))
          .output("output", {2})
          .chain({"input", "threshold", "weights", "if", "output"}),
      {changing("input", {4}, 30)});
  add(catalogue, "hybrid/two-rates", "Fast neurons drive slow ones through a synapse.",
      "hybrid LIF CubaLIF time-constant",
      Net()
          .input("input", {2})
          .node("fast", neuronOf("LIF",
                                 [] {
                                   NeuronNumbers numbers = numbersOf("LIF", {2});
                                   numbers.tauMem = list({2 * exactDt, 4 * exactDt});
                                   numbers.r = list({2, 4});
                                   return numbers;
                                 }()))
          .node("slow", neuronOf("CubaLIF",
                                 [] {
                                   NeuronNumbers numbers = numbersOf("CubaLIF", {2});
                                   numbers.tauMem = list({32 * exactDt, 64 * exactDt});
                                   numbers.r = list({8, 16});
                                   return numbers;
                                 }()))
          .output("fast_out", {2})
          .output("slow_out", {2})
          .chain({"input", "fast", "slow", "slow_out"})
          .edge("fast", "fast_out"),
      {drive("input", {2}, constant(0.75, 80))});
  add(catalogue, "hybrid/all-neurons", "All six neurons side by side on one input.",
      "hybrid several-outputs",
      [] {
        Net net;
        net.input("input", {2});
        for (std::string_view type : neuronTypes) {
          std::string name(type);
          net.node(name, neuronOf(type, nir::Shape{2})).output("out_" + name, {2});
          net.chain({"input", name, "out_" + name});
        }
        return net;
      }(),
      {exciting("input", {2}, 24)});
  add(catalogue, "hybrid/normalised",
      "A Scale and an Affine around a neuron, as a batch norm is "
      "exported.",
      "hybrid Scale Affine LIF",
      Net()
          .input("input", {3})
          .node("scale", nir::Scale{list({0.5, 2, 1.25})})
          .node("affine",
                nir::Affine{tensor({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}), list({0.25, -0.125, 0})})
          .node("lif", neuronOf("LIF", nir::Shape{3}))
          .output("output", {3})
          .chain({"input", "scale", "affine", "lif", "output"}),
      {exciting("input", {3}, 30)});
}

/// A layer as a subgraph: weights and neurons.
static nir::Graph layer(std::string_view type, int64_t in, int64_t out, double unit) {
  return Net()
      .input("in", {in})
      .node("weights", linear({out, in}, unit))
      .node("neurons", neuronOf(type, nir::Shape{out}))
      .output("out", {out})
      .chain({"in", "weights", "neurons", "out"})
      .graph;
}

static void addNested(Catalogue &catalogue) {
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    add(catalogue, "nested/layers-" + neuron, "Each layer is a subgraph.",
        "nesting feedforward NIRGraph " + std::string(type),
        Net()
            .input("input", {4})
            .node("layer1", layer(type, 4, 5, 0.375))
            .node("layer2", layer(type, 5, 3, 0.375))
            .output("output", {3})
            .chain({"input", "layer1", "layer2", "output"}),
        {spiking("input", {4}, 24)});
  }
  add(catalogue, "nested/recurrent",
      "A recurrent layer as a subgraph, as snnTorch and Norse write "
      "them.",
      "nesting recurrent cycle LIF",
      Net()
          .input("input", {3})
          .node("rnn", Net()
                           .input("input", {3})
                           .node("lif", neuronOf("LIF", nir::Shape{3}))
                           .node("w_rec", linear({3, 3}, 0.125))
                           .output("output", {3})
                           .chain({"input", "lif", "output"})
                           .chain({"lif", "w_rec", "lif"})
                           .graph)
          .node("weights", linear({2, 3}, 0.5))
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .output("output", {2})
          .chain({"input", "rnn", "weights", "lif", "output"}),
      {exciting("input", {3}, 30)});
  add(catalogue, "nested/loop-of-graphs", "Two subgraphs that drive each other.",
      "nesting cycle recurrent CubaLIF IF",
      Net()
          .input("input", {2})
          .node("there", layer("CubaLIF", 2, 3, 0.375))
          .node("back", layer("IF", 3, 2, 0.25))
          .output("output", {3})
          .chain({"input", "there", "output"})
          .chain({"there", "back", "there"}),
      {exciting("input", {2}, 30)});
  add(catalogue, "nested/two-branches", "Two subgraphs side by side, joined by weights.",
      "nesting fan-in fan-out LIF",
      Net()
          .input("input", {3})
          .node("left", layer("LIF", 3, 2, 0.375))
          .node("right", layer("CubaLIF", 3, 2, 0.25))
          .node("if", neuronOf("IF", nir::Shape{2}))
          .node("half", nir::Scale{list({0.625, 0.625})})
          .output("output", {2})
          .chain({"input", "left", "half", "if", "output"})
          .chain({"input", "right", "half"}),
      {spiking("input", {3}, 30)});
}

static void addWays(Catalogue &catalogue) {
  add(catalogue, "multimodal/two-senses", "Two Inputs of different shapes meet in one layer.",
      "several-inputs fan-in Conv2d LIF",
      Net()
          .input("picture", {1, 4, 4})
          .input("sound", {3})
          .node("conv", nir::Conv2d{wholes({4, 4}), pattern({2, 1, 3, 3}, 0.25), wholes({1, 1}),
                                    wholes({0, 0}), wholes({1, 1}), whole(1), list({0, 0})})
          .node("seen", neuronOf("LIF", nir::Shape{2, 2, 2}))
          .node("flatten", nir::Flatten{whole(0), whole(-1), wholes({2, 2, 2})})
          .node("of_picture", linear({3, 8}, 0.25))
          .node("of_sound", linear({3, 3}, 0.25))
          .node("both", neuronOf("LIF", nir::Shape{3}))
          .output("output", {3})
          .chain({"picture", "conv", "seen", "flatten", "of_picture", "both", "output"})
          .chain({"sound", "of_sound", "both"}),
      {spiking("picture", {1, 4, 4}, 16), spiking("sound", {3}, 16)});
  add(catalogue, "multimodal/residual", "A residual block: the way around adds to its weights.",
      "fan-in timing IF",
      Net()
          .input("input", {3})
          .node("in", neuronOf("IF", nir::Shape{3}))
          .node("weights", linear({3, 3}, 0.25))
          .node("middle", neuronOf("IF", nir::Shape{3}))
          .node("out", neuronOf("IF", nir::Shape{3}))
          .node("half", nir::Scale{list({0.75, 0.75, 0.75})})
          .output("output", {3})
          .chain({"input", "in", "weights", "middle", "half", "out", "output"})
          .edge("in", "out"),
      {exciting("input", {3}, 30)});
  add(catalogue, "multimodal/coincidence",
      "Two ways with different Delays: only a pair of spikes "
      "in the right distance is answered.",
      "Delay fan-in LIF timing",
      Net()
          .input("input", {2})
          .node("delay", nir::Delay{list({4 * exactDt, 0})})
          .node("weights", nir::Linear{tensor({1, 2}, {0.625, 0.625})})
          .node("lif", neuronOf("LIF"))
          .output("output", {1})
          .chain({"input", "delay", "weights", "lif", "output"}),
      {drive("input", {2}, steps({1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1}, 60))});
}

void addHybridModels(Catalogue &catalogue) {
  addAnalog(catalogue);
  addNested(catalogue);
  addWays(catalogue);
}

} // namespace nirc::conformance
