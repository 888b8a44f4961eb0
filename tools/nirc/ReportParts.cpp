//===- ReportParts.cpp ----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ReportParts.h"

#include "api/Advice.h"
#include "api/IntegerNetwork.h"
#include "api/RunStats.h"
#include "api/io/Totals.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/CompareReport.h"
#include "tools/nirc/QuantizationView.h"
#include "tools/nirc/ReadingJson.h"
#include "tools/pictures/draw/Writers.h"
#include "tools/pictures/mapping/MappingPicture.h"
#include "tools/report/ActivityData.h"
#include "tools/report/ChoicesData.h"
#include "tools/report/GraphData.h"
#include "tools/report/Packed.h"
#include "tools/text/MappingView.h"
#include "tools/text/StatsView.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

std::vector<nir::Probe> orderedSpikes(const Network &network, double dtSeconds) {
  return spikeProbes(network.graph, nir::Semantics(dtSeconds));
}

/// What was said, each with why it matters where that is known.
static Json adviceJson(const std::vector<nir::Diagnostic> &said) {
  Json all = diagnosticsJson(said);
  for (Json &one : all) {
    const AdviceKind *kind =
        one["name"].is_string() ? findAdvice(one["name"].get<std::string>()) : nullptr;
    one["why"] = kind ? Json(kind->why) : Json();
    one["fix"] = kind ? Json(kind->fix) : Json();
  }
  return all;
}

static nir::Result<Json> graphOf(const ReportCommand &, const Reported &report) {
  nir::Result<nir::LoopReport> loops =
      nir::loopsOf(report.network.graph, report.runs.front().choices.semantics);
  if (!loops) {
    return loops.takeError();
  }
  return graphJson(report.network.graph, report.network.checked, loops->feedback);
}

/// Whether v is on the scale of the file's thresholds under the semantics.
static bool hasThresholds(const nir::Semantics &semantics) {
  return std::none_of(semantics.rules.begin(), semantics.rules.end(),
                      [](const auto &rule) { return rule.gain == nir::Gain::Unit; });
}

static Json recordingsOf(const ReportCommand &command, const Reported &report,
                         const ReportedRun &run, const TraceDifference *divergent) {
  ActivityOptions options{.dtSeconds = run.choices.semantics.dtSeconds, .traces = command.traces};
  options.outputs = report.network.outputs();
  options.hasThresholds = hasThresholds(run.choices.semantics);
  if (divergent) {
    options.wanted[divergent->node].push_back(divergent->first->element);
  }
  std::vector<const nir::Trace *> traces;
  for (const nir::Trace &trace : report.inputs.recording.traces) {
    options.inputs.push_back(trace.node);
    traces.push_back(&trace);
  }
  for (const nir::Probe &probe : run.choices.probes) { // in the order of a step
    if (const nir::Trace *trace = run.recording.find(probe.node, probe.observable)) {
      traces.push_back(trace);
    }
  }
  for (const nir::Trace &trace : run.recording.traces) {
    if (std::find(traces.begin(), traces.end(), &trace) == traces.end()) {
      traces.push_back(&trace);
    }
  }
  return recordingsJson(report.network.graph, traces, options);
}

/// As `nirc compare` compares runs: spikes and what --record names, those of the outputs last, as
/// the node that had its own first difference in that step is the one to look at. Voltages are
/// recorded to be looked at: in another number format they differ from the first step on.
static nir::Recording comparedPart(const ReportCommand &command, const Reported &report,
                                   const nir::Recording &recording) {
  nir::Recording part{recording.dtSeconds, {}};
  std::vector<std::string> outputs = report.network.outputs();
  auto isOutput = [&](const nir::Trace &trace) {
    return std::find(outputs.begin(), outputs.end(), trace.node) != outputs.end();
  };
  auto isAsked = [&](const nir::Trace &trace) {
    const std::vector<std::string> &asked = command.choices.record;
    return std::any_of(asked.begin(), asked.end(),
                       [&](const std::string &one) { return one.starts_with(trace.node + ":"); });
  };
  for (bool outputsNow : {false, true}) {
    for (const nir::Trace &trace : recording.traces) {
      bool isCompared = trace.observable == "spikes" || isOutput(trace) || isAsked(trace);
      if (isCompared && isOutput(trace) == outputsNow) {
        part.traces.push_back(trace);
      }
    }
  }
  return part;
}

