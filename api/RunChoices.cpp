//===- RunChoices.cpp - the options of a run, checked ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunChoices.h"

#include "api/io/Printable.h"
#include "api/io/Totals.h"
#include "api/io/Units.h"
#include "backends/run/Recordable.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"
#include "ir/origin/Origin.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

std::vector<InputPort> inputPorts(const nir::Graph &graph, const nir::Checked &checked) {
  std::vector<InputPort> ports;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].as<nir::Input>()) {
      ports.push_back({graph.nodes[i].name, checked.shapes[i].output});
    }
  }
  return ports;
}

static nir::Error missingDt(const nir::Origin &origin) {
  nir::Error error(
      nir::Cause::NoStep,
      "nothing says how long a step is: no --dt, and the file has no metadata nirc/dt");
  std::optional<double> dt = origin.impliedDtSeconds;
  if (dt && origin.dtStrength != nir::Strength::Weak) {
    return std::move(error).note(fmt::format(
        "the parameters {} made for steps of {}: --dt {:g}",
        origin.dtStrength == nir::Strength::Sure ? "are" : "seem", secondsText(*dt), *dt));
  }
  return std::move(error).note(
      "--dt 1e-4 makes a step 0.1 ms long; the time constants in the file are in seconds");
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
      return nir::Error(nir::Cause::BadOption,
                        fmt::format("{}: {}", flag, seconds.error().message));
    }
    if (!choices.dtOrigin.empty() && *seconds != choices.semantics.dtSeconds) {
      return nir::Error(nir::Cause::StepConflict,
                        fmt::format("found {} {}, expected {}'s {}: a bin is one step", flag, *text,
                                    choices.dtOrigin, secondsText(choices.semantics.dtSeconds)))
          .note(fmt::format("leave out {} or {}", choices.dtOrigin, flag));
    }
    choices.semantics.dtSeconds = *seconds;
    choices.dtOrigin = choices.dtOrigin.empty() ? flag : choices.dtOrigin;
  }
  if (!options.bin.empty() && !hasEventFile) {
    return nir::Error(nir::Cause::OptionConflict,
                      fmt::format("--bin is for events, and no input is a file of events ({})",
                                  eventEndings()))
        .note("--dt gives the length of a step");
  }
  if (choices.dtOrigin.empty()) {
    nir::Result<nir::Reading> reading = nir::readingOf(model);
    if (!reading) {
      return reading.takeError();
    }
    if (!reading->dtSeconds) {
      return missingDt(nir::originOf(model.graph, *reading));
    }
    choices.semantics.dtSeconds = *reading->dtSeconds;
    choices.dtOrigin = "the file";
  }
  return std::nullopt;
}

/// The target of that name, and what is chosen of its own options.
static nir::Status chooseTarget(const ChoiceOptions &options, const std::string &name,
                                Choices &choices) {
  nir::Result<const Target *> target = findTarget(name);
  if (!target) {
    return target.takeError();
  }
  choices.target = *target;
  choices.cache = options.cache;
  choices.settings = options.settings;
  return checkSettings(**target, options.settings);
}

static nir::Status chooseDType(const ChoiceOptions &options, Choices &choices) {
  const std::vector<nir::DType> &has = choices.target->describe().dtypes;
  if (options.dtype.empty()) {
    choices.dtype = has.front();
    return std::nullopt;
  }
  static const std::map<std::string, nir::DType> dtypes = {{"f32", nir::DType::F32},
                                                           {"f64", nir::DType::F64}};
  static const std::map<std::string, std::string> others = {{"float32", "f32"},
                                                            {"single", "f32"},
                                                            {"float", "f32"},
                                                            {"float64", "f64"},
                                                            {"double", "f64"}};
  auto other = others.find(options.dtype);
  auto found = dtypes.find(other == others.end() ? options.dtype : other->second);
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
  return nir::Error(nir::Cause::UnsupportedByTarget,
                    fmt::format("target '{}' has no dtype '{}', it has {}", choices.target->name(),
                                options.dtype, fmt::join(known, ", ")));
}

