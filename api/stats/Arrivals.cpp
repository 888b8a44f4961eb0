//===- Arrivals.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/Arrivals.h"

#include "api/stats/FanOut.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Check.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"
#include "ir/recording/RunInput.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <set>

namespace nirc {

Arrivals::Arrivals(Arrivals &&) noexcept = default;
Arrivals &Arrivals::operator=(Arrivals &&) noexcept = default;
Arrivals::~Arrivals() = default;

/// The graph without its neurons: an Input stands for each that something here reads, and an Output
/// for each connection. Names are made of numbers: paths could collide with them.
struct Arrivals::Cut {
  const nir::FlatGraph &flat;
  const std::vector<nir::SignalKind> &kinds;
  const std::vector<const nir::NodeShapes *> &shapes;
  const std::vector<bool> &late; ///< one an edge
  double dtSeconds;

  nir::Graph graph;
  std::vector<Source> sources;
  std::vector<int32_t> connections;
  std::set<int32_t> seen, held; ///< nodes that are in the graph, and late edges

  void build();
  /// Makes the node there, and all that it reads.
  void add(int32_t node);
  void connect(int32_t node, const std::string &name, std::vector<int32_t> &open);
  bool isRecorded(int32_t node) const;

  static std::string nameOf(int32_t node) { return fmt::format("n{}", node); }
  static std::string outputOf(int32_t node) { return fmt::format("x{}", node); }
};

/// Whether what the node passes on comes from outside the cut: from a run, or from the input.
bool Arrivals::Cut::isRecorded(int32_t node) const {
  const nir::Node &here = *flat.nodes[static_cast<size_t>(node)].node;
  return nir::isNeuron(here) || here.as<nir::Threshold>() || flat.isEntry(node);
}

void Arrivals::Cut::connect(int32_t node, const std::string &name, std::vector<int32_t> &open) {
  for (int32_t edge : flat.incoming(node)) {
    int32_t source = flat.edges[static_cast<size_t>(edge)].source;
    std::string from = nameOf(source);
    if (late[static_cast<size_t>(edge)]) {
      std::string delay = fmt::format("d{}", edge);
      if (held.insert(edge).second) {
        graph.nodes.push_back({delay, nir::Delay{nir::Tensor::scalar(dtSeconds)}, {}});
        graph.edges.push_back({from, delay});
      }
      from = std::move(delay);
    }
    graph.edges.push_back({from, name});
    open.push_back(source);
  }
}

void Arrivals::Cut::add(int32_t first) {
  std::vector<int32_t> open{first};
  while (!open.empty()) {
    int32_t node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) {
      continue;
    }
    auto index = static_cast<size_t>(node);
    const nir::Node &here = *flat.nodes[index].node;
    const nir::Shape &shape = shapes[index]->output;
    if (isRecorded(node)) {
      graph.nodes.push_back({nameOf(node), nir::Input{nir::Tensor::vector(shape)}, {}});
      std::vector<std::string> has = nir::observables(here, kinds[index]);
      bool spikes = std::find(has.begin(), has.end(), "spikes") != has.end();
      sources.push_back({nameOf(node), flat.path(node),
                         flat.isEntry(node) ? ""
                         : spikes           ? "spikes"
                                            : "value",
                         shape});
      continue;
    }
    // The ends of a subgraph pass on the sum of what reaches them.
    bool isPort = here.as<nir::Input>() || here.as<nir::Output>();
    graph.nodes.push_back({nameOf(node),
                           isPort ? nir::Params(nir::Delay{nir::Tensor::scalar(0.0)}) : here.params,
                           {}});
    connect(node, nameOf(node), open);
  }
}

void Arrivals::Cut::build() {
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (!isConnection(*flat.nodes[i].node) || flat.incoming(node).empty()) {
      continue; // what nothing reaches takes zeros
    }
    connections.push_back(node);
    graph.nodes.push_back({outputOf(node), nir::Output{nir::Tensor::vector(shapes[i]->input)}, {}});
    std::vector<int32_t> open;
    connect(node, outputOf(node), open);
    for (int32_t source : open) {
      add(source);
    }
  }
}

