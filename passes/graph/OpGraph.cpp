//===- OpGraph.cpp - a nested nir.graph made flat -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/graph/OpGraph.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/HybridSystem.h"
#include "dialects/nir/Kinds.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace mlir;
using namespace nirc;

static StringRef nameOf(Operation *op) { return op->getAttrOfType<StringAttr>("name").getValue(); }

int64_t nirc::delaySteps(double delaySeconds, double dtSeconds) {
  double steps = std::floor(delaySeconds / dtSeconds + 0.5);
  // Past any memory; the caller refuses it by its size.
  constexpr double most = 1e15;
  return static_cast<int64_t>(std::min(steps, most));
}

bool OpNode::isStateless() const {
  return !isa<nir::HybridSystemOpInterface, nir::DelayOp>(op) &&
         !(outermost && isa<nir::InputOp>(op));
}

bool OpNode::isNeuron() const { return isa<nir::HybridSystemOpInterface, nir::ThresholdOp>(op); }

namespace {

class Flattener {
public:
  explicit Flattener(const nir::Semantics &semantics) : semantics(semantics) {}

  FailureOr<OpGraph> run(nir::GraphOp graph);

private:
  void collect(nir::GraphOp graph, const std::string &path, bool outermost);
  LogicalResult connect();
  LogicalResult connectPorts(nir::GraphOp graph);
  /// The node that `port` of `graph` means, "" its only input or output, or null.
  Operation *find(nir::GraphOp graph, StringRef port, bool input);
  /// The input or output node that `port` of `graph` stands for.
  FailureOr<Operation *> resolve(nir::GraphOp graph, StringRef port, bool input);
  FailureOr<unsigned> sourceOf(Value signal);
  void sort();
  bool spikesForOld(const OpNode &node) const;
  void markAhead();
  void sortAgain();
  void moveFeedback();
  LogicalResult refuseStatelessLoops();
  /// Whether what the node passes on depends on its inputs within the step.
  bool dependsWithinStep(const OpNode &node) const;

  const nir::Semantics &semantics;
  OpGraph flat;
  llvm::DenseMap<Operation *, unsigned> indexOf;
  std::vector<nir::GraphOp> subgraphs; ///< outer before inner, in the order of nodes
  llvm::DenseMap<Operation *, llvm::StringMap<Operation *>> names;
};

} // namespace

void Flattener::collect(nir::GraphOp graph, const std::string &path, bool outermost) {
  for (Operation &op : graph.getBody().front()) {
    StringRef name = nameOf(&op);
    names[graph][name] = &op;
    std::string inner = path.empty() ? name.str() : path + "." + name.str();
    if (auto subgraph = dyn_cast<nir::GraphOp>(op)) {
      subgraphs.push_back(subgraph);
      collect(subgraph, inner, false);
      continue;
    }
    indexOf[&op] = flat.nodes.size();
    flat.nodes.push_back({&op, inner, outermost, {}, {}, false});
  }
}

/// The graph's only op of that kind, or null.
template <typename PortOp>
static Operation *onlyPort(nir::GraphOp graph) {
  auto ports = llvm::to_vector(graph.getBody().getOps<PortOp>());
  return ports.size() == 1 ? ports.front().getOperation() : nullptr;
}

Operation *Flattener::find(nir::GraphOp graph, StringRef port, bool input) {
  if (port.empty()) {
    return input ? onlyPort<nir::InputOp>(graph) : onlyPort<nir::OutputOp>(graph);
  }
  const llvm::StringMap<Operation *> &known = names[graph];
  if (Operation *op = known.lookup(port)) {
    auto subgraph = dyn_cast<nir::GraphOp>(op);
    return subgraph ? find(subgraph, "", input) : op;
  }
  for (size_t dot = port.find('.'); dot != StringRef::npos; dot = port.find('.', dot + 1)) {
    if (auto subgraph = dyn_cast_or_null<nir::GraphOp>(known.lookup(port.take_front(dot)))) {
      if (Operation *op = find(subgraph, port.drop_front(dot + 1), input)) {
        return op;
      }
    }
  }
  return nullptr;
}