/// Integers, where a format is asked for.
static nir::Status chooseFormat(const ChoiceOptions &options, Choices &choices) {
  if (options.format.empty() || options.format == "none") {
    return std::nullopt;
  }
  if (!options.dtype.empty()) {
    return nir::Error(nir::Cause::OptionConflict,
                      fmt::format("found --dtype {} and --format {}: a number format computes in "
                                  "integers, and in no dtype",
                                  options.dtype, options.format))
        .note("leave out --dtype or --format");
  }
  if (choices.semantics.timing == nir::Timing::Events) {
    return nir::Error(
        nir::Cause::OptionConflict,
        fmt::format("found --format {} under the semantics {}: integers are of steps, "
                    "and schedule=events has none",
                    options.format, choices.semantics.text()));
  }
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(options.format);
  if (!format) {
    return format.takeError().note("`nirc formats` lists the formats and their fields");
  }
  choices.quantization = QuantizationOptions{*std::move(format)};
  return std::nullopt;
}

static nir::Status chooseFold(const ChoiceOptions &options, Choices &choices) {
  std::optional<Folding> folding = foldingOf(options.fold);
  if (!folding) {
    return nir::Error(
        nir::Cause::UnknownName,
        fmt::format("--fold: there is no '{}', there are none, exact, all", options.fold));
  }
  choices.fold = *folding;
  return std::nullopt;
}

