//===- Check.cpp - the rules over a whole graph ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"

#include "ir/Wording.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Parameters.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/Shapes.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>

namespace nir {

bool Checked::ok() const {
  return std::none_of(diagnostics.begin(), diagnostics.end(),
                      [](const Diagnostic &d) { return d.severity == Severity::Error; });
}

/// A file can be wrong in every node; a person reads the first few.
static constexpr size_t mostFaults = 100;

namespace {

/// Finds the shape of every signal, from the nodes that fix theirs along the edges. A node is dealt
/// with once, when the first shape reaches it, so cycles end and the work is linear.
class ShapeInference {
public:
  ShapeInference(const FlatGraph &flat, std::vector<Diagnostic> &found)
      : flat(flat), found(found), input(flat.nodes.size()), output(flat.nodes.size()) {}

  void run();

  std::vector<std::optional<Shape>> takeInputs() { return std::move(input); }
  std::vector<std::optional<Shape>> takeOutputs() { return std::move(output); }

private:
  void setInput(int32_t node, Shape shape);
  void propagate();
  void checkEdge(const FlatGraph::Edge &edge);
  void reportUnreached();

  const FlatGraph &flat;
  std::vector<Diagnostic> &found;
  std::vector<std::optional<Shape>> input, output;
  std::deque<int32_t> ready; ///< nodes whose output is known and not yet passed on
};

void ShapeInference::run() {
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (std::optional<Shape> fixed = *fixedInputShape(*flat.nodes[i].node)) {
      setInput(node, std::move(*fixed));
    }
  }
  propagate();
  // Neurons of which the file gives one number each and that nothing drives are one neuron.
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    bool takesAnyShape = isNeuron(*flat.nodes[i].node) || flat.nodes[i].node->as<Scale>() ||
                         flat.nodes[i].node->as<Threshold>() || flat.nodes[i].node->as<Delay>();
    if (!input[i] && takesAnyShape && flat.incoming(node).empty()) {
      setInput(node, {});
    }
  }
  propagate();
  for (size_t i = 0; i < flat.edges.size() && found.size() < mostFaults; ++i) {
    checkEdge(flat.edges[i]);
  }
  // What lies behind a fault has no shape either, and that is not its own fault.
  if (std::none_of(found.begin(), found.end(),
                   [](const Diagnostic &d) { return d.severity == Severity::Error; })) {
    reportUnreached();
  }
}

void ShapeInference::setInput(int32_t node, Shape shape) {
  input[node] = std::move(shape);
  Result<Shape> result = outputShape(*flat.nodes[node].node, *input[node]);
  if (!result) {
    if (found.size() < mostFaults) {
      Error error = result.takeError();
      error.node = flat.path(node);
      found.push_back(std::move(error));
    }
    return;
  }
  output[node] = std::move(*result);
  ready.push_back(node);
}

void ShapeInference::propagate() {
  while (!ready.empty()) {
    int32_t node = ready.front();
    ready.pop_front();
    for (int32_t edge : flat.outgoing(node)) {
      int32_t target = flat.edges[edge].target;
      if (!input[target]) {
        setInput(target, *output[node]);
      }
    }
  }
}

/// How to make a signal of shape `got` fit where `want` is expected, or an empty string.
std::string fixOfShape(const Node &source, const Shape &got, const Shape &want) {
  const auto *flatten = source.as<Flatten>();
  if (flatten && numElements(got) == numElements(want) && want.size() == 1 &&
      flatten->start_dim.intAt(0) != 0) {
    return fmt::format("start_dim is {}, and NIR's signals have no batch dimension; with start_dim "
                       "0 it passes on {}",
                       flatten->start_dim.intAt(0), str(want));
  }
  if (numElements(got) == numElements(want) && want.size() == 1) {
    return fmt::format("both have {} elements: insert a Flatten with start_dim 0 and end_dim -1",
                       numElements(want));
  }
  return {};
}

