//===- RandomGraph.cpp - graphs from seeds --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/RandomGraph.h"

#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "tests/support/RandomNodes.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nir::test {

Semantics randomSemantics() { return {1e-3, Integrator::Euler, Reset::ToValue}; }

namespace {

/// Something that edges can come from or go to, spelled as in the edges of its graph.
struct End {
  std::string name;
  Shape shape;
  bool isAnalog; ///< of a source: nothing of it is a bare spike train
};

/// An edge that would close a loop, in the graph that is reached by going into these nodes.
struct Candidate {
  std::vector<size_t> scope;
  Edge edge;
  bool isAnalog;
};

/// Builds one graph and, recursively, those in it.
class Builder {
public:
  Builder(uint64_t seed, const RandomGraphOptions &options)
      : random(seed), nodes(random, options.maxElements), options(options) {}

  Graph build();
  std::vector<Candidate> takeCandidates() { return std::move(candidates); }

private:
  struct Scope {
    Graph graph;
    std::vector<size_t> path; ///< of the graph, as in Candidate
    std::vector<End> sources, sinks;
  };

  std::string newName(std::string_view type);
  Shape inputShape();
  void addInputs(Scope &scope, const std::vector<Shape> &shapes);
  void addNodes(Scope &scope, int count, int depth);
  const End &addNode(Scope &scope, Params params, const End &source);
  void addSubgraph(Scope &scope, int count, int depth);
  void addLoop(Scope &scope);
  std::vector<End> addOutputs(Scope &scope, int64_t count, bool isOutermost);
  void connect(Scope &scope, const End &source, const std::string &target, const Shape &shape);

