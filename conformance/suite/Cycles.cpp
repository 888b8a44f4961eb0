//===- Cycles.cpp - graphs with cycles ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *cycleClause =
    "NIRGraph: may have cycles; in steps, one edge of each is a step late";

static void add(Catalogue &catalogue, const std::string &name, std::string tests,
                const std::string &features, const Net &net, std::vector<nir::Trace> inputs) {
  catalogue.add({"nodes/cycles/" + name, std::move(tests), cycleClause, "cycle " + features},
                net.graph, std::move(inputs));
}

static nir::Params linear(nir::Shape shape, const std::vector<double> &weights) {
  return nir::Linear{tensor(std::move(shape), weights)};
}

/// Neurons that read themselves, directly or through `loop`.
static Net layer(std::string_view type, int64_t size, nir::Params loop) {
  return Net()
      .input("input", {size})
      .node("neuron", neuronOf(type, nir::Shape{size}))
      .node("loop", std::move(loop))
      .output("output", {size})
      .chain({"input", "neuron", "output"})
      .chain({"neuron", "loop", "neuron"});
}

static void addSelfLoops(Catalogue &catalogue, std::string_view type) {
  std::string neuron = nodeCase(type, "").substr(6, type.size()), types = std::string(type);
  add(catalogue, "self-" + neuron, "A neuron whose spike comes back to it a step later.",
      types + " timing",
      Net()
          .input("input", {1})
          .node("neuron", neuronOf(type))
          .output("output", {1})
          .chain({"input", "neuron", "neuron", "output"}),
      {drive(steps({1.5, 0, 0.25, 0, 0, 0, 0, 0.5, 0.125, 0, 0, 0, 0, 0, 0, 1}, 24))});
  add(catalogue, "excites-itself-" + neuron,
      "A spike that comes back by a weight of 1.25 is a "
      "spike in every step.",
      types, layer(type, 1, linear({1, 1}, {1.25})), {drive(steps({0.5, 0, 0.75}, 16))});
  add(catalogue, "inhibits-itself-" + neuron, "A spike that comes back by a weight of -1.",
      types + " inhibition", layer(type, 1, linear({1, 1}, {-1})),
      {drive(steps({1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5}, 16))});
  add(catalogue, "weights-" + neuron, "A layer that reads itself by weights.", types,
      layer(type, 3, linear({3, 3}, {0, 0.75, -0.5, 0.5, 0, 0.75, 1, -0.25, 0})),
      {exciting("input", {3}, 24)});
  add(catalogue, "bias-" + neuron, "The bias of recurrent weights acts in step 0.",
      types + " cycle-start bias",
      layer(type, 2, nir::Affine{tensor({2, 2}, {0, -0.5, 0.5, 0}), list({0.375, 0.25})}),
      {drive("input", {2}, steps({0.75, 0.875, 0, 0, 0, 0, 0, 0.5}, 32))});
  add(catalogue, "delay-" + neuron, "A spike comes back by a Delay of three steps.",
      types + " Delay", layer(type, 1, nir::Delay{list({3 * exactDt})}),
      {drive(steps({1.5, 0, 0, 0.5, 0, 0, 0.125, 0, 0, 0.25}, 24))});
  add(catalogue, "delay-of-one-step-" + neuron,
      "A Delay of one step in a cycle holds a spike back by one step, not two.",
      types + " Delay timing", layer(type, 1, nir::Delay{list({exactDt})}),
      {drive(steps({1.5, 0.125, 0, 0, 0, 0.25, 0.25, 0, 0, 1.25, 0.5}, 24))});
}

static void addMutual(Catalogue &catalogue) {
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    add(catalogue, "mutual-" + neuron, "Two populations that drive each other by weights.",
        std::string(type) + " timing",
        Net()
            .input("input", {2})
            .node("first", neuronOf(type, nir::Shape{2}))
            .node("there", linear({3, 2}, {1, 0.5, -0.5, 1.25, 1.5, 0}))
            .node("second", neuronOf(type, nir::Shape{3}))
            .node("back", linear({2, 3}, {-0.75, 0.5, 0.5, 0.25, -1, 0.75}))
            .output("output", {3})
            .chain({"input", "first", "there", "second", "output"})
            .chain({"second", "back", "first"}),
        {exciting("input", {2}, 24)});
  }
  add(catalogue, "ring-of-three", "Three neurons in a ring: a spike goes round.", "IF timing",
      Net()
          .input("input", {1})
          .node("a", neuronOf("IF"))
          .node("ab", linear({1, 1}, {1.25}))
          .node("b", neuronOf("IF"))
          .node("bc", linear({1, 1}, {1.25}))
          .node("c", neuronOf("IF"))
          .node("ca", linear({1, 1}, {0.75}))
          .output("output", {1})
          .chain({"input", "a", "ab", "b", "bc", "c", "ca", "a"})
          .edge("c", "output"),
      {drive(steps({1.5, 0, 0, 0.5, 0, 0, 0, 0.5}, 20))});
  add(catalogue, "two-loops-share-a-neuron", "Two cycles through one neuron.", "LIF",
      Net()
          .input("input", {1})
          .node("hub", neuronOf("LIF"))
          .node("excite", linear({1, 1}, {0.625}))
          .node("relay", neuronOf("LIF"))
          .node("inhibit", linear({1, 1}, {-0.5}))
          .node("amplify", linear({1, 1}, {1.5}))
          .output("output", {1})
          .chain({"input", "hub", "output"})
          .chain({"hub", "excite", "hub"})
          .chain({"hub", "amplify", "relay", "inhibit", "hub"}),
      {drive(steps({1.5, 0.5, 0.5, 0.5, 0.5, 0.75, 0, 0, 1}, 24))});
  add(catalogue, "beside-a-way-out", "A cycle beside the way from Input to Output.", "LIF",
      Net()
          .input("input", {1})
          .node("first", neuronOf("LIF"))
          .node("second", neuronOf("LIF"))
          .node("there", linear({1, 1}, {1.25}))
          .node("back", linear({1, 1}, {0.5}))
          .output("output", {1})
          .chain({"input", "first", "output"})
          .chain({"first", "there", "second", "back", "first"}),
      {drive(steps({1.5, 0.5, 0.25, 0, 0.75, 0.25, 0.5}, 20))});
}

