//===- ActivityData.cpp ---------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/report/ActivityData.h"

#include "api/io/Totals.h"
#include "tools/report/Packed.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace nirc {

namespace {
/// The first sample of a trace.
struct Sample {
  explicit Sample(const nir::Trace &trace)
      : data(trace.data), steps(trace.data.shape()[1]),
        neurons(steps > 0 ? trace.data.size() / trace.data.shape()[0] / steps : 0) {}

  double at(int64_t step, int64_t neuron) const { return data.at(step * neurons + neuron); }

  const nir::Tensor &data;
  int64_t steps, neurons;
};

/// Spikes by step, and in it by neuron; what spikes twice in a step stands there twice.
struct Events {
  std::vector<uint32_t> perStep, neurons;
  bool complete = true;
};
} // namespace

static Events eventsOf(const Sample &sample) {
  Events events;
  events.perStep.assign(static_cast<size_t>(sample.steps), 0);
  // Nearly all spikes are bytes of 0 or 1.
  std::span<const uint8_t> bytes;
  if (sample.data.dtype() == nir::DType::U8) {
    bytes = sample.data.as<uint8_t>();
  }
  for (int64_t step = 0; step < sample.steps; ++step) {
    size_t before = events.neurons.size();
    for (int64_t neuron = 0; neuron < sample.neurons; ++neuron) {
      auto at = static_cast<size_t>(step * sample.neurons + neuron);
      double value = bytes.empty() ? sample.data.at(static_cast<int64_t>(at)) : bytes[at];
      for (auto i = static_cast<int64_t>(value); i > 0; --i) {
        events.neurons.push_back(static_cast<uint32_t>(neuron));
      }
    }
    if (static_cast<int64_t>(events.neurons.size()) > mostSpikes) {
      events.neurons.resize(before);
      events.complete = false;
      break;
    }
    events.perStep[static_cast<size_t>(step)] =
        static_cast<uint32_t>(events.neurons.size() - before);
  }
  return events;
}

/// Whether numbers are few and whole, as those of spikes are.
static bool looksLikeSpikes(const Sample &sample) {
  int64_t present = 0, size = sample.steps * sample.neurons;
  for (int64_t i = 0; i < size; ++i) {
    double value = sample.data.at(i);
    if (value < 0.0 || value > 255.0 || value != std::floor(value)) {
      return false;
    }
    present += value != 0.0;
  }
  return 2 * present <= size;
}

bool isShownAsSpikes(const nir::Trace &trace) { return looksLikeSpikes(Sample(trace)); }

/// How much there is of each neuron: its spikes, or the sum of its absolute values.
static std::vector<double> weightOf(const Sample &sample) {
  std::vector<double> weights(static_cast<size_t>(sample.neurons), 0.0);
  for (int64_t step = 0; step < sample.steps; ++step) {
    for (int64_t neuron = 0; neuron < sample.neurons; ++neuron) {
      double value = std::abs(sample.at(step, neuron));
      weights[static_cast<size_t>(neuron)] += std::isfinite(value) ? value : 0.0;
    }
  }
  return weights;
}

/// The neurons whose numbers are kept, ascending.
static std::vector<int64_t> shownOf(const std::vector<double> &weights, const std::string &node,
                                    const ActivityOptions &options) {
  std::vector<int64_t> order(weights.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    double more = weights[static_cast<size_t>(a)], less = weights[static_cast<size_t>(b)];
    return more != less ? more > less : a < b;
  });
  order.resize(std::min(order.size(), static_cast<size_t>(std::max<int64_t>(0, options.traces))));
  if (auto wanted = options.wanted.find(node); wanted != options.wanted.end()) {
    order.insert(order.end(), wanted->second.begin(), wanted->second.end());
  }
  std::sort(order.begin(), order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  return order;
}

/// The file's thresholds of these neurons; empty where the node has none.
static std::vector<double> thresholdsOf(const nir::Node &node, const std::vector<int64_t> &shown) {
  std::vector<double> thresholds;
  for (const NamedParameter &parameter : strengths(node)) {
    if (parameter.name != "v_threshold") {
      continue;
    }
    for (int64_t neuron : shown) {
      thresholds.push_back(
          parameter.value.at(std::min(neuron, std::max<int64_t>(0, parameter.value.size() - 1))));
    }
  }
  return thresholds;
}

