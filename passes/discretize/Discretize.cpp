//===- Discretize.cpp - continuous time to steps of dt --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// nir → snn: continuous time becomes steps of dt. docs/semantics.md is what this file does.

#include "dialects/Version.h"
#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Types.h"
#include "dialects/snn/Records.h"
#include "dialects/snn/Snn.h"
#include "ir/choices/Choices.h"
#include "passes/Passes.h"
#include "passes/discretize/Coefficients.h"
#include "passes/discretize/NetworkBuilder.h"
#include "passes/graph/OpGraph.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include "mlir/Dialect/Math/IR/Math.h"

namespace nirc {
#define GEN_PASS_DEF_DISCRETIZE
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

/// Writes the body of one network.
class NetworkWriter {
public:
  NetworkWriter(NetworkBuilder network, OpGraph graph)
      : network(network), flat(std::move(graph)), kinds(signalKinds(flat, network.semantics)) {}

  LogicalResult write();
  LogicalResult record(StringRef path, StringRef observable);
  /// Erases what nothing reads: a node whose past alone is read was written as of this step, too.
  void eraseUnread();

private:
  /// A node's value some steps ago: {node, 0} is this step's.
  using Moment = std::pair<unsigned, int64_t>;

  LogicalResult writeNode(unsigned index);
  /// What `edge` of `node` carries into it, where `node` itself is computed as of `ago` steps ago.
  Moment momentOf(const OpNode &node, size_t edge, int64_t ago) const {
    bool hops = network.semantics.timing == nir::Timing::Pipelined && node.isNeuron();
    return {node.reads[edge], ago + (node.feedback[edge] || hops ? 1 : 0)};
  }
  /// Makes sure that the value of `moment` exists, and those that it is computed from.
  LogicalResult writePast(Moment moment);
  LogicalResult writePastOf(const OpNode &node);
  Value write(unsigned index, int64_t ago);
  SmallVector<Value> inputsOf(const OpNode &node, int64_t ago);
  Value sum(const OpNode &node, ValueRange inputs, ArrayRef<int64_t> shape);
  void writeOutput(const OpNode &node, Value signal, ArrayRef<int64_t> shape, nir::SignalKind kind);
  Value writeDelay(nir::DelayOp op, unsigned index);
  void finishDelays();
  Value writeAhead(unsigned index);
  LogicalResult finishAhead();
  std::vector<std::string> observables(unsigned index) const;
  Value placeholder(Type type, Location loc);
  /// The value of a node, or what stands in for it until it is written.
  Value pending(unsigned index);
  Type typeOf(unsigned index) const;

  NetworkBuilder network;
  OpGraph flat;
  llvm::DenseMap<Moment, Value> values;
  /// Neurons that were read, as of an earlier step, before they were written.
  llvm::MapVector<unsigned, Value> placeholders;
  std::vector<std::pair<unsigned, snn::DelayOp>> lateDelays;
  /// Of neurons that come before what they read: what delays their spikes of the next step.
  std::vector<std::pair<unsigned, snn::DelayOp>> aheads;
  std::vector<nir::SignalKind> kinds; ///< of what each node passes on
};

} // namespace

/// The shape that a node passes on: of its result, or what an Output declares.
static SmallVector<int64_t> shapeOf(Operation *node) {
  if (auto output = dyn_cast<nir::OutputOp>(node)) {
    std::vector<int64_t> shape = nir::tensorOf(output.getShape()).toInts();
    return SmallVector<int64_t>(shape.begin(), shape.end());
  }
  return SmallVector<int64_t>(cast<nir::SignalType>(node->getResult(0).getType()).getShape());
}

/// The shape that reaches a node: what its operands have, or, for a node that nothing reaches, what
/// its parameters say.
static SmallVector<int64_t> inputShapeOf(Operation *node) {
  if (node->getNumOperands()) {
    return SmallVector<int64_t>(cast<nir::SignalType>(node->getOperand(0).getType()).getShape());
  }
  SmallVector<int64_t> shape = shapeOf(node);
  auto matrix = [&](ElementsAttr weight) {
    shape.back() = weight.getShapedType().getShape().back();
  };
  auto convolution = [&](auto op) {
    shape.assign(1, op.getWeight().getShapedType().getShape()[1] *
                        nir::tensorOf(op.getGroups()).intAt(0));
    llvm::append_range(shape, nir::tensorOf(*op.getInputShape()).toInts());
  };
  llvm::TypeSwitch<Operation *>(node)
      .Case([&](nir::AffineOp op) { matrix(op.getWeight()); })
      .Case([&](nir::LinearOp op) { matrix(op.getWeight()); })
      .Case([&](nir::Conv1dOp op) { convolution(op); })
      .Case([&](nir::Conv2dOp op) { convolution(op); });
  return shape;
}

