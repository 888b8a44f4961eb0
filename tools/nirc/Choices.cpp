//===- Choices.cpp - the options of a run, checked ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Choices.h"

#include "tools/io/Totals.h"
#include "tools/io/Units.h"
#include "tools/nirc/NodeText.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

std::optional<double> dtOfFile(const nir::Model &model) {
  auto entry = [](const nir::Metadata &metadata, std::string_view name) {
    auto found = std::find_if(metadata.begin(), metadata.end(),
                              [&](const nir::MetadataEntry &one) { return one.name == name; });
    return found == metadata.end() ? nullptr : &*found;
  };
  const nir::MetadataEntry *group = entry(model.metadata, "nirc");
  const nir::Metadata *inner = group ? std::get_if<nir::Metadata>(&group->value) : nullptr;
  const nir::MetadataEntry *dt = inner ? entry(*inner, "dt") : nullptr;
  if (!dt) {
    return std::nullopt;
  }
  if (const auto *number = std::get_if<nir::Tensor>(&dt->value)) {
    bool sensible = number->size() == 1 && std::isfinite(number->at(0)) && number->at(0) > 0.0;
    return sensible ? std::optional(number->at(0)) : std::nullopt;
  }
  if (const auto *text = std::get_if<std::string>(&dt->value)) {
    nir::Result<double> seconds = parseSeconds(*text);
    return seconds ? std::optional(*seconds) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> observablesOf(const nir::Node &node) {
  std::string_view type = node.type();
  if (type == "LIF" || type == "IF") {
    return {"spikes", "v"};
  }
  if (type == "CubaLIF") {
    return {"spikes", "v", "i"};
  }
  if (type == "Threshold") {
    return {"spikes"};
  }
  if (type == "CubaLI") {
    return {"v", "i"};
  }
  if (type == "I" || type == "LI") {
    return {"v"};
  }
  return {"value"};
}

std::vector<InputPort> inputPorts(const nir::Graph &graph, const nir::Checked &checked) {
  std::vector<InputPort> ports;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].as<nir::Input>()) {
      ports.push_back({graph.nodes[i].name, checked.shapes[i].output});
    }
  }
  return ports;
}

/// The step: --dt, else --bin, else the file's.
static nir::Status chooseDt(const ChoiceOptions &options, const nir::Model &model,
                            bool hasEventFile, Choices &choices) {
  for (const auto &[flag, text] :
       {std::pair("--dt", &options.dt), std::pair("--bin", &options.bin)}) {
    if (text->empty()) {
      continue;
    }
    nir::Result<double> seconds = parseSeconds(*text);
    if (!seconds) {
      return nir::Error(fmt::format("{}: {}", flag, seconds.error().message));
    }
    if (!choices.dtOrigin.empty() && *seconds != choices.semantics.dtSeconds) {
      return nir::Error(fmt::format("found --bin {}, expected --dt's {}: a bin is one step",
                                    options.bin, options.dt))
          .note("leave --dt or --bin away");
    }
    choices.semantics.dtSeconds = *seconds;
    choices.dtOrigin = choices.dtOrigin.empty() ? flag : choices.dtOrigin;
  }
  if (!options.bin.empty() && !hasEventFile) {
    return nir::Error("--bin is for events, and no input is a file of events (.bin)")
        .note("--dt gives the length of a step");
  }
  if (choices.dtOrigin.empty()) {
    std::optional<double> seconds = dtOfFile(model);
    if (!seconds) {
      return nir::Error("nothing says how long a step is: no --dt, and the file has no "
                        "metadata nirc/dt")
          .note("--dt 1e-4 makes a step 0.1 ms long; the time constants in the file are in "
                "seconds");
    }
    choices.semantics.dtSeconds = *seconds;
    choices.dtOrigin = "the file";
  }
  return std::nullopt;
}

