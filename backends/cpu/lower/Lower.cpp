//===- Lower.cpp - snn to a step function ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Lower.h"

#include "backends/cpu/lower/Calls.h"
#include "backends/cpu/lower/Emitter.h"
#include "backends/cpu/lower/EqualFunctions.h"
#include "backends/cpu/plan/Stages.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

using DensePlans = llvm::DenseMap<Operation *, DensePlan>;

/// The functions of a step, in the order of their calls.
struct Function {
  Callee alone;
  func::FuncOp together; ///< for several samples at once; returns whether it did anything
  NodeFunction node;
  bool isShared = false; ///< each part does its range
  Accesses accesses;
};

class StepWriter {
public:
  StepWriter(snn::NetworkOp network, Emitter &emit, const DensePlans &plans,
             std::vector<Parameter> &parameters)
      : network(network), emit(emit), plans(plans), parameters(parameters),
        equal(emit, parameters, emit.options.leastEqual) {}

  void writeFunctions();
  bool hasFunctions() const { return !functions.empty(); }
  void writeStep(bool profile);
  void writeBegin(Lowered &lowered);
  /// The functions as stages that threads share.
  void writeStages(Lowered &lowered);
  std::vector<NodeFunction> nodes() const;

private:
  void writeDense(snn::DenseOp op);
  void write(Operation &op, StringRef kind, Accesses accesses, llvm::function_ref<void()> body,
             double bytesPerEvent = 0.0);
  void writeNode(Operation &op);
  void writeGathers(Operation &op);
  void addLast();
  void writeBegins(ArrayRef<snn::PopulationOp> populations);
  std::vector<Callee> callees() const;

  snn::NetworkOp network;
  Emitter &emit;
  const DensePlans &plans;
  std::vector<Parameter> &parameters;
  EqualFunctions equal; ///< has all but the last of `functions`
  std::vector<Function> functions;
};

} // namespace

static StringRef nodeOf(Operation &op) { return op.getAttrOfType<StringAttr>("node").getValue(); }

/// The signal whose events say how much the op has to do: that which a connection reads, else its
/// result.
static Value eventsOf(Operation &op) {
  if (isa<snn::DenseOp, snn::ConvOp, snn::PoolOp>(op)) {
    return op.getOperand(0);
  }
  return op.getNumResults() == 1 ? op.getResult(0) : Value();
}

/// Bytes of weights that an event makes a convolution read, but for the edges: those of its
/// channel.
static double bytesPerEvent(Emitter &emit, snn::ConvOp op) {
  Numbers weight = emit.numbers(op.getWeight());
  auto width = static_cast<double>(nir::sizeOf(weight.storedType(emit.numberType())));
  return static_cast<double>(weight.size()) * width /
         static_cast<double>(snn::shapeOf(op.getSignal().getType())[0]);
}

void StepWriter::write(Operation &op, StringRef kind, Accesses accesses,
                       llvm::function_ref<void()> body, double bytesPerEvent) {
  addLast();
  std::string symbol = ("node_" + llvm::Twine(functions.size())).str();
  func::FuncOp function = emit.begin(op.getLoc(), symbol);
  body();
  emit.finish();
  if (llvm::hasSingleElement(function.getBody().front())) {
    function.erase(); // nothing to do in a step
    return;
  }
  function.setPrivate();
  NodeFunction node{symbol, nodeOf(op).str(), kind.str(), {}, 0, bytesPerEvent};
  if (Value signal = eventsOf(op)) {
    node.events = emit.signal(signal).events;
    node.elements = snn::elementsOf(signal.getType());
  }
  bool isShared =
      llvm::any_of(accesses, [](const Access &access) { return access.scope == Scope::Range; });
  functions.push_back({{function}, {}, std::move(node), isShared, std::move(accesses)});
}

/// The function written last, where there is one, is complete.
void StepWriter::addLast() {
  if (functions.size() == equal.size()) {
    return;
  }
  if (functions.back().together) { // it reads the same parameters
    equal.addDistinct(functions.back().alone.function);
  } else {
    equal.add(functions.back().alone.function);
  }
}

/// Whether anyone reads what the op makes. Populations are computed all the same: they have states.
static bool isRead(Emitter &emit, Operation &op) {
  return isa<snn::PopulationOp>(op) || llvm::any_of(op.getResults(), [&](Value result) {
           const Signal &signal = emit.signal(result);
           return signal.array || signal.events || signal.channelsLast || signal.bits;
         });
}

