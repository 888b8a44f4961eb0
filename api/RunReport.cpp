//===- CompareRuns.cpp ----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"

#include "api/io/Printable.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace nirc {

//===----------------------------------------------------------------------===//
// A run as the user writes it
//===----------------------------------------------------------------------===//

static bool isFormatField(std::string_view name) {
  const std::vector<nir::FormatField> &fields = nir::formatFields();
  return std::any_of(fields.begin(), fields.end(),
                     [&](const nir::FormatField &field) { return field.name == name; });
}

/// What runs of one comparison may differ in. The step and the inputs are theirs in common:
/// otherwise no step of one is a step of the other.
static nir::Status applyChoice(std::string_view choice, bool isFirst, ChoiceOptions &options) {
  size_t split = choice.find('=');
  if (split == std::string_view::npos && isFirst && !choice.empty()) {
    options.semantics = choice;
    return std::nullopt;
  }
  if (split == std::string_view::npos) {
    return nir::Error(nir::Cause::BadOption,
                      fmt::format("found '{}', expected CHOICE=VALUE", printable(choice)))
        .note("a run is written as in norse,reset=subtract,target=reference; what runs have in "
              "common is an option, as --dt");
  }
  std::string_view name = choice.substr(0, split), value = choice.substr(split + 1);
  if (name == "dt") {
    return nir::Error(nir::Cause::BadOption,
                      "found dt in a run, expected it as the option --dt: runs have one dt");
  }
  if (name == "target") {
    options.target = value;
  } else if (name == "dtype") {
    options.dtype = value;
  } else if (name == "fold") {
    options.fold = value;
  } else if (name == "format") {
    options.format = value;
  } else if (isFormatField(name)) { // on top of the run's format, or of --format
    options.format += fmt::format("{}{}", options.format.empty() ? "" : ",", choice);
  } else {
    options.overrides.emplace_back(name, value);
  }
  return std::nullopt;
}

