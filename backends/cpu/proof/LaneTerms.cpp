//===- LaneTerms.cpp - what a loop does to one neuron ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Of the lowering this uses where the arrays of a population lie, and in which order; the rest is
// read from the code.

#include "backends/cpu/proof/LaneTerms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

#include <bit>
#include <cstring>
#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;
using proof::bitsOf;
using proof::Theory;

static std::optional<int64_t> constantOf(Value value) {
  APInt number;
  return matchPattern(value, m_ConstantInt(&number)) ? std::optional(number.getSExtValue())
                                                     : std::nullopt;
}

/// The memory and the place of what is loaded or stored.
static std::optional<std::pair<Value, Value>> placeOf(Operation *op) {
  auto one = [](Value base, ValueRange indices) {
    return indices.size() == 1 ? std::optional(std::pair(base, indices[0])) : std::nullopt;
  };
  if (auto load = dyn_cast_or_null<memref::LoadOp>(op)) {
    return one(load.getMemRef(), load.getIndices());
  }
  if (auto load = dyn_cast_or_null<vector::LoadOp>(op)) {
    return one(load.getBase(), load.getIndices());
  }
  if (auto store = dyn_cast_or_null<memref::StoreOp>(op)) {
    return one(store.getMemRef(), store.getIndices());
  }
  if (auto store = dyn_cast_or_null<vector::StoreOp>(op)) {
    return one(store.getBase(), store.getIndices());
  }
  return std::nullopt;
}

static Value storedBy(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op)) {
    return store.getValueToStore();
  }
  auto store = dyn_cast<vector::StoreOp>(op);
  return store ? store.getValueToStore() : Value();
}

static bool isLoad(Operation *op) { return isa_and_nonnull<memref::LoadOp, vector::LoadOp>(op); }

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

PopulationLoop::PopulationLoop(const LoweredNetwork &lowered, snn::PopulationOp population,
                               snn::PopulationOp reference, func::FuncOp function)
    : lowered(lowered), population(population), reference(reference),
      elements(snn::elementsOf(population.getType())), ends(elements) {
  const Signal &signal = lowered.layout.signals.find(population.getResult())->second;
  findLoop(function);
  if (!trouble.empty()) {
    return;
  }
  if (step > 1 && isChannelsLast(population)) {
    order = channelsLast(population.getType(), step);
    ends = order->elements();
  } else if (signal.array) {
    result = *signal.array;
  }
  bits = signal.bits;
  if (signal.events) {
    list = signal.events->list;
  }
  findIndex();
}

/// The innermost one that reads a state or an input.
void PopulationLoop::findLoop(func::FuncOp function) {
  function.walk([&](Operation *op) {
    std::optional<std::pair<Value, Value>> place = placeOf(op);
    std::optional<Array> array = place && isLoad(op) ? arrayOf(place->first) : std::nullopt;
    bool isRead =
        array && (array->kind == Array::Kind::State || array->kind == Array::Kind::Input ||
                  array->kind == Array::Kind::InputBits);
    if (isRead && !loop) {
      loop = op->getParentOfType<scf::ForOp>();
    }
  });
  std::optional<int64_t> by = loop ? constantOf(loop.getStep()) : std::nullopt;
  if (!by) {
    trouble = "no loop over its neurons";
    return;
  }
  step = *by;
}

