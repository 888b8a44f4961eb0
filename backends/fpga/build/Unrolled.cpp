//===- Unrolled.cpp - a step in a few cycles ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second architecture, for tiny networks in loops of a fixed rate: all neurons at once, all
// weights as logic. A beat holds a step. Populations are spread over stages, of which each takes a
// cycle; what crosses stages goes through registers. The number of stages is the latency. A loop
// from a stage back to an earlier one bounds how soon the next step can follow: what step t leaves
// at the end of stage a is there for stage b of step t + d, d delays later, where
//
//     (t + d) II + b >= t II + a + 1,   so   II >= (a + 1 - b) / d.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Unrolled.h"

#include "backends/fpga/datapath/RescaleAsPopulation.h"
#include "backends/fpga/plan/Numbers.h"
#include "backends/fpga/verilog/Names.h"
#include "dialects/snn/Records.h"
#include "passes/bodies/Interval.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

namespace {

/// The elements of a signal in the cycle of a stage.
struct Vector {
  std::vector<Signal> elements;
  int stage = 0;
};

class Unroller {
public:
  Unroller(Workshop &shop, snn::NetworkOp network, StringRef top, int64_t latency)
      : shop(shop), network(network), latency(latency),
        c(shop.module(), top, "All neurons at once: a beat is a step", "aclk") {
    shop.made.design.top = top.str();
  }
  FailureOr<Timing> build();

private:
  LogicalResult checkSize();
  LogicalResult checkFrames();
  void planStages();
  void planInterval();
  LogicalResult buildOp(Operation &op);
  LogicalResult buildPopulation(snn::PopulationOp op);
  Vector aligned(const Vector &from, int stage);
  Vector valueOf(Value value) { return values.lookup(value); }
  /// A constant times an element of that range, in that many bits.
  Signal scaled(Signal x, Type of, int64_t weight, int bits);
  Signal sumOf(std::vector<Signal> terms, int bits);
  static int bitsOfType(Type signal);
  Signal extended(Signal x, Type of, int bits) {
    return snn::integerRange(of).least >= 0 && x.bits() == 1 && bits > 1 ? x.resized(bits)
                                                                         : x.resizedSigned(bits);
  }
  void buildInputs();
  void buildDelays();
  void buildOutputs();
  int64_t addStates(ControlPorts &ports);

  Workshop &shop;
  snn::NetworkOp network;
  int64_t latency;
  Circuit c;
  Timing timing;
  llvm::DenseMap<Value, Vector> values;
  llvm::DenseMap<Operation *, int> stages; ///< of populations and delays
  llvm::DenseMap<Value, int> stageOf;      ///< in which a value is computed

  Signal go;                 ///< the pipeline moves
  std::vector<Signal> valid; ///< a stage has a step
  struct Late {
    snn::DelayOp op;
    std::vector<Wire> wires; ///< what it gives
    int stage = 0;           ///< in which it is read
  };
  std::vector<Late> late;
  EdgeControl control;
};

} // namespace

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

int Unroller::bitsOfType(Type signal) {
  snn::IntegerRange range = snn::integerRange(signal);
  return range.least >= 0 && range.most <= 1 ? 1 : neededBits({range.least, range.most});
}

/// What would not be worth calling tiny.
LogicalResult Unroller::checkSize() {
  constexpr int64_t most = 4096;
  int64_t terms = 0;
  for (Operation &op : network.getBody().front()) {
    terms += llvm::TypeSwitch<Operation *, int64_t>(&op)
                 .Case([](snn::DenseOp dense) {
                   return dense.getWeight().getShapedType().getNumElements();
                 })
                 .Case([](snn::ConvOp conv) {
                   return conv.getWeight().getShapedType().getNumElements() *
                          (snn::elementsOf(conv.getType()) / snn::shapeOf(conv.getType())[0]);
                 })
                 .Case([](snn::PopulationOp population) {
                   return 16 * snn::elementsOf(population.getType());
                 })
                 .Case([](snn::DelayOp delay) {
                   return snn::elementsOf(delay.getType()) * std::max<int64_t>(delay.longest(), 1);
                 })
                 .Default([](Operation *) { return int64_t(0); });
    if (terms > most) {
      return snn::nodeError(&op)
             << "is too much for --latency, which makes logic of every weight and "
                "neuron: the network up to here needs "
             << terms << " units of it, of at most " << most << " (a weight is 1, a neuron 16)";
    }
  }
  return success();
}