void StepWriter::writeDense(snn::DenseOp op) {
  const DensePlan &plan = plans.find(op)->second;
  bool isShared = plan.form == DenseForm::Streams;
  write(
      *op, plan.form == DenseForm::Sparse || plan.form == DenseForm::Masks ? "sparse" : "dense",
      accessesOf(*op, isShared), [&] { emitDense(emit, op, plan); }, plan.bytesPerEvent);
  if (isShared && emit.options.parts) {
    std::string symbol = functions.back().node.symbol + "_together";
    functions.back().together = emit.beginTogether(op.getLoc(), symbol, emit.builder.getI1Type());
    emit.finish(emitDenseTogether(emit, op));
    functions.back().together.setPrivate();
  }
}

void StepWriter::writeNode(Operation &op) {
  if (!isRead(emit, op)) {
    return;
  }
  auto put = [&](StringRef kind, bool isShared, llvm::function_ref<void()> body,
                 double bytes = 0.0) { write(op, kind, accessesOf(op, isShared), body, bytes); };
  llvm::TypeSwitch<Operation *>(&op)
      .Case([&](snn::PopulationOp o) {
        put("population", !isChannelsLast(o), [&] { emitPopulation(emit, o); });
      })
      .Case([&](snn::DenseOp o) { writeDense(o); })
      .Case([&](snn::ConvOp o) {
        put("conv", false, [&] { emitConv(emit, o); }, bytesPerEvent(emit, o));
      })
      .Case([&](snn::PoolOp o) { put("pool", false, [&] { emitPool(emit, o); }); })
      .Case([&](snn::ScaleOp o) { put("scale", true, [&] { emitScale(emit, o); }); })
      .Case([&](snn::RescaleOp o) { put("rescale", true, [&] { emitRescale(emit, o); }); })
      .Case([&](snn::AddOp o) { put("add", true, [&] { emitAdd(emit, o); }); })
      .Case([&](snn::DelayOp o) { put("delay", true, [&] { emitDelayRead(emit, o); }); });
}

/// Spiking populations list their own events, and delays may pass lists on; of other signals they
/// are looked for.
void StepWriter::writeGathers(Operation &op) {
  auto delay = dyn_cast<snn::DelayOp>(op);
  if (isa<snn::ReshapeOp>(op) || (delay && delaysEvents(delay))) {
    return;
  }
  for (Value result : op.getResults()) {
    bool own = isa<snn::PopulationOp>(op) && snn::isSpikes(result.getType());
    if (!own && emit.signal(result).events) {
      write(op, "events", gatherAccesses(result), [&] { emitGather(emit, result); });
    }
  }
}

/// The delay whose result `op` delays, or null.
static snn::DelayOp delayBefore(snn::DelayOp op) {
  Value signal = op.getSignal();
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>()) {
    signal = reshape.getSignal();
  }
  return signal.getDefiningOp<snn::DelayOp>();
}

/// The delays, each before the one that it reads.
static SmallVector<snn::DelayOp> readersFirst(Block &body) {
  SmallVector<snn::DelayOp> order;
  llvm::DenseSet<Operation *> isPlaced;
  for (auto delay : body.getOps<snn::DelayOp>()) {
    SmallVector<snn::DelayOp> chain;
    for (; delay && isPlaced.insert(delay).second; delay = delayBefore(delay)) {
      chain.push_back(delay);
    }
    llvm::append_range(order, llvm::reverse(chain));
  }
  std::reverse(order.begin(), order.end());
  return order;
}

/// A function a node, so that the compiler's work grows with the number of nodes and not faster.
void StepWriter::writeFunctions() {
  Block &body = network.getBody().front();
  for (Operation &op : body) {
    writeNode(op);
    writeGathers(op);
  }
  // What the delays hand to the next step, once every signal of this one is there. A delay of one
  // step overwrites its list.
  for (snn::DelayOp delay : readersFirst(body)) {
    if (delay.longest() > 0) {
      write(*delay, "delay-write", delayWriteAccesses(delay), [&] { emitDelayWrite(emit, delay); });
    }
  }
  addLast();
  for (auto [one, callee] : llvm::zip_equal(functions, equal.finish())) {
    one.alone = callee;
  }
}

