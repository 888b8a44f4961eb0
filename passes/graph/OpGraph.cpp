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
#include "ir/graph/Feedback.h"

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
  /// Writes into the graph which edges are feedback edges, for passes that change the graph.
  LogicalResult settle(nir::GraphOp graph);

private:
  LogicalResult layOut(nir::GraphOp graph);
  void collect(nir::GraphOp graph, const std::string &path, bool outermost);
  LogicalResult connect();
  LogicalResult connectPorts(nir::GraphOp graph);
  LogicalResult addRead(Operation *node, OpOperand &signal);
  /// The node that `port` of `graph` means, "" its only input or output, or null.
  Operation *find(nir::GraphOp graph, StringRef port, bool input);
  /// The input or output node that `port` of `graph` stands for.
  FailureOr<Operation *> resolve(nir::GraphOp graph, StringRef port, bool input);
  FailureOr<unsigned> sourceOf(Value signal);
  std::vector<nir::LoopNode> loopNodes() const;
  LogicalResult cutLoops(nir::GraphOp graph);
  void readCuts();
  void writeCuts(nir::GraphOp graph) const;
  bool spikesForOld(const OpNode &node) const;
  void markAhead();
  /// Orders the nodes by what they read within the step; whether there are no cycles.
  bool sort();
  void moveFeedback();
  LogicalResult refuseStatelessLoops();
  /// Whether what the node passes on depends on its inputs within the step.
  bool dependsWithinStep(const OpNode &node) const;

  const nir::Semantics &semantics;
  OpGraph flat;
  std::vector<std::vector<OpOperand *>> operands; ///< one for each of a node's `reads`
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
    flat.nodes.push_back({&op, inner, outermost, {}, {}});
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

LogicalResult Flattener::addRead(Operation *node, OpOperand &signal) {
  FailureOr<unsigned> source = sourceOf(signal.get());
  if (failed(source)) {
    return failure();
  }
  flat.nodes[indexOf.lookup(node)].reads.push_back(*source);
  operands[indexOf.lookup(node)].push_back(&signal);
  return success();
}

LogicalResult Flattener::connectPorts(nir::GraphOp graph) {
  for (OpOperand &signal : graph->getOpOperands()) {
    auto port = cast<StringAttr>(graph.getInputPorts()[signal.getOperandNumber()]);
    FailureOr<Operation *> input = resolve(graph, port.getValue(), /*input=*/true);
    if (failed(input) || failed(addRead(*input, signal))) {
      return failure();
    }
  }
  return success();
}