static nir::Status chooseDType(const ChoiceOptions &options, Choices &choices) {
  const std::vector<nir::DType> &has = choices.target->describe().dtypes;
  if (options.dtype.empty()) {
    choices.dtype = has.front();
    return std::nullopt;
  }
  static const std::map<std::string, nir::DType> dtypes = {{"f32", nir::DType::F32},
                                                           {"f64", nir::DType::F64}};
  auto found = dtypes.find(options.dtype);
  if (found != dtypes.end() && std::find(has.begin(), has.end(), found->second) != has.end()) {
    choices.dtype = found->second;
    return std::nullopt;
  }
  std::vector<std::string> known;
  for (const auto &[name, dtype] : dtypes) {
    if (std::find(has.begin(), has.end(), dtype) != has.end()) {
      known.push_back(name);
    }
  }
  return nir::Error(fmt::format("target '{}' has no dtype '{}', it has {}", choices.target->name(),
                                options.dtype, fmt::join(known, ", ")));
}

/// "lif1:v,spikes", where the node's name may hold a ':' itself; a name alone asks for all.
static nir::Status addProbes(const std::string &argument,
                             const std::map<std::string, std::vector<std::string>> &nodes,
                             std::vector<nir::Probe> &probes) {
  auto found = nodes.find(argument);
  std::vector<std::string> asked;
  if (found != nodes.end()) {
    asked = found->second;
  } else {
    size_t colon = argument.rfind(':');
    found = nodes.find(argument.substr(0, colon));
    if (found == nodes.end()) {
      constexpr size_t shown = 50;
      std::string list;
      size_t count = 0;
      for (const auto &[name, observables] : nodes) {
        if (count++ < shown) {
          list += fmt::format("{}'{}'", list.empty() ? "" : ", ", printable(name));
        }
      }
      return nir::Error(fmt::format("--record: no node is called '{}'",
                                    printable(argument.substr(0, colon))))
          .note(fmt::format("the nodes are {}{}", list,
                            count > shown ? fmt::format(" and {} more", count - shown) : ""));
    }
    for (size_t at = colon + 1; at <= argument.size();) {
      size_t comma = std::min(argument.find(',', at), argument.size());
      asked.push_back(argument.substr(at, comma - at));
      at = comma + 1;
    }
  }
  for (const std::string &observable : asked) {
    if (std::find(found->second.begin(), found->second.end(), observable) == found->second.end()) {
      return nir::Error(fmt::format("--record: node '{}' has no '{}', it has {}",
                                    printable(found->first), printable(observable),
                                    fmt::join(found->second, ", ")));
    }
    bool twice = std::any_of(probes.begin(), probes.end(), [&](const nir::Probe &probe) {
      return probe.node == found->first && probe.observable == observable;
    });
    if (!twice) {
      probes.push_back({found->first, observable});
    }
  }
  return std::nullopt;
}

nir::Result<Choices> choose(const ChoiceOptions &options, const nir::Model &model,
                            const nir::Graph &graph, bool hasEventFile) {
  Choices choices;
  nir::Result<const Target *> target = findTarget(options.target);
  if (!target) {
    return target.takeError();
  }
  choices.target = *target;
  nir::Result<nir::Integrator> integrator = nir::integratorOf(options.integrator);
  if (!integrator) {
    return integrator.takeError();
  }
  choices.semantics.integrator = *integrator;
  nir::Result<nir::Reset> reset = nir::resetOf(options.reset);
  if (!reset) {
    return reset.takeError();
  }
  choices.semantics.reset = *reset;
  if (nir::Status failed = chooseDt(options, model, hasEventFile, choices)) {
    return std::move(*failed);
  }
  if (nir::Status failed = chooseDType(options, choices)) {
    return std::move(*failed);
  }
  std::map<std::string, std::vector<std::string>> nodes;
  if (!options.record.empty()) {
    forEachNode(graph, {},
                [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                  nodes.emplace(path, observablesOf(node));
                });
  }
  for (const std::string &argument : options.record) {
    if (nir::Status failed = addProbes(argument, nodes, choices.probes)) {
      return std::move(*failed);
    }
  }
  return choices;
}

} // namespace nirc
