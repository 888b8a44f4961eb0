//===- RunFigures.cpp - figures of a run ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/RunFigures.h"

#include "api/io/Printable.h"
#include "api/io/Totals.h"
#include "backends/run/Recordable.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"
#include "tools/nirc/Bandwidth.h"
#include "tools/nirc/GraphView.h"
#include "tools/pictures/charts/Roofline.h"
#include "tools/pictures/charts/Run.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace nirc {

const std::vector<std::string> &runFigureKinds() {
  static const std::vector<std::string> kinds = {"raster", "voltages", "rates", "roofline"};
  return kinds;
}

/// From inputs to outputs; empty where the file does not tell.
static std::vector<std::string> orderOf(const Network &network, const nir::Semantics &semantics) {
  std::vector<std::string> order;
  if (network.file.clocked) {
    for (const ClockedModel::Node &node : network.file.clocked->nodes) {
      order.push_back(node.node);
    }
    return order;
  }
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(network.graph, problems);
  std::vector<bool> late(flat.edges.size());
  for (int32_t node : topologicalOrder(flat, semantics, late)) {
    order.push_back(flat.path(node));
  }
  return order;
}

/// What each node can record.
static std::map<std::string, std::vector<std::string>>
observablesOf(const Network &network, const nir::Semantics &semantics) {
  if (network.file.clocked) {
    return network.file.clocked->observables;
  }
  std::map<std::string, std::vector<std::string>> nodes;
  if (network.file.program) {
    for (const PortInfo &port : recordable(network.file.program->info())) {
      nodes[port.node].push_back(port.observable);
    }
    return nodes;
  }
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(network.graph, problems);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, semantics);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    nodes.emplace(flat.path(static_cast<int32_t>(i)),
                  nir::observables(*flat.nodes[i].node, kinds[i]));
  }
  return nodes;
}

nir::Result<std::vector<nir::Probe>> recordFor(const std::vector<FigureRequest> &figures,
                                               const Network &network, Choices &choices) {
  std::vector<nir::Probe> added;
  auto wants = [&](std::string_view kind) {
    return std::any_of(figures.begin(), figures.end(),
                       [&](const FigureRequest &one) { return one.kind == kind; });
  };
  if (!choices.probes.empty() || !(wants("raster") || wants("rates") || wants("voltages"))) {
    return added;
  }
  bool isVoltage = wants("voltages"), hasVoltage = false;
  for (const auto &[node, has] : observablesOf(network, choices.semantics)) {
    auto records = [&, &has = has](std::string_view what) {
      return std::find(has.begin(), has.end(), what) != has.end();
    };
    if (!records("v")) {
      continue; // its spikes are others'
    }
    hasVoltage = true;
    if (records("spikes")) {
      added.push_back({node, "spikes"});
    }
    if (isVoltage) {
      added.push_back({node, "v"});
    }
  }
  if (isVoltage && !hasVoltage) {
    return nir::Error::usage(nir::Cause::UnknownNode,
                             "--figure: found no node with a membrane voltage v to draw")
        .in(network.file.path);
  }
  choices.probes = added;
  return added;
}

nir::Status checkRecorded(const std::vector<nir::Probe> &added, const Network &network,
                          const Inputs &inputs) {
  constexpr double most = 8e9, bytesOfValue = 4.0;
  double bytes = 0.0;
  forEachNode(network.graph, network.checked.shapes,
              [&](const std::string &path, const nir::Node &, const nir::NodeShapes &shapes) {
                for (const nir::Probe &probe : added) {
                  if (probe.node == path) {
                    bytes += static_cast<double>(nir::numElements(shapes.output)) *
                             static_cast<double>(inputs.steps * inputs.batch) *
                             (probe.observable == "spikes" ? 1.0 : bytesOfValue);
                  }
                }
              });
  if (bytes <= most) {
    return std::nullopt;
  }
  return nir::Error::usage(nir::Cause::Limit,
                           fmt::format("the figure needs {:.0f} GB of recordings, expected at "
                                       "most {:.0f} GB",
                                       bytes * 1e-9, most * 1e-9))
      .in(network.file.path)
      .note("--record NODE:spikes records some nodes, and figures show those");
}

static std::map<std::string, nir::Tensor> thresholdsOf(const Network &network) {
  std::map<std::string, nir::Tensor> thresholds;
  forEachNode(network.graph, network.checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                nir::visitParams(node.params, [&](std::string_view name, const auto &parameter) {
                  if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, nir::Tensor>) {
                    if (name == "v_threshold") {
                      thresholds.emplace(path, parameter);
                    }
                  }
                });
              });
  return thresholds;
}