Type NetworkWriter::typeOf(unsigned index) const {
  SmallVector<int64_t> shape = shapeOf(flat.nodes[index].op);
  if (kinds[index] == nir::SignalKind::Spikes) {
    return snn::SpikesType::get(network.builder.getContext(), shape);
  }
  return RankedTensorType::get(shape, network.element);
}

/// A stand-in for a value that is written later.
Value NetworkWriter::placeholder(Type type, Location loc) {
  return UnrealizedConversionCastOp::create(network.builder, loc, type, ValueRange()).getResult(0);
}

/// Gives a delay that stands before its signal the signal, in the place of its placeholder.
static void takePlace(snn::DelayOp delay, Value signal) {
  Operation *standIn = delay.getSignal().getDefiningOp();
  delay.getSignalMutable().assign(signal);
  standIn->erase();
}

Value NetworkWriter::pending(unsigned index) {
  Value &standIn = placeholders[index];
  if (!standIn) {
    standIn = placeholder(typeOf(index), flat.nodes[index].op->getLoc());
  }
  return standIn;
}

//===----------------------------------------------------------------------===//
// What a node reads
//===----------------------------------------------------------------------===//

SmallVector<Value> NetworkWriter::inputsOf(const OpNode &node, int64_t ago) {
  SmallVector<Value> inputs;
  for (size_t edge = 0; edge < node.reads.size(); ++edge) {
    inputs.push_back(values.lookup(momentOf(node, edge, ago)));
    assert(inputs.back() && "a node is written after what it reads");
  }
  return inputs;
}

/// The node's one input: the edges added up from left to right.
Value NetworkWriter::sum(const OpNode &node, ValueRange inputs, ArrayRef<int64_t> shape) {
  Location loc = node.op->getLoc();
  if (inputs.size() == 1) {
    return network.inShape(inputs.front(), shape, node.path, loc);
  }
  return snn::AddOp::create(network.builder, loc, network.numbers(shape), node.path, inputs);
}

