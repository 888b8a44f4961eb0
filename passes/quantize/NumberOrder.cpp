//===- NumberOrder.cpp - in which order units can be chosen ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/NumberOrder.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;
using namespace nirc;

/// The connection with weights whose sums `signal` is, moved at most; null where it is another
/// number, or where others than populations read the sums.
static Operation *connectionBehind(Value signal) {
  auto onlyDrives = [](Value value) {
    return llvm::all_of(value.getUsers(), [](Operation *user) {
      return isa<snn::PopulationOp, snn::DelayOp, snn::ReshapeOp, snn::RecordOp>(user);
    });
  };
  llvm::SmallPtrSet<Operation *, 8> passed; // delays can go around
  Operation *def = signal.getDefiningOp();
  while (isa<snn::DelayOp, snn::ReshapeOp>(def) && onlyDrives(def->getResult(0)) &&
         passed.insert(def).second) {
    def = def->getOperand(0).getDefiningOp();
  }
  bool hasWeights = isa<snn::DenseOp, snn::ConvOp>(def);
  return hasWeights && onlyDrives(def->getResult(0)) ? def : nullptr;
}

namespace {

class Search {
public:
  explicit Search(Block &block) : block(block) {}
  NumberOrder order();

private:
  using Group = SmallVector<Operation *>;
  void visit(Operation *first);
  /// The ops whose numbers a group reads.
  SmallVector<Operation *> sources(const Group &group) const;
  Group groupOf(Operation *leader) const;
  /// Whether what `leader` leads is computed from itself.
  bool readsItself(Operation *leader) const;
  void cutCycles();
  void findGroups();
  Operation *leader(Operation *op) const { return leaders.lookup_or(op, op); }

  Block &block;
  llvm::DenseMap<Operation *, Operation *> leaders; ///< of ops in groups
  llvm::DenseMap<Operation *, Group> groups;
  llvm::DenseSet<Operation *> cuts; ///< delays that are known without their source
  enum class State { Open, Done };
  llvm::DenseMap<Operation *, State> states;
  NumberOrder out;
};

} // namespace

/// What is read before it is computed is read by a delay, so every cycle has one.
void Search::cutCycles() {
  for (auto delay : block.getOps<snn::DelayOp>()) {
    Operation *source = delay.getSignal().getDefiningOp();
    if (!source->isBeforeInBlock(delay) && readsItself(delay)) {
      cuts.insert(delay);
    }
  }
}

void Search::findGroups() {
  llvm::EquivalenceClasses<Operation *> together;
  for (auto population : block.getOps<snn::PopulationOp>()) {
    Operation *first = nullptr;
    for (Value input : population.getInputs()) {
      if (Operation *connection = connectionBehind(input)) {
        first = first ? first : connection;
        together.unionSets(first, connection);
      }
    }
  }
  llvm::DenseMap<Operation *, Operation *> firstOf;
  SmallVector<Operation *> firsts;
  for (Operation &op : block) { // in the order of the block, whatever the addresses are
    if (!together.contains(&op)) {
      continue;
    }
    Operation *&first = firstOf[together.getLeaderValue(&op)];
    if (!first) {
      first = &op;
      firsts.push_back(&op);
    }
    leaders[&op] = first;
    groups[first].push_back(&op);
  }
  // One that is computed from another of its group can only come after it.
  for (Operation *first : firsts) {
    if (readsItself(first)) {
      for (Operation *op : groups[first]) {
        leaders.erase(op);
      }
      groups.erase(first);
    }
  }
}

Search::Group Search::groupOf(Operation *leader) const {
  auto found = groups.find(leader);
  return found == groups.end() ? Group{leader} : found->second;
}

SmallVector<Operation *> Search::sources(const Group &group) const {
  SmallVector<Operation *> ops;
  for (Operation *op : group) {
    if (cuts.contains(op)) {
      continue;
    }
    for (Value operand : op->getOperands()) {
      if (!snn::isSpikes(operand.getType())) {
        ops.push_back(leader(operand.getDefiningOp()));
      }
    }
  }
  return ops;
}

bool Search::readsItself(Operation *leader) const {
  SmallVector<Operation *> stack = sources(groupOf(leader));
  llvm::DenseSet<Operation *> seen;
  while (!stack.empty()) {
    Operation *op = stack.pop_back_val();
    if (op == leader) {
      return true;
    }
    if (seen.insert(op).second) {
      llvm::append_range(stack, sources(groupOf(op)));
    }
  }
  return false;
}

/// Depth first against the edges.
void Search::visit(Operation *first) {
  SmallVector<Operation *> stack{first};
  while (!stack.empty()) {
    Operation *top = stack.back();
    if (states.try_emplace(top, State::Open).second) {
      SmallVector<Operation *> needed = sources(groupOf(top));
      for (Operation *source : llvm::reverse(needed)) {
        if (!states.contains(source)) {
          stack.push_back(source);
        }
      }
      continue;
    }
    stack.pop_back();
    if (states[top] == State::Open) { // all that it reads is done
      states[top] = State::Done;
      out.groups.push_back(groupOf(top));
    }
  }
}

NumberOrder Search::order() {
  cutCycles(); // before groups make others
  findGroups();
  for (Operation &op : block) {
    visit(leader(&op));
  }
  return std::move(out);
}

NumberOrder nirc::numberOrder(Block &network) { return Search(network).order(); }