/// A step is a beat of 64 bits at most.
LogicalResult Unroller::checkFrames() {
  constexpr int64_t most = 64;
  int64_t in = 0, out = 0;
  for (Operation &op : network.getBody().front()) {
    bool isOut = isa<snn::OutputOp, snn::RecordOp>(op);
    if (!isa<snn::InputOp>(op) && !(isOut && op.getNumOperands() > 0)) {
      continue;
    }
    Type type = isOut ? op.getOperand(0).getType() : op.getResult(0).getType();
    int64_t &bits = isOut ? out : in;
    bits += snn::elementsOf(type) * bitsOfType(type);
    if (bits > most) {
      return snn::nodeError(&op) << "needs " << bits
                                 << " bits in a step's beat with what comes before it, of at most "
                                 << most << " with --latency";
    }
  }
  return success();
}

/// A population's level is the number of populations before it in a step. Levels are spread evenly
/// over the stages.
void Unroller::planStages() {
  llvm::DenseMap<Value, int> levels;
  int most = 0;
  for (Operation &op : network.getBody().front()) {
    if (op.getNumResults() == 0) {
      continue;
    }
    int level = 0;
    auto delay = dyn_cast<snn::DelayOp>(&op);
    bool isLate = delay && delay.shortest() > 0;
    for (Value operand : op.getOperands()) {
      level = isLate ? 0 : std::max(level, levels.lookup(operand));
    }
    if (isa<snn::PopulationOp>(op)) {
      stages[&op] = level; // a level yet
      most = std::max(most, ++level);
    }
    levels[op.getResult(0)] = level;
  }
  int count = static_cast<int>(std::clamp<int64_t>(latency, 1, std::max(most, 1)));
  timing.latency = count;
  for (Operation &op : network.getBody().front()) {
    if (op.getNumResults() == 0) {
      continue;
    }
    int stage = 0;
    auto delay = dyn_cast<snn::DelayOp>(&op);
    for (Value operand : op.getOperands()) {
      stage = delay && delay.shortest() > 0 ? 0 : std::max(stage, stageOf.lookup(operand));
    }
    if (isa<snn::PopulationOp>(op)) {
      stage = std::max(stage, stages[&op] * count / std::max(most, 1));
      stages[&op] = stage;
    }
    stageOf[op.getResult(0)] = stage;
  }
}

void Unroller::planInterval() {
  timing.interval = 1;
  for (auto delay : network.getBody().getOps<snn::DelayOp>()) {
    int from = stageOf.lookup(delay.getSignal()), to = stageOf.lookup(delay.getResult());
    for (int64_t steps : delay.getSteps()) {
      if (steps > 0) {
        timing.interval = std::max<int64_t>(timing.interval, (from + 1 - to + steps - 1) / steps);
      }
    }
  }
}