/// "lif1:v,spikes", where the node's name may hold a ':' itself; a name alone asks for all.
static nir::Status addProbes(const std::string &argument,
                             const std::map<std::string, std::vector<std::string>> &nodes,
                             std::vector<nir::Probe> &probes) {
  auto found = nodes.find(argument);
  std::vector<std::string> asked;
  if (argument == "all" && found == nodes.end()) {
    for (const auto &[node, observables] : nodes) {
      if (nir::Status failed = addProbes(node, nodes, probes)) {
        return failed;
      }
    }
    return std::nullopt;
  }
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
      return nir::Error(nir::Cause::UnknownNode, fmt::format("--record: no node is called '{}'",
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
      return nir::Error(nir::Cause::UnknownNode,
                        fmt::format("--record: node '{}' has no '{}', it has {}",
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

bool isSemanticsStated(const ChoiceOptions &options, const nir::Model &model) {
  nir::Result<nir::Reading> reading = nir::readingOf(model);
  return !options.semantics.empty() || (reading && !reading->semantics.empty());
}

bool namesLate(std::string_view text) {
  for (size_t at = text.find("late="); at != std::string_view::npos;
       at = text.find("late=", at + 1)) {
    if (at > 0 && (text[at - 1] == ',' || text[at - 1] == '[')) {
      return true;
    }
  }
  return false;
}

bool namesLate(const ChoiceOptions &options) {
  return namesLate(options.semantics) ||
         std::any_of(options.overrides.begin(), options.overrides.end(),
                     [](const auto &choice) { return choice.first == "late"; });
}

std::vector<nir::LateEdge> statedLate(const nir::Model &model) {
  nir::Result<nir::Reading> reading = nir::readingOf(model);
  nir::Result<nir::Semantics> own = nir::semanticsOf(reading ? reading->semantics : std::string());
  return own ? own->late : std::vector<nir::LateEdge>();
}

void keepLate(const nir::Model &model, nir::Semantics &semantics) {
  std::vector<nir::LateEdge> own = statedLate(model);
  if (own.empty() || !nir::check(model.graph).ok()) {
    return;
  }
  semantics.late.clear();
  nir::Semantics stepped = semantics;
  stepped.dtSeconds = stepped.dtSeconds > 0.0 ? stepped.dtSeconds : 1e-9; // every delay counts
  semantics.late = nir::possibleLate(model.graph, stepped, own);
}

nir::Result<nir::Semantics> semanticsFor(const ChoiceOptions &options, const nir::Model &model) {
  std::string text = options.semantics;
  if (text.empty()) {
    nir::Result<nir::Reading> reading = nir::readingOf(model);
    if (!reading) {
      return reading.takeError();
    }
    text = reading->semantics;
  }
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(text);
  if (!semantics) {
    return options.semantics.empty()
               ? semantics.takeError().note("the semantics is that of the file's metadata "
                                            "nirc/semantics; --semantics takes another")
               : semantics.takeError();
  }
  for (const auto &[name, value] : options.overrides) {
    if (nir::Status failed = nir::choose(*semantics, name, value)) {
      return std::move(*failed);
    }
  }
  if (!namesLate(options)) {
    keepLate(model, *semantics);
  }
  if (nir::Status failed = nir::checkSemantics(*semantics)) {
    return std::move(*failed);
  }
  return semantics;
}

/// What can be recorded, by the paths of the nodes.
static std::map<std::string, std::vector<std::string>>
allObservables(const nir::Graph &graph, const nir::Semantics &semantics) {
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, semantics);
  std::map<std::string, std::vector<std::string>> nodes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    nodes.emplace(flat.path(static_cast<int32_t>(i)),
                  nir::observables(*flat.nodes[i].node, kinds[i]));
  }
  return nodes;
}

nir::Result<Choices> choose(const ChoiceOptions &options, const nir::Model &model,
                            const nir::Graph &graph, bool hasEventFile) {
  Choices choices;
  if (nir::Status failed = chooseTarget(options, options.targetName(), choices)) {
    return std::move(*failed);
  }
  nir::Result<nir::Semantics> semantics = semanticsFor(options, model);
  if (!semantics) {
    return semantics.takeError();
  }
  choices.semantics = *std::move(semantics);
  choices.isSemanticsStated = isSemanticsStated(options, model);
  choices.balanceLatency = options.balanceLatency;
  if (options.balanceLatency && choices.semantics.timing != nir::Timing::Pipelined) {
    return nir::Error(nir::Cause::OptionConflict,
                      fmt::format("--balance-latency balances a pipelined network, found the "
                                  "semantics {}",
                                  choices.semantics.text()))
        .note("--schedule pipelined makes it one");
  }
  choices.dtOrigin = choices.semantics.dtSeconds != 0.0 ? "--semantics" : "";
  if (nir::Status failed = chooseDt(options, model, hasEventFile, choices)) {
    return std::move(*failed);
  }
  if (nir::Status failed = chooseDType(options, choices)) {
    return std::move(*failed);
  }
  if (nir::Status failed = chooseFormat(options, choices)) {
    return std::move(*failed);
  }
  if (nir::Status failed = chooseFold(options, choices)) {
    return std::move(*failed);
  }
  std::map<std::string, std::vector<std::string>> nodes;
  if (!options.record.empty()) {
    nodes = allObservables(graph, choices.semantics);
  }
  for (const std::string &argument : options.record) {
    if (nir::Status failed = addProbes(argument, nodes, choices.probes)) {
      return std::move(*failed);
    }
  }
  return choices;
}

/// What would choose again what the file has settled. `what` it holds, `text` in which way.
static nir::Status checkSettled(const ChoiceOptions &options, std::string_view what,
                                const std::string &text) {
  std::string found;
  for (const auto &[flag, given] : {std::pair("--dt", !options.dt.empty()),
                                    std::pair("--semantics", !options.semantics.empty()),
                                    std::pair("--dtype", !options.dtype.empty()),
                                    std::pair("--format", !options.format.empty()),
                                    std::pair("--fold", options.fold != "exact"),
                                    std::pair("--balance-latency", options.balanceLatency)}) {
    found = found.empty() && given ? flag : found;
  }
  if (found.empty() && !options.overrides.empty()) {
    found = "--" + options.overrides.front().first;
  }
  if (found.empty()) {
    return std::nullopt;
  }
  return nir::Error(
             nir::Cause::SettledChoice,
             fmt::format("found {}, expected none: the file holds {}, {}", found, what, text))
      .note(fmt::format("leave out {}, or give the graph", found));
}

nir::Result<Choices> choose(const ChoiceOptions &options, const ClockedModel &clocked,
                            bool hasEventFile) {
  if (nir::Status failed = checkSettled(options, "a clocked network", clocked.text())) {
    return std::move(*failed);
  }
  Choices choices;
  if (nir::Status failed = chooseTarget(options, options.targetName(), choices)) {
    return std::move(*failed);
  }
  choices.semantics = clocked.semantics;
  choices.dtOrigin = "the file";
  if (nir::Status failed = chooseDt(options, {}, hasEventFile, choices)) {
    return std::move(*failed);
  }
  choices.dtype = clocked.element == "f32" ? nir::DType::F32 : nir::DType::F64;
  if (clocked.format) {
    choices.quantization = QuantizationOptions{*clocked.format};
  }
  for (const std::string &argument : options.record) {
    if (nir::Status failed = addProbes(argument, clocked.observables, choices.probes)) {
      return std::move(*failed);
    }
  }
  return choices;
}

/// By the name of today.
template <typename T>
static std::string namedToday(const std::string &stored, const nir::Result<T> &value) {
  return value ? value->text() : std::string(nir::labelOf(stored));
}

std::string text(const ProgramInfo &info) {
  return fmt::format("steps of {}, semantics {}, target {} in {}", secondsText(info.dtSeconds),
                     namedToday(info.semantics, nir::semanticsOf(info.semantics)), info.target,
                     info.format.empty()
                         ? std::string(nir::name(info.dtype))
                         : namedToday(info.format, nir::numberFormatOf(info.format)));
}

nir::Result<Choices> choose(const ChoiceOptions &options, const ProgramInfo &info,
                            bool hasEventFile) {
  if (nir::Status failed = checkSettled(options, "a program", text(info))) {
    return std::move(*failed);
  }
  if (!options.target.empty() && options.target != info.target) {
    return nir::Error(nir::Cause::SettledChoice,
                      fmt::format("found --target {}, expected none: the file holds a program, {}",
                                  options.target, text(info)))
        .note("leave out --target, or give the graph");
  }
  Choices choices;
  if (nir::Status failed = chooseTarget(options, info.target, choices)) {
    return std::move(*failed);
  }
  for (const TargetOption &option : choices.target->options()) {
    if (!option.isOfRuns && options.settings.contains(option.name)) {
      return nir::Error(nir::Cause::SettledChoice,
                        fmt::format("found --{}, expected none: the file holds a program, {}",
                                    option.name, text(info)))
          .note(fmt::format("leave out --{}, or give the graph", option.name));
    }
  }
  if (!info.semantics.empty()) {
    nir::Result<nir::Semantics> semantics = nir::semanticsOf(info.semantics);
    if (!semantics) {
      return semantics.takeError();
    }
    choices.semantics = *std::move(semantics);
  }
  choices.semantics.dtSeconds = info.dtSeconds;
  choices.dtOrigin = "the file";
  if (nir::Status failed = chooseDt(options, {}, hasEventFile, choices)) {
    return std::move(*failed);
  }
  choices.dtype = info.dtype;
  if (!info.format.empty()) {
    nir::Result<nir::NumberFormat> format = nir::numberFormatOf(info.format);
    if (!format) {
      return format.takeError();
    }
    choices.quantization = QuantizationOptions{*std::move(format)};
  }
  std::map<std::string, std::vector<std::string>> nodes;
  for (const PortInfo &port : recordable(info)) {
    nodes[port.node].push_back(port.observable);
  }
  for (const std::string &argument : options.record) {
    if (nir::Status failed = addProbes(argument, nodes, choices.probes)) {
      return std::move(*failed);
    }
  }
  return choices;
}

} // namespace nirc
