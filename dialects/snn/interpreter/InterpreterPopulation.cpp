//===- InterpreterPopulation.cpp - neurons at work ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/InterpreterBody.h"
#include "dialects/snn/interpreter/InterpreterUnits.h"

#include <algorithm>

using namespace mlir;
using namespace snn;

namespace {

template <typename Number>
class Population : public Unit<Number> {
public:
  static UnitOr<Number> create(PopulationOp op) {
    FailureOr<Body> body = Body::compile(op);
    if (failed(body)) {
      return failure();
    }
    auto unit = std::make_unique<Population>(op, std::move(*body));
    for (auto [name, values] : llvm::zip(op.getParamNames(), op.getParams())) {
      auto numbers =
          numbersOf<Number>(op, cast<StringAttr>(name).getValue(), cast<ElementsAttr>(values));
      if (failed(numbers)) {
        return failure();
      }
      unit->parameters.push_back(std::move(*numbers));
    }
    for (auto [name, values] : llvm::zip(op.getStates(), initialOf(op))) {
      std::vector<Number> numbers(unit->output.size());
      if (values) {
        auto read = numbersOf<Number>(op, cast<StringAttr>(name).getValue(), values);
        if (failed(read)) {
          return failure();
        }
        numbers = std::move(*read);
      }
      unit->initial.push_back(std::move(numbers));
    }
    unit->restart();
    return std::unique_ptr<Unit<Number>>(std::move(unit));
  }

  Population(PopulationOp op, Body body)
      : Unit<Number>(op), body(std::move(body)), start(static_cast<int64_t>(op.getStart())) {
    this->drive.resize(this->output.size());
    this->states.assign(op.getStates().size(), std::vector<Number>(this->output.size()));
  }

  void restart() override { this->states = initial; }

  void evaluate(int64_t now) override {
    addInputs();
    if (now < start) {
      return; // what is passed on is still 0, and the states are what they start at
    }
    for (size_t first = 0; first < this->output.size(); first += Body::lanes) {
      update(first, std::min(Body::lanes, this->output.size() - first));
    }
  }

private:
  void addInputs() {
    if (this->inputs.empty()) {
      return; // zeros
    }
    this->drive = *this->inputs[0];
    for (const std::vector<Number> *term : llvm::drop_begin(this->inputs)) {
      for (size_t i = 0; i < term->size(); ++i) {
        this->drive[i] = added<Number>(this->drive[i], (*term)[i]);
      }
    }
  }

  void update(size_t first, size_t count) {
    size_t argument = 0;
    body.load(argument++, &this->drive[first], count);
    for (const auto *values : {&this->states, &parameters}) {
      for (const std::vector<Number> &one : *values) {
        body.load(argument++, &one[first], count);
      }
    }
    body.run(count);
    size_t yielded = 0;
    body.store(yielded++, &this->output[first], count);
    for (std::vector<Number> &state : this->states) {
      body.store(yielded++, &state[first], count);
    }
  }

  Body body;
  std::vector<std::vector<Number>> parameters, initial;
  int64_t start;
};

} // namespace

template <typename Number>
UnitOr<Number> snn::makePopulation(PopulationOp op) {
  return Population<Number>::create(op);
}

template UnitOr<float> snn::makePopulation<float>(PopulationOp);
template UnitOr<double> snn::makePopulation<double>(PopulationOp);
template UnitOr<int64_t> snn::makePopulation<int64_t>(PopulationOp);