/// The second run compared with the first; nothing where there is one.
static nir::Result<std::optional<CompareReport>> compared(const ReportCommand &command,
                                                          const Reported &report) {
  if (report.runs.size() < 2) {
    return std::optional<CompareReport>();
  }
  CompareReport comparison;
  comparison.dtSeconds = report.runs.front().choices.semantics.dtSeconds;
  for (const ReportedRun &run : report.runs) {
    comparison.runs.push_back(
        reportOf(run.label, run.provenance, run.recording, report.network.outputs()));
  }
  const nir::Recording &base = report.runs[0].recording, &other = report.runs[1].recording;
  nir::Result<Difference> difference =
      differenceOf(comparedPart(command, report, base), other, comparison.options);
  if (!difference) {
    return difference.takeError();
  }
  ComparisonReport one{1, *std::move(difference), {}};
  if (const TraceDifference *trace = one.difference.first()) {
    one.states = statesAt(*trace, trace->first->sample, base, other);
  }
  comparison.comparisons.push_back(std::move(one));
  return std::optional(std::move(comparison));
}

static nir::Result<Json> quantizationOf(const ReportCommand &, const Reported &report) {
  const Choices &choices = report.runs.front().choices;
  if (!choices.quantization) {
    return Json();
  }
  nir::Result<IntegerNetwork> integers = IntegerNetwork::build(report.network, choices);
  if (!integers) {
    return integers.takeError();
  }
  return quantizationJson(integers->report(), nullptr);
}

/// The cores, where the target has any: {"svg", "mapping"}.
static nir::Result<Json> mappingOf(const ReportCommand &, const Reported &report) {
  const Choices &choices = report.runs.front().choices;
  if (!choices.target->describe().maps || !choices.quantization) {
    return Json();
  }
  nir::Result<Mapping> mapping = choices.target->map(jobOf(report.network, choices), {});
  if (!mapping) {
    return mapping.takeError();
  }
  std::vector<std::string> order;
  for (const nir::Probe &probe : orderedSpikes(report.network, choices.semantics.dtSeconds)) {
    order.push_back(probe.node);
  }
  MappedModel mapped{report.network.file.path, choices.semantics.text(),
                     choices.quantization->format.text(), *std::move(mapping), std::move(order)};
  FigureStyle style{.millimetres = pageMillimetres};
  return Json{{"svg", svgOf(mappingFigure(mapped, style))}, {"mapping", mappingJson(mapped)}};
}

/// NeuroBench's counts, and those of every node; {"missing"} says why there are none.
static nir::Result<Json> statisticsOf(const ReportCommand &command, const Reported &report) {
  nir::Result<Stats> stats = statsOf(report.network, report.runs.front().choices, report.inputs,
                                     command.manner(), StatsOptions());
  return stats ? Json(statsJson(*stats)) : Json{{"missing", stats.error().message}};
}

/// What a browser keeps of a run of the compiled network, and what its weights may take.
static constexpr int64_t mostTraced = int64_t(1) << 26, mostModule = int64_t(1) << 24;

/// Inputs that are numbers, complete: a recording keeps some of their elements alone.
static Json denseInputs(const Reported &report) {
  Json inputs = Json::array();
  for (const nir::Trace &trace : report.inputs.recording.traces) {
    if (isShownAsSpikes(trace)) { // its recording is complete
      continue;
    }
    std::vector<float> values;
    values.reserve(static_cast<size_t>(trace.data.size()));
    for (int64_t i = 0; i < trace.data.size(); ++i) {
      values.push_back(static_cast<float>(trace.data.at(i)));
    }
    inputs.push_back({{"node", trace.node}, {"values", packed(values)}});
  }
  return inputs;
}

