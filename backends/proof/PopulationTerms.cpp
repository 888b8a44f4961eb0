//===- PopulationTerms.cpp - a neuron as terms of a theory ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/PopulationTerms.h"

#include "dialects/Elements.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <set>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

static Type elementOf(snn::PopulationOp op) { return op.getBody().getArgument(0).getType(); }

PopulationTerms::PopulationTerms(Theory &theory, snn::PopulationOp op)
    : bits(bitsOf(elementOf(op))), theory(theory), op(op) {
  declareInputs();
  for (auto [number, name] : llvm::enumerate(op.getStates().getAsValueRange<StringAttr>())) {
    std::string full = "state." + name.str();
    if (op.getStateTypes()) {
      snn::IntegerRange of =
          snn::integerRange(cast<TypeAttr>((*op.getStateTypes())[number]).getValue());
      states.push_back(theory.declared(full, bits, {of.least, of.most}));
    } else {
      states.push_back(theory.declared(full, bits));
    }
    names.push_back(full);
  }
  names.insert(names.begin(), "output");
  declareParameters();
  computeResults();
}

void PopulationTerms::declareInputs() {
  bool isOfIntegers = elementOf(op).isInteger();
  size_t count = op.getInputs().size();
  for (auto [number, input] : llvm::enumerate(op.getInputs())) {
    std::string name = count == 1 ? "input" : fmt::format("input.{}", number);
    auto same = llvm::find(op.getInputs().take_front(number), input);
    if (auto before = static_cast<size_t>(same - op.getInputs().begin()); before < number) {
      inputs.push_back(inputs[before]);
    } else if (isOfIntegers) {
      snn::IntegerRange of = snn::integerRange(input.getType());
      Value element = theory.declared(name, bits, {of.least, of.most});
      inputs.push_back({element, bits, element});
    } else if (snn::isSpikes(input.getType())) {
      constexpr int byte = 8;
      Value element = theory.declared(name, byte, {0, 1});
      Value number = theory.applied(fmt::format("arith.uitofp.{}.{}", byte, bits), {element},
                                    theory.type(bits));
      inputs.push_back({element, byte, number});
    } else {
      Value element = theory.declared(name, bits);
      inputs.push_back({element, bits, element});
    }
    const Value &next = inputs.back().number;
    drive = !drive         ? next
            : isOfIntegers ? theory.binary(Operator::Add, drive, next, bits)
                           : theory.applied(fmt::format("arith.addf.{0}.{0}.{0}", bits),
                                            {drive, next}, theory.type(bits));
  }
  if (!drive) {
    drive = theory.constant(0, bits);
  }
}

std::vector<int64_t> nirc::proof::parameterOf(snn::PopulationOp op, size_t number) {
  auto values = cast<ElementsAttr>(op.getParams()[number]);
  std::vector<int64_t> all;
  if (values.getElementType().isInteger()) {
    auto numbers = nir::numbersOf<int64_t>(values);
    all.assign(numbers.begin(), numbers.end());
  } else {
    for (double value : nir::numbersOf<double>(values)) {
      all.push_back(bitsOf(elementOf(op)) == 32 ? std::bit_cast<int32_t>(static_cast<float>(value))
                                                : std::bit_cast<int64_t>(value));
    }
  }
  all.resize(static_cast<size_t>(snn::elementsOf(op.getType())),
             all.empty() ? 0 : all.front()); // one may stand for all
  return all;
}

/// Where there are few neurons, or many that are alike, their parameters go together; else each is
/// any number between its least and its most, and a counterexample may be none's.
void PopulationTerms::declareParameters() {
  constexpr size_t few = 64;
  bool isOfIntegers = elementOf(op).isInteger();
  std::vector<std::vector<int64_t>> values;
  std::vector<size_t> own; ///< of those that are not constant, and not another's
  for (auto [number, name] : llvm::enumerate(op.getParamNames().getAsValueRange<StringAttr>())) {
    values.push_back(parameterOf(op, number));
    auto same = std::find(values.begin(), values.end() - 1, values.back());
    auto [least, most] = std::minmax_element(values.back().begin(), values.back().end());
    std::string full = "param." + name.str();
    if (llvm::is_contained(parameterNames, full)) {
      full += fmt::format(".{}", number);
    }
    parameterNames.push_back(full);
    if (*least == *most) {
      parameters.push_back(theory.constant(*least, bits));
    } else if (same != values.end() - 1) {
      parameters.push_back(parameters[static_cast<size_t>(same - values.begin())]);
    } else {
      parameters.push_back(isOfIntegers ? theory.declared(full, bits, {*least, *most})
                                        : theory.declared(full, bits));
      own.push_back(number);
    }
  }
  std::set<std::vector<int64_t>> tuples;
  for (size_t neuron = 0; !own.empty() && neuron < values.front().size(); ++neuron) {
    std::vector<int64_t> tuple;
    for (size_t number : own) {
      tuple.push_back(values[number][neuron]);
    }
    tuples.insert(std::move(tuple));
    if (tuples.size() > few) {
      theory.isLoose |= isOfIntegers;
      return;
    }
  }
  SmallVector<Value> neurons;
  for (const std::vector<int64_t> &tuple : tuples) {
    SmallVector<Value> same;
    for (auto [number, value] : llvm::zip_equal(own, tuple)) {
      same.push_back(theory.equal(parameters[number], theory.constant(value, bits)));
    }
    neurons.push_back(theory.all(same));
  }
  if (!neurons.empty() && isOfIntegers) {
    theory.facts.push_back(theory.any(neurons));
  }
}

void PopulationTerms::computeResults() {
  Terms terms(theory);
  Block &block = op.getBody().front();
  std::vector<Value> arguments{drive};
  arguments.insert(arguments.end(), states.begin(), states.end());
  arguments.insert(arguments.end(), parameters.begin(), parameters.end());
  for (auto [argument, term] : llvm::zip_equal(block.getArguments(), arguments)) {
    terms.define(argument, term);
  }
  for (Value value : block.getTerminator()->getOperands()) {
    Value result = terms.of(value);
    if (!result) {
      unknown = terms.unknown();
      results.clear();
      return;
    }
    results.push_back(result);
  }
}
