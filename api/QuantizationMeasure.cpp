//===- QuantizationMeasure.cpp - a format against floats ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/QuantizationMeasure.h"

#include "api/IntegerNetwork.h"
#include "api/RunReport.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "passes/pipeline/Pipeline.h"
#include "passes/quantize/FixedPoint.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace nirc {

namespace {

/// Counts how often numbers meet their limits.
class Limits {
public:
  Limits(snn::NetworkOp network, const nir::NumberFormat &format, const QuantizationReport &report);
  snn::Observer<int64_t> observer();
  std::vector<QuantizationMeasure::Limit> take() { return std::move(counts); }

private:
  /// Numbers from `low` down and from `high` up are at a limit.
  struct Watch {
    size_t count; ///< its place in `counts`
    int64_t low, high;
  };
  void add(const Watch &watch, std::span<const int64_t> values);

  std::vector<QuantizationMeasure::Limit> counts;
  std::map<std::pair<mlir::Operation *, unsigned>, Watch> states;
  std::map<mlir::Operation *, Watch> drives;
};

} // namespace

/// Where a state of that type saturates: at the ends of its range that are those of its bits.
static std::pair<int64_t, int64_t> endsOf(mlir::Type type, const nir::NumberFormat &format) {
  constexpr int64_t never = int64_t(1) << 62;
  snn::IntegerRange range = snn::integerRange(type);
  auto isEnd = [&](int64_t most) {
    most = std::abs(most);
    if (most >= (int64_t(1) << (format.stateBits - 1)) - 1) {
      return true;
    }
    // A kept state is a code of few bits, moved to the left.
    while (most > 0 && most % 2 == 0) {
      most /= 2;
    }
    return format.keptBits != 0 && most == (int64_t(1) << (format.keptBits - 1)) - 1;
  };
  return {isEnd(range.least) ? range.least : -never, isEnd(range.most) ? range.most : never};
}

Limits::Limits(snn::NetworkOp network, const nir::NumberFormat &format,
               const QuantizationReport &report) {
  std::map<std::string, const NodeReport *> byNode;
  for (const NodeReport &node : report.nodes) {
    byNode.emplace(node.node, &node);
  }
  Interval accumulator = rangeOf(format.accumulatorBits, format.accumulatorOverflow);
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    std::string node = population.getNode().str();
    auto found = byNode.find(node);
    if (found == byNode.end()) {
      continue;
    }
    int64_t least = 0, most = 0;
    for (mlir::Value input : population.getInputs()) {
      snn::IntegerRange range = snn::integerRange(input.getType());
      least += range.least;
      most += range.most;
    }
    if (!Interval{least, most}.isWithin(accumulator)) {
      drives[population] = {counts.size(), accumulator.least - 1, accumulator.most + 1};
      counts.push_back({node, "u", 0});
    }
    // A stochastic population has a state more than the report, its random digits.
    const std::vector<StateReport> &reports = found->second->states;
    for (unsigned i = 0; i < reports.size() && population.getStateTypes(); ++i) {
      if (reports[i].canOverflow) {
        auto type = llvm::cast<mlir::TypeAttr>((*population.getStateTypes())[i]).getValue();
        auto [low, high] = endsOf(type, format);
        states[{population, i}] = {counts.size(), low, high};
        counts.push_back({node, reports[i].name, 0});
      }
    }
  }
}

void Limits::add(const Watch &watch, std::span<const int64_t> values) {
  counts[watch.count].count += std::count_if(values.begin(), values.end(), [&](int64_t value) {
    return value <= watch.low || value >= watch.high;
  });
}

snn::Observer<int64_t> Limits::observer() {
  snn::Observer<int64_t> observer;
  if (!drives.empty()) {
    observer.onDrive = [this](snn::PopulationOp op, std::span<const int64_t> values) {
      if (auto found = drives.find(op); found != drives.end()) {
        add(found->second, values);
      }
    };
  }
  if (!states.empty()) {
    observer.onState = [this](snn::PopulationOp op, unsigned state,
                              std::span<const int64_t> values) {
      if (auto found = states.find({op, state}); found != states.end()) {
        add(found->second, values);
      }
    };
  }
  return observer;
}

