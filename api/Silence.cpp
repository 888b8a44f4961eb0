//===- Silence.cpp --------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Silence.h"

#include "api/RunReport.h"
#include "api/io/Totals.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/origin/Levels.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

/// Synapses compiled and updates of neurons, of all runs for a hint: about a second.
static constexpr double mostWork = 1e7;
static constexpr int64_t fewestSteps = 10;

static double spikesIn(const nir::Trace &trace) {
  double sum = 0.0;
  for (int64_t i = 0; i < trace.data.size(); ++i) {
    sum += trace.data.at(i);
  }
  return sum;
}

/// Of the outputs; none where no output has spikes.
static std::optional<double> outputSpikes(const Network &network, const nir::Recording &recording) {
  std::vector<std::string> outputs = network.outputs();
  std::optional<double> sum;
  for (const nir::Trace &trace : recording.traces) {
    bool isOutput = std::find(outputs.begin(), outputs.end(), trace.node) != outputs.end();
    if (isOutput && trace.observable == "spikes") {
      sum = sum.value_or(0.0) + spikesIn(trace);
    }
  }
  return sum;
}

bool isSilent(const Network &network, const nir::Recording &recording) {
  return outputSpikes(network, recording) == 0.0;
}

namespace {
/// How near a population came to its threshold.
struct Peak {
  double share = -HUGE_VAL; ///< of the way from rest to the threshold
  double v = 0.0, rest = 0.0, threshold = 0.0;
  int64_t step = 0;
};
} // namespace

using LevelsByNode = std::map<std::string, nir::Levels>;

static LevelsByNode levelsOf(const nir::Graph &graph, const nir::Semantics &semantics) {
  LevelsByNode all;
  forEachNode(graph, {},
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                if (std::optional<nir::Levels> levels = nir::Levels::of(node, semantics)) {
                  all.emplace(path, *levels);
                }
              });
  return all;
}

/// `v` is [batch, steps, shape...].
static Peak peakOf(const nir::Tensor &v, const nir::Levels &levels) {
  const nir::Shape &shape = v.shape();
  int64_t steps = shape[1], perStep = v.size() / std::max<int64_t>(1, shape[0] * steps);
  Peak peak;
  for (int64_t i = 0; i < v.size(); ++i) {
    int64_t element = i % perStep;
    double threshold = levels.threshold(element), rest = levels.rest(element);
    double share = (v.at(i) - rest) / (threshold - rest);
    if (threshold > rest && share > peak.share) {
      peak = {share, v.at(i), rest, threshold, i / perStep % steps};
    }
  }
  return peak;
}