/// Through a register for each stage between.
Vector Unroller::aligned(const Vector &from, int stage) {
  Vector out = from;
  for (; out.stage < stage; ++out.stage) {
    for (Signal &element : out.elements) {
      Reg reg = c.reg(fmt::format("stage{}", out.stage + 1), element.bits());
      reg.next(go, element);
      element = reg;
    }
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

Signal Unroller::scaled(Signal x, Type of, int64_t weight, int bits) {
  if (x.bits() == 1 && snn::integerRange(of).least >= 0) {
    return mux(x, c.constant(weight, bits), c.zero(bits));
  }
  int weightBits = neededBits({weight, weight});
  int wide = std::max({bits, weightBits, x.bits()});
  return product(x, c.constant(weight, weightBits), wide).resized(bits);
}

/// As a tree: its depth is the logarithm of the terms.
Signal Unroller::sumOf(std::vector<Signal> terms, int bits) {
  if (terms.empty()) {
    return c.zero(bits);
  }
  while (terms.size() > 1) {
    std::vector<Signal> halves;
    for (size_t i = 0; i + 1 < terms.size(); i += 2) {
      halves.push_back(terms[i] + terms[i + 1]);
    }
    if (terms.size() % 2) {
      halves.push_back(terms.back());
    }
    terms = std::move(halves);
  }
  return terms.front();
}

LogicalResult Unroller::buildPopulation(snn::PopulationOp op) {
  auto made = shop.datapath(op);
  if (failed(made)) {
    return failure();
  }
  auto [update, datapath] = *made;
  int stage = stages[op];
  size_t count = static_cast<size_t>(snn::elementsOf(op.getType())), states = op.getStates().size();
  std::vector<Vector> inputs;
  int sumBits = 1;
  Interval sum{0, 0};
  for (Value input : op.getInputs()) {
    inputs.push_back(aligned(valueOf(input), stage));
    snn::IntegerRange range = snn::integerRange(input.getType());
    sum = sum + Interval{range.least, range.most};
  }
  sumBits = std::min(neededBits(sum), 32);
  for (const DatapathPort &port : datapath.inputs) {
    sumBits = port.place == 0 ? std::max(sumBits, port.bits) : sumBits;
  }
  std::vector<std::vector<int64_t>> parameters, initial;
  for (Attribute values : op.getParams()) {
    parameters.push_back(wholeNumbers(cast<ElementsAttr>(values), static_cast<int64_t>(count)));
  }
  for (ElementsAttr values : snn::initialOf(op)) {
    initial.push_back(values ? wholeNumbers(values, static_cast<int64_t>(count))
                             : std::vector<int64_t>(count, 0));
  }
  // Before its first step it does nothing.
  Signal updates = valid[static_cast<size_t>(stage)] & go, frozen = c.low();
  if (auto start = static_cast<int64_t>(op.getStart()); start > 0) {
    Reg age = c.reg("age", indexBits(start + 1), 0);
    frozen = age < start;
    age.next(updates & frozen, age + 1);
  }
  Vector result{{}, stage};
  std::string name = verilogName(op.getNode());
  for (size_t n = 0; n < count; ++n) {
    std::vector<Signal> terms;
    for (auto [input, value] : llvm::zip(inputs, op.getInputs())) {
      terms.push_back(extended(input.elements[n], value.getType(), sumBits));
    }
    Signal u = sumOf(terms, sumBits);
    std::vector<Reg> state;
    for (size_t s = 0; s < states; ++s) {
      std::string of = cast<StringAttr>(op.getStates()[static_cast<unsigned>(s)]).str();
      state.push_back(c.reg(fmt::format("{}_{}_{}", name, verilogName(of), n),
                            datapath.outputs[1 + s].bits, initial[s][n]));
    }
    std::vector<Signal> operands;
    for (const DatapathPort &port : datapath.inputs) {
      auto place = static_cast<size_t>(port.place);
      operands.push_back(place == 0 ? u.resizedSigned(port.bits)
                         : place <= states
                             ? state[place - 1].value().resizedSigned(port.bits)
                             : c.constant(parameters[place - 1 - states][n], port.bits));
    }
    std::vector<Signal> outputs = c.instance(fmt::format("{}_{}", name, n), update, operands);
    for (size_t s = 0; s < states; ++s) {
      state[s].next(updates & ~frozen, outputs[1 + s]);
      control.states[{op.getNode().str(), s}].push_back(state[s]);
    }
    Signal passed = outputs.front().resizedSigned(bitsOfType(op.getType()));
    result.elements.push_back(mux(frozen, c.zero(passed.bits()), passed));
  }
  values[op.getResult()] = result;
  return success();
}

/// Calls add(to, from, weight) for each place of each window of a convolution or a pool.
template <typename Add>
static void forEachTap(Operation &op, Add add) {
  Type type = op.getResult(0).getType();
  bool isConv = isa<snn::ConvOp>(op);
  auto conv = dyn_cast<snn::ConvOp>(op);
  auto pool = dyn_cast<snn::PoolOp>(op);
  ArrayRef<int64_t> from = snn::shapeOf(op.getOperand(0).getType());
  ArrayRef<int64_t> to = snn::shapeOf(type);
  ArrayRef<int64_t> kernel =
      isConv ? conv.getWeight().getShapedType().getShape().drop_front(2) : pool.getKernel();
  ArrayRef<int64_t> strides = isConv ? conv.getStrides() : pool.getStrides();
  ArrayRef<int64_t> pads = isConv ? conv.getPads() : pool.getPads();
  size_t rank = kernel.size();
  auto dim = [&](ArrayRef<int64_t> of, size_t d, int64_t missing) {
    // Rows and columns; one dimension has one row.
    return rank == 2 ? of[d] : d == 0 ? missing : of[0];
  };
  int64_t rows = dim(from.drop_front(), 0, 1), columns = dim(from.drop_front(), 1, 1);
  int64_t toRows = dim(to.drop_front(), 0, 1), toColumns = dim(to.drop_front(), 1, 1);
  int64_t taps = dim(kernel, 0, 1) * dim(kernel, 1, 1);
  int64_t groups = isConv ? static_cast<int64_t>(conv.getGroups()) : from[0];
  int64_t inOfGroup = from[0] / groups, outOfGroup = to[0] / groups;
  std::vector<int64_t> weights;
  if (isConv) {
    weights = wholeNumbers(conv.getWeight(), to[0] * inOfGroup * taps);
  }
  auto dilation = [&](size_t d) { return isConv ? dim(conv.getDilations(), d, 1) : 1; };
  for (int64_t i = 0; i < snn::elementsOf(type); ++i) {
    int64_t o = i / (toRows * toColumns), y = i / toColumns % toRows, x = i % toColumns;
    for (int64_t j = 0; j < inOfGroup * taps; ++j) {
      int64_t channel = o / outOfGroup * inOfGroup + j / taps;
      int64_t row =
          y * dim(strides, 0, 1) + j % taps / dim(kernel, 1, 1) * dilation(0) - dim(pads, 0, 0);
      int64_t column =
          x * dim(strides, 1, 1) + j % taps % dim(kernel, 1, 1) * dilation(1) - dim(pads, 1, 0);
      if (row >= 0 && row < rows && column >= 0 && column < columns) {
        add(static_cast<size_t>(i), static_cast<size_t>((channel * rows + row) * columns + column),
            isConv ? weights[static_cast<size_t>(o * inOfGroup * taps + j)] : 1);
      }
    }
  }
}

LogicalResult Unroller::buildOp(Operation &op) {
  if (isa<snn::InputOp, snn::OutputOp, snn::RecordOp, snn::MappingOp>(op)) {
    return success();
  }
  if (auto population = dyn_cast<snn::PopulationOp>(op)) {
    return buildPopulation(population);
  }
  if (isa<snn::DelayOp>(op)) {
    return success(); // its wires are there
  }
  Type type = op.getResult(0).getType();
  int bits = bitsOfType(type), stage = stageOf.lookup(op.getResult(0));
  auto count = static_cast<size_t>(snn::elementsOf(type));
  std::vector<Vector> in;
  for (Value operand : op.getOperands()) {
    in.push_back(aligned(valueOf(operand), stage));
  }
  std::vector<std::vector<Signal>> terms(count);
  auto add = [&](size_t to, size_t from, int64_t weight) {
    if (weight != 0) {
      terms[to].push_back(scaled(in[0].elements[from], op.getOperand(0).getType(), weight, bits));
    }
  };
  auto addBias = [&](std::optional<ElementsAttr> bias, size_t each) {
    if (!bias) {
      return;
    }
    std::vector<int64_t> numbers = wholeNumbers(*bias, static_cast<int64_t>(count / each));
    for (size_t i = 0; i < count; ++i) {
      if (numbers[i / each] != 0) {
        terms[i].push_back(c.constant(numbers[i / each], bits));
      }
    }
  };
  LogicalResult done =
      llvm::TypeSwitch<Operation *, LogicalResult>(&op)
          .Case([&](snn::DenseOp dense) {
            ArrayRef<int64_t> shape = dense.getWeight().getShapedType().getShape();
            auto out = static_cast<size_t>(shape[shape.size() - 2]);
            auto columns = static_cast<size_t>(shape.back());
            std::vector<int64_t> weights = wholeNumbers(dense.getWeight());
            for (size_t i = 0; i < count; ++i) {
              for (size_t j = 0; j < columns; ++j) {
                add(i, i / out * columns + j, weights[i * columns + j]);
              }
            }
            addBias(dense.getBias(), 1);
            return success();
          })
          .Case<snn::ConvOp, snn::PoolOp>([&](Operation *) {
            forEachTap(op, add);
            if (auto conv = dyn_cast<snn::ConvOp>(op)) {
              auto channels = static_cast<size_t>(snn::shapeOf(type)[0]);
              addBias(conv.getBias(), count / channels);
            }
            return success();
          })
          .Case([&](snn::ScaleOp scale) {
            std::vector<int64_t> factors =
                wholeNumbers(scale.getScale(), static_cast<int64_t>(count));
            for (size_t i = 0; i < count; ++i) {
              add(i, i, factors[i]);
            }
            return success();
          })
          .Case([&](snn::AddOp sum) {
            for (auto [vector, value] : llvm::zip(in, sum.getSignals())) {
              for (size_t i = 0; i < count; ++i) {
                terms[i].push_back(extended(vector.elements[i], value.getType(), bits));
              }
            }
            return success();
          })
          .Case([&](snn::ReshapeOp) {
            for (size_t i = 0; i < count; ++i) {
              terms[i].push_back(in[0].elements[i]);
            }
            return success();
          })
          .Default([&](Operation *) { return snn::nodeError(&op) << "has no form as logic"; });
  Vector out{{}, stage};
  for (std::vector<Signal> &each : terms) {
    Signal sum = sumOf(std::move(each), bits);
    out.elements.push_back(sum.bits() == bits ? sum : sum.resizedSigned(bits));
  }
  values[op.getResult(0)] = std::move(out);
  return done;
}

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

/// Bit fields of a frame, port by port, an element after the other.
static int frameOf(std::vector<StreamPort> &ports, snn::IntegerRange range, ArrayRef<int64_t> shape,
                   int low) {
  StreamPort port;
  port.number = static_cast<int>(ports.size());
  port.dims = {shape.begin(), shape.end()};
  if (port.dims.empty()) {
    port.dims = {1};
  }
  port.least = range.least;
  port.most = range.most;
  port.frameLow = low;
  port.frameBits = range.least >= 0 && range.most <= 1
                       ? 1
                       : neededBits({std::min<int64_t>(range.least, 0), range.most});
  int64_t elements = 1;
  for (int64_t size : port.dims) {
    elements *= size;
  }
  low += port.frameBits * static_cast<int>(elements);
  ports.push_back(std::move(port));
  return low;
}

void Unroller::buildInputs() {
  Design &design = shop.made.design;
  int bits = 0;
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    bits = frameOf(design.inputs, snn::integerRange(input.getType()), snn::shapeOf(input.getType()),
                   bits);
  }
  design.in.frameBits = std::max(bits, 1);
  control.inValid = c.input("s_axis_tvalid", 1);
  control.inData = c.input("s_axis_tdata", design.in.busBits());
  c.input("s_axis_tlast", 1); // every beat is a step
  size_t p = 0;
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    const StreamPort &port = design.inputs[p++];
    Vector vector;
    int64_t elements = snn::elementsOf(input.getType());
    for (int64_t e = 0; e < elements; ++e) {
      Signal field = control.inData.bitsFrom(port.frameLow + static_cast<int>(e) * port.frameBits,
                                             port.frameBits);
      vector.elements.push_back(field.resizedSigned(bitsOfType(input.getType())));
    }
    values[input.getResult()] = std::move(vector);
  }
}

