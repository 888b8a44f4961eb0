//===- Edges.cpp - what reaches a node ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <cmath>

namespace nirc::conformance {

constexpr const char *sumClause = "NIRGraph: what reaches a node over several edges adds up";

static nir::Params linear(nir::Shape shape, const std::vector<double> &weights) {
  return nir::Linear{tensor(std::move(shape), weights)};
}

static void add(Catalogue &catalogue, const char *name, std::string tests,
                std::string_view features, const Net &net, std::vector<nir::Trace> inputs) {
  catalogue.add({std::string("nodes/edges/") + name, std::move(tests), sumClause, features},
                net.graph, std::move(inputs));
}

/// Two ways from the Input to a node of that kind.
static void addFanIn(Catalogue &catalogue, std::string_view type) {
  std::string neuron = nodeCase(type, "").substr(6, type.size());
  auto two = [&] {
    return Net()
        .input("input", {2})
        .node("first", linear({1, 2}, {0.5, 0.25}))
        .node("second", linear({1, 2}, {-0.25, 0.75}))
        .node("neuron", neuronOf(type, nir::Shape{1}))
        .output("output", {1})
        .chain({"input", "first", "neuron", "output"})
        .chain({"input", "second", "neuron"});
  };
  add(catalogue, ("two-into-" + neuron).c_str(), "Two edges into a neuron add up.",
      "fan-in " + std::string(type), two(), {exciting("input", {2}, 24)});
  add(catalogue, ("three-into-" + neuron).c_str(), "Three edges into a neuron add up.",
      "fan-in " + std::string(type),
      two().node("third", linear({1, 2}, {0.125, 0.125})).chain({"input", "third", "neuron"}),
      {exciting("input", {2}, 24)});
  add(catalogue, ("twice-into-" + neuron).c_str(),
      "An edge into a neuron that is listed twice counts twice.",
      "duplicate-edges " + std::string(type),
      Net()
          .input("input", {1})
          .node("neuron", neuronOf(type, nir::Shape{1}))
          .output("output", {1})
          .edge("input", "neuron")
          .edge("input", "neuron")
          .edge("neuron", "output"),
      {drive(steps({0.75, 0, 0.25, 0.25, 0, 0.5, 0.375}, 20))});
}

static void addDuplicates(Catalogue &catalogue) {
  add(catalogue, "twice-into-an-output", "An edge into an Output that is listed twice.",
      "duplicate-edges Output",
      Net()
          .input("input", {2})
          .output("output", {2})
          .edge("input", "output")
          .edge("input", "output"),
      {changing("input", {2}, 6)});
  add(catalogue, "three-times", "An edge that is listed three times counts three times.",
      "duplicate-edges Linear",
      Net()
          .input("input", {2})
          .node("linear", linear({1, 2}, {1, 0.5}))
          .output("output", {1})
          .edge("input", "linear")
          .edge("input", "linear")
          .edge("input", "linear")
          .edge("linear", "output"),
      {changing("input", {2}, 6)});
  add(catalogue, "twice-from-a-neuron", "Spikes over an edge that is listed twice are counted.",
      "duplicate-edges LIF",
      Net()
          .input("input", {2})
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .node("linear", linear({1, 2}, {1, -1}))
          .output("output", {1})
          .edge("input", "lif")
          .edge("lif", "linear")
          .edge("lif", "linear")
          .edge("linear", "output"),
      {drive("input", {2}, {1.5, 0, 0, 1.5, 2, 2, 0.5, 0, 0.75, 1.25})});
  add(catalogue, "twice-into-an-affine", "A bias counts once, however often the edge is listed.",
      "duplicate-edges Affine bias",
      Net()
          .input("input", {2})
          .node("affine", nir::Affine{tensor({1, 2}, {1, 0.5}), list({0.25})})
          .output("output", {1})
          .edge("input", "affine")
          .edge("input", "affine")
          .edge("affine", "output"),
      {changing("input", {2}, 6)});
}

static void addWays(Catalogue &catalogue) {
  add(catalogue, "fan-out", "One neuron drives three nodes.", "fan-out LIF",
      Net()
          .input("input", {1})
          .node("lif", neuronOf("LIF"))
          .node("a", linear({1, 1}, {0.5}))
          .node("b", linear({1, 1}, {-1}))
          .node("c", nir::Delay{list({exactDt})})
          .output("out_a", {1})
          .output("out_b", {1})
          .output("out_c", {1})
          .chain({"input", "lif", "a", "out_a"})
          .chain({"lif", "b", "out_b"})
          .chain({"lif", "c", "out_c"}),
      {drive(steps({1.5, 0, 0.75, 0.5, 0, 1.25}))});
  add(catalogue, "skip", "A way around a neuron adds to what it sends.", "fan-in LIF timing",
      Net()
          .input("input", {2})
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .output("output", {2})
          .chain({"input", "lif", "output"})
          .edge("input", "output"),
      {exciting("input", {2}, 12)});
  add(catalogue, "skip-two-layers", "A way around two neurons arrives in the same step.",
      "timing fan-in LIF",
      Net()
          .input("input", {1})
          .node("first", neuronOf("LIF"))
          .node("scale", nir::Scale{list({0.75})})
          .node("second", neuronOf("LIF"))
          .output("output", {1})
          .chain({"input", "first", "scale", "second", "output"})
          .edge("first", "second"),
      {drive(steps({1.5, 0, 1.25, 0, 0, 1.125, 1.5}))});
  add(catalogue, "diamond", "Two ways of different length from one neuron to another.",
      "timing fan-in IF",
      Net()
          .input("input", {1})
          .node("source", neuronOf("IF"))
          .node("relay", neuronOf("IF"))
          .node("amplify", nir::Scale{list({1.5})})
          .node("target", neuronOf("IF"))
          .output("output", {1})
          .chain({"input", "source", "amplify", "relay", "target", "output"})
          .edge("source", "target"),
      {drive(steps({1.5, 0, 0, 1.25, 0, 1.75}))});
  add(catalogue, "through-the-step", "A spike passes four neurons in the step of its input.",
      "timing IF",
      [] {
        Net net;
        net.input("input", {1});
        std::string last = "input";
        for (std::string name : {"1", "2", "3", "4"}) {
          net.node("w" + name, linear({1, 1}, {1.25})).node("n" + name, neuronOf("IF"));
          net.chain({last, "w" + name, "n" + name});
          last = "n" + name;
        }
        return net.output("output", {1}).edge(last, "output");
      }(),
      {drive(steps({1, 0, 0.5, 0.5, 0, 0, 1}))});
  add(catalogue, "neuron-into-neuron", "An edge from neuron to neuron without weights.",
      "timing IF",
      Net()
          .input("input", {2})
          .node("first", neuronOf("IF", nir::Shape{2}))
          .node("second", neuronOf("IF",
                                   [] {
                                     NeuronNumbers numbers = numbersOf("IF", {2});
                                     numbers.vThreshold = list({0.5, 1.5});
                                     return numbers;
                                   }()))
          .output("output", {2})
          .chain({"input", "first", "second", "output"}),
      {drive("input", {2}, {1.5, 1.5, 0, 0, 1.25, 1.25, 1.5, 2, 0, 0, 0.5, 2})});
}

static void addPortsAndOrders(Catalogue &catalogue) {
  add(catalogue, "three-inputs", "Three Inputs, each with its own weights, into one neuron.",
      "several-inputs fan-in LIF",
      Net()
          .input("a", {2})
          .input("b", {1})
          .input("c", {3})
          .node("wa", linear({1, 2}, {0.5, -0.5}))
          .node("wb", linear({1, 1}, {1}))
          .node("wc", linear({1, 3}, {0.25, 0.5, 0.75}))
          .node("lif", neuronOf("LIF"))
          .output("output", {1})
          .chain({"a", "wa", "lif", "output"})
          .chain({"b", "wb", "lif"})
          .chain({"c", "wc", "lif"}),
      {changing("a", {2}, 16), spiking("b", {1}, 16), spiking("c", {3}, 16)});
  add(catalogue, "inputs-apart", "Two Inputs, each with an Output of its own.",
      "several-inputs several-outputs",
      Net()
          .input("a", {2})
          .input("b", {1})
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .node("li", neuronOf("LI"))
          .output("out_a", {2})
          .output("out_b", {1})
          .chain({"a", "lif", "out_a"})
          .chain({"b", "li", "out_b"}),
      {changing("a", {2}, 16), spiking("b", {1}, 16)});
  add(catalogue, "output-of-every-layer", "An Output behind each of three nodes.",
      "several-outputs fan-out",
      Net()
          .input("input", {2})
          .node("linear", linear({2, 2}, {1, 0.5, -0.5, 1}))
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .node("li", neuronOf("LI", nir::Shape{2}))
          .output("first", {2})
          .output("second", {2})
          .output("third", {2})
          .chain({"input", "linear", "lif", "li", "third"})
          .edge("linear", "first")
          .edge("lif", "second"),
      {exciting("input", {2}, 16)});
  double huge = std::ldexp(1.0, 60);
  auto ordered = [&](const std::vector<std::string> &order) {
    Net net;
    net.input("input", {1})
        .node("large", linear({1, 1}, {huge}))
        .node("small", linear({1, 1}, {1}))
        .node("minus", linear({1, 1}, {-huge}))
        .output("output", {1});
    for (const std::string &name : order) {
      net.edge("input", name);
    }
    for (const std::string &name : order) {
      net.edge(name, "output");
    }
    return net;
  };
  add(catalogue, "sum-in-order", "Edges add up in their order: a small number last stays.",
      "rounding fan-in", ordered({"large", "minus", "small"}), {drive({1, 2, -1})});
  add(catalogue, "sum-in-another-order",
      "Edges add up in their order: a small number between two large ones is lost.",
      "rounding fan-in silence", ordered({"large", "small", "minus"}), {drive({1, 2, -1})});
  add(catalogue, "edges-before-nodes", "Edges in another order than the nodes.", "fan-in",
      Net()
          .output("output", {1})
          .node("lif", neuronOf("LIF"))
          .node("linear", linear({1, 1}, {1.5}))
          .input("input", {1})
          .edge("lif", "output")
          .edge("linear", "lif")
          .edge("input", "linear"),
      {drive(steps({1, 0, 0.5, 0.25}))});
}

/// Nodes that nothing reaches or reads are inside a subgraph: a tool may give those outside ports.
static void addUnconnected(Catalogue &catalogue) {
  auto inside = [](Net inner) {
    return Net()
        .input("input", {2})
        .node("inner", std::move(inner.graph))
        .output("output", {2})
        .chain({"input", "inner", "output"});
  };
  auto passing = [] {
    return Net()
        .input("in", {2})
        .node("lif", neuronOf("LIF", nir::Shape{2}))
        .output("out", {2})
        .chain({"in", "lif", "out"});
  };
  NeuronNumbers pacemaker = numbersOf("LIF", {2});
  pacemaker.vLeak = list({1.5, 3});
  add(catalogue, "no-edge-out", "A neuron whose spikes go nowhere changes nothing.",
      "unconnected LIF",
      inside(passing().node("lost", neuronOf("LIF", nir::Shape{2})).edge("in", "lost")),
      {exciting("input", {2}, 16)});
  add(catalogue, "no-edge-in", "A neuron that no edge enters is driven by its leak alone.",
      "unconnected LIF v_leak",
      inside(Net()
                 .input("in", {2})
                 .node("alone", neuronOf("LIF", pacemaker))
                 .output("out", {2})
                 .edge("in", "out")
                 .edge("alone", "out")),
      {exciting("input", {2}, 24)});
  add(catalogue, "bias-without-an-edge", "An Affine that no edge enters passes on its bias.",
      "unconnected Affine bias",
      inside(Net()
                 .input("in", {2})
                 .node("affine", nir::Affine{pattern({2, 3}), list({0.375, -0.25})})
                 .node("lif", neuronOf("LIF", nir::Shape{2}))
                 .output("out", {2})
                 .chain({"in", "lif", "out"})
                 .edge("affine", "lif")),
      {exciting("input", {2}, 16)});
  add(catalogue, "no-edges-at-all", "Neurons without any edge beside a network.", "unconnected",
      inside(passing().node("alone", neuronOf("IF", nir::Shape{2})).node("li", neuronOf("LI"))),
      {exciting("input", {2}, 16)});
}

void addEdges(Catalogue &catalogue) {
  for (std::string_view type : spikingTypes) {
    addFanIn(catalogue, type);
  }
  addDuplicates(catalogue);
  addWays(catalogue);
  addPortsAndOrders(catalogue);
  addUnconnected(catalogue);
}

} // namespace nirc::conformance