FailureOr<Operation *> Flattener::resolve(nir::GraphOp graph, StringRef port, bool input) {
  Operation *op = find(graph, port, input);
  if (op && (input ? isa<nir::InputOp>(op) : isa<nir::OutputOp>(op))) {
    return op;
  }
  return nir::nodeError(graph) << "has no " << (input ? "input" : "output") << " '" << port
                               << "' for an edge";
}

FailureOr<unsigned> Flattener::sourceOf(Value signal) {
  Operation *source = signal.getDefiningOp();
  if (auto subgraph = dyn_cast<nir::GraphOp>(source)) {
    auto port =
        cast<StringAttr>(subgraph.getOutputPorts()[cast<OpResult>(signal).getResultNumber()]);
    FailureOr<Operation *> output = resolve(subgraph, port.getValue(), /*input=*/false);
    if (failed(output)) {
      return failure();
    }
    source = *output;
  }
  return indexOf.lookup(source);
}

LogicalResult Flattener::connectPorts(nir::GraphOp graph) {
  for (auto [signal, port] : llvm::zip(graph.getInputs(), graph.getInputPorts())) {
    FailureOr<Operation *> input =
        resolve(graph, cast<StringAttr>(port).getValue(), /*input=*/true);
    FailureOr<unsigned> source = sourceOf(signal);
    if (failed(input) || failed(source)) {
      return failure();
    }
    flat.nodes[indexOf.lookup(*input)].reads.push_back(*source);
  }
  return success();
}

/// The edges of outer graphs come before those of inner ones.
LogicalResult Flattener::connect() {
  for (nir::GraphOp subgraph : subgraphs) {
    if (failed(connectPorts(subgraph))) {
      return failure();
    }
  }
  for (OpNode &node : flat.nodes) {
    for (Value signal : node.op->getOperands()) {
      FailureOr<unsigned> source = sourceOf(signal);
      if (failed(source)) {
        return failure();
      }
      node.reads.push_back(*source);
    }
    node.feedback.assign(node.reads.size(), false);
  }
  return success();
}

/// The shortest delay of the node in steps.
static int64_t shortestDelay(nir::DelayOp op, double dtSeconds) {
  int64_t shortest = std::numeric_limits<int64_t>::max();
  for (double delay : nir::doublesOf(op.getDelay())) {
    shortest = std::min(shortest, delaySteps(delay, dtSeconds));
  }
  return shortest;
}

bool Flattener::spikesForOld(const OpNode &node) const {
  auto neuron = dyn_cast<nir::HybridSystemOpInterface>(node.op);
  bool isChosen = llvm::any_of(nir::families, [&](nir::Family family) {
    return semantics[family].spikeTest == nir::SpikeTest::Old;
  });
  if (!neuron || !isChosen || semantics.timing != nir::Timing::Sequential) {
    return false; // before the equations are made, which costs
  }
  nir::HybridSystem system = nir::systemOf(neuron, semantics);
  return system.guard && system.rule(semantics).spikeTest == nir::SpikeTest::Old;
}

bool Flattener::dependsWithinStep(const OpNode &node) const {
  if (spikesForOld(node)) {
    return false;
  }
  if (auto delay = dyn_cast<nir::DelayOp>(node.op)) {
    return shortestDelay(delay, semantics.dtSeconds) < 1;
  }
  return semantics.timing != nir::Timing::Pipelined || !node.isNeuron();
}