/// The edges of outer graphs come before those of inner ones.
LogicalResult Flattener::connect() {
  operands.resize(flat.nodes.size());
  for (nir::GraphOp subgraph : subgraphs) {
    if (failed(connectPorts(subgraph))) {
      return failure();
    }
  }
  for (OpNode &node : flat.nodes) {
    for (OpOperand &signal : node.op->getOpOperands()) {
      if (failed(addRead(node.op, signal))) {
        return failure();
      }
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

/// Of an op, the operands that carry the value of the step before; of the outermost graph, that its
/// nodes say so. What passes that change the graph keep: another graph would be cut elsewhere.
static constexpr StringRef lateName = "nir.late", isCutName = "nir.is_cut";

void nirc::setLate(OpOperand &operand) {
  Operation *op = operand.getOwner();
  SmallVector<int32_t> late;
  if (auto old = op->getAttrOfType<DenseI32ArrayAttr>(lateName)) {
    late.append(old.asArrayRef().begin(), old.asArrayRef().end());
  }
  auto number = static_cast<int32_t>(operand.getOperandNumber());
  if (!llvm::is_contained(late, number)) {
    late.push_back(number);
  }
  op->setAttr(lateName, DenseI32ArrayAttr::get(op->getContext(), late));
}

bool nirc::isLate(OpOperand &operand) {
  auto late = operand.getOwner()->getAttrOfType<DenseI32ArrayAttr>(lateName);
  return late &&
         llvm::is_contained(late.asArrayRef(), static_cast<int32_t>(operand.getOperandNumber()));
}

void nirc::copyLate(Operation *from, NamedAttrList &to) {
  to.erase(lateName);
  if (Attribute late = from->getAttr(lateName)) {
    to.set(lateName, late);
  }
}

std::vector<nir::LoopNode> Flattener::loopNodes() const {
  std::vector<nir::LoopNode> nodes;
  for (const OpNode &node : flat.nodes) {
    nir::LoopNode loop;
    bool isOutput = isa<nir::OutputOp>(node.op);
    loop.kind = cast<nir::NodeOpInterface>(node.op).getNirType().str();
    loop.elements =
        isOutput
            ? 0
            : llvm::product_of(cast<nir::SignalType>(node.op->getResult(0).getType()).getShape());
    loop.isEntry = node.outermost && isa<nir::InputOp>(node.op);
    loop.isExit = node.outermost && isOutput;
    loop.isOpaque = !dependsWithinStep(node);
    loop.sources.assign(node.reads.begin(), node.reads.end());
    nodes.push_back(std::move(loop));
  }
  return nodes;
}

LogicalResult Flattener::cutLoops(nir::GraphOp graph) {
  nir::Result<nir::EdgeFlags> cut = nir::feedbackOf(
      loopNodes(), semantics.late, [&](int32_t index) { return flat.nodes[index].path; });
  if (!cut) {
    const nir::Error &error = cut.error();
    auto named =
        llvm::find_if(flat.nodes, [&](const OpNode &node) { return node.path == error.node; });
    InFlightDiagnostic report =
        nir::nodeError(named == flat.nodes.end() ? graph.getOperation() : named->op)
        << error.message;
    nir::setCode(report, error.code);
    for (const nir::Note &note : error.notes) {
      report.attachNote(graph.getLoc()) << note.message;
    }
    return report;
  }
  for (auto [node, late] : llvm::zip_equal(flat.nodes, *cut)) {
    node.feedback = late;
  }
  return success();
}

void Flattener::readCuts() {
  for (unsigned index = 0; index < flat.nodes.size(); ++index) {
    OpNode &node = flat.nodes[index];
    for (size_t edge = 0; edge < node.reads.size(); ++edge) {
      node.feedback[edge] = isLate(*operands[index][edge]);
    }
  }
}

void Flattener::writeCuts(nir::GraphOp graph) const {
  graph->setAttr(isCutName, UnitAttr::get(graph.getContext()));
  for (unsigned index = 0; index < flat.nodes.size(); ++index) {
    for (size_t edge = 0; edge < flat.nodes[index].reads.size(); ++edge) {
      if (flat.nodes[index].feedback[edge]) {
        setLate(*operands[index][edge]);
      }
    }
  }
}

/// Marks the neurons with spike-test=old that lie on a loop of edges of this step. Nodes that
/// nothing of this step enters or leaves are taken away again and again; loops stay, and what lies
/// between loops.
void Flattener::markAhead() {
  if (llvm::none_of(flat.nodes, [&](const OpNode &node) { return spikesForOld(node); })) {
    return;
  }
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
bool Flattener::sort() {
  flat.order.clear();
  enum class Mark : char { New, Open, Done };
  std::vector<Mark> marks(flat.nodes.size(), Mark::New);
  struct Frame {
    unsigned node;
    size_t next = 0;
  };
  std::vector<Frame> stack;
  auto open = [&](unsigned index) {
    const OpNode &node = flat.nodes[index];
    bool waits = !node.isAhead && (dependsWithinStep(node) || spikesForOld(node));
    marks[index] = Mark::Open;
    stack.push_back({index, waits ? 0 : node.reads.size()});
  };
  SmallVector<unsigned> roots;
  for (bool isExit : {true, false}) {
    for (auto [index, node] : llvm::enumerate(flat.nodes)) {
      if ((node.outermost && isa<nir::OutputOp>(node.op)) == isExit) {
        roots.push_back(index);
      }
    }
  }
  for (unsigned root : roots) {
    if (marks[root] == Mark::New) {
      open(root);
    }
    while (!stack.empty()) {
      const OpNode &node = flat.nodes[stack.back().node];
      if (stack.back().next == node.reads.size()) {
        marks[stack.back().node] = Mark::Done;
        flat.order.push_back(stack.back().node);
        stack.pop_back();
        continue;
      }
      size_t edge = stack.back().next++;
      unsigned source = node.reads[edge];
      if (node.feedback[edge] || marks[source] == Mark::Done) {
        continue;
      }
      if (marks[source] == Mark::Open) {
        return false;
      }
      open(source);
    }
  }
  return true;
}

/// feedback-start=zero: a node without a state that only late edges reach reads this step's values,
/// and what it passes on is read a step later. So the edges into the next neurons are the feedback
/// edges, which carry 0 into step 0.
/// Where several edges of a cycle are late by choice, an edge could get two steps: its source stays
/// as it is then.
void Flattener::moveFeedback() {
  std::vector<bool> stays(flat.nodes.size(), false), late;
  auto find = [&] {
    late.assign(flat.nodes.size(), false);
    for (unsigned index : flat.order) {
      const OpNode &node = flat.nodes[index];
      bool all = !stays[index] && node.isStateless() && !node.reads.empty();
      for (size_t edge = 0; edge < node.reads.size() && all; ++edge) {
        all = node.feedback[edge] || late[node.reads[edge]];
      }
      late[index] = all;
    }
  };
  auto stepsOf = [&](unsigned index, size_t edge) {
    const OpNode &node = flat.nodes[index];
    return node.feedback[edge] + late[node.reads[edge]] - late[index];
  };
  find();
  for (bool isDone = false; !isDone;) {
    isDone = true;
    for (unsigned index = 0; index < flat.nodes.size(); ++index) {
      for (size_t edge = 0; edge < flat.nodes[index].reads.size(); ++edge) {
        if (stepsOf(index, edge) > 1) {
          stays[flat.nodes[index].reads[edge]] = true;
          isDone = false;
        }
      }
    }
    find();
  }
  for (unsigned index = 0; index < flat.nodes.size(); ++index) {
    OpNode &node = flat.nodes[index];
    for (size_t edge = 0; edge < node.reads.size(); ++edge) {
      node.feedback[edge] = stepsOf(index, edge) == 1;
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

LogicalResult Flattener::layOut(nir::GraphOp graph) {
  collect(graph, "", /*outermost=*/true);
  return success(succeeded(connect()) && succeeded(refuseStatelessLoops()));
}

FailureOr<OpGraph> Flattener::run(nir::GraphOp graph) {
  if (failed(layOut(graph))) {
    return failure();
  }
  if (graph->hasAttr(isCutName)) {
    readCuts();
  } else if (failed(cutLoops(graph))) {
    return failure();
  }
  markAhead();
  if (!sort()) {
    return nir::nodeError(graph) << "holds a loop of which '" << lateName << "' names no edge";
  }
  if (semantics.feedbackStart == nir::FeedbackStart::Zero) {
    moveFeedback();
  }
  return std::move(flat);
}

LogicalResult Flattener::settle(nir::GraphOp graph) {
  if (graph->hasAttr(isCutName)) {
    return success();
  }
  if (failed(layOut(graph)) || failed(cutLoops(graph))) {
    return failure();
  }
  writeCuts(graph);
  return success();
}

FailureOr<OpGraph> nirc::flatten(nir::GraphOp graph, const nir::Semantics &semantics) {
  return Flattener(semantics).run(graph);
}

LogicalResult nirc::settleFeedback(nir::GraphOp graph, const nir::Semantics &semantics) {
  return Flattener(semantics).settle(graph);
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