/// A feedback edge reads the step before. The past of a neuron, a delay or an input is a snn.delay,
/// which is silent before step 0. The past of a stateless node is the same node once more, computed
/// from the past of what it reads: before step 0 it then has the value that follows from silence,
/// its bias.
LogicalResult NetworkWriter::writePast(Moment moment) {
  SmallVector<Moment> stack{moment};
  while (!stack.empty()) {
    Moment top = stack.back();
    auto [index, ago] = top;
    const OpNode &node = flat.nodes[index];
    if (values.count(top)) {
      stack.pop_back();
      continue;
    }
    // Before step 0 a stateless node has the value that follows from silence, or none.
    bool follows = network.semantics.feedbackStart == nir::FeedbackStart::Bias;
    if (ago == 0 || !node.isStateless() || !follows) {
      stack.pop_back();
      Value now = values.lookup({index, 0});
      if (ago == 0) {
        assert(now && "what is read within the step is written before");
        continue;
      }
      Value signal = now ? now : pending(index);
      values[top] = snn::DelayOp::create(network.builder, node.op->getLoc(), signal.getType(),
                                         node.path, signal, ago);
      continue;
    }
    size_t missing = 0;
    for (size_t edge = 0; edge < node.reads.size(); ++edge) {
      Moment source = momentOf(node, edge, ago);
      if (!values.count(source)) {
        stack.push_back(source);
        ++missing;
      }
    }
    if (missing == 0) {
      stack.pop_back();
      Value past = write(index, ago);
      if (!past) {
        return failure();
      }
      values[top] = past;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What a node becomes
//===----------------------------------------------------------------------===//

Value NetworkWriter::writeDelay(nir::DelayOp op, unsigned index) {
  const OpNode &node = flat.nodes[index];
  SmallVector<int64_t> steps;
  for (double delay : nir::doublesOf(op.getDelay())) {
    steps.push_back(delaySteps(delay, network.semantics.dtSeconds));
  }
  bool late = llvm::all_of(steps, [](int64_t n) { return n >= 1; });
  if (llvm::all_equal(steps)) {
    steps.resize(1);
  }
  // A delay that reads nothing of this step may stand before what it delays: that is summed up at
  // the end.
  Value signal = late ? placeholder(typeOf(index), op.getLoc())
                      : sum(node, inputsOf(node, 0), inputShapeOf(op));
  auto delay = snn::DelayOp::create(network.builder, op.getLoc(), signal.getType(), node.path,
                                    signal, steps);
  if (late) {
    lateDelays.push_back({index, delay});
  }
  return delay;
}

/// What the late delays delay, now that every node is there.
void NetworkWriter::finishDelays() {
  for (auto [index, delay] : lateDelays) {
    const OpNode &node = flat.nodes[index];
    takePlace(delay, sum(node, inputsOf(node, 0), inputShapeOf(node.op)));
  }
}

/// A neuron whose spikes of this step were known in the last one.
Value NetworkWriter::writeAhead(unsigned index) {
  const OpNode &node = flat.nodes[index];
  Value signal = placeholder(typeOf(index), node.op->getLoc());
  auto delay = snn::DelayOp::create(network.builder, node.op->getLoc(), signal.getType(), node.path,
                                    signal, 1);
  aheads.push_back({index, delay});
  return delay;
}

LogicalResult NetworkWriter::finishAhead() {
  for (auto [index, delay] : aheads) {
    const OpNode &node = flat.nodes[index];
    if (failed(writePastOf(node))) {
      return failure();
    }
    Value next = buildPopulation(network, cast<nir::HybridSystemOpInterface>(node.op), node.path,
                                 inputsOf(node, 0), shapeOf(node.op), /*isAhead=*/true);
    if (!next) {
      return failure();
    }
    snn::markAhead(next.getDefiningOp<snn::PopulationOp>());
    takePlace(delay, next);
  }
  return success();
}

/// The ops of a node as of `ago` steps ago; only stateless nodes have a past of their own.
Value NetworkWriter::write(unsigned index, int64_t ago) {
  const OpNode &node = flat.nodes[index];
  Location loc = node.op->getLoc();
  SmallVector<int64_t> shape = shapeOf(node.op);
  if (node.outermost && isa<nir::InputOp>(node.op)) {
    return snn::InputOp::create(network.builder, loc, network.numbers(shape), node.path);
  }
  if (auto delay = dyn_cast<nir::DelayOp>(node.op)) {
    return writeDelay(delay, index);
  }
  if (node.isAhead) {
    return writeAhead(index);
  }
  SmallVector<Value> inputs = inputsOf(node, ago);
  if (auto neuron = dyn_cast<nir::HybridSystemOpInterface>(node.op)) {
    return buildPopulation(network, neuron, node.path, inputs, shape, /*isAhead=*/false);
  }
  if (auto threshold = dyn_cast<nir::ThresholdOp>(node.op)) {
    return buildThreshold(network, threshold, node.path, inputs, shape);
  }
  if (isa<nir::InputOp, nir::OutputOp, nir::FlattenOp>(node.op)) { // only the shape changes
    return sum(node, inputs, shape);
  }
  Value input = sum(node, inputs, inputShapeOf(node.op));
  return buildConnection(network, node.op, node.path, input, shape);
}

void NetworkWriter::writeOutput(const OpNode &node, Value signal, ArrayRef<int64_t> shape,
                                nir::SignalKind kind) {
  snn::OutputOp::create(network.builder, node.op->getLoc(), node.path, signal, shape,
                        kind == nir::SignalKind::Counts);
}

/// Makes sure that what the node reads of earlier steps is there.
LogicalResult NetworkWriter::writePastOf(const OpNode &node) {
  for (size_t edge = 0; edge < node.reads.size(); ++edge) {
    Moment source = momentOf(node, edge, 0);
    if (source.second > 0 && failed(writePast(source))) {
      return failure();
    }
  }
  return success();
}

LogicalResult NetworkWriter::writeNode(unsigned index) {
  const OpNode &node = flat.nodes[index];
  if (!node.isAhead && failed(writePastOf(node))) {
    return failure();
  }
  Value value = write(index, 0);
  if (!value) {
    return failure();
  }
  values[{index, 0}] = value;
  if (node.outermost && isa<nir::OutputOp>(node.op)) {
    writeOutput(node, value, shapeOf(node.op), kinds[index]);
  }
  return success();
}

LogicalResult NetworkWriter::write() {
  for (unsigned index : flat.order) {
    if (failed(writeNode(index))) {
      return failure();
    }
  }
  finishDelays();
  if (failed(finishAhead())) {
    return failure();
  }
  for (auto &[index, standIn] : placeholders) {
    standIn.replaceAllUsesWith(values.lookup({index, 0}));
    standIn.getDefiningOp()->erase();
  }
  return success();
}

std::vector<std::string> NetworkWriter::observables(unsigned index) const {
  Operation *op = flat.nodes[index].op;
  std::vector<std::string> states;
  bool fires = false;
  if (auto neuron = dyn_cast<nir::HybridSystemOpInterface>(op)) {
    nir::HybridSystem system = neuron.getHybridSystem();
    fires = system.guard.has_value();
    for (const nir::StateEquation &state : system.states) {
      // The membrane first, as in all lists of ir/.
      bool isMembrane = state.role == nir::StateRole::Membrane;
      states.insert(isMembrane ? states.begin() : states.end(), state.name.str());
    }
  }
  return nir::observables(fires, kinds[index], states);
}

LogicalResult NetworkWriter::record(StringRef path, StringRef observable) {
  auto found = llvm::find_if(flat.nodes, [&](const OpNode &node) { return node.path == path; });
  if (found == flat.nodes.end()) {
    return mlir::emitError(network.builder.getUnknownLoc())
           << "cannot record '" << path << "': no node has this path";
  }
  unsigned index = found - flat.nodes.begin();
  Operation *op = found->op;
  std::vector<std::string> known = observables(index);
  if (!llvm::is_contained(known, observable)) {
    return nir::nodeError(op) << "has no '" << observable << "' to record, it has "
                              << llvm::join(known, ", ");
  }
  if (observable != "value" && observable != "spikes") { // a state
    snn::RecordOp::create(network.builder, op->getLoc(), path, observable, Value(), false);
    return success();
  }
  Value signal = values.lookup({index, 0});
  if (observable == "value" && snn::isSpikes(signal.getType())) {
    // Before all records: in text a record of a state would take the name behind it for its signal.
    OpBuilder::InsertionGuard guard(network.builder);
    auto records = network.builder.getInsertionBlock()->getOps<snn::RecordOp>();
    if (!records.empty()) {
      network.builder.setInsertionPoint(*records.begin());
    }
    signal = snn::AddOp::create(network.builder, op->getLoc(), network.numbers(shapeOf(op)), path,
                                signal);
  }
  bool counts = observable == "spikes" && kinds[index] == nir::SignalKind::Counts;
  snn::RecordOp::create(network.builder, op->getLoc(), path, observable, signal, counts);
  return success();
}

void NetworkWriter::eraseUnread() {
  Block *body = network.builder.getInsertionBlock();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
    }
  }
}

namespace {

struct Discretize : nirc::impl::DiscretizeBase<Discretize> {
  using DiscretizeBase::DiscretizeBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto graphs = llvm::to_vector(module.getOps<nir::GraphOp>());
    if (graphs.size() != 1) {
      module.emitError() << "the module has " << graphs.size() << " graphs, expected 1";
      return signalPassFailure();
    }
    FailureOr<nir::Semantics> choices = readChoices();
    if (failed(choices) || failed(discretize(graphs.front(), *choices))) {
      return signalPassFailure();
    }
  }

private:
  FailureOr<nir::Semantics> readChoices();
  LogicalResult discretize(nir::GraphOp graph, const nir::Semantics &choices);
};

} // namespace