/// Depth first against the edges, from the outputs, then from every other node: docs/semantics.md,
/// "Cycles".
void Flattener::sort() {
  enum class Mark : char { New, Open, Done };
  std::vector<Mark> marks(flat.nodes.size(), Mark::New);
  struct Frame {
    unsigned node;
    size_t next = 0;
  };
  auto visit = [&](unsigned root) {
    std::vector<Frame> stack;
    auto open = [&](unsigned node) {
      marks[node] = Mark::Open;
      // What a delay of at least one step reads is no matter of this step.
      bool skip = !dependsWithinStep(flat.nodes[node]);
      stack.push_back({node, skip ? flat.nodes[node].reads.size() : 0});
    };
    if (marks[root] != Mark::New) {
      return;
    }
    flat.nodes[root].isRoot = true;
    open(root);
    while (!stack.empty()) {
      OpNode &node = flat.nodes[stack.back().node];
      if (stack.back().next == node.reads.size()) {
        marks[stack.back().node] = Mark::Done;
        flat.order.push_back(stack.back().node);
        stack.pop_back();
        continue;
      }
      size_t edge = stack.back().next++;
      if (marks[node.reads[edge]] == Mark::Open) {
        node.feedback[edge] = true;
      } else if (marks[node.reads[edge]] == Mark::New) {
        open(node.reads[edge]);
      }
    }
  };
  for (unsigned i = 0; i < flat.nodes.size(); ++i) {
    if (flat.nodes[i].outermost && isa<nir::OutputOp>(flat.nodes[i].op)) {
      visit(i);
    }
  }
  for (unsigned i = 0; i < flat.nodes.size(); ++i) {
    visit(i);
  }
}

/// Marks the neurons with spike-test=old that lie on a loop of edges of this step. Nodes that
/// nothing of this step enters or leaves are taken away again and again; loops stay, and what lies
/// between loops.
void Flattener::markAhead() {
  size_t count = flat.nodes.size();
  std::vector<std::vector<unsigned>> next(count), previous(count);
  for (unsigned index = 0; index < count; ++index) {
    const OpNode &node = flat.nodes[index];
    bool waits = dependsWithinStep(node) || spikesForOld(node);
    for (size_t edge = 0; edge < node.reads.size() && waits; ++edge) {
      if (!node.feedback[edge]) {
        next[node.reads[edge]].push_back(index);
        previous[index].push_back(node.reads[edge]);
      }
    }
  }
  std::vector<bool> isGone(count, false);
  auto takeAway = [&](const auto &entering, const auto &leaving) {
    std::vector<size_t> left(count, 0);
    std::vector<unsigned> ready;
    for (unsigned index = 0; index < count; ++index) {
      left[index] = llvm::count_if(entering[index], [&](unsigned i) { return !isGone[i]; });
      if (!isGone[index] && left[index] == 0) {
        ready.push_back(index);
      }
    }
    while (!ready.empty()) {
      unsigned index = ready.back();
      ready.pop_back();
      isGone[index] = true;
      for (unsigned i : leaving[index]) {
        if (!isGone[i] && --left[i] == 0) {
          ready.push_back(i);
        }
      }
    }
  };
  takeAway(previous, next);
  takeAway(next, previous);
  for (unsigned index = 0; index < count; ++index) {
    flat.nodes[index].isAhead = !isGone[index] && spikesForOld(flat.nodes[index]);
  }
}

/// Neurons with spike-test=old that lie on no loop come after what they read, as others do.
void Flattener::sortAgain() {
  std::vector<unsigned> before = std::exchange(flat.order, {});
  std::vector<bool> isOpen(flat.nodes.size(), false);
  for (unsigned root : before) {
    struct Frame {
      unsigned node;
      size_t next = 0;
    };
    std::vector<Frame> stack;
    auto open = [&](unsigned index) {
      const OpNode &node = flat.nodes[index];
      bool waits = !node.isAhead && (dependsWithinStep(node) || spikesForOld(node));
      isOpen[index] = true;
      stack.push_back({index, waits ? 0 : node.reads.size()});
    };
    if (!isOpen[root]) {
      open(root);
    }
    while (!stack.empty()) {
      const OpNode &node = flat.nodes[stack.back().node];
      if (stack.back().next == node.reads.size()) {
        flat.order.push_back(stack.back().node);
        stack.pop_back();
        continue;
      }
      size_t edge = stack.back().next++;
      if (!node.feedback[edge] && !isOpen[node.reads[edge]]) {
        open(node.reads[edge]);
      }
    }
  }
}

