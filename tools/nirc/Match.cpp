//===- Match.cpp - the command match --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Match.h"
#include "api/Advice.h"
#include "tools/nirc/MatchView.h"
#include "tools/nirc/Options.h"

#include <fmt/format.h>
#include <memory>
#include <optional>

namespace nirc {

namespace {
struct MatchCommand : ExecutionOptions {
  std::vector<std::string> expect; ///< [NODE[:OBSERVABLE]=]FILE each
  std::string node, layout = "auto";
  std::optional<double> tolerance;
  int64_t maxShift = 3;
  std::optional<size_t> vary;
  bool all = false;
  bool json = false;
};
} // namespace

/// What each --expect is of. --node is of the one that names none.
static nir::Result<std::vector<ExpectedSource>> sourcesOf(const MatchCommand &command,
                                                          const Network &network) {
  std::vector<ExpectedSource> sources;
  sources.reserve(command.expect.size());
  for (const std::string &argument : command.expect) {
    sources.push_back(expectedSourceOf(argument, network));
  }
  if (command.node.empty()) {
    return sources;
  }
  if (sources.size() != 1 || !sources.front().node.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict, "--node says of what one --expect FILE is")
        .note("with several, write --expect NODE:OBSERVABLE=FILE");
  }
  // As "NODE:OBSERVABLE=FILE", since either may hold a ':' itself.
  ExpectedSource named = expectedSourceOf(command.node + "=" + sources.front().file, network);
  sources.front().node = named.node.empty() ? command.node : named.node;
  sources.front().observable = named.observable;
  return sources;
}

