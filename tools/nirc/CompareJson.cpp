//===- CompareJson.cpp - a comparison for programs ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/CompareReport.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

bool CompareReport::equal() const {
  return std::all_of(
      comparisons.begin(), comparisons.end(),
      [](const ComparisonReport &comparison) { return comparison.difference.equal(); });
}

std::string CompareReport::sampleName(int64_t sample) const {
  auto at = static_cast<size_t>(sample);
  return at < sampleNames.size() ? sampleNames[at] : fmt::format("{}", sample);
}

int64_t changedClasses(const RunReport &base, const RunReport &other) {
  if (base.outputs.empty() || other.outputs.empty()) {
    return 0;
  }
  const std::vector<int64_t> &a = base.outputs.front().classes;
  const std::vector<int64_t> &b = other.outputs.front().classes;
  int64_t changed = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    changed += a[i] != b[i];
  }
  return changed;
}

template <typename T>
static Json orNull(const std::optional<T> &value) {
  return value ? Json(*value) : Json();
}

static Json classJson(int64_t klass) { return klass < 0 ? Json() : Json(klass); }

static Json outputJson(const OutputReport &output) {
  Json classes = Json::array();
  for (int64_t klass : output.classes) {
    classes.push_back(classJson(klass));
  }
  return {{"node", output.node},
          {"observable", output.isSpikes ? "spikes" : "value"},
          {"sums", output.sums},
          {"classes", std::move(classes)}};
}

static Json runJson(const RunReport &run) {
  Json nodes = Json::array();
  for (const auto &[node, spikes] : run.spikes) {
    nodes.push_back({{"node", node}, {"spikes", spikes}});
  }
  Json outputs = Json::array();
  for (const OutputReport &output : run.outputs) {
    outputs.push_back(outputJson(output));
  }
  return {{"run", run.label},
          {"spikes", run.spikes.empty() ? Json() : Json(run.spikesOfNodes())},
          {"output_spikes", run.spikesOfOutputs()},
          {"nodes", std::move(nodes)},
          {"outputs", std::move(outputs)},
          {"provenance", run.provenance}};
}

static Json divergenceJson(const CompareReport &report, const ComparisonReport &comparison) {
  const TraceDifference *trace = comparison.difference.first();
  if (!trace) {
    return {};
  }
  Json states = Json::array();
  for (const StatePair &state : comparison.states) {
    states.push_back(
        {{"observable", state.observable}, {"base", state.base}, {"run", state.other}});
  }
  const Divergence &first = *trace->first;
  return {{"step", first.step},
          {"sample", first.sample},
          {"sample_name", report.sampleName(first.sample)},
          {"node", trace->node},
          {"observable", trace->observable},
          {"index", indexOf(first.element, trace->shape)},
          {"base", first.base},
          {"run", first.other},
          {"states", std::move(states)}};
}

static Json traceJson(const TraceDifference &trace) {
  Json json = {{"node", trace.node},
               {"observable", trace.observable},
               {"equal", trace.unequal == 0},
               {"unequal", trace.unequal},
               {"first_step", trace.first ? Json(trace.first->step) : Json()}};
  if (trace.isSpikes) {
    json["base_spikes"] = trace.baseSpikes;
    json["spikes"] = trace.otherSpikes;
    json["van_rossum"] = orNull(trace.vanRossum);
    json["victor_purpura"] = orNull(trace.victorPurpura);
  } else {
    json["largest_difference"] = trace.largest;
  }
  json["cosine"] = trace.cosine;
  return json;
}

Json compareJson(const CompareReport &report) {
  Json runs = Json::array();
  for (const RunReport &run : report.runs) {
    runs.push_back(runJson(run));
  }
  Json comparisons = Json::array();
  for (const ComparisonReport &comparison : report.comparisons) {
    Json traces = Json::array();
    for (const TraceDifference &trace : comparison.difference.traces) {
      traces.push_back(traceJson(trace));
    }
    const RunReport &run = report.runs[comparison.run];
    comparisons.push_back({{"base", report.runs.front().label},
                           {"run", run.label},
                           {"equal", comparison.difference.equal()},
                           {"changed_classes", changedClasses(report.runs.front(), run)},
                           {"first_difference", divergenceJson(report, comparison)},
                           {"traces", std::move(traces)},
                           {"only_in_base", comparison.difference.onlyInBase},
                           {"only_in_run", comparison.difference.onlyInOther},
                           {"shift", comparison.shift}});
  }
  return {{"equal", report.equal()},
          {"dt", report.dtSeconds > 0.0 ? Json(report.dtSeconds) : Json()},
          {"samples", report.samples},
          {"sample_names", report.sampleNames},
          {"tolerance", report.options.tolerance},
          {"tau", report.options.tauSeconds},
          {"cost", report.options.costPerSecond},
          {"runs", std::move(runs)},
          {"comparisons", std::move(comparisons)},
          {"advice", diagnosticsJson(report.advice)}};
}

} // namespace nirc