  Random random;
  RandomNodes nodes;
  RandomGraphOptions options;
  std::vector<Candidate> candidates;
  int names = 0;
};

std::string Builder::newName(std::string_view type) {
  static const std::vector<std::string> odd{"ν",     "层", "lif.rec", "enc/dec",     "a b", "é.1/x",
                                            "\"q\"", "🧠", "it's",    "back\\slash", "0"};
  std::string stem = options.oddNames && random.chance(0.4) ? random.pick(odd) : std::string(type);
  // The number keeps paths apart, however they are put together from names with dots.
  return fmt::format("{}{}", stem, names++);
}

Shape Builder::inputShape() {
  switch (random.below(7)) {
  case 0:
    return {random.between(1, 3), random.between(3, 8)};
  case 1:
  case 2:
    return {random.between(1, 2), random.between(3, 5), random.between(3, 5)};
  default:
    return {random.between(1, 10)};
  }
}

void Builder::addInputs(Scope &scope, const std::vector<Shape> &shapes) {
  for (const Shape &shape : shapes) {
    std::string name = newName("input");
    scope.graph.nodes.push_back({name, Input{nodes.shapeOf(shape)}, {}});
    scope.sources.push_back({name, shape, true});
  }
}

/// Edges into a new node: from `source`, and now and then from others of that shape or twice.
void Builder::connect(Scope &scope, const End &source, const std::string &target,
                      const Shape &shape) {
  scope.graph.edges.push_back({source.name, target});
  while (random.chance(0.25)) {
    const End &other = random.pick(scope.sources);
    if (other.shape == shape) {
      scope.graph.edges.push_back({other.name, target});
    }
  }
}

static bool makesAnalog(const Params &params, const End &source) {
  Node node{"", params, {}};
  if (node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>() || node.as<Threshold>()) {
    return false;
  }
  return node.as<Flatten>() || node.as<Delay>() ? source.isAnalog : true;
}

static Shape passedOn(const Params &params, const Shape &shape) {
  Graph alone;
  alone.nodes.push_back({"in", Input{Tensor::vector<int64_t>(shape)}, {}});
  alone.nodes.push_back({"node", params, {}});
  alone.edges.push_back({"in", "node"});
  Checked checked = check(alone);
  assert(checked.ok() && "a random node does not take the shape it was made for");
  return checked.shapes[1].output;
}

const End &Builder::addNode(Scope &scope, Params params, const End &source) {
  Node node{"", std::move(params), nodes.metadata()};
  node.name = newName(node.type());
  End out{node.name, passedOn(node.params, source.shape), makesAnalog(node.params, source)};
  scope.sinks.push_back({node.name, source.shape, false});
  scope.graph.nodes.push_back(std::move(node));
  connect(scope, End(source), out.name, scope.sinks.back().shape);
  scope.sources.push_back(std::move(out));
  return scope.sources.back();
}

void Builder::addNodes(Scope &scope, int count, int depth) {
  while (count > 0) {
    // Mostly the newest signals, so that networks become deep.
    auto size = static_cast<int64_t>(scope.sources.size());
    int64_t back = random.chance(0.6) ? std::min<int64_t>(size, 2) : size;
    End source = scope.sources[static_cast<size_t>(size - 1 - random.below(back))];
    if (depth > 0 && count >= 5 && random.chance(0.25)) {
      int inner = static_cast<int>(random.between(3, std::max<int64_t>(3, count / 2)));
      addSubgraph(scope, inner, depth - 1);
      count -= inner;
      continue;
    }
    Params params = nodes.any(source.shape, source.isAnalog);
    if (numElements(passedOn(params, source.shape)) > options.maxElements) {
      continue;
    }
    addNode(scope, std::move(params), source);
    --count;
    if (random.chance(0.4)) {
      addLoop(scope);
      --count;
    }
  }
  if (random.chance(0.1)) { // a constant drive: nothing enters it
    int64_t size = random.between(1, 6);
    std::string name = newName("bias");
    std::vector<double> ones(static_cast<size_t>(size), 0.25);
    scope.graph.nodes.push_back(
        {name,
         Affine{tensorOf(DType::F32, {size, 1}, ones), tensorOf(DType::F32, {size}, ones)},
         {}});
    scope.sources.push_back({name, {size}, true});
  }
}

/// From the newest node through small weights and perhaps a Delay back to a node of its shape.
void Builder::addLoop(Scope &scope) {
  End source = scope.sources.back();
  std::vector<End> fit;
  std::copy_if(scope.sinks.begin(), scope.sinks.end(), std::back_inserter(fit),
               [&](const End &sink) { return sink.shape == source.shape; });
  if (fit.empty()) {
    return;
  }
  End back = addNode(scope, nodes.damped(source.shape), source);
  if (random.chance(0.5)) {
    back = addNode(scope, nodes.delay(source.shape, 1e-3), End(back));
  }
  for (int i = 0; i < 2; ++i) {
    candidates.push_back({scope.path, {back.name, random.pick(fit).name}, source.isAnalog});
  }
}

void Builder::addSubgraph(Scope &scope, int count, int depth) {
  Scope inner;
  inner.path = scope.path;
  inner.path.push_back(scope.graph.nodes.size());
  std::vector<End> drives;
  for (int64_t i = random.between(1, 2); i > 0; --i) {
    drives.push_back(random.pick(scope.sources));
  }
  std::vector<Shape> shapes;
  std::transform(drives.begin(), drives.end(), std::back_inserter(shapes),
                 [](const End &drive) { return drive.shape; });
  addInputs(inner, shapes);
  addNodes(inner, count, depth);
  std::vector<End> outputs = addOutputs(inner, random.between(1, 2), false);

  std::string name = newName("sub");
  auto spelled = [&](const std::string &port, size_t ports) {
    return ports == 1 && random.chance(0.5) ? name : join(name, port);
  };
  for (size_t i = 0; i < drives.size(); ++i) {
    std::string port = spelled(inner.graph.nodes[i].name, drives.size());
    connect(scope, drives[i], port, shapes[i]);
    scope.sinks.push_back({port, shapes[i], false});
  }
  for (const End &output : outputs) {
    scope.sources.push_back({spelled(output.name, outputs.size()), output.shape, output.isAnalog});
  }
  scope.graph.nodes.push_back({name, std::move(inner.graph), nodes.metadata()});
}

/// Outputs of the newest sources and, for the outermost graph, of what else goes nowhere.
std::vector<End> Builder::addOutputs(Scope &scope, int64_t count, bool isOutermost) {
  std::vector<End> outputs;
  auto inputs =
      static_cast<size_t>(std::count_if(scope.graph.nodes.begin(), scope.graph.nodes.end(),
                                        [](const Node &n) { return n.as<Input>(); }));
  count = std::min(count, static_cast<int64_t>(scope.sources.size() - inputs));
  for (int64_t i = 0; i < count; ++i) {
    End source = scope.sources[scope.sources.size() - 1 - static_cast<size_t>(i)];
    std::string name = newName("output");
    Shape shape = source.shape;
    // The declared shape may differ as long as the number of elements does not.
    bool isReshaped = isOutermost && random.chance(0.1);
    if (isReshaped) {
      shape.insert(shape.begin(), 1);
    }
    scope.graph.nodes.push_back({name, Output{nodes.shapeOf(shape)}, {}});
    connect(scope, source, name, source.shape);
    outputs.push_back({name, shape, source.isAnalog});
  }
  return outputs;
}

Graph Builder::build() {
  Scope scope;
  std::vector<Shape> shapes;
  for (int64_t i = random.between(1, 3); i > 0; --i) {
    shapes.push_back(inputShape());
  }
  addInputs(scope, shapes);
  addNodes(scope, static_cast<int>(random.between(6, std::max(6, options.maxNodes - 6))),
           options.maxDepth);
  addOutputs(scope, random.between(1, 3), true);
  // The order of a file's edge list says nothing but the order of sums.
  for (size_t i = scope.graph.edges.size(); i > 1; --i) {
    std::swap(scope.graph.edges[i - 1],
              scope.graph.edges[static_cast<size_t>(random.below(static_cast<int64_t>(i)))]);
  }
  return std::move(scope.graph);
}

Graph &graphAt(Graph &graph, const std::vector<size_t> &path) {
  Graph *here = &graph;
  for (size_t index : path) {
    here = &std::get<Graph>(here->nodes[index].params);
  }
  return *here;
}

/// Keeps those of the loops that the semantics can give a meaning to.
void closeLoops(Graph &graph, const std::vector<Candidate> &candidates, bool analogToo) {
  for (const Candidate &candidate : candidates) {
    std::vector<Edge> &edges = graphAt(graph, candidate.scope).edges;
    if (candidate.isAnalog && !analogToo) {
      continue;
    }
    edges.push_back(candidate.edge);
    if (!Interpreter::create(graph, randomSemantics())) {
      edges.pop_back();
    }
  }
}

/// The thresholds of a node that spikes, and what scales its drive.
struct Knobs {
  Tensor *threshold, *r;
};

Knobs knobs(Node &node) {
  Knobs knobs{nullptr, nullptr};
  std::visit(
      [&](auto &params) {
        if constexpr (requires { params.v_threshold; }) {
          knobs = {&params.v_threshold, &params.r};
        }
      },
      node.params);
  return knobs;
}

void multiply(Tensor &tensor, double factor) {
  std::vector<double> values = tensor.toDoubles();
  for (double &value : values) {
    value *= factor;
  }
  tensor = tensorOf(tensor.dtype(), tensor.shape(), values);
}

/// What a trial run shows of one node.
struct Activity {
  double spikes = 0.0, largest = 0.0, highest = -1e300;
};

constexpr int64_t trialSteps = 60;

/// Runs the network and looks at every node; empty where it does not run.
std::vector<Activity> trial(const Graph &graph, const FlatGraph &flat, uint64_t seed) {
  std::vector<Activity> activity(flat.nodes.size());
  Recording input = randomInput(graph, seed, trialSteps);
  Result<Interpreter> interpreter = Interpreter::create(graph, randomSemantics());
  assert(interpreter && "a random graph that cannot be run");
  for (int64_t t = 0; t < trialSteps; ++t) {
    for (const Trace &trace : input.traces) {
      int64_t size = trace.data.size() / trialSteps;
      std::vector<double> step;
      for (int64_t i = 0; i < size; ++i) {
        step.push_back(trace.data.at(t * size + i));
      }
      Status bad = interpreter->setInput(trace.node, step);
      assert(!bad && "random input does not fit");
    }
    interpreter->step();
    for (size_t i = 0; i < flat.nodes.size(); ++i) {
      std::string path = flat.path(static_cast<int32_t>(i));
      auto value = interpreter->observe(path, "value");
      if (!value) {
        value = interpreter->observe(path, "spikes");
        std::span<const double> membrane = *interpreter->observe(path, "v");
        for (double v : membrane) {
          activity[i].highest = std::max(activity[i].highest, v);
          activity[i].largest = std::max(activity[i].largest, std::abs(v));
        }
      }
      for (double x : *value) {
        activity[i].largest = std::max(activity[i].largest, std::abs(x));
        activity[i].spikes += x / static_cast<double>(value->size() * trialSteps);
      }
    }
  }
  return activity;
}

/// Moves thresholds until the neurons spike neither never nor always. False where numbers run away.
bool tune(Graph &graph, uint64_t seed) {
  std::vector<Diagnostic> none;
  for (int round = 0; round < 8; ++round) {
    FlatGraph flat = FlatGraph::of(graph, none);
    std::vector<Activity> activity = trial(graph, flat, seed);
    bool isTuned = true;
    for (size_t i = 0; i < flat.nodes.size(); ++i) {
      if (!(activity[i].largest < 1e6)) {
        return false;
      }
      auto &node = const_cast<Node &>(*flat.nodes[i].node); // in `graph`, which is ours
      Knobs knob = knobs(node);
      if (!knob.threshold || (activity[i].spikes > 0.05 && activity[i].spikes < 0.5)) {
        continue;
      }
      isTuned = false;
      if (activity[i].spikes >= 0.5) {
        multiply(*knob.threshold, 2.0);
      } else if (activity[i].highest <= 0.0) {
        multiply(*knob.r, -1.0);
      } else {
        multiply(*knob.threshold, 0.5);
      }
    }
    if (isTuned) {
      return true;
    }
  }
  return true;
}

} // namespace

