//===- Inspect.cpp - `nirc inspect` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/ClockedText.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/FigureOptions.h"
#include "tools/nirc/GraphView.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/ReadingJson.h"
#include "tools/nirc/Unusual.h"
#include "tools/text/Grouped.h"
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
  std::string svg, dot;
  FigureOptions figures;
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
  GraphView graph;
  std::vector<std::string> unusual;
};
} // namespace

/// A row a node, in the order of a step.
static void printTable(const Inspection &inspection) {
  std::map<std::string, std::string> targets = inspection.graph.targets();
  std::map<std::string, std::vector<std::string>> rows;
  forEachNode(inspection.file.model.graph, inspection.checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &shapes) {
                rows[path] = {printable(path),        std::string(node.type()),
                              nir::str(shapes.input), nir::str(shapes.output),
                              targets[path],          parametersText(node)};
              });
  Table table(6);
  table.add({"node", "type", "in", "out", "to", "parameters"});
  for (const std::string &path : inspection.graph.order) {
    table.add(std::move(rows[path]));
  }
  fmt::print("{}", table.str());
}

static std::string versionText(const ModelFile &file) {
  return file.model.version.empty() ? "NIR of no stated version" : "NIR " + file.model.version;
}

static void printText(const Inspection &inspection) {
  const ModelFile &file = inspection.file;
  fmt::print("{}: {}, {}\n\n", file.path, versionText(file), readingBrief(inspection.reading));
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
                                 {"parameters", parametersJson(node)},
                                 {"metadata", metadataJson(node.metadata)}});
              });
  return nodes;
}

static void printJson(const Inspection &inspection) {
  Json report = fileJson(inspection.file);
  report["origin"] = originJson(inspection.reading);
  report["time"] = timeJson(inspection.reading);
  report["metadata"] = metadataJson(inspection.file.model.metadata);
  report["nodes"] = nodesJson(inspection);
  report["edges"] = edgesJson(inspection.graph);
  report["order"] = inspection.graph.order;
  report["feedback"] = Json::array();
  for (const nir::LateEdge &edge : inspection.feedback) {
    report["feedback"].push_back({{"source", edge.source}, {"target", edge.target}});
  }
  report["totals"] = totalsJson(inspection.totals);
  report["unusual"] = inspection.unusual;
  fmt::print("{}", dump(report));
}

/// Below the picture: the file, its sums, and what it says of time.
static std::string captionOf(const Inspection &inspection) {
  const Totals &totals = inspection.totals;
  auto counted = [](int64_t count, std::string_view noun) {
    return nir::withNoun(grouped(static_cast<double>(count)), noun);
  };
  return fmt::format("{}: {}, {}, {}. {}, {}.", inspection.graph.picture.model,
                     counted(totals.neurons, "neuron"), counted(totals.synapses, "synapse"),
                     counted(totals.parameters, "parameter"), versionText(inspection.file),
                     readingBrief(inspection.reading));
}

/// Writes the pictures and the DOT that are asked for.
static nir::Status writePictures(const InspectOptions &options, const Inspection &inspection) {
  std::vector<std::string> paths = options.figures.figures;
  if (!options.svg.empty()) {
    paths.push_back(options.svg);
  }
  if (!paths.empty()) {
    nir::Result<Drawing> drawing = graphFigure(inspection.graph.picture, options.figures.style);
    if (!drawing) {
      return drawing.takeError().in(options.model);
    }
    for (const std::string &path : paths) {
      if (nir::Status failed = writeFigure(path, *drawing)) {
        return failed;
      }
    }
  }
  if (options.dot.empty()) {
    return std::nullopt;
  }
  std::string dot = dotOf(inspection.graph.picture);
  if (options.dot == "-") {
    fmt::print("{}", dot);
    return std::nullopt;
  }
  return writeFile(options.dot, dot);
}

/// What is written must not be what is read.
static nir::Status checkPictures(const InspectOptions &options) {
  std::vector<std::string> inputs{options.model};
  if (auto figures = figureRequests(options.figures, {}, inputs); !figures) {
    return figures.takeError();
  }
  if (options.dot == "-" && options.json) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --json and --dot -, expected one of them: both print on "
                             "standard output");
  }
  for (const std::string &path : {options.svg, options.dot == "-" ? "" : options.dot}) {
    if (nir::Status failed = checkOutput(path, inputs)) {
      return failed;
    }
  }
  return std::nullopt;
}

static bool hasPictures(const InspectOptions &options) {
  return !options.svg.empty() || !options.dot.empty() || !options.figures.figures.empty();
}

static Exit inspect(const InspectOptions &options) {
  if (nir::Status failed = checkPictures(options)) {
    return fail(*failed);
  }
  nir::Result<ModelFile> file =
      loadModel(options.model, options.limits, Clocked::Taken, options.reading.shapes);
  if (!file) {
    return fail(file.error());
  }
  print(versionNotes(*file));
  print(driftNotes(*file));
  if (file->clocked) {
    if (hasPictures(options)) {
      return fail(nir::Error::usage(nir::Cause::WrongModel,
                                    "holds a clocked network, expected a graph to draw")
                      .in(options.model)
                      .note("`nirc map` draws a network on the cores of a platform"));
    }
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
  inspection.graph = graphView(graph ? *graph : inspection.file.model.graph, inspection.checked,
                               semantics, inspection.feedback);
  inspection.graph.picture.model = modelName(options.model);
  inspection.graph.picture.caption = captionOf(inspection);
  if (nir::Status failed = writePictures(options, inspection)) {
    return fail(*failed);
  }
  if (options.dot == "-") {
    return Exit::Done;
  }
  options.json ? printJson(inspection) : printText(inspection);
  return Exit::Done;
}

void addInspect(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("inspect", "Show what a model holds");
  auto options = std::make_shared<InspectOptions>();
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file")->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->add_option("--svg", options->svg, "Draw the graph: x.svg")
      ->check([](const std::string &path) {
        return path.ends_with(".svg")
                   ? std::string()
                   : fmt::format("found {}, expected a name that ends in .svg", path);
      });
  command->add_option("--dot", options->dot,
                      "Write the graph in Graphviz's language: x.dot, or - for standard output");
  addFigureOptions(*command, options->figures,
                   "Draw the graph as x.svg or x.pdf; several times for several figures");
  addShapes(*command, options->reading);
  addLimits(*command, options->limits);
  command->footer(
      "A parameter is one value where all neurons share it, or a range. Synapses are the weights "
      "other than 0; a convolution's count once for every place where they read the signal.\n\n"
      "Examples:\n"
      "  nirc inspect model.nir\n"
      "  nirc inspect model.nir --json | jq .totals\n"
      "  nirc inspect model.nir --figure graph.svg\n"
      "  nirc inspect model.nir --dot - | dot -Tpng -o graph.png");
  command->callback([options, &exit] { exit = inspect(*options); });
}

} // namespace nirc