std::vector<Callee> StepWriter::callees() const {
  std::vector<Callee> callees;
  for (const Function &one : functions) {
    callees.push_back(one.alone);
  }
  return callees;
}

void StepWriter::writeBegin(Lowered &lowered) {
  SmallVector<snn::PopulationOp> populations;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (llvm::any_of(snn::initialOf(op), [](ElementsAttr values) { return !!values; })) {
      populations.push_back(op);
    }
  }
  lowered.begins = !populations.empty();
  if (!lowered.begins) {
    return;
  }
  auto least = static_cast<size_t>(emit.options.leastListed);
  if (least > 0 && populations.size() >= least) {
    return writeBegins(populations);
  }
  emit.begin(network.getLoc(), "begin", /*isShared=*/false);
  for (snn::PopulationOp op : populations) {
    emitStart(emit, op);
  }
  emit.finish();
}

/// A function a population, as one with a loop for each of many populations takes LLVM too long.
void StepWriter::writeBegins(ArrayRef<snn::PopulationOp> populations) {
  EqualFunctions starts(emit, parameters, emit.options.leastEqual);
  for (auto [number, op] : llvm::enumerate(populations)) {
    std::string symbol = ("begin_" + llvm::Twine(number)).str();
    func::FuncOp function = emit.begin(network.getLoc(), symbol, /*isShared=*/false);
    emitStart(emit, op);
    emit.finish();
    function.setPrivate();
    starts.add(function);
  }
  beginCalls(emit, network.getLoc(), "begin", starts.finish());
  emit.finish();
}

void StepWriter::writeStep(bool profile) {
  OpBuilder &b = emit.builder;
  func::FuncOp report;
  if (profile) {
    b.setInsertionPointToEnd(emit.module.getBody());
    report = func::FuncOp::create(b, network.getLoc(), "nirc_profile_node",
                                  b.getFunctionType(b.getI64Type(), {}));
    report.setPrivate();
  }
  func::FuncOp step = beginCalls(emit, network.getLoc(), "step", callees(), report);
  if (emit.layout.clock) {
    emit.advanceClock(step.getArgument(0), latestStart(network));
  }
  emit.finish();
}

namespace {
/// The calls of one stage. A sample goes through function after function while its arrays are in
/// the caches, and then the next sample.
class StageCalls {
public:
  StageCalls(Emitter &emit, func::FuncOp stage) : emit(emit), stage(stage) {}

  void add(const Function &one);
  /// Those that were added so far.
  void flush();

private:
  struct Call {
    Callee alone;
    Value done; ///< for all samples already; null: never
  };
  void callSelected(Value as);

  Emitter &emit;
  func::FuncOp stage;
  SmallVector<Call> calls;
  bool isShared = false;
};
} // namespace

void StageCalls::add(const Function &one) {
  Value done;
  if (one.together) {
    flush();
    Value several = emit.compare(arith::CmpIPredicate::ugt, emit.count, emit.index(1));
    func::FuncOp together = one.together;
    done = emit.when(several, emit.integer(0, 1), [&] {
      return Emitter::Values(
          func::CallOp::create(emit.builder, together.getLoc(), together, stage.getArguments())
              .getResults());
    })[0];
  } else if (isShared != one.isShared) {
    flush();
  }
  isShared = one.isShared;
  calls.push_back({one.alone, done});
}

void StageCalls::callSelected(Value as) {
  for (const Call &call : calls) {
    if (call.done) {
      emit.unless(call.done, [&] { emit.callSelected(call.alone, as); });
    } else {
      emit.callSelected(call.alone, as);
    }
  }
}

void StageCalls::flush() {
  if (calls.empty()) {
    return;
  }
  // Each part does its range of every sample; or, of what cannot be cut, all of the samples that it
  // has, which the first part of a step does, whoever that is for this sample.
  Value first = isShared ? emit.index(0) : emit.part, step = isShared ? emit.index(1) : emit.parts;
  emit.loopBy(first, emit.count, step, [&](Value sample) {
    emit.select(sample);
    callSelected(isShared ? emit.part : emit.index(0));
  });
  calls.clear();
}

