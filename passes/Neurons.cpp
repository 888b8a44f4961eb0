//===- Neurons.cpp - linear systems as populations ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Coefficients.h"
#include "passes/NetworkBuilder.h"

#include "dialects/nir/Diagnostics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace nirc;
using nir::Coefficients;

namespace {

/// Writes the body of a population. Uniform coefficients become constants, the others parameters.
class BodyWriter {
public:
  BodyWriter(NetworkBuilder &network, Location loc, size_t states, int64_t neurons)
      : network(network), loc(loc), neurons(neurons) {
    for (size_t i = 0; i < 1 + states; ++i) {
      block.addArgument(network.element, loc);
    }
    body.setInsertionPointToEnd(&block);
  }

  Value u() { return block.getArgument(0); }
  Value state(unsigned i) { return block.getArgument(1 + i); }
  /// The coefficient as a value of the body; `name` is that of the parameter where it is one.
  Value coefficient(const Coefficients &values, const llvm::Twine &name);
  Value add(Value a, Value b) { return a ? arith::AddFOp::create(body, loc, a, b).getResult() : b; }
  Value mul(Value a, Value b) { return arith::MulFOp::create(body, loc, a, b); }
  /// sum + coefficient * x, where the coefficient is there.
  Value addTerm(Value sum, const Coefficients &values, const llvm::Twine &name, Value x) {
    return values.empty() ? sum : add(sum, mul(coefficient(values, name), x));
  }
  Value advance(const StepUpdate &update, unsigned index, ArrayRef<Value> current);

  /// Ends the body and makes the op.
  Value finish(StringRef node, ValueRange inputs, ArrayRef<Attribute> states, Value passedOn,
               ArrayRef<Value> next, Type result);

  NetworkBuilder &network;
  Location loc;
  int64_t neurons;
  Block block;
  OpBuilder body{network.builder.getContext()};
  SmallVector<Attribute> names, params;
};

} // namespace

Value BodyWriter::coefficient(const Coefficients &values, const llvm::Twine &name) {
  if (llvm::all_equal(values)) {
    return arith::ConstantOp::create(body, loc, FloatAttr::get(network.element, values.front()));
  }
  names.push_back(network.builder.getStringAttr(name));
  params.push_back(network.values(values));
  return block.addArgument(network.element, loc);
}

/// x_i := self x_i + sum over j of cross[j] x_j + gain u + drift, from left to right.
Value BodyWriter::advance(const StepUpdate &update, unsigned index, ArrayRef<Value> current) {
  const StateUpdate &state = update.states[index];
  std::string prefix = state.name.str();
  Value sum = state.self.empty() ? current[index]
                                 : mul(coefficient(state.self, prefix + "_keep"), current[index]);
  for (unsigned j = 0; j < current.size(); ++j) {
    sum = addTerm(sum, state.cross[j], prefix + "_from_" + update.states[j].name, current[j]);
  }
  sum = addTerm(sum, state.gain, prefix + "_gain", u());
  return state.drift.empty() ? sum : add(sum, coefficient(state.drift, prefix + "_drift"));
}

Value BodyWriter::finish(StringRef node, ValueRange inputs, ArrayRef<Attribute> states,
                         Value passedOn, ArrayRef<Value> next, Type result) {
  SmallVector<Value> yielded{passedOn};
  yielded.append(next.begin(), next.end());
  auto yield = snn::YieldOp::create(body, loc);
  yield.getValuesMutable().assign(yielded);

  OpBuilder &b = network.builder;
  auto op = snn::PopulationOp::create(b, loc, result, b.getStringAttr(node), inputs,
                                      b.getArrayAttr(states), b.getArrayAttr(names),
                                      b.getArrayAttr(params));
  Block &place = op.getBody().emplaceBlock();
  for (BlockArgument argument : block.getArguments()) {
    argument.replaceAllUsesWith(place.addArgument(argument.getType(), loc));
  }
  place.getOperations().splice(place.end(), block.getOperations());
  return op.getResult();
}

/// Spikes where v is above threshold, and resets it there.
static Value applyGuard(BodyWriter &writer, const nir::HybridSystem::Guard &guard, snn::Reset reset,
                        SmallVectorImpl<Value> &next) {
  OpBuilder &b = writer.body;
  Value v = next[guard.state];
  Value threshold = writer.coefficient(guard.threshold, "v_threshold");
  Value spike = arith::CmpFOp::create(b, writer.loc, arith::CmpFPredicate::OGT, v, threshold);
  Value after;
  if (reset == snn::Reset::ToValue) {
    after = writer.coefficient(guard.reset, "v_reset");
  } else {
    Coefficients drop(std::max(guard.threshold.size(), guard.reset.size()));
    for (size_t i = 0; i < drop.size(); ++i) {
      auto at = [&](const Coefficients &c) { return c.size() == 1 ? c[0] : c[i]; };
      drop[i] = at(guard.threshold) - at(guard.reset);
    }
    after = arith::SubFOp::create(b, writer.loc, v, writer.coefficient(drop, "v_drop"));
  }
  next[guard.state] = arith::SelectOp::create(b, writer.loc, spike, after, v);
  return spike;
}

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    count *= dim;
  }
  return count;
}

Value nirc::buildPopulation(NetworkBuilder &network, nir::HybridSystemOpInterface node,
                            StringRef path, ValueRange inputs, ArrayRef<int64_t> shape) {
  nir::HybridSystem system = node.getHybridSystem();
  std::string why;
  FailureOr<StepUpdate> update =
      stepUpdate(system, network.semantics.getDtSeconds(), network.semantics.getIntegrator(), why);
  if (failed(update)) {
    nir::nodeError(node) << why;
    return {};
  }
  BodyWriter writer(network, node.getLoc(), system.states.size(), product(shape));
  SmallVector<Value> current, next;
  SmallVector<Attribute> names;
  for (unsigned i = 0; i < system.states.size(); ++i) {
    current.push_back(writer.state(i));
    names.push_back(network.builder.getStringAttr(system.states[i].name));
  }
  for (unsigned i = 0; i < system.states.size(); ++i) {
    next.push_back(writer.advance(*update, i, current));
    if (!update->simultaneous) {
      current[i] = next[i];
    }
  }
  if (!system.guard) {
    return writer.finish(path, inputs, names, next[system.output], next, network.numbers(shape));
  }
  Value spike = applyGuard(writer, *system.guard, network.semantics.getReset(), next);
  return writer.finish(path, inputs, names, spike, next,
                       snn::SpikesType::get(network.builder.getContext(), shape));
}

Value nirc::buildThreshold(NetworkBuilder &network, nir::ThresholdOp node, StringRef path,
                           ValueRange inputs, ArrayRef<int64_t> shape) {
  BodyWriter writer(network, node.getLoc(), 0, product(shape));
  Value threshold = writer.coefficient(nir::doublesOf(node.getThreshold()), "threshold");
  Value spike = arith::CmpFOp::create(writer.body, writer.loc, arith::CmpFPredicate::OGT,
                                      writer.u(), threshold);
  return writer.finish(path, inputs, {}, spike, {},
                       snn::SpikesType::get(network.builder.getContext(), shape));
}
