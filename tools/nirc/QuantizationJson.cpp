//===- QuantizationJson.cpp - a quantization for programs -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/QuantizationView.h"

namespace nirc {

template <typename T>
static Json orNull(const std::optional<T> &value) {
  return value ? Json(*value) : Json();
}

static Json weightsJson(const nir::NumberFormat &format, const WeightsReport &weights) {
  CodeRange codes = codeRange(format, weights);
  return {{"count", weights.count},       {"bits", weights.bits},
          {"scales", weights.scales},     {"least", weights.least},
          {"most", weights.most},         {"code_least", codes.least},
          {"code_most", codes.most},      {"used", usedShare(format, weights)},
          {"clipped", weights.clipped},   {"present", weights.present},
          {"vanished", weights.vanished}, {"rms_error", weights.rootMeanSquareError}};
}

static Json signalJson(const SignalReport &signal) {
  return {{"scales", signal.scales},
          {"least", signal.least},
          {"most", signal.most},
          {"bits", signal.neededBits},
          {"seen_least", orNull(signal.seenLeast)},
          {"seen_most", orNull(signal.seenMost)}};
}

static Json stateJson(const std::string &node, const StateReport &state,
                      const QuantizationMeasure *measure) {
  Json json = {{"state", state.name},
               {"bits", state.bits},
               {"fraction_bits", state.fractionBits},
               {"scales", state.scales},
               {"least", state.least},
               {"most", state.most},
               {"can_overflow", state.canOverflow},
               {"tau", orNull(state.tauSeconds)},
               {"effective_tau", orNull(state.effectiveTauSeconds)}};
  if (measure) {
    const QuantizationMeasure::Limit *limit = measure->limitOf(node, state.name);
    json["saturations"] = limit ? limit->count : 0;
  }
  return json;
}

static Json nodeJson(const QuantizationReport &report, const NodeReport &node,
                     const QuantizationMeasure *measure) {
  Json states = Json::array();
  for (const StateReport &state : node.states) {
    states.push_back(stateJson(node.node, state, measure));
  }
  Json json = {{"node", node.node},
               {"kind", node.kind},
               {"weights", node.weights ? weightsJson(report.format, *node.weights) : Json()},
               {"signal", node.signal ? signalJson(*node.signal) : Json()},
               {"states", std::move(states)},
               {"vanished_thresholds", node.vanishedThresholds},
               {"notes", node.notes}};
  if (measure) {
    const QuantizationMeasure::Limit *limit = measure->limitOf(node.node, "u");
    json["accumulator_overflows"] = limit ? limit->count : 0;
  }
  return json;
}

static Json traceJson(const TraceDifference &trace) {
  Json json = {{"node", trace.node},
               {"observable", trace.observable},
               {"equal", trace.unequal == 0},
               {"unequal", trace.unequal}};
  if (trace.isSpikes) {
    json["spikes_float64"] = trace.baseSpikes;
    json["spikes"] = trace.otherSpikes;
    json["van_rossum"] = orNull(trace.vanRossum);
    json["victor_purpura"] = orNull(trace.victorPurpura);
  } else {
    json["largest_difference"] = trace.largest;
  }
  json["cosine"] = trace.cosine;
  return json;
}

static Json measureJson(const QuantizationMeasure &measure) {
  Json traces = Json::array();
  for (const TraceDifference &trace : measure.difference.traces) {
    traces.push_back(traceJson(trace));
  }
  return {{"samples", measure.samples},
          {"steps", measure.steps},
          {"changed_classes", changedClasses(measure.base, measure.integers)},
          {"traces", std::move(traces)}};
}

Json quantizationJson(const QuantizationReport &report, const QuantizationMeasure *measure) {
  Json nodes = Json::array();
  for (const NodeReport &node : report.nodes) {
    nodes.push_back(nodeJson(report, node, measure));
  }
  return {{"format", report.format.text()},
          {"calibration", report.calibration.empty() ? Json() : Json(report.calibration)},
          {"nodes", std::move(nodes)},
          {"weight_bytes", report.weightBytes},
          {"state_bytes", report.stateBytes},
          {"against_float64", measure ? measureJson(*measure) : Json()}};
}

} // namespace nirc
