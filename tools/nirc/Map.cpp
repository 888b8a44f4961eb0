//===- Map.cpp - `nirc map` -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/IntegerNetwork.h"
#include "api/io/Files.h"
#include "api/io/Units.h"
#include "dialects/snn/Snn.h"
#include "passes/partition/InNetwork.h"
#include "tools/nirc/FigureOptions.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/pictures/mapping/MappingPicture.h"
#include "tools/text/MappingView.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct MapCommand : ExecutionOptions {
  bool ownCores = false, all = false, json = false;
  std::string out, svg;
  FigureOptions figures;
};
} // namespace

/// Whether the target has cores, and the network is one of integers.
static nir::Status checkMappable(const Network &network, const Choices &choices) {
  if (!choices.target->describe().maps) {
    return choices.target->map({}, {}).takeError();
  }
  if (choices.quantization) {
    return std::nullopt;
  }
  if (network.file.clocked) {
    return nir::Error(nir::Cause::WrongModel,
                      fmt::format("holds a network of {}, expected one of integers",
                                  network.file.clocked->element))
        .in(network.file.path)
        .note("`nirc quantize` makes one of the graph");
  }
  return nir::Error::usage(
             nir::Cause::MissingOption,
             fmt::format("target '{}' computes in integers, and no number format was chosen",
                         choices.target->name()))
      .note("--format says which; `nirc formats` lists those that there are");
}

/// The network as the target is given it, and as -o writes it.
static nir::Result<IntegerNetwork> integersOf(const MapCommand &command, const Network &network,
                                              const Choices &choices) {
  if (!network.file.clocked) {
    return IntegerNetwork::build(network, choices);
  }
  IntegerNetwork integers = IntegerNetwork::of(*network.file.clocked);
  std::optional<Mapping> own = readMapping(integers.network());
  if (command.ownCores && own && own->target == choices.target->name()) {
    return nir::Error::usage(nir::Cause::SettledChoice,
                             "found --own-cores, expected none: the file holds a mapping already")
        .note("leave out --own-cores, or give the graph");
  }
  return integers;
}

static nir::Result<Mapping> mappingOf(const MapCommand &command, const Network &network,
                                      const Choices &choices, const IntegerNetwork &integers) {
  Job job;
  job.file = network.file.path;
  job.semantics = choices.semantics;
  job.frontEnd = integers.frontEnd();
  job.settings = choices.settings;
  return choices.target->map(job, {.shareCores = !command.ownCores});
}

/// In the order in which spikes reach them from the inputs. That of a step says little where every
/// connection takes one.
static std::vector<std::string> nodesOf(const IntegerNetwork &integers) {
  std::vector<mlir::Operation *> order;
  llvm::DenseSet<mlir::Operation *> seen;
  auto visit = [&](mlir::Operation *op) {
    if (seen.insert(op).second) {
      order.push_back(op);
    }
  };
  for (auto input : integers.network().getBody().getOps<snn::InputOp>()) {
    visit(input);
  }
  for (size_t i = 0; i < order.size(); ++i) {
    // Users are listed from the last to the first.
    for (mlir::Operation *user : llvm::reverse(llvm::to_vector(order[i]->getUsers()))) {
      visit(user);
    }
  }
  std::vector<std::string> nodes;
  for (mlir::Operation *op : order) {
    if (auto population = llvm::dyn_cast<snn::PopulationOp>(op)) {
      nodes.push_back(population.getNode().str());
    }
  }
  return nodes;
}

