//===- Inspect.cpp - `nirc inspect` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/ClockedText.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/ReadingJson.h"
#include "tools/nirc/Unusual.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct InspectOptions {
  std::string model;
  bool json = false;
  ReadingOptions reading; ///< of these the shapes
  nir::ReadLimits limits;
};

/// All that is said of a model.
struct Inspection {
  ModelFile file;
  nir::Checked checked;
  FileReading reading;
  Totals totals;
  std::vector<nir::LateEdge> feedback;
  std::vector<std::string> unusual;
};
} // namespace

static void printTable(const Inspection &inspection) {
  Table table(5);
  table.add({"node", "type", "in", "out", "parameters"});
  forEachNode(inspection.file.model.graph, inspection.checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &shapes) {
                table.add({printable(path), std::string(node.type()), nir::str(shapes.input),
                           nir::str(shapes.output), parametersText(node)});
              });
  fmt::print("{}", table.str());
}

static void printText(const Inspection &inspection) {
  const ModelFile &file = inspection.file;
  fmt::print("{}: {}, {}\n\n", file.path,
             file.model.version.empty() ? "NIR of no stated version" : "NIR " + file.model.version,
             readingBrief(inspection.reading));
  printTable(inspection);
  const Totals &totals = inspection.totals;
  fmt::print("\n{}, {}, {}, {}, {} in {}\n", nir::counted(totals.nodes, "node"),
             nir::counted(totals.edges, "edge"), nir::counted(totals.neurons, "neuron"),
             nir::counted(totals.synapses, "synapse"), nir::counted(totals.parameters, "parameter"),
             nir::counted(totals.bytes, "byte"));
  for (const nir::LateEdge &edge : inspection.feedback) {
    fmt::print("feedback: '{}' -> '{}', one step late\n", printable(edge.source),
               printable(edge.target));
  }
  for (const std::string &line : inspection.unusual) {
    fmt::print("unusual: {}\n", line);
  }
}

static Json nodesJson(const Inspection &inspection) {
  Json nodes = Json::array();
  forEachNode(inspection.file.model.graph, inspection.checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &shapes) {
                nodes.push_back({{"node", path},
                                 {"type", node.type()},
                                 {"input", shapes.input},
                                 {"output", shapes.output},
                                 {"neurons", neurons(node, shapes)},
                                 {"synapses", synapses(node, shapes)},
                                 {"parameters", parametersJson(node)}});
              });
  return nodes;
}

static void printJson(const Inspection &inspection) {
  Json report = fileJson(inspection.file);
  report["origin"] = originJson(inspection.reading);
  report["time"] = timeJson(inspection.reading);
  report["nodes"] = nodesJson(inspection);
  report["feedback"] = Json::array();
  for (const nir::LateEdge &edge : inspection.feedback) {
    report["feedback"].push_back({{"source", edge.source}, {"target", edge.target}});
  }
  report["totals"] = totalsJson(inspection.totals);
  report["unusual"] = inspection.unusual;
  fmt::print("{}", dump(report));
}

static Exit inspect(const InspectOptions &options) {
  nir::Result<ModelFile> file =
      loadModel(options.model, options.limits, Clocked::Taken, options.reading.shapes);
  if (!file) {
    return fail(file.error());
  }
  print(versionNotes(*file));
  print(driftNotes(*file));
  if (file->clocked) {
    fmt::print("{}", options.json ? dump(clockedJson(*file)) : clockedText(*file));
    return Exit::Done;
  }
  nir::Checked checked = nir::check(file->model.graph, options.model);
  if (!checked.ok()) {
    print(checked.diagnostics);
    return Exit::Input;
  }
  // Which edges feed back depends on the step where a Delay is shorter than one. Without a step in
  // the file, every Delay counts as longer.
  nir::Result<FileReading> reading = readReading(*file, {});
  if (!reading) {
    return fail(Exit::Input, reading.error());
  }
  nir::Result<nir::Semantics> stated = nir::semanticsOf(reading->reading.semantics);
  nir::Semantics semantics = stated ? *stated : nir::Semantics();
  semantics.dtSeconds = reading->reading.dtSeconds.value_or(1e-9);
  nir::TimeUnit unit = reading->origin.time.unit.value_or(nir::TimeUnit::Seconds);
  nir::Result<nir::Graph> graph = nir::inSeconds(file->model.graph, unit, semantics.dtSeconds);
  Inspection inspection;
  nir::Result<nir::LoopReport> loops = nir::loopsOf(graph ? *graph : file->model.graph, semantics);
  if (!loops) {
    return fail(Exit::Input, loops.takeError().in(options.model));
  }
  inspection.feedback = std::move(loops->feedback);
  inspection.reading = *std::move(reading);
  inspection.totals = totalsOf(file->model.graph, checked);
  inspection.unusual = unusual(file->model, checked);
  inspection.checked = std::move(checked);
  inspection.file = *std::move(file);
  options.json ? printJson(inspection) : printText(inspection);
  return Exit::Done;
}

void addInspect(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("inspect", "Show what a model holds");
  auto options = std::make_shared<InspectOptions>();
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file")->required();
  command->add_flag("--json", options->json, "Print JSON");
  addShapes(*command, options->reading);
  addLimits(*command, options->limits);
  command->footer(
      "A parameter is one value where all neurons share it, or a range. Synapses are the weights "
      "other than 0; a convolution's count once for every place where they read the signal.\n\n"
      "Examples:\n"
      "  nirc inspect model.nir\n"
      "  nirc inspect model.nir --json | jq .totals");
  command->callback([options, &exit] { exit = inspect(*options); });
}

} // namespace nirc