/// Delays, when all that they delay is there.
void Unroller::buildDelays() {
  for (Late &one : late) {
    Value signal = one.op.getSignal();
    Vector source = valueOf(signal);
    ArrayRef<int64_t> steps = one.op.getSteps();
    auto start = static_cast<int64_t>(one.op.getStart());
    int read = one.stage, written = std::max(source.stage, read);
    source = aligned(source, written);
    Signal pushes = valid[static_cast<size_t>(written)] & go;
    if (start > 0) { // what came before counts as 0
      Reg age = c.reg("delay_age", indexBits(start + 1), 0);
      Signal isEarly = age < start;
      age.next(pushes & isEarly, age + 1);
      for (Signal &element : source.elements) {
        element = mux(isEarly, c.zero(element.bits()), element);
      }
    }
    // Read in an earlier stage than it is written, some steps may be under way between: steps are
    // counted on both sides.
    int64_t slots = read < written ? one.op.longest() + written - read + 1 : 0;
    Reg writeSlot, readSlot;
    if (slots > 0) {
      writeSlot = c.reg("write_slot", indexBits(slots), 0);
      readSlot = c.reg("read_slot", indexBits(slots), 0);
      auto next = [&](Reg slot) {
        return mux(slot == slots - 1, c.zero(slot.value().bits()), slot + 1);
      };
      writeSlot.next(pushes, next(writeSlot));
      readSlot.next(valid[static_cast<size_t>(read)] & go, next(readSlot));
    }
    for (size_t i = 0; i < source.elements.size(); ++i) {
      int64_t ago = steps[steps.size() == 1 ? 0 : i];
      Signal element = source.elements[i];
      int bits = element.bits();
      if (ago == 0) {
        one.wires[i].drive(element);
        continue;
      }
      if (slots == 0) {
        for (int64_t k = 0; k < ago; ++k) {
          Reg reg = c.reg("delayed", bits, 0);
          reg.next(pushes, element);
          element = reg;
        }
        one.wires[i].drive(element);
        continue;
      }
      Signal chosen = c.zero(bits);
      for (int64_t slot = 0; slot < slots; ++slot) {
        Reg reg = c.reg("delayed", bits, 0);
        reg.next(pushes & (writeSlot == slot), element);
        chosen = mux(readSlot == (slot + ago) % slots, reg, chosen);
      }
      one.wires[i].drive(chosen);
    }
  }
}

