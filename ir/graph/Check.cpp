//===- Check.cpp - the rules over a whole graph ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"

#include "ir/Wording.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/InferShapes.h"
#include "ir/graph/Parameters.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/Shapes.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir {

bool Checked::ok() const {
  return std::none_of(diagnostics.begin(), diagnostics.end(),
                      [](const Diagnostic &d) { return d.severity == Severity::Error; });
}

namespace {

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
        Error::atNode(Cause::StatelessLoop, names.front(),
                      fmt::format("the loop {} holds no state, expected a neuron or a Delay in it",
                                  loop(names)))
            .note("a value that depends on itself within the same instant has no meaning"));
  }
}

void warn(std::vector<Diagnostic> &found, const char *code, std::string path, std::string message) {
  Diagnostic warning = Error::advice(code, std::move(message));
  warning.node = std::move(path);
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
    warn(found, code, {},
         fmt::format("so with {}: {}", counted(nodes.size() - told, "more node"), message));
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
    inference.reportUnreached();
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