static void addOthers(Catalogue &catalogue) {
  for (std::string_view type : analogTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    add(catalogue, "analog-" + neuron, "v comes back by a weight of -0.25, a step later.",
        std::string(type) + " hybrid", layer(type, 1, linear({1, 1}, {-0.25})),
        {drive(steps({1, 0, 0, 0.5}, 10))});
  }
  add(catalogue, "delay-alone", "A cycle without a neuron: a Delay and a Scale of -0.5.",
      "Delay Scale",
      Net()
          .input("input", {1})
          .node("delay", nir::Delay{list({2 * exactDt})})
          .node("scale", nir::Scale{list({-0.5})})
          .output("output", {1})
          .chain({"input", "delay", "scale", "delay"})
          .edge("delay", "output"),
      {drive(steps({1, 0, 0, 0.5}, 14))});
  add(catalogue, "delays-per-element", "A cycle whose Delay has another length in each element.",
      "Delay per-element", layer("IF", 3, nir::Delay{list({exactDt, 2 * exactDt, 4 * exactDt})}),
      {drive("input", {3},
             steps({1.5, 1.5, 1.5, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 0.25, 0.25, 0.25}, 60))});
  add(catalogue, "conv", "A layer that reads itself by a convolution.", "Conv1d LIF",
      Net()
          .input("input", {1, 6})
          .node("lif", neuronOf("LIF", nir::Shape{1, 6}))
          .node("conv", nir::Conv1d{whole(6), tensor({1, 1, 3}, {0.75, -0.5, 0.5}), whole(1),
                                    whole(1), whole(1), whole(1), list({0})})
          .output("output", {1, 6})
          .chain({"input", "lif", "output"})
          .chain({"lif", "conv", "lif"}),
      {exciting("input", {1, 6}, 20)});
  add(catalogue, "threshold", "A cycle through a neuron and a Threshold.", "Threshold LI hybrid",
      Net()
          .input("input", {1})
          .node("li", neuronOf("LI"))
          .node("threshold", nir::Threshold{list({1})})
          .node("back", linear({1, 1}, {-1.5}))
          .output("output", {1})
          .chain({"input", "li", "threshold", "output"})
          .chain({"threshold", "back", "li"}),
      {drive(steps({1.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, 16))});
  add(catalogue, "two-ways-back", "Two recurrent connections with biases add up.",
      "LIF cycle-start fan-in bias",
      layer("LIF", 2, nir::Affine{tensor({2, 2}, {0, 0.5, -0.5, 0}), list({0.25, 0.125})})
          .node("other", nir::Affine{tensor({2, 2}, {-0.25, 0, 0, 0.25}), list({0.125, 0.25})})
          .chain({"neuron", "other", "neuron"}),
      {drive("input", {2}, steps({0.75, 0.75, 0, 0, 0.25, 0}, 32))});
  add(catalogue, "through-two-connections",
      "Two connections in a row on the way back, with biases.", "IF cycle-start bias",
      Net()
          .input("input", {1})
          .node("neuron", neuronOf("IF"))
          .node("first", nir::Affine{tensor({2, 1}, {0.5, -1}), list({0.25, 0.5})})
          .node("second", nir::Affine{tensor({1, 2}, {0.5, 0.25}), list({0.125})})
          .output("output", {1})
          .chain({"input", "neuron", "output"})
          .chain({"neuron", "first", "second", "neuron"}),
      {drive(steps({0.75, 0, 0, 0.25}, 20))});
  add(catalogue, "bias-shown", "What comes back is an Output too: its bias shows in step 0.",
      "LIF cycle-start bias",
      layer("LIF", 1, nir::Affine{tensor({1, 1}, {-0.5}), list({0.375})})
          .output("shown", {1})
          .edge("loop", "shown"),
      {drive(steps({0.75, 0, 0, 0.5}, 16))});
  add(catalogue, "duplicate", "A recurrent edge that is listed twice counts twice.",
      "LIF duplicate-edges", layer("LIF", 1, linear({1, 1}, {0.375})).edge("loop", "neuron"),
      {drive(steps({1.5, 0.375, 0.25, 0.375, 0.5, 0.25}, 20))});
}

void addCycles(Catalogue &catalogue) {
  for (std::string_view type : spikingTypes) {
    addSelfLoops(catalogue, type);
  }
  addMutual(catalogue);
  addOthers(catalogue);
}

} // namespace nirc::conformance
