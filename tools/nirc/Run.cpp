//===- Run.cpp - `nirc run` -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Ports.h"
#include "tools/io/Results.h"
#include "tools/io/Units.h"
#include "tools/nirc/Choices.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Report.h"
#include "tools/nirc/Summary.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nirc {

namespace {
struct RunCommand {
  std::string model;
  std::vector<std::string> inputs;
  ChoiceOptions choices;
  int64_t steps = 0;
  uint64_t seed = 0;
  uint64_t maxInputBytes = uint64_t(1) << 34;
  std::string out;
  bool quiet = false;
  bool raster = false;
  nir::ReadLimits limits;
};

/// Everything about a run that is settled before it starts.
struct Prepared {
  ModelFile file;
  nir::Graph graph; ///< the file's, with Inputs and Outputs where it has none
  std::vector<InputSource> sources;
  Choices choices;
  std::optional<ResultForm> form;
};
} // namespace

/// Loads and checks the model, and completes the graph.
static Exit prepareModel(const RunCommand &command, Prepared &run, nir::Checked &checked) {
  nir::Result<ModelFile> file = loadModel(command.model, command.limits);
  if (!file) {
    return fail(Exit::Input, file.error());
  }
  run.file = *std::move(file);
  checked = nir::check(run.file.model.graph, command.model);
  if (checked.ok()) {
    run.graph = nir::withPorts(run.file.model.graph);
    checked = nir::check(run.graph, command.model);
  }
  if (!command.quiet || !checked.ok()) {
    print(checked.diagnostics);
  }
  return checked.ok() ? Exit::Done : Exit::Input;
}

/// A .npy file has room for one trace.
static nir::Status fitsForm(const RunCommand &command, const Prepared &run) {
  auto outputs = std::count_if(run.graph.nodes.begin(), run.graph.nodes.end(),
                               [](const nir::Node &node) { return node.as<nir::Output>(); });
  size_t traces = static_cast<size_t>(outputs) + run.choices.probes.size();
  if (run.form != ResultForm::Npy || traces == 1) {
    return std::nullopt;
  }
  return nir::Error(fmt::format("found {} outputs and {} recorded, expected one for a .npy file",
                                outputs, run.choices.probes.size()))
      .in(command.out)
      .note("-o DIR/ writes a .npy file for each, -o x.nird and -o x.csv hold them all");
}

/// Understands the command line against the graph.
static nir::Status prepareChoices(const RunCommand &command, const nir::Checked &checked,
                                  Prepared &run) {
  nir::Result<std::vector<InputSource>> sources =
      assignInputs(command.inputs, inputPorts(run.graph, checked));
  if (!sources) {
    return sources.takeError();
  }
  run.sources = *std::move(sources);
  bool hasEvents = std::any_of(run.sources.begin(), run.sources.end(),
                               [](const InputSource &one) { return isEventFile(one.source); });
  nir::Result<Choices> choices = choose(command.choices, run.file.model, run.graph, hasEvents);
  if (!choices) {
    return choices.takeError();
  }
  run.choices = *std::move(choices);
  if (!command.out.empty()) {
    nir::Result<ResultForm> form = resultFormOf(command.out);
    if (!form) {
      return form.takeError();
    }
    run.form = *form;
  }
  if (nir::Status failed = fitsForm(command, run)) {
    return failed;
  }
  return checkGenerated(run.sources,
                        {run.choices.semantics.dtSeconds, command.steps, command.seed, 0});
}

static Json provenance(const RunCommand &command, const Prepared &run, const Inputs &inputs) {
  const nir::Semantics &semantics = run.choices.semantics;
  Json json = {{"nirc", NIRC_VERSION},
               {"model", command.model},
               {"model_sha256", run.file.sha256},
               {"target", run.choices.target->name()},
               {"dtype", nir::name(run.choices.dtype)},
               {"dt", semantics.dtSeconds},
               {"integrator", nir::name(semantics.integrator)},
               {"reset", nir::name(semantics.reset)},
               {"steps", inputs.steps},
               {"batch", inputs.batch},
               {"seed", command.seed},
               {"inputs", Json::array()}};
  for (const InputSource &source : run.sources) {
    json["inputs"].push_back(source.port.node + "=" + source.source);
  }
  return json;
}

namespace {
/// A line that overwrites itself ten times a second, on a terminal only; gone with the object.
class Progress {
public:
  explicit Progress(bool quiet) : shows(!quiet && isatty(STDERR_FILENO) != 0) {}
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress() {
    if (shown) {
      fmt::print(stderr, "\r\x1b[K");
    }
  }
  void update(int64_t done, int64_t total) {
    auto now = std::chrono::steady_clock::now();
    if (!shows || now - last < std::chrono::milliseconds(100)) {
      return;
    }
    last = now;
    shown = true;
    fmt::print(stderr, "\rstep {} of {} ({}%)\x1b[K", done, total, done * 100 / total);
    std::fflush(stderr);
  }

private:
  bool shows;
  bool shown = false;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};
} // namespace

static nir::Result<nir::Recording> runWithProgress(Executable &executable, const Inputs &inputs,
                                                   bool quiet) {
  Progress progress(quiet);
  return executable.run(inputs.recording,
                        {.steps = inputs.steps, .progress = [&](int64_t done, int64_t total) {
                           progress.update(done, total);
                         }});
}

static int64_t terminalWidth() {
  winsize size{};
  bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::min<int64_t>(size.ws_col, 160) : 80;
}