void Unroller::buildOutputs() {
  Design &design = shop.made.design;
  int last = static_cast<int>(timing.latency) - 1, bits = 0;
  std::vector<Signal> fields;
  auto add = [&](Value signal) {
    bits = frameOf(design.outputs, snn::integerRange(signal.getType()),
                   snn::shapeOf(signal.getType()), bits);
    for (Signal element : aligned(valueOf(signal), last).elements) {
      fields.insert(fields.begin(), element.resizedSigned(design.outputs.back().frameBits));
    }
  };
  for (auto output : network.getBody().getOps<snn::OutputOp>()) {
    add(output.getSignal());
  }
  for (auto record : network.getBody().getOps<snn::RecordOp>()) {
    if (record.getSignal()) {
      add(record.getSignal());
    }
  }
  design.out.frameBits = std::max(bits, 1);
  design.latency = timing.latency;
  design.interval = timing.interval;
  int bus = design.out.busBits();
  if (int rest = bus - bits; rest > 0) {
    fields.insert(fields.begin(), c.zero(rest));
  }
  control.outData = concat(fields);
}

/// States as AXI4-Lite reads them. The address behind them.
int64_t Unroller::addStates(ControlPorts &ports) {
  Design &design = shop.made.design;
  int64_t base = FirstState;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    for (auto [s, name] : llvm::enumerate(population.getStates())) {
      const std::vector<Signal> &words = control.states[{population.getNode().str(), s}];
      StateWindow window;
      auto elements = static_cast<int64_t>(words.size());
      int64_t size = int64_t(4) << indexBits(elements);
      base = (base + size - 1) / size * size;
      window.base = base;
      base += size;
      ArrayRef<int64_t> shape = snn::shapeOf(population.getType());
      window.dims = {shape.begin(), shape.end()};
      for (size_t d = 0; d < window.dims.size(); ++d) {
        window.order.push_back(static_cast<int>(d));
      }
      window.info.node = population.getNode().str();
      window.info.observable = cast<StringAttr>(name).str();
      design.states.push_back(window);
      ports.words.push_back({window.base, words});
    }
  }
  return base;
}

