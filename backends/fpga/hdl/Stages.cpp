//===- Stages.cpp - logic in several cycles -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each op goes to the first stage in which it is ready in time, counted from the registers before
// that stage. The same number of stages is then cut as evenly as it can be: with the least depth
// that needs no more of them. What only makes a value wider, and constants, are computed again in
// each stage, so that registers hold narrow values.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Stages.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace mlir;
using namespace hdl;

//===----------------------------------------------------------------------===//
// How long ops take
//===----------------------------------------------------------------------===//

namespace {

/// When a value is there: a stage, and levels from its beginning on until the lowest and the
/// highest bit are. A sum's bits come one after the other, and a sum of it can follow them.
struct Time {
  int stage = 0;
  double low = 0, high = 0;
};

} // namespace

/// From the carry of a bit to that of the next: an eighth of a level on an iCE40 HX, less on
/// others.
constexpr double carryLevels = 0.125;

static bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

/// All bits of an operand, and then as many levels.
static Time afterAll(Time time, double levels) {
  return {time.stage, time.high + levels, time.high + levels};
}

static Time afterSum(Time time, double bits) {
  double low = time.low + 1;
  return {time.stage, low, std::max(time.high + 1, low + bits * carryLevels)};
}

/// When the result is there, in the stage in which `time` is that of the last operand.
static Time behind(Operation *op, Time time, bool hasMultipliers) {
  double bits = op->getNumOperands() > 0 ? bitsOf(op->getOperand(0)) : 0;
  auto each = [&](double levels) {
    return Time{time.stage, time.low + levels, time.high + levels};
  };
  // Without the lowest bits: between the lowest and the highest, bits come evenly.
  auto from = [&](uint64_t place) {
    double share = std::min(1.0, static_cast<double>(place) / bits);
    return Time{time.stage, time.low + share * (time.high - time.low), time.high};
  };
  return llvm::TypeSwitch<Operation *, Time>(op)
      .Case<arith::AddIOp, arith::SubIOp>([&](auto) { return afterSum(time, bits); })
      .Case<arith::MaxSIOp, arith::MinSIOp>([&](auto) { return afterAll(afterSum(time, bits), 1); })
      .Case([&](arith::CmpIOp cmp) {
        using P = arith::CmpIPredicate;
        P predicate = cmp.getPredicate();
        if (predicate == P::eq || predicate == P::ne) {
          return afterAll(time, 1 + std::log2(bits) / 2);
        }
        bool isSign =
            matchPattern(cmp.getRhs(), m_Zero()) && (predicate == P::slt || predicate == P::sge);
        return afterAll(isSign ? time : afterSum(time, bits), 0);
      })
      .Case([&](arith::SelectOp) { return afterAll(time, 1); })
      .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(
          [&](auto logic) { return each(isConstant(logic.getRhs()) ? 0.0 : 1.0); })
      .Case<arith::ShRSIOp, arith::ShRUIOp>([&](auto shift) {
        APInt by;
        bool isKnown = matchPattern(shift.getRhs(), m_ConstantInt(&by));
        return isKnown ? from(by.getLimitedValue()) : afterAll(time, std::log2(bits) / 2);
      })
      .Case([&](ExtractOp extract) { return from(extract.getLow()); })
      // A block, or rows that are added up two by two.
      .Case([&](arith::MulIOp) {
        double levels = hasMultipliers ? 4.0 : 1.5 * std::log2(bits + 1) + bits * carryLevels;
        return afterAll(time, levels);
      })
      // A sum and a choice for each digit.
      .Case<arith::DivSIOp, arith::RemSIOp>(
          [&](auto) { return afterAll(time, bits * (2 + bits * carryLevels)); })
      .Case([&](TableOp table) {
        return afterAll(time, 1 + std::log2(static_cast<double>(table.getValues().size())) / 2);
      })
      .Default([&](Operation *) { return time; });
}

