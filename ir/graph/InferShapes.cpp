//===- InferShapes.cpp - the shapes of a graph's signals ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/InferShapes.h"

#include "ir/Wording.h"
#include "ir/graph/Shapes.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir {

/// "2,34,34", as --shape takes it.
static std::string dimsOf(const Shape &shape) {
  std::string dims = str(shape);
  std::erase(dims, ' ');
  return dims.substr(1, dims.size() - 2);
}

/// The shape without its first dimension.
static Shape withoutFirst(const Shape &shape) {
  return shape.empty() ? shape : Shape(shape.begin() + 1, shape.end());
}

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
    if (!input[i] && isElementwise(*flat.nodes[i].node) && flat.incoming(node).empty()) {
      setInput(node, {});
    }
  }
  propagate();
  for (size_t i = 0; i < flat.edges.size() && found.size() < mostFaults; ++i) {
    checkEdge(flat.edges[i]);
  }
}

void ShapeInference::setInput(int32_t node, Shape shape) {
  input[node] = std::move(shape);
  Result<Shape> result = outputShape(*flat.nodes[node].node, *input[node]);
  if (!result) {
    if (found.size() < mostFaults) {
      Error error = result.takeError();
      error.node = flat.path(node);
      // What would be right without a first dimension has that of a batch.
      if (input[node]->size() > 1 &&
          outputShape(*flat.nodes[node].node, withoutFirst(*input[node]))) {
        error.notes.push_back({"", fixOfBatch(*input[node])});
      }
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

std::string ShapeInference::fixOfBatch(const Shape &got) const {
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (flat.isEntry(node) && input[i] == got) {
      std::string path = flat.path(node);
      return fmt::format(
          "the first dimension of {}, {}, is that of a batch, which signals of NIR do "
          "not have: --shape {}={} reads it so",
          quoted({path}), got[0], path, dimsOf(withoutFirst(got)));
    }
  }
  return fmt::format(
      "the first dimension, {}, is that of a batch, which signals of NIR do not have", got[0]);
}

/// How to make a signal of shape `got` fit where `want` is expected, or an empty string.
static std::string fixOfShape(const Node &source, const Shape &got, const Shape &want) {
  const auto *flatten = source.as<Flatten>();
  if (flatten && numElements(got) == numElements(want) && want.size() == 1 &&
      flatten->start_dim.intAt(0) != 0) {
    return fmt::format("start_dim is {}, and NIR's signals have no batch dimension; with start_dim "
                       "0 it passes on {}",
                       flatten->start_dim.intAt(0), str(want));
  }
  if (numElements(got) == numElements(want) && want.size() == 1) {
    return fmt::format("both have {}: insert a Flatten with start_dim 0 and end_dim -1",
                       counted(numElements(want), "element"));
  }
  return {};
}

std::string ShapeInference::fixOfPort(const FlatGraph::Edge &edge, const Shape &got,
                                      const Shape &want) const {
  auto isInner = [&](int32_t node) {
    const Node &leaf = *flat.nodes[node].node;
    return flat.nodes[node].scope != 0 && (leaf.as<Input>() || leaf.as<Output>());
  };
  bool isTarget = isInner(edge.target);
  if (!isTarget && !isInner(edge.source)) {
    return {};
  }
  return fmt::format("the port of a subgraph declares the other shape: --shape {}={} reads it so",
                     flat.path(isTarget ? edge.target : edge.source),
                     dimsOf(isTarget ? got : want));
}

void ShapeInference::checkEdge(const FlatGraph::Edge &edge) {
  const std::optional<Shape> &got = output[edge.source], &want = input[edge.target];
  if (!got || !want || *got == *want) {
    return;
  }
  Error error =
      Error::atNode(Cause::SignalShape, flat.path(edge.target),
                    fmt::format("input has shape {}, expected {}", str(*got), str(*want)));
  std::string source = flat.path(edge.source);
  error.notes.push_back({source, fmt::format("passes on a signal of shape {}", str(*got))});
  // An Output only names what passes through: the same numbers in another shape are harmless.
  if (flat.nodes[edge.target].node->as<Output>() && numElements(*got) == numElements(*want)) {
    error.severity = Severity::Warning;
    error.code = "output-shape";
    error.message = fmt::format("declares shape {}, and gets {}; the elements keep their order",
                                str(*want), str(*got));
  } else if (!got->empty() && withoutFirst(*got) == *want) {
    error.notes.push_back({"", fixOfBatch(*got)});
  } else if (std::string fix = fixOfShape(*flat.nodes[edge.source].node, *got, *want);
             !fix.empty()) {
    error.notes.push_back({"", fix});
  }
  if (std::string fix = fixOfPort(edge, *got, *want); !fix.empty()) {
    error.notes.push_back({"", fix});
  }
  found.push_back(std::move(error));
}

void ShapeInference::reportUnreached() {
  // What lies behind a fault has no shape either, and that is not its own fault.
  if (std::any_of(found.begin(), found.end(),
                  [](const Diagnostic &d) { return d.severity == Severity::Error; })) {
    return;
  }
  std::vector<std::string> unreached;
  for (size_t i = 0; i < flat.nodes.size() && unreached.size() < 100; ++i) {
    if (!input[i]) {
      unreached.push_back(flat.path(static_cast<int32_t>(i)));
    }
  }
  if (unreached.empty()) {
    return;
  }
  Error error = Error::atNode(Cause::SignalShape, unreached.front(),
                              "the shape of its input follows from nothing");
  if (unreached.size() > 1) {
    std::vector<std::string> others(unreached.begin() + 1, unreached.end());
    error.notes.push_back({"", "nor does that of " + quoted(others)});
  }
  error.notes.push_back({"", "an edge from an Input gives it one, an input_shape does for a "
                             "convolution, an input_type for a Flatten"});
  found.push_back(std::move(error));
}

Status faultOfShapes(const Graph &graph) {
  std::vector<Diagnostic> found;
  FlatGraph flat = FlatGraph::of(graph, found);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    if (auto fixed = fixedInputShape(*flat.nodes[i].node); !fixed) {
      Error error = fixed.takeError();
      error.node = flat.path(static_cast<int32_t>(i));
      return error;
    }
  }
  found.clear(); // of edges to nodes that do not exist, which say nothing of shapes
  ShapeInference(flat, found).run();
  auto fault = std::find_if(found.begin(), found.end(),
                            [](const Diagnostic &one) { return one.severity == Severity::Error; });
  if (fault == found.end()) {
    return {};
  }
  Error error;
  static_cast<Diagnostic &>(error) = std::move(*fault);
  return error;
}

} // namespace nir