void StepWriter::writeStages(Lowered &lowered) {
  SmallVector<Accesses> accesses{inputAccesses(network)};
  for (const Function &one : functions) {
    accesses.push_back(one.accesses);
  }
  accesses.push_back(outputAccesses(network));
  SmallVector<int64_t> all = stagesOf(accesses);
  ArrayRef<int64_t> stages = ArrayRef(all).drop_front().drop_back(); // of the functions
  for (size_t first = 0; first < functions.size(); ++lowered.stages) {
    int64_t number = stages[first];
    func::FuncOp stage =
        emit.beginTogether(network.getLoc(), ("stage_" + llvm::Twine(lowered.stages)).str());
    StageCalls calls(emit, stage);
    for (; first < functions.size() && stages[first] == number; ++first) {
      calls.add(functions[first]);
    }
    calls.flush();
    emit.finish();
  }
  lowered.meetsAfterInputs = all.front() != all[1];
  lowered.meetsBeforeOutputs = all.end()[-2] != all.back();
}

std::vector<NodeFunction> StepWriter::nodes() const {
  std::vector<NodeFunction> nodes;
  for (const Function &one : functions) {
    nodes.push_back(one.node);
  }
  return nodes;
}

/// Weights of the columns that are streamed.
static int64_t streamedWeights(const DensePlans &plans) {
  int64_t weights = 0;
  for (const auto &[op, plan] : plans) {
    weights +=
        plan.form == DenseForm::Streams ? cast<snn::DenseOp>(op).getWeight().getNumElements() : 0;
  }
  return weights;
}

FailureOr<Lowered> nirc::cpu::lower(ModuleOp module, LowerOptions options) {
  auto networks = llvm::to_vector(module.getOps<snn::NetworkOp>());
  if (networks.size() != 1) {
    return module.emitError() << "the module has " << networks.size() << " networks, expected 1";
  }
  snn::NetworkOp network = networks.front();
  options.lanes =
      std::max<int64_t>(1, options.vectorBits / network.getElement().getIntOrFloatBitWidth());
  assert((!options.compact || options.lanes == 1) && "compact code has no vectors");
  nir::DType element = numberTypeOf(network.getElement());
  // Functions that read places of their own are not equal.
  auto populations = network.getBody().getOps<snn::PopulationOp>();
  options.keepsThresholds &=
      options.leastListed == 0 ||
      std::distance(populations.begin(), populations.end()) < options.leastListed;
  if (options.keepsThresholds) {
    keepThresholds(network);
  }
  if (failed(expandBodies(network))) {
    return failure();
  }
  DensePlans plans;
  for (auto dense : network.getBody().getOps<snn::DenseOp>()) {
    plans[dense] = planDense(dense, element, options);
  }
  // The clock of a network that waits for its start is one for all, so its steps are not shared.
  options.parts &= options.lanes > 1 && !hasClock(network) &&
                   streamedWeights(plans) >= std::max<int64_t>(1, options.leastShared);
  FailureOr<Layout> layout =
      layOut(network, formsOf(network, options.compact),
             {.together = options.parts, .lanes = options.lanes, .compact = options.compact});
  if (failed(layout)) {
    return failure();
  }
  Lowered lowered;
  lowered.layout = std::move(*layout);
  Emitter emit(module, lowered.layout, network.getElement(), options, lowered.parameters);
  StepWriter writer(network, emit, plans, lowered.parameters);
  writer.writeFunctions();
  writer.writeBegin(lowered);
  if (options.parts && writer.hasFunctions()) {
    writer.writeStages(lowered);
    lowered.scratchBytes = scratchElements(lowered.layout) * 8;
  } else {
    writer.writeStep(options.profile);
  }
  lowered.nodes = writer.nodes();
  lowered.kept = std::move(emit.kept);
  if (emit.failed()) {
    return failure();
  }
  if (options.onLowered) {
    options.onLowered({network, module, lowered.layout, lowered.nodes, lowered.parameters});
  }
  network.erase();
  lowered.layout.forgetNetwork();
  return lowered;
}

void nirc::cpu::buildToLLVMPipeline(OpPassManager &pm) {
  // Calls of libm, whose results the interpreter has too.
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  // A memref of static shape is passed as its pointer: `step` takes the arena's address and nothing
  // else.
  ConvertFuncToLLVMPassOptions function;
  function.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(function));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}