/// The network as a WebAssembly module, with what drove it: {"module", "inputs"}; {"missing"} says
/// why there is none.
static nir::Result<Json> networkOf(const ReportCommand &command, const Reported &report) {
  const Choices &choices = report.runs.front().choices;
  if (command.withoutNetwork) {
    return Json();
  }
  std::vector<ArtifactKind> kinds = choices.target->artifacts();
  bool writes = std::any_of(kinds.begin(), kinds.end(),
                            [](const ArtifactKind &kind) { return kind.name == "wasm"; });
  if (!writes) {
    return Json{
        {"missing", fmt::format("the target {} writes no WebAssembly", choices.target->name())}};
  }
  Choices recorded = choices;
  recorded.probes = orderedSpikes(report.network, choices.semantics.dtSeconds);
  int64_t traced = 0;
  for (const nir::Trace &trace : report.runs.front().recording.traces) {
    traced += trace.observable == "spikes" ? trace.data.size() : 0;
  }
  for (const nir::Trace &trace : report.inputs.recording.traces) {
    traced += trace.data.size();
  }
  if (traced > mostTraced) {
    return Json{{"missing", "a run of it takes more memory than a page should"}};
  }
  EmitOptions options;
  options.kind = "wasm";
  nir::Result<Artifact> artifact = choices.target->emit(jobOf(report.network, recorded), options);
  if (!artifact) {
    return Json{{"missing", artifact.error().message}};
  }
  auto module = std::find_if(artifact->files.begin(), artifact->files.end(),
                             [](const auto &file) { return file.name.ends_with(".wasm"); });
  if (module == artifact->files.end() || static_cast<int64_t>(module->bytes.size()) > mostModule) {
    return Json{{"missing", "it is too large for a page"}};
  }
  return Json{{"module", packed(std::string_view(module->bytes))}, {"inputs", denseInputs(report)}};
}

static Json modelJson(const Reported &report) {
  Json model = fileJson(report.network.file);
  model["origin"] = originJson(report.network.reading);
  model["time"] = timeJson(report.network.reading);
  model["totals"] = totalsJson(totalsOf(report.network.graph, report.network.checked));
  return model;
}

nir::Result<Json> reportJson(const ReportCommand &command, const Reported &report) {
  nir::Result<std::optional<CompareReport>> comparison = compared(command, report);
  if (!comparison) {
    return comparison.takeError();
  }
  const TraceDifference *divergent =
      *comparison ? (*comparison)->comparisons.front().difference.first() : nullptr;
  Json runs = Json::array();
  for (const ReportedRun &run : report.runs) {
    runs.push_back({{"label", run.label},
                    {"text", fmt::format("semantics {}, target {}", semanticsText(run.provenance),
                                         targetText(run.provenance))},
                    {"provenance", run.provenance},
                    {"recordings", recordingsOf(command, report, run, divergent)}});
  }
  Json json = {{"nirc", NIRC_VERSION}, {"model", modelJson(report)}};
  json["extent"] = report.extent;
  json["sample"] = report.sampleName.empty() ? Json() : Json(report.sampleName);
  json["label"] = report.inputs.labels.empty() ? Json() : Json(report.inputs.labels.front());
  json["runs"] = std::move(runs);
  json["advice"] = adviceJson(report.advice);
  const Choices &choices = report.runs.front().choices;
  json["choices"] = {{"dtFrom", choices.dtOrigin},
                     {"semantics", choicesJson(choices.semantics, report.network.graph)}};
  json["comparison"] = *comparison ? compareJson(**comparison) : Json();
  using Part =
      std::pair<const char *, nir::Result<Json> (*)(const ReportCommand &, const Reported &)>;
  for (const auto &[name, make] :
       {Part{"graph", graphOf}, Part{"statistics", statisticsOf}, Part{"network", networkOf},
        Part{"quantization", quantizationOf}, Part{"mapping", mappingOf}}) {
    nir::Result<Json> part = make(command, report);
    if (!part) {
      return part.takeError();
    }
    json[name] = *std::move(part);
  }
  return json;
}

} // namespace nirc