/// How near each population came, in the order of a step; and by which factor the first that is
/// silent failed.
static std::vector<std::string> describe(const LevelsByNode &levels,
                                         const std::vector<nir::Probe> &probes,
                                         const nir::Recording &recording) {
  std::map<std::pair<std::string, std::string>, const nir::Trace *> traces;
  for (const nir::Trace &trace : recording.traces) {
    traces[{trace.node, trace.observable}] = &trace;
  }
  std::vector<std::string> lines;
  bool hasFactor = false;
  for (const nir::Probe &probe : probes) {
    auto neuron = levels.find(probe.node);
    const nir::Trace *spikes = traces[{probe.node, "spikes"}], *v = traces[{probe.node, "v"}];
    if (probe.observable != "v" || neuron == levels.end() || !spikes || !v) {
      continue;
    }
    if (double count = spikesIn(*spikes); count > 0.0) {
      lines.push_back(fmt::format("'{}' has {}", probe.node,
                                  nir::withNoun(fmt::format("{:g}", count), "spike")));
      continue;
    }
    // Under gain=unit v is in units of its own.
    bool isScaled = neuron->second.choices().gain == nir::Gain::Unit;
    Peak peak = isScaled ? Peak() : peakOf(v->data, neuron->second);
    if (std::isinf(peak.share)) {
      lines.push_back(fmt::format("'{}' has no spike", probe.node));
      continue;
    }
    std::string way = peak.rest == 0.0 ? std::string("of")
                                       : fmt::format("of the way from rest, {:.3g}, to", peak.rest);
    std::string line =
        fmt::format("'{}' has no spike: v is at most {:.3g}, {:.3g} % {} v_threshold "
                    "{:.3g}, in step {}",
                    probe.node, peak.v, 100.0 * peak.share, way, peak.threshold, peak.step);
    if (!hasFactor && peak.share > 0.0 && peak.share < 1.0) {
      hasFactor = true;
      double factor = std::ceil(1e3 / peak.share) / 1e3; // rounded up, since less does not do
      line += fmt::format("; more than {:.5g} times its input would wake it", factor);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// The preset with what the user chose of the network rather than of a platform: the step, where v
/// starts, and which edges are late.
static nir::Semantics asChosen(nir::Semantics preset, const nir::Semantics &chosen) {
  preset.dtSeconds = chosen.dtSeconds;
  preset.late = chosen.late;
  nir::Result<nir::Semantics> base = nir::presetSemantics(chosen.preset);
  for (nir::Family family : nir::families) {
    if (base && chosen[family].start != (*base)[family].start) {
      preset[family].start = chosen[family].start;
    }
  }
  return preset;
}

/// "spyx (12)", of all presets that would have given output spikes, with how many.
static std::vector<std::string> wakingPresets(const Network &network, const Choices &choices,
                                              const Inputs &inputs, const Manner &manner) {
  std::vector<std::string> found;
  for (const nir::Preset &preset : nir::presets()) {
    nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name);
    if (!semantics || semantics->timing == nir::Timing::Events) {
      continue;
    }
    Choices other = choices;
    other.semantics = asChosen(*semantics, choices.semantics);
    if (other.semantics == choices.semantics || nir::checkSemantics(other.semantics)) {
      continue;
    }
    other.probes.clear();
    other.balanceLatency = false;
    nir::Result<Executed> executed = execute(network, other, inputs, {.threads = manner.threads});
    double spikes = executed ? outputSpikes(network, executed->recording).value_or(0.0) : 0.0;
    if (spikes > 0.0) {
      found.push_back(fmt::format("{} ({:g})", other.semantics.text(), spikes));
    }
  }
  return found;
}

std::optional<nir::Diagnostic> silenceHint(const Network &network, const Choices &choices,
                                           const Inputs &inputs, const Manner &manner) {
  if (network.isSettled() || choices.semantics.timing == nir::Timing::Events) {
    return std::nullopt;
  }
  // A few steps say little, and a network that is slow to compile is not compiled again.
  Totals totals = totalsOf(network.graph, network.checked);
  auto once =
      static_cast<double>(totals.synapses) +
      static_cast<double>(totals.neurons) * static_cast<double>(inputs.steps * inputs.batch);
  auto runs = static_cast<double>(nir::presets().size() + 1);
  if (inputs.steps < fewestSteps || once * runs > mostWork) {
    return std::nullopt;
  }
  Choices watched = choices;
  watched.probes.clear();
  LevelsByNode levels = levelsOf(network.graph, choices.semantics);
  for (const nir::Probe &probe : spikeProbes(network.graph, choices.semantics)) {
    if (levels.contains(probe.node)) { // a Threshold node has no v
      watched.probes.push_back(probe);
      watched.probes.push_back({probe.node, "v"});
    }
  }
  nir::Result<Executed> executed = execute(network, watched, inputs, {.threads = manner.threads});
  if (!executed) {
    return std::nullopt;
  }
  nir::Diagnostic hint =
      nir::Error::advice("silent-network", "no output has a spike").in(network.file.path);
  hint.severity = nir::Severity::Note;
  auto isZero = [](const nir::Trace &trace) {
    std::vector<double> values = trace.data.toDoubles();
    return std::all_of(values.begin(), values.end(), [](double x) { return x == 0.0; });
  };
  if (std::all_of(inputs.recording.traces.begin(), inputs.recording.traces.end(), isZero)) {
    hint.notes.push_back({"", "the input is 0 in every step"});
  }
  for (std::string &line : describe(levels, watched.probes, executed->recording)) {
    hint.notes.push_back({"", std::move(line)});
  }
  if (choices.quantization) {
    Choices floats = choices;
    floats.quantization.reset();
    floats.probes.clear();
    nir::Result<Executed> ran = execute(network, floats, inputs, {.threads = manner.threads});
    double spikes = ran ? outputSpikes(network, ran->recording).value_or(0.0) : 0.0;
    if (spikes > 0.0) {
      hint.notes.push_back(
          {"", fmt::format("without --format the outputs have {}: {} loses them, and "
                           "`nirc quantize --calibrate` shows where",
                           nir::withNoun(fmt::format("{:g}", spikes), "spike"),
                           choices.quantization->format.text())});
      return hint;
    }
  }
  std::vector<std::string> presets = wakingPresets(network, choices, inputs, manner);
  hint.notes.push_back({"", presets.empty()
                                ? "under no other preset has an output a spike"
                                : fmt::format("output spikes under other --semantics: {}",
                                              fmt::join(presets, ", "))});
  return hint;
}

} // namespace nirc