FailureOr<nir::Semantics> Discretize::readChoices() {
  ModuleOp module = getOperation();
  nir::Result<nir::Semantics> choices = nir::semanticsOf(semantics.getValue());
  if (!choices) {
    return module.emitError() << choices.error().message;
  }
  if (dtSeconds != 0) {
    choices->dtSeconds = dtSeconds;
  }
  if (element != "f32" && element != "f64") {
    return module.emitError() << "the element type is '" << element << "', expected f32 or f64";
  }
  if (choices->dtSeconds == 0) {
    return module.emitError()
           << "dt is 0, expected a positive number of seconds: pass discretize{dt=1e-4}";
  }
  if (nir::Status bad = nir::checkSemantics(*choices)) {
    return module.emitError() << bad->message;
  }
  if (choices->timing == nir::Timing::Events) {
    InFlightDiagnostic error = module.emitError()
                               << "schedule=events has no steps: it runs on the reference target "
                                  "alone";
    nir::setCode(error, nir::kindOf(nir::Cause::UnsupportedByTarget).code);
    return error;
  }
  return std::move(*choices);
}

LogicalResult Discretize::discretize(nir::GraphOp graph, const nir::Semantics &choices) {
  FailureOr<OpGraph> flat = flatten(graph, choices);
  if (failed(flat)) {
    return failure();
  }
  OpBuilder builder(graph);
  FloatType type =
      element == "f64" ? FloatType(builder.getF64Type()) : FloatType(builder.getF32Type());
  StringRef name = graph.getName().empty() ? "network" : graph.getName();
  auto network = snn::NetworkOp::create(builder, graph.getLoc(), name,
                                        snn::SemanticsAttr::get(&getContext(), choices), type,
                                        /*format=*/snn::FormatAttr());
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  NetworkWriter writer(NetworkBuilder{builder, choices, type}, std::move(*flat));
  if (failed(writer.write())) {
    return failure();
  }
  for (StringRef wanted : records) {
    auto [path, observable] = wanted.rsplit(':');
    if (failed(writer.record(path, observable))) {
      return failure();
    }
  }
  writer.eraseUnread();
  removeVersion<nir::DialectVersionAttr>(graph->getParentOp()); // what a file said of the graph
  graph.erase();
  return success();
}
