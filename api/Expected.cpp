//===- Expected.cpp - recordings, and what they are of --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Match.h"

#include "api/io/Printable.h"
#include "api/io/ReadResults.h"
#include "api/io/Totals.h"
#include "ir/Wording.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc {

namespace {
/// A node that can be compared.
struct Place {
  std::vector<std::string> observables;
  nir::Shape shape;
  bool isOutput = false; ///< of the outermost graph
  std::string neuron;    ///< of such an Output: the one neuron that it passes on, if it is one
};
} // namespace

/// All nodes by their paths.
static std::map<std::string, Place> placesOf(const Network &network) {
  std::map<std::string, Place> places;
  forEachNode(network.graph, network.checked.shapes,
              [&](const std::string &path, const nir::Node &, const nir::NodeShapes &shapes) {
                places[path].shape = shapes.output;
              });
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(network.graph, problems);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, nir::Semantics());
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    Place &place = places[flat.path(node)];
    place.observables = nir::observables(*flat.nodes[i].node, kinds[i]);
    place.isOutput = flat.isExit(node);
    if (place.isOutput && flat.incoming(node).size() == 1) {
      int32_t source = flat.edges[static_cast<size_t>(flat.incoming(node).front())].source;
      bool isNeuron = nir::isNeuron(*flat.nodes[static_cast<size_t>(source)].node);
      place.neuron = isNeuron ? flat.path(source) : "";
    }
  }
  return places;
}

ExpectedSource expectedSourceOf(const std::string &argument, const Network &network) {
  std::map<std::string, Place> places = placesOf(network);
  for (size_t at = argument.find('='); at != std::string::npos; at = argument.find('=', at + 1)) {
    std::string name = argument.substr(0, at), file = argument.substr(at + 1);
    if (places.count(name)) {
      return {name, "", file};
    }
    size_t colon = name.rfind(':');
    if (colon != std::string::npos && places.count(name.substr(0, colon))) {
      return {name.substr(0, colon), name.substr(colon + 1), file};
    }
  }
  return {"", "", argument};
}