nir::Status applyChoices(std::string_view run, ChoiceOptions &options) {
  const std::string dtypeOfAll = std::exchange(options.dtype, "");
  for (size_t at = 0; at <= run.size();) {
    size_t comma = std::min(run.find(',', at), run.size());
    if (nir::Status failed = applyChoice(run.substr(at, comma - at), at == 0, options)) {
      return failed;
    }
    at = comma + 1;
  }
  // --dtype is that of the runs in floats.
  bool isFloat = options.format.empty() || options.format == "none";
  if (options.dtype.empty() && isFloat) {
    options.dtype = dtypeOfAll;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// One side
//===----------------------------------------------------------------------===//

double RunReport::spikesOfNodes() const {
  return std::accumulate(spikes.begin(), spikes.end(), 0.0,
                         [](double sum, const auto &node) { return sum + node.second; });
}

double RunReport::spikesOfOutputs() const {
  double total = 0.0;
  for (const OutputReport &output : outputs) {
    for (const std::vector<double> &sums : output.sums) {
      total += output.isSpikes ? std::accumulate(sums.begin(), sums.end(), 0.0) : 0.0;
    }
  }
  return total;
}

static OutputReport outputOf(const nir::Trace &trace) {
  OutputReport output{trace.node, trace.observable == "spikes", {}, {}};
  for (int64_t sample = 0; sample < trace.data.shape()[0]; ++sample) {
    std::vector<double> sum = sums(trace.data, sample);
    auto best = std::max_element(sum.begin(), sum.end());
    bool tells = sum.size() > 1 && (!output.isSpikes || *best > 0.0);
    output.classes.push_back(tells ? best - sum.begin() : -1);
    output.sums.push_back(std::move(sum));
  }
  return output;
}

RunReport reportOf(const std::string &label, const Json &provenance,
                   const nir::Recording &recording, const std::vector<std::string> &outputs) {
  auto isOutput = [&](const nir::Trace &trace) {
    return std::find(outputs.begin(), outputs.end(), trace.node) != outputs.end();
  };
  bool none = std::none_of(recording.traces.begin(), recording.traces.end(), isOutput);
  RunReport report{label, provenance, {}, {}};
  for (const nir::Trace &trace : recording.traces) {
    if (isOutput(trace) || (none && &trace == &recording.traces.front())) {
      report.outputs.push_back(outputOf(trace));
    } else if (trace.observable == "spikes") {
      double total = 0.0;
      for (int64_t sample = 0; sample < trace.data.shape()[0]; ++sample) {
        std::vector<double> sum = sums(trace.data, sample);
        total = std::accumulate(sum.begin(), sum.end(), total);
      }
      report.spikes.emplace_back(trace.node, total);
    }
  }
  return report;
}

//===----------------------------------------------------------------------===//
// Around the divergence
//===----------------------------------------------------------------------===//

nir::Shape indexOf(int64_t element, const nir::Shape &shape) {
  nir::Shape index(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    index[d] = element % shape[d];
    element /= shape[d];
  }
  return index;
}

std::string indexText(int64_t element, const nir::Shape &shape) {
  return nir::str(indexOf(element, shape));
}

std::vector<StatePair> statesAt(const TraceDifference &trace, int64_t sample,
                                const nir::Recording &base, const nir::Recording &other) {
  assert(trace.first && "equal traces have no divergence");
  std::vector<StatePair> states;
  int64_t width = nir::numElements(trace.shape);
  for (const nir::Trace &state : base.traces) {
    const nir::Trace *partner = other.find(state.node, state.observable);
    bool isState = state.node == trace.node && state.observable != trace.observable && partner;
    if (!isState || state.data.size() != partner->data.size() ||
        state.data.size() != state.data.shape()[0] * state.data.shape()[1] * width) {
      continue;
    }
    StatePair pair{state.observable, {}, {}};
    for (int64_t step = std::max<int64_t>(0, trace.first->step - 1); step <= trace.first->step;
         ++step) {
      int64_t at = (sample * state.data.shape()[1] + step) * width + trace.first->element;
      pair.base.push_back(state.data.at(at));
      pair.other.push_back(partner->data.at(at));
    }
    states.push_back(std::move(pair));
  }
  return states;
}

std::vector<nir::Probe> spikeProbes(const nir::Graph &graph, const nir::Semantics &semantics) {
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  assert(problems.empty() && "the graph passed the check");
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, semantics);
  std::vector<nir::Probe> probes;
  for (int32_t node : nir::evaluationOrder(flat, nir::opaqueNodes(flat, semantics))) {
    auto index = static_cast<size_t>(node);
    const nir::Node &here = *flat.nodes[index].node;
    std::vector<std::string> has = nir::observables(here, kinds[index]);
    bool makesSpikes = nir::isNeuron(here) || here.as<nir::Threshold>();
    if (makesSpikes && std::find(has.begin(), has.end(), "spikes") != has.end()) {
      probes.push_back({flat.path(node), "spikes"});
    }
  }
  return probes;
}

Inputs slice(const Inputs &inputs, int64_t sample, int64_t steps) {
  Inputs part;
  part.recording.dtSeconds = inputs.recording.dtSeconds;
  part.steps = steps;
  for (const nir::Trace &trace : inputs.recording.traces) {
    nir::Shape shape = trace.data.shape();
    size_t stride = trace.data.sizeInBytes() / static_cast<size_t>(shape[0]);
    shape[0] = 1;
    shape[1] = std::min(shape[1], steps);
    // Steps of one sample are neighbours: the part shares the whole's memory.
    std::shared_ptr<const std::byte> begin(
        trace.data.share(), trace.data.bytes() + static_cast<size_t>(sample) * stride);
    part.recording.traces.push_back(
        {trace.node, trace.observable, nir::Tensor(trace.data.dtype(), shape, std::move(begin))});
  }
  return part;
}

std::vector<double> sums(const nir::Tensor &data, int64_t sample) {
  int64_t steps = data.shape()[1];
  int64_t width = data.size() / data.shape()[0] / std::max<int64_t>(1, steps);
  std::vector<double> sum(static_cast<size_t>(width), 0.0);
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t i = 0; i < width; ++i) {
      sum[static_cast<size_t>(i)] += data.at((sample * steps + t) * width + i);
    }
  }
  return sum;
}

} // namespace nirc