/// The loop's own counter, or channel * positions + position where it is in one over channels.
void PopulationLoop::findIndex() {
  auto covers = [](scf::ForOp loop, int64_t count) {
    return constantOf(loop.getLowerBound()) == 0 && constantOf(loop.getUpperBound()) == count;
  };
  auto outer = loop->getParentOfType<scf::ForOp>();
  if (!outer) {
    index = loop.getInductionVar();
    trouble = covers(loop, ends) ? "" : "a loop that does not end with the neurons";
    return;
  }
  std::optional<int64_t> channels = constantOf(outer.getUpperBound());
  std::optional<int64_t> positions = constantOf(loop.getUpperBound());
  bool isAll = channels && positions && covers(outer, *channels) && covers(loop, *positions) &&
               *channels * *positions == elements && step == 1 && constantOf(outer.getStep()) == 1;
  channel = outer.getInductionVar();
  for (auto sum : loop.getOps<arith::AddIOp>()) {
    auto product = sum.getLhs().getDefiningOp<arith::MulIOp>();
    if (isAll && product && product.getLhs() == channel &&
        constantOf(product.getRhs()) == positions && sum.getRhs() == loop.getInductionVar()) {
      index = sum;
      return;
    }
  }
  trouble = "a loop over channels that does not cover the neurons";
}

std::optional<PopulationLoop::Array> PopulationLoop::arrayOf(Value memory) {
  if (auto global = memory.getDefiningOp<memref::GetGlobalOp>()) {
    return Array{Array::Kind::Parameter, 0, global.getName().str()};
  }
  auto view = memory.getDefiningOp<memref::ViewOp>();
  std::optional<int64_t> offset = view ? constantOf(view.getByteShift()) : std::nullopt;
  if (!offset || !isa<BlockArgument>(view.getSource())) {
    return std::nullopt;
  }
  auto isAt = [&](const std::optional<Slot> &slot) { return slot && slot->offset == *offset; };
  const auto &states = lowered.layout.states.find(population)->second;
  for (auto [number, slot] : llvm::enumerate(states)) {
    if (slot.offset == *offset) {
      return Array{Array::Kind::State, number};
    }
  }
  for (auto [number, input] : llvm::enumerate(population.getInputs())) {
    const Signal &signal = lowered.layout.signals.find(input)->second;
    if (isAt(signal.array) || isAt(signal.channelsLast)) {
      return Array{Array::Kind::Input, number};
    }
    if (isAt(signal.bits)) {
      return Array{Array::Kind::InputBits, number};
    }
  }
  return isAt(result) ? std::optional(Array{Array::Kind::Result})
         : isAt(bits) ? std::optional(Array{Array::Kind::ResultBits})
         : isAt(list) ? std::optional(Array{Array::Kind::List})
                      : std::nullopt;
}