void ShapeInference::checkEdge(const FlatGraph::Edge &edge) {
  const std::optional<Shape> &got = output[edge.source], &want = input[edge.target];
  if (!got || !want || *got == *want) {
    return;
  }
  Error error = Error::atNode(flat.path(edge.target), fmt::format("input has shape {}, expected {}",
                                                                  str(*got), str(*want)));
  std::string source = flat.path(edge.source);
  error.notes.push_back({source, fmt::format("passes on a signal of shape {}", str(*got))});
  // An Output only names what passes through: the same numbers in another shape are harmless.
  if (flat.nodes[edge.target].node->as<Output>() && numElements(*got) == numElements(*want)) {
    error.severity = Severity::Warning;
    error.code = "output-shape";
    error.message = fmt::format("declares shape {}, and gets {}; the elements keep their order",
                                str(*want), str(*got));
  } else if (std::string fix = fixOfShape(*flat.nodes[edge.source].node, *got, *want);
             !fix.empty()) {
    error.notes.push_back({"", fix});
  }
  found.push_back(std::move(error));
}

void ShapeInference::reportUnreached() {
  std::vector<std::string> unreached;
  for (size_t i = 0; i < flat.nodes.size() && unreached.size() < 100; ++i) {
    if (!input[i]) {
      unreached.push_back(flat.path(static_cast<int32_t>(i)));
    }
  }
  if (unreached.empty()) {
    return;
  }
  Error error = Error::atNode(unreached.front(), "the shape of its input follows from nothing");
  if (unreached.size() > 1) {
    std::vector<std::string> others(unreached.begin() + 1, unreached.end());
    error.notes.push_back({"", "nor does that of " + quoted(others)});
  }
  error.notes.push_back({"", "an edge from an Input gives it one, an input_shape does for a "
                             "convolution, an input_type for a Flatten"});
  found.push_back(std::move(error));
}

/// Loops in which nothing holds a value from one instant to the next.
void checkLoops(const FlatGraph &flat, std::vector<Diagnostic> &found) {
  std::vector<bool> holdsState;
  holdsState.reserve(flat.nodes.size());
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    holdsState.push_back(isNeuron(*leaf.node) || leaf.node->as<Delay>());
  }
  for (const std::vector<int32_t> &nodes : statelessLoops(flat, holdsState)) {
    std::vector<std::string> names;
    names.reserve(nodes.size());
    for (int32_t node : nodes) {
      names.push_back(flat.path(node));
    }
    found.push_back(
        Error::atNode(names.front(),
                      fmt::format("the loop {} holds no state, expected a neuron or a Delay in it",
                                  loop(names)))
            .note("a value that depends on itself within the same instant has no meaning"));
  }
}

void warn(std::vector<Diagnostic> &found, const char *code, std::string path, std::string message) {
  Diagnostic warning = Error::atNode(std::move(path), std::move(message)).called(code);
  warning.severity = Severity::Warning;
  found.push_back(std::move(warning));
}

/// Says the same of some nodes; of many, of the first and how many more.
void warnOfNodes(const FlatGraph &flat, const std::vector<int32_t> &nodes, const char *code,
                 const char *message, std::vector<Diagnostic> &found) {
  size_t told = std::min(nodes.size(), mostFaults);
  for (size_t i = 0; i < told; ++i) {
    warn(found, code, flat.path(nodes[i]), message);
  }
  if (told < nodes.size()) {
    warn(found, code, {}, fmt::format("so with {} more nodes: {}", nodes.size() - told, message));
  }
}

