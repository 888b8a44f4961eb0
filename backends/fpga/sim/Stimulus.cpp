//===- Stimulus.cpp - what a design is tested with ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/sim/Stimulus.h"

#include "dialects/snn/Records.h"
#include "dialects/snn/interpreter/Interpreter.h"

#include <algorithm>
#include <random>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;
using Interpreter = snn::BasicInterpreter<int64_t>;

/// The integers of a step. Of numbers the largest are sent in some steps alone, as nothing but
/// saturation would be tested otherwise. The standard says what the engine gives, but not what its
/// distributions do.
static std::vector<int64_t> drawn(const StreamPort &port, int64_t step,
                                  const StimulusOptions &options, std::mt19937_64 &random) {
  constexpr int64_t magnitudes = 8;
  auto share = static_cast<double>(int64_t(1) << (step % magnitudes));
  std::vector<int64_t> values(static_cast<size_t>(nir::numElements(port.info.shape)));
  for (int64_t &value : values) {
    constexpr double whole = 0x1p64;
    bool isSent = static_cast<double>(random()) / whole < options.rate;
    double place = static_cast<double>(random()) / whole; // of the range
    if (!isSent) {
      continue;
    }
    if (port.least == 0 && port.most == 1) {
      value = 1;
      continue;
    }
    double number =
        (static_cast<double>(port.least) + place * static_cast<double>(port.most - port.least)) /
        share;
    value = std::clamp(static_cast<int64_t>(number), port.least, port.most);
  }
  return values;
}

/// What the numbers of the outside are: the interpreter takes those.
static std::vector<double> outside(const StreamPort &port, const std::vector<int64_t> &values) {
  std::vector<double> numbers(values.size());
  size_t perScale = std::max<size_t>(values.size() / port.scales.size(), 1);
  for (size_t i = 0; i < values.size(); ++i) {
    numbers[i] = static_cast<double>(values[i]) * port.scales[i / perScale];
  }
  return numbers;
}

static void addEvents(std::vector<Stimulus::Event> &events, size_t port,
                      std::span<const int64_t> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0) {
      events.push_back({port, static_cast<int64_t>(i), values[i]});
    }
  }
}

/// The signals that the design's outputs carry: those of the network's outputs, then records.
static FailureOr<std::vector<Value>> signalsOf(snn::NetworkOp network, const Design &design) {
  std::vector<Value> signals;
  for (auto output : network.getBody().getOps<snn::OutputOp>()) {
    signals.push_back(output.getSignal());
  }
  if (signals.size() > design.outputs.size()) {
    return network.emitError() << "has " << signals.size() << " outputs, and the design "
                               << design.outputs.size();
  }
  for (size_t i = signals.size(); i < design.outputs.size(); ++i) {
    const PortInfo &port = design.outputs[i].info;
    Value found;
    for (auto record : network.getBody().getOps<snn::RecordOp>()) {
      if (record.getNode() == port.node && record.getObservable() == port.observable) {
        found = record.getSignal();
      }
    }
    if (!found) {
      return network.emitError() << "records no signal '" << port.observable << "' of '"
                                 << port.node << "'";
    }
    signals.push_back(found);
  }
  return signals;
}

static LogicalResult addStates(const Interpreter &interpreter, snn::NetworkOp network,
                               const Design &design, Stimulus &stimulus) {
  for (const StateWindow &window : design.states) {
    std::optional<snn::State> state =
        snn::findState(network, window.info.node, window.info.observable);
    if (!state) {
      return network.emitError() << "has no state '" << window.info.observable << "' of '"
                                 << window.info.node << "'";
    }
    std::span<const int64_t> values = interpreter.state(state->population, state->index);
    for (size_t i = 0; i < values.size(); ++i) {
      stimulus.states.push_back({window.addressOf(static_cast<int64_t>(i)), values[i]});
    }
  }
  std::sort(stimulus.states.begin(), stimulus.states.end(),
            [](const auto &a, const auto &b) { return a.address < b.address; });
  return success();
}

/// At most so many steps lie between an input and an output, where no loop leads around again.
static int64_t delayOf(snn::NetworkOp network) {
  int64_t sum = 0;
  for (auto delay : network.getBody().getOps<snn::DelayOp>()) {
    sum += static_cast<int64_t>(delay.longest());
  }
  return sum;
}

FailureOr<Stimulus> nirc::fpga::recordStimulus(snn::NetworkOp network, const Design &design,
                                               const StimulusOptions &options) {
  FailureOr<Interpreter> interpreter = Interpreter::create(network);
  FailureOr<std::vector<Value>> signals = signalsOf(network, design);
  if (failed(interpreter) || failed(signals)) {
    return failure();
  }
  std::mt19937_64 random(options.seed);
  Stimulus stimulus;
  int64_t steps = options.steps + std::min(delayOf(network), options.mostDelay);
  for (int64_t t = 0; t < steps; ++t) {
    Stimulus::Step &step = stimulus.steps.emplace_back();
    for (size_t i = 0; i < design.inputs.size(); ++i) {
      std::vector<int64_t> values = drawn(design.inputs[i], t, options, random);
      interpreter->setInput(i, outside(design.inputs[i], values));
      addEvents(step.in, i, values);
    }
    interpreter->step();
    for (size_t i = 0; i < signals->size(); ++i) {
      addEvents(step.out, i, interpreter->value((*signals)[i]));
    }
  }
  if (failed(addStates(*interpreter, network, design, stimulus))) {
    return failure();
  }
  return stimulus;
}
