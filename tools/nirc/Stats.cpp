//===- Stats.cpp - `nirc stats` -------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunStats.h"
#include "tools/nirc/Options.h"
#include "tools/text/StatsView.h"

#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct StatsCommand : ExecutionOptions {
  StatsOptions stats;
  std::vector<std::string> energy;
  bool json = false, csv = false, latex = false;

  /// Whether the network is run; without it what follows from the graph is all.
  bool runs() const { return !inputs.empty() || steps > 0; }
};

/// What is printed.
struct Counted {
  Stats stats;
  Json provenance;   ///< of a run, or of the file alone
  std::string title; ///< a line
  std::vector<EnergyEstimate> energies;
};
} // namespace

static nir::Result<std::vector<const EnergyTable *>> tablesOf(const StatsCommand &command) {
  std::vector<const EnergyTable *> tables;
  for (const std::string &name : command.energy) {
    nir::Result<const EnergyTable *> table = findEnergyTable(name);
    if (!table) {
      return table.takeError();
    }
    tables.push_back(*table);
  }
  if (!tables.empty() && !command.runs()) {
    return nir::Error::usage(nir::Cause::MissingOption,
                             "found --energy and no --input, expected both: energy is of what a "
                             "network does")
        .note("--input says what drives it");
  }
  return tables;
}

static Exit countGraph(const StatsCommand &command, const Network &network, Counted &counted) {
  nir::Result<Stats> stats = statsOf(network, command.stats);
  if (!stats) {
    return fail(stats.error());
  }
  counted.stats = *std::move(stats);
  counted.provenance = {{"nirc", NIRC_VERSION}};
  counted.provenance.update(fileJson(network.file));
  counted.title =
      fmt::format("{}: no --input, so what follows from the graph alone", command.model);
  return Exit::Done;
}

static Exit countRun(const StatsCommand &command, Network &network, Counted &counted) {
  if (nir::Status failed = assignSources(command, network)) {
    return fail(*failed);
  }
  nir::Result<Choices> choices = prepare(command, network);
  if (!choices) {
    return fail(choices.error());
  }
  InputOptions options = inputOptions(command, network, choices->semantics.dtSeconds);
  if (nir::Status failed = checkGenerated(network.sources, options)) {
    return fail(*failed);
  }
  std::vector<nir::Diagnostic> said;
  if (Exit exit = advise(command, network, *choices, said); exit != Exit::Done) {
    return exit;
  }
  nir::Result<Inputs> inputs = loadInputs(network.sources, options);
  if (!inputs) {
    return fail(inputs.error());
  }
  sayRemarks(command, inputs->remarks, said);
  if (nir::Status failed = calibrate(command, network, &*inputs, *choices, said)) {
    return fail(*failed);
  }
  Progress progress("step", command.quiet);
  Manner manner = command.manner();
  manner.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  nir::Result<Stats> stats = statsOf(network, *choices, *inputs, manner, command.stats);
  if (!stats) {
    return fail(stats.error());
  }
  counted.stats = *std::move(stats);
  counted.provenance = provenanceOf(command, network, *choices, *inputs, {}, network.file.sha256());
  counted.provenance["advice"] = diagnosticsJson(said);
  counted.title = fmt::format("{}: {}, semantics {}, target {}", command.model, extentText(*inputs),
                              semanticsText(counted.provenance), targetText(counted.provenance));
  return Exit::Done;
}

static void print(const StatsCommand &command, const Counted &counted) {
  if (command.json) {
    Json json = counted.provenance;
    json.update(statsJson(counted.stats));
    json["energy"] = Json::array();
    for (const EnergyEstimate &energy : counted.energies) {
      json["energy"].push_back(energyJson(energy));
    }
    fmt::print("{}", dump(json));
  } else if (command.csv) {
    fmt::print("{}", statsCsv(counted.stats));
  } else if (command.latex) {
    fmt::print("{}", statsLatex(counted.stats, counted.title));
  } else {
    fmt::print("{}\n\n{}", counted.title, statsText(counted.stats));
    for (const EnergyEstimate &energy : counted.energies) {
      fmt::print("\n{}", energyText(energy));
    }
  }
}

static Exit count(const StatsCommand &command) {
  if (command.energy == std::vector<std::string>{"list"}) {
    fmt::print("{}", command.json ? dump(energyTablesJson()) : energyTablesText());
    return Exit::Done;
  }
  if (command.model.empty()) {
    return fail(nir::Error::usage(nir::Cause::MissingOption,
                                  "found no model, expected one: nirc stats MODEL"));
  }
  nir::Result<std::vector<const EnergyTable *>> tables = tablesOf(command);
  if (!tables) {
    return fail(tables.error());
  }
  Network network;
  if (Exit exit = loadNetwork(command, network); exit != Exit::Done) {
    return exit;
  }
  Counted counted;
  Exit exit =
      command.runs() ? countRun(command, network, counted) : countGraph(command, network, counted);
  if (exit != Exit::Done) {
    return exit;
  }
  for (const EnergyTable *table : *tables) {
    counted.energies.push_back(estimateEnergy(counted.stats, *table));
  }
  print(command, counted);
  return Exit::Done;
}

static void addOptions(CLI::App &app, StatsCommand &command) {
  app.add_option("model", command.model, "A .nir, .mlir or .mlirbc file that holds a graph");
  addInputOption(app, command);
  addSourceOptions(app, command);
  addLayout(app, command);
  addMannerOptions(app, command);
  addStepOptions(app, command);
  app.get_option("--calibrate")->remove_needs(app.get_option("--format"));
  app.add_option("--batch", command.stats.batch,
                 "Samples of a call: all its operations are MACs where one sample has a number "
                 "other than -1, 0 and 1")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40))
      ->capture_default_str();
  app.add_option("--buffers", command.stats.buffers,
                 "What the footprint adds to the parameters: snntorch-0.9.4, nir (the parameters "
                 "of neurons in the file) or none")
      ->capture_default_str();
  app.add_option("--energy", command.energy,
                 "Price what was counted by a table of published figures; list shows the tables. "
                 "Repeat it")
      ->allow_extra_args(false);
  CLI::Option *json = app.add_flag("--json", command.json, "Print JSON, complete");
  CLI::Option *csv = app.add_flag("--csv", command.csv, "Print a row for each node as CSV");
  app.add_flag("--latex", command.latex, "Print a table of LaTeX (booktabs)")
      ->excludes(json)
      ->excludes(csv);
  csv->excludes(json);
  app.add_flag("-q,--quiet", command.quiet, "Print no progress and no advice");
}

void addStats(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("stats", "Count neurons, parameters and operations, as NeuroBench does");
  auto options = std::make_shared<StatsCommand>();
  addOptions(*command, *options);
  command->footer(
      "Counts are those of NeuroBench where it has them; docs/stats.md defines each.\n\n"
      "Examples:\n"
      "  nirc stats model.nir\n"
      "  nirc stats model.nir --input x.npy --dt 1ms\n"
      "  nirc stats cnn.nir --input digits/ --bin 1ms --batch 16 --json\n"
      "  nirc stats model.nir --input x.npy --dt 1ms --energy loihi1-davies2018\n"
      "  nirc stats --energy list");
  command->callback([options, &exit] { exit = count(*options); });
}

} // namespace nirc
