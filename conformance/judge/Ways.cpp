//===- Ways.cpp - in which ways a target is run --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Ways.h"

#include "ir/choices/Choices.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "ir/graph/Graph.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace nirc::conformance {

std::string Way::text() const {
  std::string numbers = dtype == "f32" ? "float32" : dtype == "f64" ? "float64" : format;
  return fmt::format("{} in {}{}", target->name(), numbers,
                     semantics == "nir" ? "" : fmt::format(", semantics {}", semantics));
}

/// One LIF between an Input and an Output.
static nir::Graph oneNeuron() {
  auto scalar = [](double value) {
    return nir::Tensor::of<float>({1}, {static_cast<float>(value)});
  };
  nir::Tensor shape = nir::Tensor::of<int64_t>({1}, {1});
  nir::LIF lif;
  lif.tau = scalar(0.01);
  lif.r = lif.v_threshold = scalar(1.0);
  lif.v_leak = scalar(0.0);
  lif.v_reset = scalar(0.0);
  nir::Graph graph;
  graph.nodes.push_back({"input", nir::Input{shape}, {}});
  graph.nodes.push_back({"lif", lif, {}});
  graph.nodes.push_back({"output", nir::Output{shape}, {}});
  graph.edges = {{"input", "lif"}, {"lif", "output"}};
  return graph;
}

/// Whether the target computes in floats of that type: no target says so, but each refuses what it
/// does not.
static bool takesFloats(const Target &target, nir::DType dtype, const std::string &semantics) {
  nir::Graph graph = oneNeuron();
  nir::Result<nir::Semantics> choices = nir::semanticsOf(semantics);
  Job job;
  job.graph = &graph;
  job.file = "one-neuron.nir";
  job.semantics = choices ? *choices : nir::Semantics();
  job.semantics.dtSeconds = 1e-3;
  job.dtype = dtype;
  return bool(target.compile(job));
}

template <typename Presets>
static bool isPreset(const Presets &presets, std::string_view name) {
  return std::any_of(presets.begin(), presets.end(),
                     [&](const auto &preset) { return preset.name == name; });
}

static nir::Result<std::vector<const Target *>> chosen(const std::vector<std::string> &names) {
  std::vector<const Target *> all;
  if (names.empty()) {
    std::copy_if(targets().begin(), targets().end(), std::back_inserter(all),
                 [](const Target *target) { return target->name() != "reference"; });
    return all;
  }
  for (const std::string &name : names) {
    nir::Result<const Target *> target = findTarget(name);
    if (!target) {
      return target.takeError().as(nir::ErrorKind::Usage);
    }
    if (std::find(all.begin(), all.end(), *target) == all.end()) {
      all.push_back(*target);
    }
  }
  return all;
}

/// Those of the settings that the target has an option for.
static nir::Result<Settings> settingsOf(const Target &target, const Settings &given) {
  Settings own;
  std::vector<TargetOption> options = target.options();
  for (const auto &[name, value] : given) {
    if (std::any_of(options.begin(), options.end(),
                    [&](const TargetOption &option) { return option.name == name; })) {
      own.emplace(name, value);
    }
  }
  if (nir::Status failed = checkSettings(target, own)) {
    return std::move(*failed);
  }
  return own;
}

static nir::Status checkNames(const WayOptions &options) {
  constexpr std::array<std::string_view, 5> dtypes = {"", "f32", "float32", "f64", "float64"};
  if (std::find(dtypes.begin(), dtypes.end(), options.dtype) == dtypes.end()) {
    return nir::Error::usage(
        nir::Cause::UnknownName,
        fmt::format("found --dtype {}, expected float32 or float64", options.dtype));
  }
  for (const std::string &format : options.formats) {
    if (nir::Result<nir::NumberFormat> known = nir::numberFormatOf(format); !known) {
      return known.takeError().as(nir::ErrorKind::Usage);
    }
  }
  if (!options.semantics.empty()) {
    if (nir::Result<nir::Semantics> known = nir::semanticsOf(options.semantics); !known) {
      return known.takeError().as(nir::ErrorKind::Usage);
    }
  }
  return std::nullopt;
}

nir::Result<std::vector<Way>> waysOf(const WayOptions &options) {
  if (nir::Status wrong = checkNames(options)) {
    return std::move(*wrong);
  }
  nir::Result<std::vector<const Target *>> all = chosen(options.targets);
  if (!all) {
    return all.takeError();
  }
  bool isOpen = options.dtype.empty() && options.formats.empty();
  std::vector<Way> ways;
  for (const Target *target : *all) {
    nir::Result<Settings> settings = settingsOf(*target, options.settings);
    if (!settings) {
      return settings.takeError();
    }
    std::string name(target->name());
    std::string semantics = !options.semantics.empty()       ? options.semantics
                            : isPreset(nir::presets(), name) ? name
                                                             : "nir";
    auto add = [&](const std::string &dtype, const std::string &format) {
      ways.push_back({target, dtype, format, semantics, *settings});
    };
    for (nir::DType dtype : isOpen ? target->describe().dtypes : std::vector<nir::DType>()) {
      if (takesFloats(*target, dtype, semantics)) {
        add(dtype == nir::DType::F32 ? "f32" : "f64", "");
      }
    }
    if (!options.dtype.empty()) { // a target that has no such type refuses it
      add(options.dtype.ends_with("32") ? "f32" : "f64", "");
    }
    std::vector<std::string> formats = options.formats;
    if (isOpen) {
      formats = {isPreset(nir::formatPresets(), name) ? name : "int8"};
    }
    for (const std::string &format : formats) {
      add("", format);
    }
  }
  return ways;
}

} // namespace nirc::conformance