/// feedback-start=zero: a node without a state that only late edges reach reads this step's values,
/// and what it passes on is read a step later. So the edges into the next neurons are the feedback
/// edges, which carry 0 into step 0.
void Flattener::moveFeedback() {
  std::vector<bool> late(flat.nodes.size(), false);
  for (unsigned index : flat.order) {
    const OpNode &node = flat.nodes[index];
    bool all = node.isStateless() && !node.reads.empty();
    for (size_t edge = 0; edge < node.reads.size() && all; ++edge) {
      all = node.feedback[edge] || late[node.reads[edge]];
    }
    late[index] = all;
  }
  for (unsigned index = 0; index < flat.nodes.size(); ++index) {
    OpNode &node = flat.nodes[index];
    for (size_t edge = 0; edge < node.reads.size(); ++edge) {
      node.feedback[edge] = node.feedback[edge] + late[node.reads[edge]] - late[index] == 1;
    }
  }
  auto isEarly = [&](unsigned index) { return !late[index]; };
  llvm::SmallVector<unsigned> order = llvm::filter_to_vector(flat.order, isEarly);
  llvm::append_range(order,
                     llvm::make_filter_range(flat.order, [&](unsigned i) { return late[i]; }));
  flat.order.assign(order.begin(), order.end());
}

/// A loop in which every value follows from the others at the same time has no meaning as an
/// evolution in time.
LogicalResult Flattener::refuseStatelessLoops() {
  size_t count = flat.nodes.size();
  std::vector<unsigned> waiting(count, 0);
  std::vector<std::vector<unsigned>> readers(count);
  auto immediate = [&](unsigned i) {
    const OpNode &node = flat.nodes[i];
    return node.isStateless() || (isa<nir::DelayOp>(node.op) && dependsWithinStep(node));
  };
  std::vector<unsigned> ready;
  size_t left = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (!immediate(i)) {
      continue;
    }
    ++left;
    for (unsigned source : flat.nodes[i].reads) {
      if (immediate(source)) {
        ++waiting[i];
        readers[source].push_back(i);
      }
    }
    if (waiting[i] == 0) {
      ready.push_back(i);
    }
  }
  while (!ready.empty()) {
    unsigned node = ready.back();
    ready.pop_back();
    --left;
    for (unsigned reader : readers[node]) {
      if (--waiting[reader] == 0) {
        ready.push_back(reader);
      }
    }
  }
  if (left == 0) {
    return success();
  }
  auto stuck = llvm::find_if(waiting, [](unsigned n) { return n > 0; }) - waiting.begin();
  InFlightDiagnostic error =
      nir::nodeError(flat.nodes[stuck].op)
      << "lies on or behind a loop without a neuron, or a delay of at least one step";
  error.attachNote(flat.nodes[stuck].op->getLoc())
      << "such a loop has no meaning in continuous time; a delay of less than half of dt counts as "
         "none";
  return error;
}

FailureOr<OpGraph> Flattener::run(nir::GraphOp graph) {
  collect(graph, "", /*outermost=*/true);
  if (failed(connect()) || failed(refuseStatelessLoops())) {
    return failure();
  }
  sort();
  if (llvm::any_of(flat.nodes, [&](const OpNode &node) { return spikesForOld(node); })) {
    markAhead();
    sortAgain();
  }
  if (semantics.feedbackStart == nir::FeedbackStart::Zero) {
    moveFeedback();
  }
  return std::move(flat);
}

FailureOr<OpGraph> nirc::flatten(nir::GraphOp graph, const nir::Semantics &semantics) {
  return Flattener(semantics).run(graph);
}

std::vector<nir::SignalKind> nirc::signalKinds(const OpGraph &flat,
                                               const nir::Semantics &semantics) {
  std::vector<nir::KindNode> nodes;
  for (const OpNode &node : flat.nodes) {
    nodes.push_back({nir::ownKind(node.op, semantics), {}});
    if (!nodes.back().own) {
      nodes.back().sources.assign(node.reads.begin(), node.reads.end());
    }
  }
  return nir::signalKinds(nodes);
}