static void printSummary(const RunCommand &command, const Prepared &run, const Inputs &inputs,
                         const nir::Recording &recording) {
  const nir::Semantics &semantics = run.choices.semantics;
  fmt::print(
      "{}: {} steps of {}{}, {}\n", command.model, inputs.steps, secondsText(semantics.dtSeconds),
      inputs.batched ? fmt::format(", {} samples", inputs.batch) : "",
      fmt::format("integrator {}, reset {}, target {} in {}", name(semantics.integrator),
                  name(semantics.reset), run.choices.target->name(), nir::name(run.choices.dtype)));
  bool draw = command.raster || isatty(STDOUT_FILENO) != 0;
  int64_t width = terminalWidth();
  for (const nir::Trace &trace : recording.traces) {
    fmt::print("{}", traceSummary(trace));
    if (draw) {
      fmt::print("{}", traceRaster(trace, width));
    }
  }
  if (!command.out.empty()) {
    fmt::print("written to {}\n", command.out);
  }
}

static Exit execute(const RunCommand &command, const Prepared &run) {
  nir::Result<Inputs> inputs =
      loadInputs(run.sources, {run.choices.semantics.dtSeconds, command.steps, command.seed,
                               command.maxInputBytes});
  if (!inputs) {
    return fail(Exit::Input, inputs.error());
  }
  nir::Result<std::unique_ptr<Executable>> executable =
      run.choices.target->compile({.graph = &run.graph,
                                   .file = command.model,
                                   .semantics = run.choices.semantics,
                                   .dtype = run.choices.dtype,
                                   .probes = run.choices.probes});
  if (!executable) {
    return fail(Exit::Input, executable.error());
  }
  nir::Result<nir::Recording> recording = runWithProgress(**executable, *inputs, command.quiet);
  if (!recording) {
    return fail(Exit::Input, recording.error());
  }
  if (run.form) {
    std::set<std::string, std::less<>> subgraphs = subgraphPaths(run.graph);
    Results results{*recording, inputs->batched, provenance(command, run, *inputs),
                    [&](std::string_view path) { return subgraphs.contains(path); }};
    if (nir::Status failed = writeResults(results, *run.form, command.out)) {
      return fail(Exit::Input, *failed);
    }
  }
  if (!command.quiet) {
    printSummary(command, run, *inputs, *recording);
  }
  return Exit::Done;
}

static Exit run(const RunCommand &command) {
  Prepared prepared;
  nir::Checked checked;
  if (Exit exit = prepareModel(command, prepared, checked); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = prepareChoices(command, checked, prepared)) {
    return fail(Exit::Usage, *failed);
  }
  return execute(command, prepared);
}

static void addOptions(CLI::App &app, RunCommand &command) {
  ChoiceOptions &choices = command.choices;
  app.add_option("model", command.model, "A .nir, .mlir or .mlirbc file")->required();
  app.add_option("-i,--input", command.inputs,
                 "What drives the network, NODE=SOURCE, or SOURCE alone where there is one input; "
                 "repeat it for each. SOURCE is a .npy file [T, ...] or [batch, T, ...], NIRData "
                 "(.nird), N-MNIST events (.bin), constant:VALUE or poisson:RATE")
      ->allow_extra_args(false);
  app.add_option("--dt", choices.dt, "Length of a step, as 1e-4, 0.1ms or 100us");
  app.add_option("--bin", choices.bin, "Count events in steps this long, as 1ms");
  app.add_option("--steps", command.steps,
                 "Number of steps; otherwise as many as the input has. Past an input's end it is 0")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
  app.add_option("--target", choices.target, "What executes it; see `nirc targets`")
      ->capture_default_str();
  app.add_option("--dtype", choices.dtype, "f32 or f64; otherwise the target's own");
  app.add_option("--integrator", choices.integrator, "euler, exp-euler or exact")
      ->capture_default_str();
  app.add_option("--reset", choices.reset, "to-value or subtract")->capture_default_str();
  app.add_option("--record", choices.record,
                 "Record more than the outputs: NODE:v,spikes, or NODE for all it has; repeat it")
      ->allow_extra_args(false);
  app.add_option("--seed", command.seed, "Of poisson: inputs")->capture_default_str();
  app.add_option("-o,--out", command.out,
                 "Where results go: x.npy (one output), x.csv, x.nird, or a folder DIR/");
  app.add_flag("--raster", command.raster, "Draw the spikes even where there is no terminal");
  app.add_flag("-q,--quiet", command.quiet, "Print errors only");
  app.add_option("--max-input-bytes", command.maxInputBytes, "Bytes of one input")
      ->capture_default_str()
      ->group("Limits on the model's file");
  addLimits(app, command.limits);
}

void addRun(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("run", "Execute a model step by step");
  auto options = std::make_shared<RunCommand>();
  addOptions(*command, *options);
  command->footer("Examples:\n"
                  "  nirc run model.nir --input x.npy --dt 1e-4\n"
                  "  nirc run model.nir --input poisson:50Hz --steps 1000 --dt 1ms --seed 7 "
                  "--record lif1:v,spikes -o out/\n"
                  "  nirc run model.nir --input left=a.npy --input right=constant:0.5 --dt 0.1ms "
                  "-o x.csv\n"
                  "  nirc run cnn.nir --input 5.bin --bin 1ms --target reference");
  command->callback([options, &exit] { exit = run(*options); });
}

} // namespace nirc
