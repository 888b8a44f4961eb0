//===- Interpreter.cpp - a clocked network, op by op ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/Interpreter.h"

#include "dialects/snn/interpreter/InterpreterUnits.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace mlir;
using namespace snn;

// An intermediate result that is wider than its type would round twice.
static_assert(FLT_EVAL_METHOD == 0, "float and double must be evaluated as what they are");

template <typename Number>
Unit<Number>::Unit(Operation *op) : op(op) {
  if (op->getNumResults() == 1) {
    output.resize(static_cast<size_t>(elementsOf(op->getResult(0).getType())));
  }
}

namespace {

/// Passes on what `setInput` put there before the step: until the next one it is what this step
/// saw.
template <typename Number>
class Input : public Unit<Number> {
public:
  explicit Input(InputOp op) : Unit<Number>(op) { this->drive.resize(this->output.size()); }
  void evaluate(int64_t) override {}
};

/// An op that only names a signal.
template <typename Number>
class Port : public Unit<Number> {
public:
  explicit Port(Operation *op) : Unit<Number>(op) {}
  void evaluate(int64_t) override {}
};

} // namespace

template <typename Number>
static UnitOr<Number> makeUnit(Operation *op) {
  if (auto input = dyn_cast<InputOp>(op)) {
    return std::unique_ptr<Unit<Number>>(std::make_unique<Input<Number>>(input));
  }
  if (isa<OutputOp, RecordOp, MappingOp>(op)) { // nothing to compute
    return std::unique_ptr<Unit<Number>>(std::make_unique<Port<Number>>(op));
  }
  if (auto population = dyn_cast<PopulationOp>(op)) {
    return makePopulation<Number>(population);
  }
  UnitOr<Number> connection = makeConnection<Number>(op);
  if (failed(connection) || *connection) {
    return connection;
  }
  UnitOr<Number> elementwise = makeElementwise<Number>(op);
  if (failed(elementwise) || *elementwise) {
    return elementwise;
  }
  return nodeError(op) << "is a '" << op->getName()
                       << "', which the interpreter has no meaning for";
}

template <typename Number>
static bool isOf(NetworkOp network) {
  Type element = network.getElement();
  return std::is_same_v<Number, double>  ? element.isF64()
         : std::is_same_v<Number, float> ? element.isF32()
                                         : element.isSignlessInteger(32);
}

template <typename Number>
FailureOr<BasicInterpreter<Number>> BasicInterpreter<Number>::create(NetworkOp op) {
  if (!isOf<Number>(op)) {
    return op.emitError() << "the network is one of " << op.getElement()
                          << ", expected the type that the interpreter computes in";
  }
  auto network = std::make_unique<Network>();
  for (Operation &inner : op.getBody().front()) {
    UnitOr<Number> unit = makeUnit<Number>(&inner);
    if (failed(unit)) {
      return failure();
    }
    if (isa<InputOp>(inner)) {
      network->inputs.push_back(network->units.size());
    }
    network->place[&inner] = network->units.size();
    network->units.push_back(std::move(*unit));
  }
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    for (Value operand : unit->op->getOperands()) {
      unit->inputs.push_back(&network->unit(operand.getDefiningOp()).output);
    }
  }
  BasicInterpreter made(std::move(network));
  made.reset();
  return made;
}

template <typename Number>
BasicInterpreter<Number>::BasicInterpreter(std::unique_ptr<Network> network)
    : network(std::move(network)) {}
template <typename Number>
BasicInterpreter<Number>::BasicInterpreter(BasicInterpreter &&) noexcept = default;
template <typename Number>
BasicInterpreter<Number> &
BasicInterpreter<Number>::operator=(BasicInterpreter &&) noexcept = default;
template <typename Number>
BasicInterpreter<Number>::~BasicInterpreter() = default;

template <typename Number>
void BasicInterpreter<Number>::reset() {
  auto clear = [](std::vector<Number> &values) {
    std::fill(values.begin(), values.end(), Number(0));
  };
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    clear(unit->output);
    clear(unit->drive);
    unit->restart();
  }
  network->now = 0;
}

template <typename Number>
void BasicInterpreter<Number>::step() {
  for (size_t input : network->inputs) {
    network->units[input]->output = network->units[input]->drive;
  }
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    unit->evaluate(network->now);
  }
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    unit->finish(network->now);
  }
  ++network->now;
}

/// The integer nearest to x / scale, ties to even, within the range. NaN is 0.
static int64_t quantized(double x, double scale, const IntegerRange &range) {
  double q = std::nearbyint(x / scale);
  if (std::isnan(q)) {
    return 0;
  }
  return static_cast<int64_t>(
      std::clamp(q, static_cast<double>(range.least), static_cast<double>(range.most)));
}

/// Numbers of the outside as those of the network, of that type.
template <typename Number>
static void assign(std::vector<Number> &to, std::span<const double> values,
                   [[maybe_unused]] Type type) {
  assert(values.size() == to.size() && "as many numbers as the shape has");
  if constexpr (std::is_integral_v<Number>) {
    SmallVector<double> scales = scalesOf(type);
    IntegerRange range = integerRange(type);
    size_t perScale = values.size() / scales.size();
    for (size_t i = 0; i < values.size(); ++i) {
      to[i] = quantized(values[i], scales[i / perScale], range);
    }
  } else {
    to.assign(values.begin(), values.end());
  }
}

