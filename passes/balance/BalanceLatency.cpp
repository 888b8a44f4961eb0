//===- BalanceLatency.cpp - pipelined, and yet the same -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Retiming (Leiserson & Saxe 1991, doi:10.1007/BF01759032) of a sequential network: every op gets a
// latency, and the delay on each edge grows by the latency of its reader less that of its source.
// What reaches an op is then of one step of the sequential network, whatever the path.
// docs/semantics.md, "Balancing".

#include "dialects/snn/Snn.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "passes/Passes.h"
#include "passes/bodies/Rest.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

#include <fmt/format.h>
#include <map>

namespace nirc {
#define GEN_PASS_DEF_BALANCELATENCY
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

class Balancer {
public:
  explicit Balancer(snn::NetworkOp network) : network(network), body(network.getBody().front()) {}

  LogicalResult balance();

private:
  LogicalResult findLatencies();
  bool raiseLatencies();
  /// An op from which the latencies follow in a circle, or null.
  Operation *findCycle() const;
  InFlightDiagnostic refuse(Operation *onCycle);
  void setStarts();
  void insertDelays();
  void retimeDelays(ArrayRef<snn::DelayOp> delays);
  void sortBody();
  void reportLatencies();
  Operation *causeOf(Operation *op) const {
    OpOperand *use = causes.lookup(op);
    return use ? use->get().getDefiningOp() : nullptr;
  }

  snn::NetworkOp network;
  Block &body;
  /// By how many steps what an op computes lags behind the sequential network.
  llvm::DenseMap<Operation *, int64_t> latencies;
  /// The operand that an op's latency follows from; none where it is 0 by itself.
  llvm::DenseMap<Operation *, OpOperand *> causes;
};

} // namespace

static StringRef nameOf(Operation *op) { return op->getAttrOfType<StringAttr>("node").getValue(); }

/// By how many steps, at least, an op lags behind this operand: a spike takes a step into a
/// population, and a delay gives as many steps as it has.
static int64_t leastLag(OpOperand &use) {
  if (auto delay = dyn_cast<snn::DelayOp>(use.getOwner())) {
    return -delay.shortest();
  }
  return isa<snn::PopulationOp>(use.getOwner()) ? 1 : 0;
}

//===----------------------------------------------------------------------===//
// Latencies: the longest path to each op (Bellman and Ford)
//===----------------------------------------------------------------------===//

bool Balancer::raiseLatencies() {
  bool changed = false;
  for (Operation &op : body) {
    for (OpOperand &use : op.getOpOperands()) {
      int64_t least = latencies.lookup(use.get().getDefiningOp()) + leastLag(use);
      if (least > latencies.lookup(&op)) {
        latencies[&op] = least;
        causes[&op] = &use;
        changed = true;
      }
    }
  }
  return changed;
}

Operation *Balancer::findCycle() const {
  llvm::DenseMap<Operation *, Operation *> walkOf; // by the op that the walk started at
  for (Operation &start : body) {
    for (Operation *op = &start; op; op = causeOf(op)) {
      auto [entry, isNew] = walkOf.try_emplace(op, &start);
      if (!isNew && entry->second == &start) {
        return op;
      }
      if (!isNew) {
        break;
      }
    }
  }
  return nullptr;
}

/// The ops of the cycle in the direction of the signals, from a population on.
static SmallVector<Operation *> fromPopulation(SmallVector<Operation *> cycle) {
  std::reverse(cycle.begin(), cycle.end());
  Operation **first =
      llvm::find_if(cycle, [](Operation *op) { return isa<snn::PopulationOp>(op); });
  assert(first != cycle.end() && "only populations make a signal late");
  std::rotate(cycle.begin(), first, cycle.end());
  return cycle;
}