Graph randomGraph(uint64_t seed, const RandomGraphOptions &options) {
  Builder builder(seed, options);
  const Graph open = builder.build();
  std::vector<Candidate> candidates;
  if (options.loops) {
    candidates = builder.takeCandidates();
  }
  for (bool analogToo : {true, false}) {
    Graph graph = open;
    closeLoops(graph, candidates, analogToo);
    if (tune(graph, seed)) {
      return graph;
    }
  }
  return open;
}

Recording randomInput(const Graph &graph, uint64_t seed, int64_t steps, int64_t batch) {
  Random random(seed ^ 0x9e3779b97f4a7c15);
  Recording input{randomSemantics().dtSeconds, {}};
  for (const Node &node : graph.nodes) {
    const auto *port = node.as<Input>();
    if (!port) {
      continue;
    }
    Shape shape{batch, steps};
    for (int64_t dim : port->shape.toInts()) {
      shape.push_back(dim);
    }
    bool isSpikes = random.chance(0.5);
    std::vector<double> values(static_cast<size_t>(numElements(shape)));
    for (double &value : values) {
      value = isSpikes ? static_cast<double>(random.chance(0.3)) : random.uniform(-0.5, 1.5);
    }
    input.traces.push_back(
        {node.name, "value", tensorOf(isSpikes ? DType::U8 : DType::F32, shape, values)});
  }
  return input;
}

} // namespace nir::test
