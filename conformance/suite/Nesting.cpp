//===- Nesting.cpp - graphs in graphs -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *nestingClause =
    "NIRGraph: is a node too; edges to it go to its Input, edges from it come from its Output";

static void add(Catalogue &catalogue, const std::string &name, std::string tests,
                const std::string &features, const Net &net, std::vector<nir::Trace> inputs) {
  catalogue.add({"nodes/graphs/" + name, std::move(tests), nestingClause, "NIRGraph " + features},
                net.graph, std::move(inputs));
}

static nir::Params linear(nir::Shape shape, const std::vector<double> &weights) {
  return nir::Linear{tensor(std::move(shape), weights)};
}

/// "in" -> the node -> "out".
static nir::Graph wrapped(nir::Params params, const nir::Shape &in, const nir::Shape &out) {
  return Net()
      .input("in", in)
      .node("node", std::move(params))
      .output("out", out)
      .chain({"in", "node", "out"})
      .graph;
}

static Net around(nir::Graph inner, const nir::Shape &in, const nir::Shape &out) {
  return Net()
      .input("input", in)
      .node("inner", std::move(inner))
      .output("output", out)
      .chain({"input", "inner", "output"});
}

static void addDepths(Catalogue &catalogue) {
  for (std::string_view type : neuronTypes) {
    add(catalogue, "depth-1-" + nodeCase(type, "").substr(6, type.size()),
        "A neuron in a subgraph.", "nesting " + std::string(type),
        around(wrapped(neuronOf(type, nir::Shape{2}), {2}, {2}), {2}, {2}),
        {exciting("input", {2}, 16)});
  }
  nir::Graph two = wrapped(wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}), {2}, {2});
  add(catalogue, "depth-2", "A neuron in a graph in a graph.", "nesting LIF", around(two, {2}, {2}),
      {exciting("input", {2}, 16)});
  add(catalogue, "depth-3", "A neuron three graphs deep.", "nesting LIF",
      around(wrapped(two, {2}, {2}), {2}, {2}), {exciting("input", {2}, 16)});
  add(catalogue, "every-level", "A neuron on each of three levels.", "nesting IF timing",
      Net()
          .input("input", {1})
          .node("neuron", neuronOf("IF"))
          .node("scale", nir::Scale{list({1.25})})
          .node("inner", Net()
                             .input("in", {1})
                             .node("neuron", neuronOf("IF"))
                             .node("scale", nir::Scale{list({1.5})})
                             .node("inner", wrapped(neuronOf("IF"), {1}, {1}))
                             .output("out", {1})
                             .chain({"in", "neuron", "scale", "inner", "out"})
                             .graph)
          .output("output", {1})
          .chain({"input", "neuron", "scale", "inner", "output"}),
      {drive(steps({1.5, 0, 0.5, 0.75, 0, 2}))});
  add(catalogue, "passes-on", "A subgraph that is an Input and an Output alone.", "nesting",
      around(Net().input("in", {3}).output("out", {3}).edge("in", "out").graph, {3}, {3}),
      {changing("input", {3}, 8)});
  add(catalogue, "passes-on-spikes", "Spikes through the ports of a subgraph.", "nesting LIF",
      Net()
          .input("input", {2})
          .node("lif", neuronOf("LIF", nir::Shape{2}))
          .node("inner", Net().input("in", {2}).output("out", {2}).edge("in", "out").graph)
          .output("output", {2})
          .chain({"input", "lif", "inner", "output"}),
      {exciting("input", {2}, 16)});
  add(catalogue, "in-a-row", "Two subgraphs in a row.", "nesting LIF timing",
      Net()
          .input("input", {2})
          .node("first", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .node("second", wrapped(linear({2, 2}, {1.5, -0.5, 0.5, 1.25}), {2}, {2}))
          .node("third", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .output("output", {2})
          .chain({"input", "first", "second", "third", "output"}),
      {exciting("input", {2}, 16)});
}

static void addPorts(Catalogue &catalogue) {
  add(catalogue, "by-port-names", "Edges that name the ports: \"inner.in\", \"inner.out\".",
      "nesting names",
      Net()
          .input("input", {2})
          .node("inner", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .output("output", {2})
          .edge("input", "inner.in")
          .edge("inner.out", "output"),
      {exciting("input", {2}, 16)});
  add(catalogue, "two-inputs", "A subgraph with two Inputs.", "nesting several-inputs",
      Net()
          .input("left", {2})
          .input("right", {1})
          .node("inner", Net()
                             .input("a", {2})
                             .input("b", {1})
                             .node("wa", linear({1, 2}, {0.5, -0.25}))
                             .node("wb", linear({1, 1}, {0.75}))
                             .node("lif", neuronOf("LIF"))
                             .output("out", {1})
                             .chain({"a", "wa", "lif", "out"})
                             .chain({"b", "wb", "lif"})
                             .graph)
          .output("output", {1})
          .edge("left", "inner.a")
          .edge("right", "inner.b")
          .edge("inner", "output"),
      {changing("left", {2}, 20), spiking("right", {1}, 20)});
  add(catalogue, "two-outputs", "A subgraph with two Outputs.", "nesting several-outputs",
      Net()
          .input("input", {2})
          .node("inner", Net()
                             .input("in", {2})
                             .node("lif", neuronOf("LIF", nir::Shape{2}))
                             .node("li", neuronOf("LI", nir::Shape{2}))
                             .output("spikes", {2})
                             .output("traces", {2})
                             .chain({"in", "lif", "spikes"})
                             .chain({"lif", "li", "traces"})
                             .graph)
          .output("spikes", {2})
          .output("traces", {2})
          .edge("input", "inner")
          .edge("inner.spikes", "spikes")
          .edge("inner.traces", "traces"),
      {exciting("input", {2}, 16)});
  add(catalogue, "crossed-ports", "Two ports in, two out, crossed inside.",
      "nesting several-inputs several-outputs",
      Net()
          .input("left", {2})
          .input("right", {2})
          .node("inner", Net()
                             .input("a", {2})
                             .input("b", {2})
                             .output("x", {2})
                             .output("y", {2})
                             .edge("a", "y")
                             .edge("b", "x")
                             .graph)
          .output("first", {2})
          .output("second", {2})
          .edge("left", "inner.a")
          .edge("right", "inner.b")
          .edge("inner.x", "first")
          .edge("inner.y", "second"),
      {changing("left", {2}, 6), spiking("right", {2}, 6)});
}

static void addFans(Catalogue &catalogue) {
  add(catalogue, "fan-in-at-a-port", "Two edges into the Input of a subgraph add up.",
      "nesting fan-in",
      Net()
          .input("left", {2})
          .input("right", {2})
          .node("inner", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .output("output", {2})
          .edge("left", "inner")
          .edge("right", "inner")
          .edge("inner", "output"),
      {changing("left", {2}, 16), spiking("right", {2}, 16)});
  add(catalogue, "fan-in-at-an-output", "Two edges into the Output of a subgraph add up.",
      "nesting fan-in",
      around(Net()
                 .input("in", {2})
                 .node("first", neuronOf("LIF", nir::Shape{2}))
                 .node("second", neuronOf("IF", nir::Shape{2}))
                 .output("out", {2})
                 .chain({"in", "first", "out"})
                 .chain({"in", "second", "out"})
                 .graph,
             {2}, {2}),
      {exciting("input", {2}, 16)});
  add(catalogue, "fan-out-of-a-port", "The Output of a subgraph drives two nodes.",
      "nesting fan-out",
      Net()
          .input("input", {2})
          .node("inner", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .output("first", {2})
          .node("linear", linear({1, 2}, {0.5, -1}))
          .output("second", {1})
          .chain({"input", "inner", "first"})
          .chain({"inner", "linear", "second"}),
      {exciting("input", {2}, 16)});
  add(catalogue, "twice-into-a-port", "An edge into a subgraph that is listed twice counts twice.",
      "nesting duplicate-edges",
      around(wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}), {2}, {2}).edge("input", "inner"),
      {exciting("input", {2}, 16)});
}

static void addNamesAndCycles(Catalogue &catalogue) {
  add(catalogue, "same-names", "Two subgraphs whose nodes have the same names.", "nesting names",
      Net()
          .input("input", {2})
          .node("first", wrapped(neuronOf("IF", nir::Shape{2}), {2}, {2}))
          .node("second", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .output("output", {2})
          .chain({"input", "first", "second", "output"}),
      {drive("input", {2}, steps({1.5, 0.5, 0, 0.75, 1.25, 1.5}, 24))});
  add(catalogue, "same-names-as-outside", "Nodes inside are called as those outside.",
      "nesting names",
      [] {
        nir::Graph inner = Net()
                               .input("input", {1})
                               .node("neuron", neuronOf("IF"))
                               .output("output", {1})
                               .chain({"input", "neuron", "output"})
                               .graph;
        return Net()
            .input("input", {1})
            .node("neuron", neuronOf("LIF"))
            .node("scale", nir::Scale{list({0.75})})
            .node("graph", inner)
            .output("output", {1})
            .chain({"input", "neuron", "scale", "graph", "output"});
      }(),
      {drive(steps({1.5, 0, 1.25, 0, 0.5, 2}))});
  add(catalogue, "cycle-inside", "A cycle within a subgraph.", "nesting cycle LIF",
      around(Net()
                 .input("in", {2})
                 .node("lif", neuronOf("LIF", nir::Shape{2}))
                 .node("loop", linear({2, 2}, {0, 0.75, -0.5, 0.5}))
                 .output("out", {2})
                 .chain({"in", "lif", "out"})
                 .chain({"lif", "loop", "lif"})
                 .graph,
             {2}, {2}),
      {exciting("input", {2}, 20)});
  add(catalogue, "cycle-through", "A cycle that leads through a subgraph.", "nesting cycle LIF",
      Net()
          .input("input", {2})
          .node("inner", wrapped(neuronOf("LIF", nir::Shape{2}), {2}, {2}))
          .node("loop", linear({2, 2}, {0.5, -0.5, 0.75, 0}))
          .output("output", {2})
          .chain({"input", "inner", "output"})
          .chain({"inner", "loop", "inner"}),
      {exciting("input", {2}, 20)});
  add(catalogue, "cycle-with-a-bias-through", "The same with a bias in the subgraph.",
      "nesting cycle cycle-start bias",
      Net()
          .input("input", {1})
          .node("lif", neuronOf("LIF"))
          .node("loop", wrapped(nir::Affine{tensor({1, 1}, {0.5}), list({0.375})}, {1}, {1}))
          .output("output", {1})
          .chain({"input", "lif", "output"})
          .chain({"lif", "loop", "lif"}),
      {drive(steps({0.75, 0, 0, 0.25}, 20))});
  add(catalogue, "delay-inside", "A Delay in a subgraph.", "nesting Delay",
      around(wrapped(nir::Delay{list({exactDt, 3 * exactDt})}, {2}, {2}), {2}, {2}),
      {changing("input", {2}, 10)});
  add(catalogue, "flatten-inside", "A subgraph that changes the shape of the signal.",
      "nesting Flatten dimensions",
      around(wrapped(nir::Flatten{whole(0), whole(-1), wholes({2, 3})}, {2, 3}, {6}), {2, 3}, {6}),
      {changing("input", {2, 3}, 6)});
  add(catalogue, "conv-inside", "A convolution and neurons in a subgraph.", "nesting Conv2d",
      around(
          Net()
              .input("in", {1, 4, 4})
              .node("conv", nir::Conv2d{wholes({4, 4}), pattern({2, 1, 3, 3}), wholes({1, 1}),
                                        wholes({1, 1}), wholes({1, 1}), whole(1), list({0.25, 0})})
              .node("if", neuronOf("IF", nir::Shape{2, 4, 4}))
              .output("out", {2, 4, 4})
              .chain({"in", "conv", "if", "out"})
              .graph,
          {1, 4, 4}, {2, 4, 4}),
      {spiking("input", {1, 4, 4}, 10)});
}

void addNesting(Catalogue &catalogue) {
  addDepths(catalogue);
  addPorts(catalogue);
  addFans(catalogue);
  addNamesAndCycles(catalogue);
}

} // namespace nirc::conformance