InFlightDiagnostic Balancer::refuse(Operation *onCycle) {
  SmallVector<Operation *> cycle{onCycle};
  for (Operation *op = causeOf(onCycle); op != onCycle; op = causeOf(op)) {
    cycle.push_back(op);
  }
  cycle = fromPopulation(std::move(cycle));
  int64_t hops = 0, steps = 0;
  std::vector<std::string> names;
  for (Operation *op : cycle) {
    auto delay = dyn_cast<snn::DelayOp>(op);
    steps += delay ? delay.shortest() : 0;
    hops += isa<snn::PopulationOp>(op);
    if (names.empty() || names.back() != nameOf(op)) { // a node is an op or a few
      names.push_back(nameOf(op).str());
    }
  }
  if (names.size() > 1 && names.front() == names.back()) {
    names.pop_back();
  }
  InFlightDiagnostic error = snn::nodeError(cycle.front())
                             << "the cycle " << nir::loop(names) << " takes " << hops
                             << " steps pipelined, expected at most " << steps
                             << ", as in sequence";
  double seconds = static_cast<double>(hops) * network.getSemantics().getDtSeconds();
  error.attachNote(cycle.front()->getLoc())
      << "a Delay of " << hops << " steps (" << fmt::format("{:g}", seconds)
      << " s) on the cycle leaves room for them; schedule=sequential takes it as it is";
  return error;
}