/// What is legal and probably not meant.
void checkOddities(const FlatGraph &flat, std::vector<Diagnostic> &found) {
  std::vector<int32_t> ported, undriven, read, unread;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (flat.incoming(node).empty() && !flat.isEntry(node)) {
      (flat.isWithinReach(node, /*isSource=*/false) ? ported : undriven).push_back(node);
    }
    if (flat.outgoing(node).empty() && !flat.isExit(node)) {
      (flat.isWithinReach(node, /*isSource=*/true) ? read : unread).push_back(node);
    }
  }
  if (flat.scopes[0].inputs.empty() && ported.empty()) {
    warn(found, "no-input", {}, "the graph has no Input node; nothing drives it");
  }
  if (flat.scopes[0].outputs.empty() && read.empty()) {
    warn(found, "no-output", {}, "the graph has no Output node; nothing leaves it");
  }
  warnOfNodes(flat, ported, "no-input",
              "no edge enters it; a run gives it an Input node, and needs an input for that",
              found);
  warnOfNodes(flat, undriven, "no-input", "no edge enters it; its input is zero", found);
  warnOfNodes(flat, read, "no-output", "no edge leaves it; a run gives it an Output node", found);
  warnOfNodes(flat, unread, "no-output", "its output goes nowhere", found);
}

/// The shapes in the form of the graph: a subgraph holds those of its nodes.
std::vector<NodeShapes> nested(const FlatGraph &flat, std::vector<std::optional<Shape>> input,
                               std::vector<std::optional<Shape>> output) {
  std::vector<NodeShapes> shapes(flat.scopes[0].graph->nodes.size());
  std::vector<std::vector<NodeShapes> *> lists{&shapes};
  for (size_t scope = 1; scope < flat.scopes.size(); ++scope) { // a scope comes after its parent
    const FlatGraph::Scope &here = flat.scopes[scope];
    lists.push_back(&(*lists[here.parent])[here.index].inner);
    lists.back()->resize(here.graph->nodes.size());
  }
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    NodeShapes &node = (*lists[flat.nodes[i].scope])[flat.nodes[i].index];
    node.input = std::move(input[i]).value_or(Shape{});
    node.output = std::move(output[i]).value_or(Shape{});
  }
  return shapes;
}

} // namespace

std::vector<const NodeShapes *> flatShapes(const FlatGraph &flat,
                                           const std::vector<NodeShapes> &shapes) {
  std::vector<const std::vector<NodeShapes> *> lists{&shapes};
  for (size_t scope = 1; scope < flat.scopes.size(); ++scope) {
    const FlatGraph::Scope &here = flat.scopes[scope];
    lists.push_back(&(*lists[here.parent])[here.index].inner);
  }
  std::vector<const NodeShapes *> flattened;
  flattened.reserve(flat.nodes.size());
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    flattened.push_back(&(*lists[leaf.scope])[leaf.index]);
  }
  return flattened;
}

Checked check(const Graph &graph, const std::string &file) {
  Checked result;
  std::vector<Diagnostic> &found = result.diagnostics;
  FlatGraph flat = FlatGraph::of(graph, found);
  for (size_t i = 0; i < flat.nodes.size() && found.size() < 2 * mostFaults; ++i) {
    const Node &node = *flat.nodes[i].node;
    size_t before = found.size();
    checkValues(node, found);
    if (auto fixed = fixedInputShape(node); !fixed) {
      found.push_back(fixed.takeError());
    }
    std::for_each(found.begin() + static_cast<ptrdiff_t>(before), found.end(),
                  [&](Diagnostic &d) { d.node = flat.path(static_cast<int32_t>(i)); });
  }
  if (result.ok()) {
    checkLoops(flat, found);
    std::vector<Diagnostic> shapeFaults;
    ShapeInference inference(flat, shapeFaults);
    inference.run();
    found.insert(found.end(), std::make_move_iterator(shapeFaults.begin()),
                 std::make_move_iterator(shapeFaults.end()));
    result.shapes = nested(flat, inference.takeInputs(), inference.takeOutputs());
    checkOddities(flat, found);
  }
  for (Diagnostic &diagnostic : found) {
    diagnostic.file = file;
  }
  return result;
}

} // namespace nir