const QuantizationMeasure::Limit *QuantizationMeasure::limitOf(const std::string &node,
                                                               const std::string &what) const {
  for (const Limit &limit : limits) {
    if (limit.node == node && limit.what == what) {
      return &limit;
    }
  }
  return nullptr;
}

/// Outputs last, as a step computes them.
static void putOutputsLast(nir::Recording &recording, size_t probes) {
  std::rotate(recording.traces.begin(), recording.traces.end() - static_cast<ptrdiff_t>(probes),
              recording.traces.end());
}

/// The run in integers, watched.
static nir::Result<nir::Recording> runIntegers(const Network &network, const Choices &choices,
                                               const nir::Recording &input, const Manner &manner,
                                               std::vector<QuantizationMeasure::Limit> &limits) {
  nir::Result<IntegerNetwork> built = IntegerNetwork::build(network, choices);
  if (!built) {
    return built.takeError();
  }
  snn::NetworkOp op = built->network();
  snn::InterpretOptions options;
  options.progress = manner.progress;
  nir::Result<nir::Recording> recording = nir::Error();
  if (!op.getElement().isInteger()) { // with states in floats nothing saturates
    recording = snn::interpret(op, input, options);
  } else if (auto interpreter = snn::BasicInterpreter<int64_t>::create(op);
             mlir::succeeded(interpreter)) {
    Limits watched(op, choices.quantization->format, built->report());
    recording = snn::interpret(*interpreter, op, input, options, watched.observer());
    limits = watched.take();
  } else {
    return nir::Error(nir::Cause::Internal, "quantize left a network that cannot be interpreted")
        .in(network.file.path);
  }
  return recording ? std::move(recording) : recording.takeError().in(network.file.path);
}

nir::Result<QuantizationMeasure> measureQuantization(const Network &network, Choices choices,
                                                     const Manner &manner) {
  assert(choices.quantization && choices.quantization->calibration && "a format and an input");
  const nir::Recording &input = choices.quantization->calibration->input;
  choices.probes = spikeProbes(network.graph, choices.semantics);
  QuantizationMeasure measure;
  const nir::Shape &shape = input.traces.front().data.shape();
  measure.samples = shape[0];
  measure.steps = shape[1];
  nir::Result<nir::Recording> integers =
      runIntegers(network, choices, input, manner, measure.limits);
  if (!integers) {
    return integers.takeError();
  }
  Inputs inputs;
  inputs.recording = input;
  inputs.steps = shape[1];
  Choices floats = choices;
  floats.quantization.reset();
  floats.dtype = nir::DType::F64;
  nir::Result<Executed> executed = execute(network, floats, inputs, manner);
  if (!executed) {
    return executed.takeError();
  }
  putOutputsLast(executed->recording, choices.probes.size());
  std::vector<std::string> outputs = network.outputs();
  measure.base = reportOf("float64", {}, executed->recording, outputs);
  measure.integers = reportOf(choices.quantization->format.text(), {}, *integers, outputs);
  nir::Result<Difference> difference = differenceOf(executed->recording, *integers, {});
  if (!difference) {
    return difference.takeError();
  }
  measure.difference = *std::move(difference);
  return measure;
}

std::optional<nir::Diagnostic> silencedNodes(const QuantizationMeasure &measure,
                                             const std::string &file, const std::string &format) {
  constexpr size_t shown = 3;
  std::vector<std::string> nodes;
  for (const TraceDifference &trace : measure.difference.traces) {
    if (trace.isSpikes && trace.baseSpikes > 0.0 && trace.otherSpikes == 0.0) {
      nodes.push_back(fmt::format("'{}' ({:g})", trace.node, trace.baseSpikes));
    }
  }
  if (nodes.empty()) {
    return std::nullopt;
  }
  std::string more =
      nodes.size() > shown ? fmt::format(" and {} more", nodes.size() - shown) : std::string();
  nodes.resize(std::min(nodes.size(), shown));
  nir::Error warning =
      nir::Error::advice("silent-integers", fmt::format("spikes in float64 and none in {}: {}{}",
                                                        format, fmt::join(nodes, ", "), more));
  warning.severity = nir::Severity::Warning;
  return std::move(warning).in(file).note(
      "the first of them loses its input, or its threshold is out of reach: more weight-bits "
      "or "
      "state-bits, or granularity=channel; `nirc explore` finds the fewest bits");
}

} // namespace nirc