/// Whether the trace is as good as spikes: whole numbers, none negative, and not all of one kind.
static bool isOfSpikes(const nir::Trace &trace) {
  int64_t size = trace.data.rank() < 2 ? 0 : trace.data.size() / trace.data.shape()[0];
  bool any = false;
  for (int64_t i = 0; i < size; ++i) {
    double value = trace.data.at(i);
    if (value < 0.0 || value > 1e6 || value != std::floor(value)) {
      return false;
    }
    any = any || value > 0.0;
  }
  return any;
}

/// The recording, with the inputs that are spikes.
static nir::Recording withInputs(const FinishedRun &run) {
  nir::Recording all = run.executed.recording;
  for (const nir::Trace &trace : run.inputs.recording.traces) {
    if (isOfSpikes(trace)) {
      nir::Trace &added = all.traces.emplace_back(trace);
      added.observable = "spikes";
    }
  }
  return all;
}

/// Rates of buffers of 16 kB to 128 MB: the caches, and memory.
static std::vector<RooflinePicture::Roof> measureRoof() {
  std::vector<RooflinePicture::Roof> roof;
  for (size_t bytes = size_t(1) << 14; bytes <= size_t(1) << 27; bytes *= 4) {
    roof.push_back({static_cast<double>(bytes), measureReadBandwidth(bytes)});
  }
  return roof;
}

static nir::Result<RooflinePicture> rooflineOf(const FinishedRun &run) {
  RooflinePicture picture;
  const Profile &profile = *run.executed.profile;
  double all = 0.0, steps = static_cast<double>(std::max<int64_t>(profile.steps, 1));
  for (const NodeProfile &node : profile.nodes) {
    all += node.seconds;
  }
  for (const NodeProfile &node : profile.nodes) {
    if (node.counts && node.bytes > 0 && node.seconds > 0.0) {
      auto bytes = static_cast<double>(node.bytes);
      picture.nodes.push_back(
          {printable(node.node), bytes / steps, bytes / node.seconds, node.seconds / all});
    }
  }
  if (picture.nodes.empty()) {
    return nir::Error::usage(
        nir::Cause::UnsupportedByTarget,
        fmt::format("--figure roofline: the profile of target '{}' has no node with weights",
                    run.choices.target->name()));
  }
  picture.roof = measureRoof();
  picture.caption = run.caption + " Means over the run, on one thread. The larger a dot, the more "
                                  "of the time.";
  return picture;
}

static nir::Result<Drawing> drawingOf(const std::string &kind, const RunPicture &picture,
                                      const FigureStyle &style, const FinishedRun &run) {
  if (kind == "voltages") {
    return voltageFigure(picture, style);
  }
  if (kind == "rates") {
    return rateFigure(picture, style);
  }
  if (kind == "roofline") {
    nir::Result<RooflinePicture> roofline = rooflineOf(run);
    return roofline ? nir::Result<Drawing>(rooflineFigure(*roofline, style)) : roofline.takeError();
  }
  return rasterFigure(picture, style);
}

nir::Status writeRunFigures(const std::vector<FigureRequest> &figures, const FigureStyle &style,
                            const FinishedRun &run) {
  if (figures.empty()) {
    return std::nullopt;
  }
  nir::Recording recording = withInputs(run);
  RunPicture picture{&recording, orderOf(run.network, run.choices.semantics), run.network.outputs(),
                     thresholdsOf(run.network), run.caption};
  for (const FigureRequest &figure : figures) {
    nir::Result<Drawing> drawing = drawingOf(figure.kind, picture, style, run);
    if (!drawing) {
      return drawing.takeError();
    }
    if (nir::Status failed = writeFigure(figure.path, *drawing)) {
      return failed;
    }
  }
  return std::nullopt;
}

void dropProbes(const std::vector<nir::Probe> &added, nir::Recording &recording) {
  auto isAdded = [&](const std::string &node, std::string_view observable) {
    return std::any_of(added.begin(), added.end(), [&](const nir::Probe &probe) {
      return probe.node == node && probe.observable == observable;
    });
  };
  std::erase_if(recording.traces,
                [&](const nir::Trace &trace) { return isAdded(trace.node, trace.observable); });
  std::erase_if(recording.times,
                [&](const nir::SpikeTimes &times) { return isAdded(times.node, "spikes"); });
}

} // namespace nirc