/// The populations, and "" for inputs, whose spikes reach an op, as they are or through what passes
/// them on.
static std::vector<std::string> sourcesOf(mlir::Operation *of) {
  std::vector<mlir::Operation *> open{of};
  llvm::DenseSet<mlir::Operation *> seen;
  std::vector<std::string> nodes;
  while (!open.empty()) {
    mlir::Operation *op = open.back();
    open.pop_back();
    for (mlir::Value operand : op->getOperands()) {
      mlir::Operation *source = operand.getDefiningOp();
      if (!source || !seen.insert(source).second) {
        continue;
      }
      if (auto population = llvm::dyn_cast<snn::PopulationOp>(source)) {
        nodes.push_back(population.getNode().str());
      } else if (llvm::isa<snn::InputOp>(source)) {
        nodes.emplace_back();
      } else {
        open.push_back(source);
      }
    }
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

/// Adds which populations send to which, and which leave the network.
static void addEdges(const IntegerNetwork &integers, MappedModel &mapped) {
  for (mlir::Operation &op : integers.network().getBody().getOps()) {
    if (auto population = llvm::dyn_cast<snn::PopulationOp>(op)) {
      for (const std::string &source : sourcesOf(&op)) {
        mapped.edges.emplace_back(source, population.getNode().str());
      }
    } else if (llvm::isa<snn::OutputOp>(op)) {
      for (const std::string &source : sourcesOf(&op)) {
        mapped.edges.emplace_back(source, "");
        if (!source.empty()) {
          mapped.outputs.push_back(source);
        }
      }
    }
  }
}

static void printReport(const MapCommand &command, const Network &network, const Choices &choices,
                        const std::vector<nir::Diagnostic> &advice, const MappedModel &mapped) {
  if (command.json) {
    Json json = {{"nirc", NIRC_VERSION},
                 {"model", network.file.path},
                 {"model_sha256", network.file.sha256()},
                 {"dt", choices.semantics.dtSeconds},
                 {"advice", diagnosticsJson(advice)}};
    json.update(mappingJson(mapped));
    json["file"] = command.out.empty() ? Json() : Json(command.out);
    json["svg"] = command.svg.empty() ? Json() : Json(command.svg);
    fmt::print("{}", dump(json));
    return;
  }
  fmt::print("{}: steps of {}, semantics {}, target {} in {}\n{}{}", command.model,
             secondsText(choices.semantics.dtSeconds), mapped.semantics, choices.target->name(),
             mapped.format, rangesText(network, choices), mappingText(mapped, command.all));
  std::vector<std::pair<const char *, std::string>> written = {{"mapped network", command.out},
                                                               {"picture", command.svg}};
  for (const std::string &path : command.figures.figures) {
    written.emplace_back("picture", path);
  }
  std::string text;
  for (const auto &[what, path] : written) {
    text += path.empty() ? "" : fmt::format("\n{} written to {}", what, path);
  }
  fmt::print("{}{}", text, text.empty() ? "" : "\n");
}

/// Writes what is asked for: the network with its mapping, and the picture.
static nir::Status write(const MapCommand &command, MlirForm form, const IntegerNetwork &integers,
                         const MappedModel &mapped) {
  if (!command.out.empty()) {
    writeMapping(integers.network(), mapped.mapping);
    if (nir::Status failed = integers.write(command.out, form)) {
      return failed;
    }
  }
  if (command.svg.empty() && command.figures.figures.empty()) {
    return std::nullopt;
  }
  Drawing drawing = mappingFigure(mapped, command.figures.style);
  std::vector<std::string> paths = command.figures.figures;
  paths.push_back(command.svg);
  for (const std::string &path : paths) {
    if (nir::Status failed = path.empty() ? std::nullopt : writeFigure(path, drawing)) {
      return failed;
    }
  }
  return std::nullopt;
}

static Exit map(const MapCommand &command) {
  nir::Result<MlirForm> form = IntegerNetwork::formOf(command.out);
  if (!form) {
    return fail(Exit::Usage, form.error());
  }
  Network network;
  if (Exit exit = loadNetwork(command, network, Clocked::Taken); exit != Exit::Done) {
    return exit;
  }
  nir::Result<Choices> choices = prepare(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  for (const std::string &out : {command.out, command.svg}) {
    if (nir::Status failed = checkOutput(out, filesRead(network))) {
      return fail(*failed);
    }
  }
  if (auto figures = figureRequests(command.figures, {}, filesRead(network)); !figures) {
    return fail(figures.error());
  }
  std::vector<nir::Diagnostic> advice;
  if (Exit exit = advise(command, network, *choices, advice); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = checkMappable(network, *choices)) {
    return fail(*failed);
  }
  if (nir::Status failed = calibrate(command, network, nullptr, *choices, advice)) {
    return fail(*failed);
  }
  nir::Result<IntegerNetwork> integers = integersOf(command, network, *choices);
  if (!integers) {
    return fail(integers.error());
  }
  nir::Result<Mapping> mapping = mappingOf(command, network, *choices, *integers);
  if (!mapping) {
    return fail(Exit::Input, mapping.error());
  }
  MappedModel mapped{command.model, choices->semantics.text(), choices->quantization->format.text(),
                     *std::move(mapping), nodesOf(*integers)};
  addEdges(*integers, mapped);
  if (nir::Status failed = write(command, *form, *integers, mapped)) {
    return fail(Exit::Input, *failed);
  }
  if (!command.quiet) {
    print(network, integers->notices(), command, advice);
    printReport(command, network, *choices, advice, mapped);
  }
  return Exit::Done;
}

void addMap(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("map", "Put the neurons of a model on the cores of a platform");
  auto options = std::make_shared<MapCommand>();
  command
      ->add_option("model", options->model,
                   "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote")
      ->required();
  options->choices.target.clear();
  command
      ->add_option("--target", options->choices.target,
                   "The target whose cores to use; `nirc targets` lists those that have cores")
      ->required();
  addTargetOptions(*command, options->choices);
  addNetworkOptions(*command, *options);
  addSourceOptions(*command, *options);
  addLayout(*command, *options);
  for (const char *ofCalibration : {"--bin", "--steps", "--seed"}) {
    command->get_option(ofCalibration)->needs(command->get_option("--calibrate"));
  }
  command->add_flag("--balance-latency", options->choices.balanceLatency,
                    "With --schedule pipelined: delay what comes early, so that each output is "
                    "that of --schedule sequential, some steps later");
  command->add_flag("--own-cores", options->ownCores,
                    "Give each node cores of its own; otherwise nodes share cores");
  command->add_option("-o,--out", options->out,
                      "Where to write the network with its mapping: x.mlirbc or x.mlir, which "
                      "`nirc run` takes");
  command->add_option("--svg", options->svg, "Draw the cores and what they send each other: x.svg")
      ->check([](const std::string &path) {
        return path.ends_with(".svg") ? std::string()
                                      : fmt::format("found {}, expected a name that ends in .svg: "
                                                    "the picture is SVG",
                                                    path);
      });
  options->figures.style.millimetres = pageMillimetres;
  addFigureOptions(*command, options->figures,
                   "Draw the cores as x.svg or x.pdf; several times for several figures");
  command->add_flag("--all", options->all, "Show every core, however many there are");
  command->add_flag("--json", options->json, "Print the mapping in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer(
      "Examples:\n"
      "  nirc map model.nir --dt 1ms --target loihi2 --semantics loihi2 --format loihi2\n"
      "  nirc map model.nir --dt 1ms --target loihi2 --semantics loihi2 --format loihi2 "
      "--svg cores.svg -o mapped.mlirbc\n"
      "  nirc run mapped.mlirbc --input x.npy --target loihi2");
  command->callback([options, &exit] { exit = map(*options); });
}

} // namespace nirc