/// [steps, shown].
static std::vector<float> valuesOf(const Sample &sample, const std::vector<int64_t> &shown) {
  std::vector<float> values;
  values.reserve(shown.size() * static_cast<size_t>(sample.steps));
  for (int64_t step = 0; step < sample.steps; ++step) {
    for (int64_t neuron : shown) {
      values.push_back(static_cast<float>(sample.at(step, neuron)));
    }
  }
  return values;
}

static bool holds(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Of the traces before this one, an equal one of spikes: an Output repeats its neurons.
static const nir::Trace *repeatedBy(const nir::Trace &trace,
                                    const std::vector<const nir::Trace *> &traces) {
  for (const nir::Trace *other : traces) {
    if (other != &trace && other->observable == "spikes" && other->node != trace.node &&
        other->data == trace.data) {
      return other;
    }
  }
  return nullptr;
}

namespace {
/// What is known of a run beside the one trace that is written.
struct Activity {
  Activity(const nir::Graph &graph, const std::vector<const nir::Trace *> &traces,
           const ActivityOptions &options);

  std::string roleOf(const nir::Trace &trace) const {
    return holds(options.inputs, trace.node)    ? "input"
           : holds(options.outputs, trace.node) ? "output"
                                                : "node";
  }
  Json spikesJson(const nir::Trace &trace) const;
  Json valuesJson(const nir::Trace &trace) const;

  const ActivityOptions &options;
  std::map<std::string, const nir::Node *> nodes;
  std::map<std::string, std::vector<double>> spikes; ///< of each neuron, by node
  std::map<std::string, std::string> also;           ///< the output that repeats a node
  std::vector<const nir::Trace *> repeated;          ///< the traces of such outputs
};
} // namespace

Activity::Activity(const nir::Graph &graph, const std::vector<const nir::Trace *> &traces,
                   const ActivityOptions &options)
    : options(options) {
  forEachNode(graph, {},
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                nodes.emplace(path, &node);
              });
  for (const nir::Trace *trace : traces) {
    if (trace->observable != "spikes") {
      continue;
    }
    spikes.emplace(trace->node, weightOf(Sample(*trace)));
    const nir::Trace *same =
        holds(options.outputs, trace->node) ? repeatedBy(*trace, traces) : nullptr;
    if (same) {
      also.emplace(same->node, trace->node);
      repeated.push_back(trace);
    }
  }
}

Json Activity::spikesJson(const nir::Trace &trace) const {
  Events events = eventsOf(Sample(trace));
  Json json = {
      {"complete", events.complete},
      {"events", {{"perStep", packed(events.perStep)}, {"neurons", packed(events.neurons)}}}};
  if (auto found = also.find(trace.node); found != also.end()) {
    json["also"] = found->second;
  }
  return json;
}

Json Activity::valuesJson(const nir::Trace &trace) const {
  Sample sample(trace);
  auto counted = spikes.find(trace.node);
  std::vector<int64_t> shown =
      shownOf(counted != spikes.end() ? counted->second : weightOf(sample), trace.node, options);
  Json json = {{"shown", shown}, {"values", packed(valuesOf(sample, shown))}};
  auto node = nodes.find(trace.node);
  if (trace.observable == "v" && options.hasThresholds && node != nodes.end()) {
    json["threshold"] = thresholdsOf(*node->second, shown);
  }
  return json;
}

Json recordingsJson(const nir::Graph &graph, const std::vector<const nir::Trace *> &traces,
                    const ActivityOptions &options) {
  Activity activity(graph, traces, options);
  Json recordings = Json::array();
  for (const nir::Trace *trace : traces) {
    if (std::find(activity.repeated.begin(), activity.repeated.end(), trace) !=
        activity.repeated.end()) {
      continue;
    }
    Sample sample(*trace);
    const nir::Shape &shape = trace->data.shape();
    std::string role = activity.roleOf(*trace);
    bool isSpikes = trace->observable == "spikes" || (role == "input" && looksLikeSpikes(sample));
    Json json = {{"name", trace->node},
                 {"role", role},
                 {"quantity", isSpikes ? "spikes" : trace->observable},
                 {"dt", options.dtSeconds},
                 {"steps", sample.steps},
                 {"neurons", sample.neurons},
                 {"shape", nir::Shape(shape.begin() + 2, shape.end())}};
    json.update(isSpikes ? activity.spikesJson(*trace) : activity.valuesJson(*trace));
    recordings.push_back(std::move(json));
  }
  return recordings;
}

} // namespace nirc