LogicalResult Balancer::findLatencies() {
  while (raiseLatencies()) {
    // The causes close a circle once latencies rise around a cycle, and only then.
    if (Operation *onCycle = findCycle()) {
      return refuse(onCycle);
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What the latencies make of the network
//===----------------------------------------------------------------------===//

/// Whether the result of a stateless op is 0 where its operands are.
static bool keepsSilence(Operation *op) { return !op->hasAttr("bias"); }

/// Before its latency has passed an op computes what never was. Stateless ops may: nobody listens.
/// A state has to be what it is before the first step, and so has what a delay holds.
void Balancer::setStarts() {
  // Whether a signal is 0 until its latency has passed. In the order of a step, which delays alone
  // read against.
  llvm::DenseMap<Operation *, bool> isSilent;
  auto hearsNothing = [&](Operation *op) {
    return llvm::all_of(op->getOperands(),
                        [&](Value v) { return isSilent.lookup(v.getDefiningOp()); });
  };
  for (Operation &op : body) {
    auto population = dyn_cast<snn::PopulationOp>(op);
    int64_t latency = latencies.lookup(&op);
    isSilent[&op] = latency == 0 || population || isa<snn::DelayOp>(op) ||
                    (keepsSilence(&op) && hearsNothing(&op));
    if (population && latency > 0 && !(hearsNothing(&op) && staysAtRest(population))) {
      population.setStart(latency);
    }
  }
  for (auto delay : body.getOps<snn::DelayOp>()) {
    Operation *source = delay.getSignal().getDefiningOp();
    if (!isSilent.lookup(source)) {
      delay.setStart(latencies.lookup(source));
    }
  }
}

/// The uses of each signal by how much later they read it: one chain of delays serves them all.
void Balancer::insertDelays() {
  llvm::MapVector<Value, std::map<int64_t, SmallVector<OpOperand *>>> usesOf;
  for (Operation &op : body) {
    for (OpOperand &use : op.getOpOperands()) {
      int64_t lag = latencies.lookup(&op) - latencies.lookup(use.get().getDefiningOp());
      if (lag > 0 && !isa<snn::DelayOp>(op)) {
        usesOf[use.get()][lag].push_back(&use);
      }
    }
  }
  OpBuilder builder(network.getContext());
  for (auto &[signal, uses] : usesOf) {
    Operation *source = signal.getDefiningOp();
    builder.setInsertionPointAfter(source);
    Value late = signal;
    int64_t soFar = 0;
    for (auto &[lag, readers] : uses) {
      late = snn::DelayOp::create(builder, source->getLoc(), late.getType(), nameOf(source), late,
                                  lag - soFar);
      soFar = lag;
      for (OpOperand *reader : readers) {
        reader->set(late);
      }
    }
  }
}

/// The sequential network's delays take up the difference themselves; one that comes to nothing
/// goes.
void Balancer::retimeDelays(ArrayRef<snn::DelayOp> delays) {
  for (snn::DelayOp delay : delays) {
    int64_t lag = latencies.lookup(delay) - latencies.lookup(delay.getSignal().getDefiningOp());
    SmallVector<int64_t> steps(delay.getSteps());
    for (int64_t &count : steps) {
      count += lag;
    }
    delay.setSteps(steps);
  }
  for (snn::DelayOp delay : delays) {
    if (delay.longest() == 0 && delay.getStart() == 0) {
      delay.getResult().replaceAllUsesWith(delay.getSignal());
      delay.erase();
    }
  }
}

/// A delay that has come to 0 steps reads what this step computes. Outputs and records stay in
/// their order, which is that of the results.
void Balancer::sortBody() {
  SmallVector<Operation *> results;
  for (Operation &op : body) {
    if (isa<snn::OutputOp, snn::RecordOp>(op)) {
      results.push_back(&op);
    }
  }
  [[maybe_unused]] bool sorted = sortTopologically(&body, [](Value, Operation *reader) {
    auto delay = dyn_cast<snn::DelayOp>(reader);
    return delay && delay.shortest() >= 1;
  });
  assert(sorted && "a cycle has as many steps as in the sequential network, at least one");
  for (Operation *op : results) {
    op->moveBefore(&body, body.end());
  }
}

void Balancer::reportLatencies() {
  llvm::StringMap<int64_t> ofPopulation;
  for (auto population : body.getOps<snn::PopulationOp>()) {
    if (!population.getStates().empty()) {
      ofPopulation[population.getNode()] = latencies.lookup(population);
    }
  }
  for (auto output : body.getOps<snn::OutputOp>()) {
    output.setLatency(latencies.lookup(output));
  }
  for (auto record : body.getOps<snn::RecordOp>()) {
    record.setLatency(record.getSignal() ? latencies.lookup(record)
                                         : ofPopulation.lookup(record.getNode()));
  }
}

LogicalResult Balancer::balance() {
  if (failed(findLatencies())) {
    return failure();
  }
  reportLatencies();
  setStarts();
  auto delays = llvm::to_vector(body.getOps<snn::DelayOp>());
  insertDelays();
  retimeDelays(delays);
  sortBody();
  return success();
}

namespace {

struct BalanceLatency : nirc::impl::BalanceLatencyBase<BalanceLatency> {
  using BalanceLatencyBase::BalanceLatencyBase;

  void runOnOperation() override {
    auto networks = llvm::to_vector(getOperation().getOps<snn::NetworkOp>());
    if (networks.size() != 1) {
      getOperation().emitError() << "the module has " << networks.size() << " networks, expected 1";
      return signalPassFailure();
    }
    if (failed(pipeline(networks.front()))) {
      signalPassFailure();
    }
  }

private:
  LogicalResult pipeline(snn::NetworkOp network);
};

} // namespace

LogicalResult BalanceLatency::pipeline(snn::NetworkOp network) {
  nir::Semantics semantics = network.getSemantics().getSemantics();
  if (semantics.timing != nir::Timing::Sequential) {
    return network.emitError() << "found a network that is pipelined, expected one of "
                                  "schedule=sequential, which this pass makes pipelined: pass "
                                  "discretize that schedule";
  }
  if (failed(Balancer(network).balance())) {
    return failure();
  }
  semantics.timing = nir::Timing::Pipelined;
  network.setSemanticsAttr(snn::SemanticsAttr::get(&getContext(), semantics));
  if (remarks) {
    for (auto output : network.getBody().getOps<snn::OutputOp>()) {
      output.emitRemark() << "node '" << output.getNode() << "': lags "
                          << nir::counted(output.getLatency(), "step")
                          << " behind the sequential network";
    }
  }
  return success();
}