static std::string listOf(const std::map<std::string, Place> &places, bool outputsOnly) {
  constexpr size_t shown = 50;
  std::vector<std::string> names;
  for (const auto &[name, place] : places) {
    if (names.size() < shown && (place.isOutput || !outputsOnly)) {
      names.push_back(fmt::format("'{}'", printable(name)));
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// The node that the source names, or the only Output.
static nir::Result<std::pair<const std::string, Place>>
placeFor(const ExpectedSource &source, const std::map<std::string, Place> &places) {
  if (!source.node.empty()) {
    auto found = places.find(source.node);
    if (found == places.end()) {
      return nir::Error::usage(nir::Cause::UnknownNode,
                               fmt::format("no node is called '{}'", printable(source.node)))
          .note("the nodes are " + listOf(places, /*outputsOnly=*/false));
    }
    return *found;
  }
  auto isOutput = [](const auto &entry) { return entry.second.isOutput; };
  auto found = std::find_if(places.begin(), places.end(), isOutput);
  if (std::count_if(places.begin(), places.end(), isOutput) != 1) {
    return nir::Error::usage(nir::Cause::UnknownNode,
                             fmt::format("'{}' does not say which output it is of", source.file))
        .note(fmt::format("write --expect NODE={}; the outputs are {}", source.file,
                          listOf(places, /*outputsOnly=*/true)));
  }
  return *found;
}

static bool has(const Place &place, std::string_view observable) {
  return std::find(place.observables.begin(), place.observables.end(), observable) !=
         place.observables.end();
}

static bool isCount(double value) { return value >= 0.0 && value == std::floor(value); }

static bool holdsCounts(const nir::Tensor &data) {
  for (int64_t i = 0; i < data.size(); ++i) {
    if (!isCount(data.at(i))) {
      return false;
    }
  }
  return true;
}

/// The trace of a result that nirc wrote: the one asked for; of a node alone its spikes, else the
/// first that it has; else the only one of the result.
static const nir::Trace *findTrace(const nir::Recording &recording, const nir::Probe &probe) {
  const nir::Trace *found = recording.find(
      probe.node, probe.observable.empty() ? "spikes" : std::string_view(probe.observable));
  for (const nir::Trace &trace : recording.traces) {
    bool isNodes = probe.observable.empty() && trace.node == probe.node;
    found = !found && (isNodes || recording.traces.size() == 1) ? &trace : found;
  }
  return found;
}

static nir::Result<nir::Tensor> traceOf(const ReadResult &result, const Place &place,
                                        const SavedExtent &want, int64_t slack,
                                        Expected &expected) {
  const nir::Trace *trace = findTrace(result.recording, expected.probe);
  if (!trace) {
    std::vector<std::string> names;
    names.reserve(result.recording.traces.size());
    for (const nir::Trace &one : result.recording.traces) {
      names.push_back(fmt::format("{}:{}", one.node, one.observable));
    }
    return nir::Error(nir::Cause::NotRecorded,
                      fmt::format("has no recording of '{}', it has {}",
                                  printable(expected.probe.node),
                                  printable(fmt::format("{}", fmt::join(names, ", ")))))
        .in(expected.file);
  }
  bool says = expected.probe.observable.empty() && has(place, trace->observable);
  expected.probe.observable = says ? trace->observable : expected.probe.observable;
  nir::Shape shape = trace->data.shape();
  int64_t elements = nir::numElements(want.shape);
  if (shape[0] != want.samples || std::abs(shape[1] - want.steps) > slack ||
      trace->data.size() != shape[0] * shape[1] * elements) {
    nir::Error error(nir::Cause::NotComparable,
                     fmt::format("found {} of {} of shape {}, expected {} of {} of {}",
                                 nir::counted(shape[0], "sample"), nir::counted(shape[1], "step"),
                                 nir::str(nir::Shape(shape.begin() + 2, shape.end())), want.samples,
                                 want.steps, nir::str(want.shape)));
    error.file = expected.file;
    if (shape[0] == want.steps && shape[1] == want.samples) {
      return std::move(error).note(
          "--layout TBN reads the input with its steps before its samples, "
          "as snnTorch and Norse have it");
    }
    return error;
  }
  shape.resize(2);
  shape.insert(shape.end(), want.shape.begin(), want.shape.end());
  return nir::Tensor(trace->data.dtype(), shape, trace->data.share());
}

/// What of the node the numbers can be, where nobody said.
static nir::Status chooseObservable(const std::map<std::string, Place> &places, const Place &place,
                                    bool isCounts, Expected &expected) {
  std::string &observable = expected.probe.observable;
  if (!observable.empty()) {
    if (!has(place, observable)) {
      return nir::Error::usage(nir::Cause::UnknownNode,
                               fmt::format("node '{}' has no '{}', it has {}",
                                           printable(expected.probe.node), printable(observable),
                                           fmt::join(place.observables, ", ")));
    }
    // An Output that spikes reach passes on nothing else.
    observable = expected.isOutput && has(place, "spikes") ? "spikes" : observable;
    if (observable == "spikes" && !isCounts) {
      return nir::Error(nir::Cause::NotComparable,
                        "is not of spikes: expected whole numbers, none below 0")
          .in(expected.file)
          .note("--node NODE:v compares a membrane potential");
    }
    return std::nullopt;
  }
  if (isCounts && has(place, "spikes")) {
    observable = "spikes";
    return std::nullopt;
  }
  if (expected.isOutput && has(place, "spikes")) {
    if (place.neuron.empty() || !has(places.at(place.neuron), "v")) {
      return nir::Error(nir::Cause::NotComparable,
                        fmt::format("is not of spikes, and '{}' has nothing but spikes",
                                    printable(expected.probe.node)))
          .in(expected.file)
          .note("--node NODE:v compares the membrane potential of a neuron");
    }
    expected.note = fmt::format("no spikes, so v of '{}', of which '{}' passes on the spikes",
                                place.neuron, expected.probe.node);
    expected.probe = {place.neuron, "v"};
    expected.isOutput = false;
    return std::nullopt;
  }
  observable = has(place, "v") ? "v" : "value";
  return std::nullopt;
}

/// Refuses NaN and infinities: no semantics gives them.
static nir::Status checkFinite(const nir::Tensor &data, const std::string &file) {
  int64_t steps = data.shape()[1], width = data.size() / data.shape()[0] / steps;
  for (int64_t i = 0; i < data.size(); ++i) {
    if (!std::isfinite(data.at(i))) {
      return nir::Error(nir::Cause::NotComparable,
                        fmt::format("found {} in step {} of sample {}, element {}, expected a "
                                    "number",
                                    data.at(i), i / width % steps, i / width / steps, i % width))
          .in(file);
    }
  }
  return std::nullopt;
}

static nir::Result<Expected> loadOne(const ExpectedSource &source,
                                     const std::map<std::string, Place> &places,
                                     const Inputs &inputs, const MatchOptions &options,
                                     uint64_t maxBytes) {
  double dt = inputs.recording.dtSeconds;
  ReadResult given;
  if (source.array) {
    given.saved.emplace();
    given.saved->file = source.file;
    given.saved->array = *source.array;
  }
  nir::Result<ReadResult> result = source.array
                                       ? nir::Result<ReadResult>(std::move(given))
                                       : readResults(source.file, {maxBytes, options.layout, dt});
  if (!result) {
    size_t split = source.file.find('=');
    return split == std::string::npos
               ? result.takeError()
               : result.takeError().note(fmt::format("no node is called '{}', there are {}",
                                                     printable(source.file.substr(0, split)),
                                                     listOf(places, /*outputsOnly=*/false)));
  }
  // A result of nirc says its node, where the command line does not.
  ExpectedSource named = source;
  bool isAlone = !result->saved && result->recording.traces.size() == 1;
  if (named.node.empty() && isAlone && places.count(result->recording.traces[0].node)) {
    named.node = result->recording.traces[0].node;
  }
  nir::Result<std::pair<const std::string, Place>> found = placeFor(named, places);
  if (!found) {
    return found.takeError();
  }
  const Place &place = found->second;
  Expected expected;
  expected.file = source.file;
  expected.probe = {found->first, source.observable};
  expected.isOutput = place.isOutput;
  SavedExtent want{inputs.batch, inputs.steps, place.shape};
  nir::Result<nir::Tensor> data =
      result->saved ? fitSaved(*result->saved, want, options.layout, dt, options.maxShift)
                    : traceOf(*result, place, want, options.maxShift, expected);
  if (!data) {
    return data.takeError().note(
        fmt::format("node '{}' has {}", printable(expected.probe.node),
                    nir::counted(nir::numElements(place.shape), "element")));
  }
  if (nir::Status wrong = checkFinite(*data, source.file)) {
    return std::move(*wrong);
  }
  if (nir::Status failed = chooseObservable(places, place, holdsCounts(*data), expected)) {
    return std::move(*failed);
  }
  expected.data = *data;
  expected.isSpikes = expected.probe.observable == "spikes";
  double largest = 0.0;
  for (int64_t i = 0; i < data->size(); ++i) {
    double value = data->at(i);
    expected.spikes += expected.isSpikes ? value : 0.0;
    largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
  }
  // Sums in float32 in another order are off by some units in the seventh digit.
  expected.tolerance = options.tolerance.value_or(1e-5 * largest);
  return expected;
}

nir::Result<std::vector<Expected>> loadExpected(const std::vector<ExpectedSource> &sources,
                                                const Network &network, const Inputs &inputs,
                                                const MatchOptions &options, uint64_t maxBytes) {
  std::map<std::string, Place> places = placesOf(network);
  std::vector<Expected> all;
  for (const ExpectedSource &source : sources) {
    nir::Result<Expected> one = loadOne(source, places, inputs, options, maxBytes);
    if (!one) {
      return one.takeError();
    }
    all.push_back(*std::move(one));
  }
  return all;
}

} // namespace nirc