FailureOr<Timing> Unroller::build() {
  for (snn::RescaleOp op : llvm::make_early_inc_range(network.getBody().getOps<snn::RescaleOp>())) {
    rescaleAsPopulation(op);
  }
  if (failed(checkSize())) {
    return failure();
  }
  if (failed(checkFrames())) {
    return failure();
  }
  planStages();
  planInterval();

  Signal aresetn = c.input("aresetn", 1);
  Signal reset = (~aresetn).named("reset");
  Wire parts = c.wire("parts_reset", 1);
  c.reset = parts;
  buildInputs();
  control.outReady = c.input("m_axis_tready", 1);

  // The pipeline moves unless its answer is not taken, and takes a step each `interval` cycles.
  Reg outValid = c.reg("out_valid", 1, 0);
  go = (~outValid.value() | control.outReady).named("moves");
  Wire run = c.wire("is_running", 1);
  Signal isTime = c.high();
  if (timing.interval > 1) {
    Reg rest = c.reg("rest", indexBits(timing.interval), 0);
    isTime = rest.value().isZero();
    Wire takes = c.wire("takes_step", 1);
    rest.next(go, mux(takes, c.constant(timing.interval - 1, rest.value().bits()),
                      mux(isTime, rest, rest - 1)));
    takes.drive(control.inValid & run & isTime);
  }
  Signal ready = (run & isTime & go).named("is_ready");
  Signal taken = (control.inValid & ready).named("step_taken");
  valid.push_back(control.inValid & run & isTime);
  for (int s = 1; s < timing.latency; ++s) {
    Reg stage = c.reg(fmt::format("stage{}_valid", s), 1, 0);
    stage.next(go, valid.back());
    valid.push_back(stage);
  }
  outValid.next(go, valid.back());

  for (auto delay : network.getBody().getOps<snn::DelayOp>()) {
    Late one{delay, {}, stageOf.lookup(delay.getResult())};
    Vector vector{{}, one.stage};
    for (int64_t i = 0; i < snn::elementsOf(delay.getType()); ++i) {
      one.wires.push_back(c.wire("late", bitsOfType(delay.getType())));
      vector.elements.push_back(one.wires.back());
    }
    values[delay.getResult()] = std::move(vector);
    late.push_back(std::move(one));
  }
  for (Operation &op : network.getBody().front()) {
    if (failed(buildOp(op))) {
      return failure();
    }
  }
  buildDelays();
  buildOutputs();
  Design &design = shop.made.design;
  int bus = design.out.busBits();
  Reg outData = c.reg("out_data", bus);
  outData.next(go, control.outData);
  c.output("m_axis_tvalid", outValid);
  c.output("m_axis_tdata", outData);
  c.output("m_axis_tlast", c.high());
  c.output("s_axis_tready", ready);

  Signal idle = ~outValid.value();
  for (size_t s = 1; s < valid.size(); ++s) {
    idle = idle & ~valid[s];
  }
  ControlPorts ports;
  ports.reset = reset;
  ports.run = run;
  ports.partsReset = parts;
  ports.inTaken = ports.inEnd = taken;
  ports.outTaken = ports.outEnd = (outValid & control.outReady).named("answer_taken");
  ports.outStalls = (outValid & ~control.outReady).named("answer_waits");
  ports.idles = {idle};
  int64_t base = addStates(ports);
  design.controlAddressBits = std::max(12, indexBits(base));
  shop.made.buildId = buildControlRegisters(c, design.controlAddressBits, ports);
  return timing;
}

FailureOr<Circuits> nirc::fpga::buildUnrolled(snn::NetworkOp network, StringRef top,
                                              int64_t latency, MLIRContext *context,
                                              const BuildOptions &options, Timing &timing) {
  static const Plan none;
  Workshop shop(none, context, options);
  std::string name = shop.moduleName(top);
  FailureOr<Timing> made = Unroller(shop, network, name, latency).build();
  if (failed(made)) {
    return failure();
  }
  timing = *made;
  return std::move(shop.made);
}