/// Whether what is loaded is what was there before the turn: of this element, and before any store.
bool PopulationLoop::isSoundLoad(Operation *load, const Array &array, Value at) {
  if (!isIndex(at) || load->getBlock() != loop.getBody()) {
    return false;
  }
  for (Operation &op : *loop.getBody()) {
    std::optional<std::pair<Value, Value>> place = storedBy(&op) ? placeOf(&op) : std::nullopt;
    std::optional<Array> other = place ? arrayOf(place->first) : std::nullopt;
    if (other && other->kind == array.kind && other->number == array.number &&
        op.isBeforeInBlock(load)) {
      return false;
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// The neuron of an element of the loop; none's where vectors end behind the channels.
std::optional<size_t> PopulationLoop::neuronAt(int64_t element) {
  if (!order) {
    return static_cast<size_t>(element);
  }
  int64_t c = element % order->pitch;
  return c < order->channels
             ? std::optional(static_cast<size_t>(c * order->positions + element / order->pitch))
             : std::nullopt;
}

/// A number of an array as PopulationTerms has it: an integer, or the bits of a float.
static int64_t numberAt(const Parameter &parameter, int64_t at, Type element) {
  auto read = [&]<typename T>(T value) {
    std::memcpy(&value, parameter.bytes.get() + at * static_cast<int64_t>(sizeof(T)), sizeof(T));
    return value;
  };
  double real = 0.0;
  switch (parameter.element) {
  case nir::DType::I8:
    return read(int8_t());
  case nir::DType::I16:
    return read(int16_t());
  case nir::DType::I32:
    return read(int32_t());
  case nir::DType::F32:
    real = static_cast<double>(read(float()));
    break;
  default:
    real = read(double());
  }
  return element.isF32() ? std::bit_cast<int32_t>(static_cast<float>(real))
                         : std::bit_cast<int64_t>(real);
}

std::optional<size_t> PopulationLoop::parameterAt(const std::string &symbol, bool byChannel) {
  const Parameter *parameter = llvm::find_if(
      lowered.parameters, [&](const Parameter &each) { return each.symbol == symbol; });
  if (parameter == lowered.parameters.end()) {
    return std::nullopt;
  }
  Type element = reference.getBody().getArgument(0).getType();
  int64_t channels = byChannel ? snn::shapeOf(population.getType()).front() : ends;
  int64_t positions = byChannel ? elements / channels : 1;
  for (size_t number = 0; number < reference.getParams().size(); ++number) {
    std::vector<int64_t> values = proof::parameterOf(reference, number);
    bool isSame = parameter->elements >= channels;
    for (int64_t i = 0; isSame && i < channels; ++i) {
      int64_t have = numberAt(*parameter, i, element);
      for (int64_t position = 0; isSame && position < positions; ++position) {
        std::optional<size_t> neuron =
            byChannel ? std::optional(static_cast<size_t>(i * positions + position)) : neuronAt(i);
        isSame = !neuron || values[*neuron] == have;
      }
    }
    if (isSame) {
      return number;
    }
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

namespace nirc::cpu {

class LaneTerms : public proof::Terms {
public:
  LaneTerms(Theory &theory, PopulationLoop &code, const proof::PopulationTerms &body)
      : Terms(theory), code(code), body(body), isTaken(body.inputs.size(), false) {}

private:
  using Array = PopulationLoop::Array;
  Value known(Value value) override;
  Value term(Operation &op) override;
  Value loaded(Operation *load);
  Value parameterIn(Value value);
  Value bitIn(Value value);
  size_t inputAt(size_t first);
  bool isExistence(arith::CmpIOp op);

  PopulationLoop &code;
  const proof::PopulationTerms &body;
  std::vector<bool> isTaken; ///< of inputs
};

} // namespace nirc::cpu

/// Signals that are reshaped into each other lie in one place: they are read in their order.
size_t LaneTerms::inputAt(size_t first) {
  auto offsetOf = [&](size_t number) {
    const Signal &signal =
        code.lowered.layout.signals.find(code.population.getInputs()[number])->second;
    return signal.array          ? signal.array->offset
           : signal.channelsLast ? signal.channelsLast->offset
           : signal.bits         ? signal.bits->offset
                                 : -1;
  };
  for (size_t number = first; number < isTaken.size(); ++number) {
    if (!isTaken[number] && offsetOf(number) == offsetOf(first)) {
      isTaken[number] = true;
      return number;
    }
  }
  return first;
}

Value LaneTerms::loaded(Operation *load) {
  auto place = placeOf(load);
  std::optional<Array> array = place ? code.arrayOf(place->first) : std::nullopt;
  if (!array) {
    return {};
  }
  int width = bitsOf(load->getResult(0).getType());
  auto narrowed = [&](Value number, int from) {
    return width < from ? theory.truncated(number, from, width) : number;
  };
  switch (array->kind) {
  case Array::Kind::State:
    return code.isSoundLoad(load, *array, place->second)
               ? narrowed(body.states[array->number], body.bits)
               : Value();
  case Array::Kind::Input: {
    const auto &input = body.inputs[inputAt(array->number)];
    return code.isSoundLoad(load, *array, place->second) ? narrowed(input.element, input.bits)
                                                         : Value();
  }
  default:
    return {};
  }
}

/// A parameter, in its own type or made wider.
Value LaneTerms::parameterIn(Value value) {
  Operation *def = value.getDefiningOp();
  if (isa_and_nonnull<arith::ExtSIOp, arith::ExtFOp>(def)) {
    def = def->getOperand(0).getDefiningOp();
  }
  auto place = isLoad(def) ? placeOf(def) : std::nullopt;
  std::optional<Array> array = place ? code.arrayOf(place->first) : std::nullopt;
  bool isOfBody = array && bitsOf(value.getType()) == body.bits;
  if (!array || array->kind != Array::Kind::Parameter || !isOfBody) {
    return {};
  }
  bool byChannel = code.channel && place->second == code.channel;
  if (!byChannel && !code.isIndex(place->second)) {
    return {};
  }
  std::optional<size_t> number = code.parameterAt(array->symbol, byChannel);
  return number ? body.parameters[*number] : Value();
}

/// (word at index / 32) >> (index mod 32) & 1, as Compact.cpp reads bits.
Value LaneTerms::bitIn(Value value) {
  constexpr int64_t wordBits = 32;
  auto both = value.getDefiningOp<arith::AndIOp>();
  auto shift = both ? both.getLhs().getDefiningOp<arith::ShRUIOp>() : nullptr;
  auto word = shift ? shift.getLhs().getDefiningOp<memref::LoadOp>() : nullptr;
  auto place = word ? placeOf(word) : std::nullopt;
  std::optional<Array> array = place ? code.arrayOf(place->first) : std::nullopt;
  if (!array || array->kind != Array::Kind::InputBits || constantOf(both.getRhs()) != 1) {
    return {};
  }
  auto is = [&]<typename... Ops>(Operation *op) {
    return isa_and_nonnull<Ops...>(op) && code.isIndex(op->getOperand(0)) &&
           constantOf(op->getOperand(1)) == wordBits;
  };
  auto cast = shift.getRhs().getDefiningOp();
  Operation *rest = cast ? cast->getOperand(0).getDefiningOp() : nullptr;
  bool isWord = is.operator()<arith::DivUIOp, arith::DivSIOp>(place->second.getDefiningOp());
  bool isPlace = is.operator()<arith::RemUIOp, arith::RemSIOp>(rest);
  const auto &input = body.inputs[inputAt(array->number)];
  return isWord && isPlace && input.bits == wordBits ? input.element : Value();
}

Value LaneTerms::known(Value value) {
  if (Value parameter = parameterIn(value)) {
    return parameter;
  }
  if (Value bit = bitIn(value)) {
    return bit;
  }
  Operation *def = value.getDefiningOp();
  if (isLoad(def)) {
    return loaded(def);
  }
  auto compare = value.getDefiningOp<arith::CmpIOp>();
  return compare && isExistence(compare) ? theory.truth(true) : Value();
}

/// Whether it asks if the element of a lane is a neuron's, which is what is claimed of: the index
/// of the lane is below the end, or its rest by the pitch is below the channels.
bool LaneTerms::isExistence(arith::CmpIOp op) {
  auto splatOf = [](Value value) {
    auto spread = value.getDefiningOp<vector::BroadcastOp>();
    return spread ? constantOf(spread.getSource()) : std::nullopt;
  };
  auto isOfLanes = [&](Value value) {
    auto sum = value.getDefiningOp<arith::AddIOp>();
    auto spread = sum ? sum.getLhs().getDefiningOp<vector::BroadcastOp>() : nullptr;
    auto first = spread ? spread.getSource().getDefiningOp<arith::IndexCastOp>() : nullptr;
    DenseIntElementsAttr numbers;
    if (!first || !code.isIndex(first.getIn()) ||
        !matchPattern(sum.getRhs(), m_Constant(&numbers))) {
      return false;
    }
    int64_t next = 0;
    return llvm::all_of(numbers.getValues<APInt>(),
                        [&](const APInt &number) { return number == next++; });
  };
  std::optional<int64_t> end = splatOf(op.getRhs());
  if (op.getPredicate() != arith::CmpIPredicate::slt || !end) {
    return false;
  }
  Operation *rest = op.getLhs().getDefiningOp();
  if (isa_and_nonnull<arith::RemSIOp, arith::RemUIOp>(rest)) {
    return code.order && isOfLanes(rest->getOperand(0)) &&
           splatOf(rest->getOperand(1)) == code.order->pitch && *end == code.order->channels;
  }
  return isOfLanes(op.getLhs()) && *end == code.ends;
}

Value LaneTerms::term(Operation &op) {
  if (isa<vector::BroadcastOp, LLVM::InlineAsmOp>(op)) {
    return Terms::of(op.getOperand(0));
  }
  if (isa<LLVM::CountLeadingZerosOp>(op)) {
    return theory.leadingZeros(Terms::of(op.getOperand(0)), bitsOf(op.getResult(0).getType()));
  }
  return Terms::term(op);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Which lanes are listed as spikes, or which bits are set: what the code branches on, or hands to
/// the instruction that compresses.
Value PopulationLoop::maskOfList() {
  Value mask;
  for (Operation &op : *loop.getBody()) {
    if (auto call = dyn_cast<LLVM::CallIntrinsicOp>(op)) {
      if (call.getIntrin().contains("vector.compress")) {
        return call.getOperand(1);
      }
    } else if (auto cast = dyn_cast<LLVM::BitcastOp>(op)) {
      mask = cast.getArg();
    } else if (auto branch = dyn_cast<scf::IfOp>(op); branch && !mask) {
      mask = branch.getCondition();
    }
  }
  return mask;
}

proof::CodeResults PopulationLoop::results(Theory &theory, const proof::PopulationTerms &body) {
  if (!trouble.empty()) {
    return {{}, trouble};
  }
  LaneTerms terms(theory, *this, body);
  proof::CodeResults results;
  results.values.resize(body.results.size());
  bool isSpike = snn::isSpikes(population.getType());
  auto number = [&](Value value) {
    Value term = terms.of(value);
    int width = bitsOf(value.getType());
    return term && width < body.bits ? theory.extended(term, width, body.bits, true) : term;
  };
  for (Operation &op : *loop.getBody()) {
    std::optional<std::pair<Value, Value>> place = storedBy(&op) ? placeOf(&op) : std::nullopt;
    std::optional<Array> array = place ? arrayOf(place->first) : std::nullopt;
    if (!array || array->kind == Array::Kind::List || array->kind == Array::Kind::ResultBits) {
      continue;
    }
    bool isResult = array->kind == Array::Kind::Result;
    if (!isIndex(place->second) || (!isResult && array->kind != Array::Kind::State)) {
      return {{}, "a store that is not of the neuron"};
    }
    Value &to = results.values[isResult ? 0 : array->number + 1];
    if (to) {
      return {{}, "two stores of one number"};
    }
    if (isResult && isSpike) { // a byte of 0 or 1
      Value byte = terms.of(storedBy(&op));
      int width = bitsOf(storedBy(&op).getType());
      if (byte) {
        to = theory.equal(byte, theory.constant(1, width));
        theory.faults.push_back(
            {theory.isOutside(byte, width, {0, 1}), "a byte of a spike is another"});
      }
    } else {
      to = number(storedBy(&op));
    }
    if (!to) {
      return {{}, terms.unknown()};
    }
  }
  if (isSpike && (list || bits)) {
    Value mask = maskOfList(), listed = mask ? terms.of(mask) : Value();
    if (!listed) {
      return {{}, mask ? terms.unknown() : "no list of spikes"};
    }
    if (results.values[0]) {
      theory.faults.push_back({theory.differ(listed, results.values[0]), "list and array differ"});
    }
    results.values[0] = listed;
  }
  if (!results.values[0] && !result && !list && !bits && !order) {
    results.values[0] = body.results[0]; // nobody reads it
  }
  bool isWhole = llvm::all_of(results.values, [](Value value) { return !!value; });
  return isWhole ? std::move(results) : proof::CodeResults{{}, "a number that is not stored"};
}