/// Whether each stage that reads it computes it for itself.
static bool isRepeated(Operation *op) {
  return isa<arith::ConstantOp, arith::ExtSIOp, arith::ExtUIOp, arith::ShLIOp, ConcatOp>(op);
}

//===----------------------------------------------------------------------===//
// Which stage an op is in
//===----------------------------------------------------------------------===//

namespace {

class Schedule {
public:
  Schedule(CircuitOp whole, const StageRule &rule, double levels) {
    for (Operation &op : whole.getBody().front()) {
      if (!isa<OutputOp>(op)) {
        place(&op, rule, levels);
      }
    }
  }

  int of(Operation *op) const { return times.lookup(op).stage; }
  int count() const { return last + 1; }

private:
  /// Whether an output is the value, or some bits of it.
  static bool isOutput(Operation *op) {
    return llvm::any_of(op->getUsers(), [](Operation *user) {
      return isa<OutputOp>(user) ||
             (isa<arith::TruncIOp, ExtractOp, arith::ExtSIOp>(user) && isOutput(user));
    });
  }

  void place(Operation *op, const StageRule &rule, double levels) {
    Time ready;
    for (Value operand : op->getOperands()) {
      Time time = times.lookup(operand.getDefiningOp());
      if (time.stage > ready.stage) {
        ready = time;
      } else if (time.stage == ready.stage) {
        ready.low = std::max(ready.low, time.low);
        ready.high = std::max(ready.high, time.high);
      }
    }
    Time time = behind(op, ready, rule.hasMultipliers);
    double end = time.high + (isOutput(op) ? rule.levelsBehind : 0);
    if (ready.high > 0 && time.high > ready.high && end > levels) {
      time = behind(op, {ready.stage + 1, 0, 0}, rule.hasMultipliers);
    }
    times[op] = time;
    last = std::max(last, time.stage);
  }

  llvm::DenseMap<Operation *, Time> times;
  int last = 0;
};

//===----------------------------------------------------------------------===//
// Modules of stages
//===----------------------------------------------------------------------===//

/// Writes the modules of a schedule.
class Cutter {
public:
  Cutter(CircuitOp whole, const Schedule &schedule) : whole(whole), schedule(schedule) {}

  std::vector<CircuitOp> cut(const std::function<std::string(int stage)> &nameFor);

private:
  struct Stage {
    explicit Stage(Circuit circuit) : circuit(std::move(circuit)) {}
    Circuit circuit;
    IRMapping values;
    llvm::MapVector<Value, std::string> outputs; ///< for later stages
  };
  /// The value as stage s has it.
  Value in(int s, Value value);
  void copy(int s, Operation *op);
  const std::string &nameOf(Value value);

  CircuitOp whole;
  const Schedule &schedule;
  std::vector<Stage> stages;
  llvm::DenseMap<Value, std::string> names;
};

} // namespace

const std::string &Cutter::nameOf(Value value) {
  std::string &name = names[value];
  if (name.empty()) {
    name = fmt::format("x{}", names.size());
  }
  return name;
}

void Cutter::copy(int s, Operation *op) {
  for (Value operand : op->getOperands()) {
    in(s, operand);
  }
  stages[static_cast<size_t>(s)].circuit.builder.clone(*op, stages[static_cast<size_t>(s)].values);
}

Value Cutter::in(int s, Value value) {
  Stage &stage = stages[static_cast<size_t>(s)];
  if (Value known = stage.values.lookupOrNull(value)) {
    return known;
  }
  Operation *def = value.getDefiningOp();
  if (isRepeated(def)) {
    copy(s, def);
    return stage.values.lookup(value);
  }
  if (auto input = dyn_cast<InputOp>(def)) {
    names[value] = input.getName().str();
  } else {
    stages[static_cast<size_t>(schedule.of(def))].outputs[value] = nameOf(value);
  }
  Value here = stage.circuit.input(nameOf(value), static_cast<int>(bitsOf(value))).value();
  stage.values.map(value, here);
  return here;
}