/// Loads the model and its input, and makes the choices that all candidates share.
static Exit load(const MatchCommand &command, Layout layout, Network &network, Choices &base,
                 Inputs &inputs, std::vector<nir::Diagnostic> &said) {
  if (Exit exit = loadNetwork(command, network); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = assignSources(command, network)) {
    return fail(*failed);
  }
  nir::Result<Choices> choices = choose(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  base = *std::move(choices);
  double dt = base.semantics.dtSeconds;
  if (nir::Status failed = convertTimes(command, dt, network)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<std::vector<nir::Diagnostic>> advice = adviceFor(command, network, base);
  if (!advice) {
    return fail(advice.error());
  }
  for (nir::Diagnostic &diagnostic : *advice) {
    if (!findAdvice(diagnostic.code) && diagnostic.severity == nir::Severity::Error) {
      return fail(Exit::Input, diagnostic); // a late edge that cannot be
    }
    if (!isOfSemantics(diagnostic.code)) {
      say(command, std::move(diagnostic), said);
    }
  }
  InputOptions how = inputOptions(command, network, dt);
  how.layout = layout;
  if (nir::Status failed = checkGenerated(network.sources, how)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<Inputs> loaded = loadInputs(network.sources, how);
  if (!loaded) {
    return fail(loaded.error());
  }
  inputs = *std::move(loaded);
  sayRemarks(command, inputs.remarks, said);
  if (command.choices.target.empty() && command.choices.dtype.empty()) {
    takeQuickTarget(network, inputs, base);
  }
  return Exit::Done;
}

static Exit match(const MatchCommand &command) {
  nir::Result<Layout> layout = layoutOf(command.layout);
  if (!layout) {
    return fail(layout.error());
  }
  Network network;
  Choices base;
  Inputs inputs;
  std::vector<nir::Diagnostic> said;
  if (Exit exit = load(command, *layout, network, base, inputs, said); exit != Exit::Done) {
    return exit;
  }
  MatchOptions options;
  options.maxShift = command.maxShift;
  options.tolerance = command.tolerance;
  options.varied = command.vary.value_or(options.varied);
  options.layout = *layout;
  if (command.choices.target.empty() && command.choices.dtype.empty()) {
    options.otherDType = nir::DType::F64;
  }
  nir::Result<std::vector<ExpectedSource>> sources = sourcesOf(command, network);
  if (!sources) {
    return fail(sources.error());
  }
  nir::Result<std::vector<Expected>> expected =
      loadExpected(*sources, network, inputs, options, command.maxInputBytes);
  if (!expected) {
    return fail(expected.error());
  }
  Progress progress("run", command.quiet);
  Manner manner = command.manner();
  manner.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  nir::Result<MatchReport> report =
      match(network, base, inputs, *std::move(expected), options, manner);
  if (!report) {
    return fail(report.error());
  }
  if (!command.quiet) {
    MatchView view{
        *report,
        fmt::format("{}: {}, in {}", command.model, extentText(inputs), nir::name(report->dtype)),
        inputs,
        command.all,
        std::move(said),
        *layout == Layout::Auto && inputs.batch > 1};
    fmt::print("{}", command.json ? dump(matchJson(view)) : matchText(view));
  }
  return report->matches() ? Exit::Done : Exit::Input;
}

void addMatch(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("match", "Find the platform whose spikes or voltages a recording holds");
  auto options = std::make_shared<MatchCommand>();
  options->choices.semantics = "nir"; // the file's own is one of many
  command->add_option("model", options->model, "A .nir file, or a graph as .mlir")->required();
  command
      ->add_option("-e,--expect", options->expect,
                   "What the platform recorded: FILE, NODE=FILE or NODE:OBSERVABLE=FILE; repeat it "
                   "for more. FILE is a .npy file, a table (x.csv, or x.csv:2 for a column), a "
                   "list of spikes, or a result of nirc")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--node", options->node,
                      "Of what the recording is, NODE or NODE:OBSERVABLE; otherwise of the Output");
  command
      ->add_option("--layout", options->layout,
                   "Dimensions of input and recording: TN, BTN, TBN (T steps, B samples), or "
                   "events, of the recording alone; otherwise what the shapes say")
      ->capture_default_str();
  command
      ->add_option("--max-shift", options->maxShift,
                   "Steps by which the recording may be early or late; 0: none")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      ->add_option("--tolerance", options->tolerance,
                   "By how much values may differ; otherwise 1e-5 of the largest. Spikes must be "
                   "equal")
      ->check(notNegative);
  command->add_option("--vary", options->vary,
                      "Change single choices of so many presets, the best; 0: of none");
  command->add_option("--dt", options->choices.dt, "Length of a step, as 1e-4, 0.1ms or 100us");
  addTimeUnit(*command, options->reading);
  addShapes(*command, options->reading);
  command->add_option("--target", options->choices.target,
                      "What executes it; otherwise cpu, or reference where that is quicker");
  addTargetOptions(*command, options->choices);
  command->add_option("--dtype", options->choices.dtype,
                      "f32 or f64; otherwise f32, and f64 where no preset fits");
  command
      ->add_option_function<std::string>(
          "--late",
          [options](const std::string &edges) {
            options->choices.overrides.emplace_back("late", edges);
          },
          "Edges of cycles that are late, SOURCE:TARGET, under every semantics; otherwise the "
          "file's")
      ->join('+');
  addAccept(*command, options->choices);
  addInputOption(*command, *options);
  addSourceOptions(*command, *options);
  addMannerOptions(*command, *options);
  addLimits(*command, options->limits);
  command->add_flag("--all", options->all, "Print every candidate");
  command->add_flag("--json", options->json, "Print a report in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet,
                    "Print errors only; the exit code says whether one has it all");
  command->footer(
      "It runs every preset, and presets with each single choice changed. The exit code "
      "is 0 where one of them has all of the recording, 1 where none has or a file is at fault.\n\n"
      "Examples:\n"
      "  nirc match model.nir --input x.npy --expect y.npy --dt 1ms\n"
      "  nirc match model.nir --input x.npy --expect mem.npy --node lif1:v --layout TBN\n"
      "  nirc match model.nir --input x.npy --expect lif1:v=mem.npy --expect lif1:spikes=spk.csv "
      "--json");
  command->callback([options, &exit] { exit = match(*options); });
}

} // namespace nirc
