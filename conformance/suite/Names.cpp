//===- Names.cpp - names and metadata -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *nameClause = "NIRGraph: nodes have names, and edges name them";

/// A LIF of that name.
static void addName(Catalogue &catalogue, const char *name, std::string tests,
                    const std::string &node) {
  catalogue.add({std::string("nodes/names/") + name, std::move(tests), nameClause, "names LIF"},
                Net()
                    .input("input", {2})
                    .node(node, neuronOf("LIF", nir::Shape{2}))
                    .output("output", {2})
                    .chain({"input", node, "output"})
                    .graph,
                exciting("input", {2}, 12));
}

static void addOrders(Catalogue &catalogue) {
  auto row = [&](const char *name, std::string tests, const std::vector<std::string> &names) {
    Net net;
    net.input("input", {1});
    std::string last = "input";
    double weight = 1.0;
    for (const std::string &node : names) {
      net.node(node, nir::Affine{tensor({1, 1}, {weight}), list({weight / 8})});
      net.edge(last, node);
      last = node;
      weight = weight < 0 ? 1.5 - weight : 0.5 - weight;
    }
    catalogue.add(
        {std::string("nodes/names/") + name, std::move(tests), nameClause, "names Affine"},
        net.output("output", {1}).edge(last, "output").graph, changing("input", {1}, 6));
  };
  row("falling", "Names in falling order: edges say what comes first, not names.",
      {"d", "c", "b", "a"});
  row("numbers", "Names that are numbers, whose order as texts is another one.",
      {"1", "2", "10", "9"});
  row("capitals", "Names that differ in capitals alone.", {"node", "Node", "NODE"});
  row("accents", "Names that differ in an accent alone.", {"ma\u00dfe", "masse", "m\u00e4sse"});
  catalogue.add({"nodes/names/ports", "Ports with other names than \"input\" and \"output\".",
                 nameClause, "names Input Output"},
                Net()
                    .input("zu", {2})
                    .node("lif", neuronOf("LIF", nir::Shape{2}))
                    .output("ab", {2})
                    .chain({"zu", "lif", "ab"})
                    .graph,
                exciting("zu", {2}, 12));
  catalogue.add({"nodes/names/ports-that-mislead",
                 "An Input called \"output\", an Output "
                 "called \"input\".",
                 nameClause, "names Input Output"},
                Net()
                    .input("output", {2})
                    .node("lif", neuronOf("LIF", nir::Shape{2}))
                    .output("input", {2})
                    .chain({"output", "lif", "input"})
                    .graph,
                exciting("output", {2}, 12));
  catalogue.add({"nodes/names/neurons-that-mislead", "A LIF called \"IF\", an IF called \"LIF\".",
                 nameClause, "names LIF IF"},
                Net()
                    .input("input", {2})
                    .node("IF", neuronOf("LIF", nir::Shape{2}))
                    .node("LIF", neuronOf("IF", nir::Shape{2}))
                    .output("output", {2})
                    .chain({"input", "IF", "LIF", "output"})
                    .graph,
                drive("input", {2}, steps({1.5, 0.5, 0, 0.75, 1.25, 1.5, 1, 1}, 24)));
}

static void addMetadata(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const nir::Metadata &ofNode,
                 const nir::Metadata &ofModel) {
    catalogue.add({std::string("nodes/metadata/") + name, std::move(tests),
                   "NIRNode: metadata, which changes nothing", "metadata LIF"},
                  Net()
                      .input("input", {2})
                      .node("lif", neuronOf("LIF", nir::Shape{2}), ofNode)
                      .output("output", {2})
                      .chain({"input", "lif", "output"})
                      .graph,
                  exciting("input", {2}, 12));
    catalogue.cases.back().metadata = ofModel;
  };
  add("of-a-node", "A text beside a neuron.", {{"comment", std::string("the only one")}}, {});
  add("numbers", "Numbers and lists beside a neuron.",
      {{"core", nir::Tensor::scalar<int64_t>(3)}, {"loss", list({0.5, 0.25})}}, {});
  add("of-the-model", "A text beside the whole model.", {},
      {{"author", std::string("a generator")}});
  add("misleading", "Metadata with the names of parameters.",
      {{"tau", list({1})}, {"v_threshold", list({100})}}, {});
  add("unicode", "Metadata of other letters.", {{"größe", std::string("größer als 0 · δ")}},
      {{"著者", std::string("生成器")}});
}

void addNames(Catalogue &catalogue) {
  addName(catalogue, "unicode", "A name of Latin letters with accents.", "größe");
  addName(catalogue, "chinese", "A name of Chinese letters.", "神经元");
  addName(catalogue, "emoji", "A name beyond the first 65,536 letters.", "🧠");
  addName(catalogue, "spaces", "A name with spaces.", "my neuron 1");
  addName(catalogue, "dot", "A name with a dot, which no subgraph has.", "layer.0");
  addName(catalogue, "dots", "A name with several dots.", "net.layers.0.lif");
  addName(catalogue, "underscores", "A name of underscores.", "__lif__");
  addName(catalogue, "hyphen", "A name with a hyphen.", "lif-1");
  addName(catalogue, "punctuation", "A name of punctuation.", "a:b,c;d=e+f%g");
  addName(catalogue, "quotes", "A name with quotes and a backslash.", "\"a'b\\c\"");
  addName(catalogue, "long", "A name of 200 letters.", std::string(200, 'n'));
  addName(catalogue, "digit", "A name of a digit.", "0");
  addName(catalogue, "keyword", "A name that is a word of a file's layout.", "nodes");
  addOrders(catalogue);
  addMetadata(catalogue);
}

} // namespace nirc::conformance