nir::Result<Arrivals> Arrivals::create(const nir::Graph &whole, const nir::Semantics &semantics) {
  if (semantics.timing == nir::Timing::Events) {
    return nir::Error::usage(
               nir::Cause::UnsupportedByTarget,
               "found schedule=events, expected steps: operations are counted by step")
        .note("leave out --input for what needs no run, or choose another semantics");
  }
  nir::Graph graph =
      semantics.duplicateEdges == nir::DuplicateEdges::Once ? nir::withoutDuplicates(whole) : whole;
  nir::Checked checked = nir::check(graph);
  assert(checked.ok() && "the graph passed the check");
  std::vector<nir::Diagnostic> none;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, none);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, semantics);
  std::vector<const nir::NodeShapes *> shapes = nir::flatShapes(flat, checked.shapes);
  nir::Result<nir::Schedule> schedule =
      nir::schedule(flat, shapes, nir::opaqueNodes(flat, semantics), semantics.late);
  if (!schedule) {
    return schedule.takeError();
  }
  if (semantics.feedbackStart == nir::FeedbackStart::Zero) {
    std::vector<bool> holdsState;
    for (const nir::FlatGraph::Leaf &leaf : flat.nodes) {
      holdsState.push_back(nir::isNeuron(*leaf.node) || leaf.node->as<nir::Delay>());
    }
    nir::moveFeedback(flat, holdsState, *schedule);
  }
  Cut cut{flat, kinds, shapes, schedule->feedback, semantics.dtSeconds, {}, {}, {}, {}, {}};
  cut.build();

  nir::Semantics plain;
  plain.dtSeconds = semantics.dtSeconds;
  nir::Result<nir::Interpreter> interpreter = nir::Interpreter::create(cut.graph, plain);
  if (!interpreter) {
    return interpreter.takeError();
  }
  Arrivals arrivals;
  arrivals.interpreter = std::make_unique<nir::Interpreter>(*std::move(interpreter));
  for (int32_t node : cut.connections) {
    arrivals.paths.push_back(flat.path(node));
    arrivals.outputs.push_back(Cut::outputOf(node));
  }
  arrivals.sources = std::move(cut.sources);
  for (const Source &source : arrivals.sources) {
    if (!source.observable.empty()) {
      arrivals.wanted.push_back({source.node, source.observable});
    }
  }
  return arrivals;
}

nir::Status Arrivals::visit(const nir::Recording &input, const nir::Recording &run, int64_t sample,
                            int64_t steps, const Visit &visit) {
  std::vector<nir::Drive> drives;
  for (const Source &source : sources) {
    bool isEntry = source.observable.empty();
    const nir::Trace *trace =
        isEntry ? input.find(source.node, "value") : run.find(source.node, source.observable);
    if (trace == nullptr) {
      return nir::Error::atNode(isEntry ? nir::Cause::MissingInput : nir::Cause::NotRecorded,
                                source.node,
                                fmt::format("found no {} of it, expected them recorded",
                                            isEntry ? "values" : source.observable));
    }
    drives.push_back({source.name, &trace->data,
                      std::vector<double>(static_cast<size_t>(nir::numElements(source.shape)))});
  }
  interpreter->reset();
  for (int64_t step = 0; step < steps; ++step) {
    for (nir::Drive &drive : drives) {
      nir::readStep(drive, sample, step);
      if (nir::Status failed = interpreter->setInput(drive.path, drive.step)) {
        return failed;
      }
    }
    interpreter->step();
    for (size_t i = 0; i < outputs.size(); ++i) {
      nir::Result<std::span<const double>> values = interpreter->observe(outputs[i], "value");
      if (!values) {
        return values.takeError();
      }
      visit(i, step, *values);
    }
  }
  return std::nullopt;
}

} // namespace nirc