std::vector<CircuitOp> Cutter::cut(const std::function<std::string(int stage)> &nameFor) {
  int count = schedule.count();
  stages.reserve(static_cast<size_t>(count)); // signals point to circuits
  auto into = whole->getParentOfType<mlir::ModuleOp>();
  for (int s = 0; s < count; ++s) {
    stages.emplace_back(Circuit(
        into, nameFor(s),
        fmt::format("Stage {} of {} of {}", s + 1, count, std::string_view(whole.getSymName()))));
    CircuitOp made = stages.back().circuit.module;
    made->moveBefore(whole);
  }
  for (Operation &op : whole.getBody().front()) {
    if (auto output = dyn_cast<OutputOp>(op)) {
      Value value = in(count - 1, output.getValue());
      Circuit &circuit = stages.back().circuit;
      circuit.output(output.getName(), {&circuit, value});
    } else if (!isa<InputOp>(op) && !isRepeated(&op)) {
      copy(schedule.of(&op), &op);
    }
  }
  std::vector<CircuitOp> made;
  for (Stage &stage : stages) {
    for (auto &[value, name] : stage.outputs) {
      stage.circuit.output(name, {&stage.circuit, stage.values.lookup(value)});
    }
    made.push_back(stage.circuit.module);
  }
  return made;
}

std::vector<Signal>
hdl::connectStages(Circuit &c, StringRef name, CircuitOp whole, ArrayRef<CircuitOp> stages,
                   ArrayRef<Signal> inputs,
                   const std::function<Signal(StringRef name, Signal signal)> &hold) {
  llvm::MapVector<StringRef, Signal> at;
  for (auto [input, signal] : llvm::zip(whole.getBody().getOps<InputOp>(), inputs)) {
    at[input.getName()] = signal;
  }
  std::vector<Signal> outputs;
  for (auto [s, stage] : llvm::enumerate(stages)) {
    if (s > 0) {
      for (auto &[held, signal] : at) {
        signal = hold(held, signal);
      }
    }
    std::vector<Signal> operands;
    for (auto input : CircuitOp(stage).getBody().getOps<InputOp>()) {
      operands.push_back(at.find(input.getName())->second);
    }
    std::string instance = stages.size() == 1 ? name.str() : fmt::format("{}{}", name.str(), s + 1);
    outputs = c.instance(instance, stage, operands);
    for (auto [output, signal] :
         llvm::zip(CircuitOp(stage).getBody().getOps<OutputOp>(), outputs)) {
      at[output.getName()] = signal;
    }
  }
  return outputs;
}

std::vector<CircuitOp> hdl::cutIntoStages(CircuitOp whole, const StageRule &rule,
                                          const std::function<std::string(int stage)> &nameFor) {
  double levels = rule.levels;
  int count = Schedule(whole, rule, levels).count();
  if (count == 1) {
    return {whole};
  }
  constexpr double step = 0.25;
  while (levels > step && Schedule(whole, rule, levels - step).count() == count) {
    levels -= step;
  }
  std::vector<CircuitOp> stages = Cutter(whole, Schedule(whole, rule, levels)).cut(nameFor);

  Circuit chain(whole->getParentOfType<mlir::ModuleOp>(), whole.getSymName(),
                whole.getDoc().value_or(""), whole.getClock());
  std::vector<Signal> inputs;
  for (auto input : whole.getBody().getOps<InputOp>()) {
    inputs.push_back(chain.input(input.getName(), static_cast<int>(bitsOf(input.getResult()))));
  }
  std::vector<Signal> outputs = connectStages(chain, "stage", whole, stages, inputs,
                                              [](StringRef, Signal signal) { return signal; });
  for (auto [output, signal] : llvm::zip(whole.getBody().getOps<OutputOp>(), outputs)) {
    chain.output(output.getName(), signal);
  }
  whole.getBody().takeBody(chain.module.getBody());
  chain.module.erase();
  return stages;
}