template <typename Number>
void BasicInterpreter<Number>::setInput(size_t index, std::span<const double> values) {
  Unit<Number> &unit = *network->units[network->inputs[index]];
  assign(unit.drive, values, unit.op->getResult(0).getType());
}

template <typename Number>
void BasicInterpreter<Number>::setState(PopulationOp op, unsigned index,
                                        std::span<const double> values) {
  Type type = op.getStateTypes() ? cast<TypeAttr>((*op.getStateTypes())[index]).getValue() : Type();
  assign(network->units[network->place.lookup(op)]->states[index], values, type);
}

template <typename Number>
std::string BasicInterpreter<Number>::snapshot() const {
  std::string bytes(reinterpret_cast<const char *>(&network->now), sizeof network->now);
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    unit->visitMemory([&](std::span<Number> piece) {
      bytes.append(reinterpret_cast<const char *>(piece.data()), piece.size_bytes());
    });
  }
  return bytes;
}

template <typename Number>
bool BasicInterpreter<Number>::restore(std::string_view snapshot) {
  size_t bytes = sizeof network->now;
  auto forEach = [&](const std::function<void(std::span<Number>)> &visit) {
    for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
      unit->visitMemory(visit);
    }
  };
  forEach([&](std::span<Number> piece) { bytes += piece.size_bytes(); });
  if (bytes != snapshot.size()) {
    return false;
  }
  snapshot.copy(reinterpret_cast<char *>(&network->now), sizeof network->now);
  snapshot.remove_prefix(sizeof network->now);
  forEach([&](std::span<Number> piece) {
    snapshot.copy(reinterpret_cast<char *>(piece.data()), piece.size_bytes());
    snapshot.remove_prefix(piece.size_bytes());
  });
  return true;
}

template <typename Number>
std::span<const Number> BasicInterpreter<Number>::value(Value signal) const {
  return network->unit(signal.getDefiningOp()).output;
}

template <typename Number>
std::span<const Number> BasicInterpreter<Number>::state(PopulationOp op, unsigned index) const {
  return network->unit(op).states[index];
}

template <typename Number>
void BasicInterpreter<Number>::observe(const Observer<Number> &observer) const {
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    auto population = dyn_cast<PopulationOp>(unit->op);
    if (population && observer.onDrive) {
      observer.onDrive(population, unit->drive);
    }
    for (size_t i = 0; observer.onState && i < unit->states.size(); ++i) {
      observer.onState(population, static_cast<unsigned>(i), unit->states[i]);
    }
    if (observer.onResult && unit->op->getNumResults() == 1) {
      observer.onResult(unit->op, unit->output);
    }
  }
}

/// The first value outside the range, as an error about `what` of the op.
static nir::Status firstOutside(Operation *op, const Twine &what, ArrayRef<int64_t> values,
                                const IntegerRange &range) {
  const int64_t *bad = llvm::find_if(
      values, [&](int64_t value) { return value < range.least || value > range.most; });
  if (bad == values.end()) {
    return {};
  }
  return nir::Error::atNode(nir::Cause::WrongValue, op->getAttrOfType<StringAttr>("node").str(),
                            fmt::format("{} is {} in element {}, expected {} to {}", what.str(),
                                        *bad, bad - values.begin(), range.least, range.most));
}

/// The same of everything that a population has beside its result.
static nir::Status firstOutside(PopulationOp op, const Unit<int64_t> &unit) {
  constexpr IntegerRange sums{std::numeric_limits<int32_t>::min(),
                              std::numeric_limits<int32_t>::max()};
  if (nir::Status bad = firstOutside(op, "the sum of its inputs", unit.drive, sums)) {
    return bad;
  }
  for (size_t i = 0; i < unit.states.size(); ++i) {
    Type type = cast<TypeAttr>((*op.getStateTypes())[i]).getValue();
    StringRef name = cast<StringAttr>(op.getStates()[i]).getValue();
    if (nir::Status bad =
            firstOutside(op, "its state '" + name + "'", unit.states[i], integerRange(type))) {
      return bad;
    }
  }
  return {};
}

template <typename Number>
nir::Status BasicInterpreter<Number>::outOfRange() const {
  if constexpr (std::is_integral_v<Number>) {
    for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
      if (auto population = dyn_cast<PopulationOp>(unit->op)) {
        if (nir::Status bad = firstOutside(population, *unit)) {
          return bad;
        }
      }
      if (unit->op->getNumResults() == 0) {
        continue;
      }
      if (nir::Status bad =
              firstOutside(unit->op, "the result of its " + unit->op->getName().stripDialect(),
                           unit->output, integerRange(unit->op->getResult(0).getType()))) {
        return bad;
      }
    }
  }
  return {};
}

namespace snn {
template class Unit<float>;
template class Unit<double>;
template class Unit<int64_t>;
template class BasicInterpreter<float>;
template class BasicInterpreter<double>;
template class BasicInterpreter<int64_t>;
} // namespace snn
