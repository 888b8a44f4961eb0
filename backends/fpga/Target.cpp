//===- Target.cpp - FPGAs as a target -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"

#include "backends/Claim.h"
#include "backends/FrontEnd.h"
#include "backends/fpga/emit/Diagram.h"
#include "backends/fpga/emit/Emit.h"
#include "backends/fpga/emit/Readme.h"
#include "backends/fpga/proof/BodyQuery.h"
#include "backends/fpga/proof/Claims.h"
#include "backends/fpga/run/DesignJson.h"
#include "backends/fpga/run/Run.h"
#include "backends/fpga/run/TargetOptions.h"
#include "backends/fpga/sim/SimulationFiles.h"
#include "backends/fpga/synth/Cycles.h"
#include "backends/fpga/synth/Fit.h"
#include "backends/fpga/synth/SynthesisFiles.h"
#include "backends/run/Clock.h"
#include "ir/Wording.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>
#include <filesystem>

using namespace mlir;

namespace nirc::fpga {

namespace {

constexpr std::string_view designKind = "design";

/// Empty where nothing was chosen.
std::string settingOf(const Settings &settings, std::string_view name) {
  auto found = settings.find(name);
  return found == settings.end() ? "" : found->second;
}

/// Where waves go; empty for nowhere.
nir::Result<std::string> traceOf(const Settings &settings) {
  std::string trace = settingOf(settings, "trace");
  if (!trace.empty() && !std::string_view(trace).ends_with(".fst")) {
    return nir::Error::usage(
               fmt::format("--trace: found '{}', expected a name that ends in .fst", trace))
        .note("waves are written as FST, which GTKWave and Surfer read; its fst2vcd makes VCD");
  }
  return trace;
}

class Fpga : public Target {
public:
  std::string_view name() const override { return "fpga"; }
  std::string_view summary() const override {
    return "an event-driven circuit in Verilog, simulated by Verilator; --format int8 or another";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {{"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI",
                                             "CubaLIF", "Delay", "Flatten", "I", "IF", "Input",
                                             "LI", "LIF", "Linear", "NIRGraph", "Output", "Scale",
                                             "SumPool2d", "Threshold"},
                                            {nir::DType::F64},
                                            /*profiles=*/true};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override {
    return {{designKind, "a folder of Verilog, memory images, test benches and a report",
             /*runs=*/true}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override;
  nir::Result<std::vector<Claim>> claims(const Job &job) const override;
  bool recognizes(std::string_view head) const override { return head.starts_with(reportHead); }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &options) const override {
    nir::Result<std::string> trace = traceOf(options.settings);
    if (!trace) {
      return trace.takeError();
    }
    return loadDesign(path, {.cache = options.cache, .trace = *trace});
  }
  std::string_view fileInFolder() const override { return reportName; }
  std::vector<std::string> filesWith(const std::string &path) const override {
    return fpga::filesWith(path);
  }
  std::vector<TargetOption> options() const override { return targetOptions(); }
};

/// A design as it was written, and the network that it was made of.
struct Made {
  NetworkCopy copy;
  Written written;
  const Device *device = nullptr;
  bool usesMultipliers = true;

  static ResourcePrediction needsOf(const Written &written, Family family, bool usesMultipliers) {
    return predictResources(*written.circuits.module, written.circuits.design.top, written.plan,
                            family, usesMultipliers);
  }
};

} // namespace

/// Lanes of the unit that has most of them.
static int64_t widestOf(const Plan &plan) {
  int64_t lanes = 1;
  for (const Unit &unit : plan.units) {
    lanes = std::max(lanes, unit.layout.lanes);
  }
  return lanes;
}

static nir::Result<Made> make(const Job &job, const std::string &name) {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             "target 'fpga' computes in integers, and no number format was chosen")
        .in(job.file)
        .note("--format int8");
  }
  Job observed = job;
  observed.states = true; // every state can be read while it runs
  nir::Result<NetworkCopy> copy = networkOf(observed);
  if (!copy) {
    return copy.takeError();
  }
  copy->context().loadDialect<arith::ArithDialect>();
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  EmitChoices choices;
  choices.name = name.empty() ? std::filesystem::path(job.file).stem().string() : name;
  std::string lanes = settingOf(job.settings, "lanes");
  if (!lanes.empty() && job.settings.contains("latency")) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --lanes and --latency, which has no lanes: all neurons are "
                             "computed at once")
        .in(job.file)
        .note("leave one of them out");
  }
  choices.plan.lanes = lanes.empty() || lanes == "auto" ? 0 : std::stoll(lanes);
  std::string latency = settingOf(job.settings, "latency");
  choices.latency = latency.empty() ? 0 : std::stoll(latency);
  const Device *device = findDevice(settingOf(job.settings, "device"));
  choices.build.hasMultipliers = !device || device->hasMultipliers();
  ProgramInfo info = infoOf("fpga", observed, *copy);
  FailureOr<Written> written = writeDesign(copy->network(), info, choices);
  if (device && succeeded(written)) {
    bool isFixed = choices.plan.lanes > 0 || choices.latency > 0;
    std::vector<Attempt> attempts = attemptsOn(*device, widestOf(written->plan), isFixed);
    for (size_t next = 0; succeeded(written);) {
      ResourcePrediction needs =
          Made::needsOf(*written, device->family, choices.build.hasMultipliers);
      if (fits(needs.total, *device)) {
        break;
      }
      if (++next == attempts.size()) { // the first one was just made
        return doesNotFit(needs, *device, widestOf(written->plan)).in(job.file);
      }
      choices.plan.mostLanes = attempts[next].mostLanes;
      choices.build.hasMultipliers = attempts[next].usesMultipliers;
      written = writeDesign(copy->network(), info, choices);
    }
  }
  if (failed(written)) {
    return collector.takeError().in(job.file);
  }
  return Made{*std::move(copy), std::move(*written), device, choices.build.hasMultipliers};
}

nir::Result<std::unique_ptr<Executable>> Fpga::compile(const Job &job) const {
  auto start = Clock::now();
  nir::Result<std::string> trace = traceOf(job.settings);
  if (!trace) {
    return trace.takeError();
  }
  nir::Result<Made> made = make(job, "");
  if (!made) {
    return made.takeError();
  }
  return executableOf({made->written.circuits.design, made->written.files},
                      {.cache = job.cache,
                       .trace = *trace,
                       .file = job.file,
                       .compileSeconds = secondsSince(start)});
}

static SynthesisChoices synthesisChoices(const Made &made) {
  SynthesisChoices choices{made.device, made.usesMultipliers, {}};
  for (Family family : {Family::Ice40, Family::Ecp5, Family::Xc7}) {
    // As syn/Makefile has it: only for an UltraPlus are products put into blocks of an iCE40.
    bool usesMultipliers = made.usesMultipliers && (family != Family::Ice40 ||
                                                    (made.device && made.device->family == family));
    choices.predicted.push_back(
        {family, Made::needsOf(made.written, family, usesMultipliers).total});
  }
  return choices;
}

/// For people: nothing reads it back.
static nlohmann::ordered_json predictedJson(const Made &made, const SynthesisChoices &choices) {
  nlohmann::ordered_json json;
  for (const auto &[family, needs] : choices.predicted) {
    json[std::string(name(family))] = {{"luts", std::lround(needs.luts)},
                                       {"flip_flops", std::lround(needs.flipFlops)},
                                       {"blocks", std::lround(needs.blocks)},
                                       {"multipliers", std::lround(needs.multipliers)}};
  }
  if (made.written.timing) { // which latency and interval say
    return {{"predicted", json}};
  }
  // Where every element sends an event in a step, and where one in ten does.
  for (auto [what, share] : {std::pair("cycles_at_most", 1.0), {"cycles_at_tenth", 0.1}}) {
    CyclePrediction cycles = predictCycles(made.written.plan, share);
    json[what] = {{"interval", std::lround(cycles.interval)},
                  {"latency", std::lround(cycles.latency)}};
  }
  return {{"predicted", json}};
}

/// What there is to know at once, for the README and for who wrote it.
static std::vector<std::string> factsOf(const Job &job, const Made &made,
                                        const SynthesisChoices &choices) {
  std::vector<std::string> facts;
  Family family = made.device ? made.device->family : Family::Ice40;
  for (const auto &[of, needs] : choices.predicted) {
    if (of == family) {
      facts.push_back(fmt::format(
          "size: about {:.0f} LUTs, {:.0f} registers, {:.0f} block RAMs and {:.0f} multipliers on "
          "{}, as predicted",
          needs.luts, needs.flipFlops, needs.blocks, needs.multipliers,
          made.device ? made.device->name : "an iCE40"));
    }
  }
  if (made.written.timing) {
    const Timing &timing = *made.written.timing;
    std::string asked = settingOf(job.settings, "latency");
    std::string more = std::to_string(timing.latency) == asked
                           ? ""
                           : fmt::format("; --latency {} allows more than the network has stages "
                                         "for",
                                         asked);
    facts.push_back(
        fmt::format("cycles: a step enters every {}, and is answered {} later{}",
                    timing.interval == 1 ? "cycle" : nir::counted(timing.interval, "cycle"),
                    nir::counted(timing.latency, "cycle"), more));
    return facts;
  }
  auto cycles = [&](double share) {
    CyclePrediction prediction = predictCycles(made.written.plan, share);
    return fmt::format("{:.0f} cycles for the answer alone and {:.0f} from step to step",
                       prediction.latency, prediction.interval);
  };
  facts.push_back(
      fmt::format("cycles: where one element in ten sends an event in a step, about {}; "
                  "where all do, {}",
                  cycles(0.1), cycles(1.0)));
  std::string lanes = settingOf(job.settings, "lanes");
  int64_t widest = widestOf(made.written.plan);
  if (!lanes.empty() && lanes != "auto" && lanes != std::to_string(widest)) {
    facts.push_back(
        fmt::format("lanes: {}, as they are a power of two, at most 64 and no more than "
                    "a row of sums has; --lanes asks for {}",
                    widest, lanes));
  }
  return facts;
}

static std::vector<ModuleQuery> queriesOf(const Made &made) {
  std::vector<ModuleQuery> queries;
  for (const Proven &proven : made.written.circuits.datapaths) {
    snn::PopulationOp population = proven.population;
    queries.push_back(
        {population.getNode().str(), proven.datapath.module,
         bodyQuery(population, proven.datapath, {.hasMultipliers = made.usesMultipliers})});
  }
  return queries;
}

nir::Result<std::vector<Claim>> Fpga::claims(const Job &job) const {
  nir::Result<Made> made = make(job, "");
  if (!made) {
    return made.takeError();
  }
  Artifact artifact;
  for (Artifact::File &file : made->written.files) {
    artifact.files.push_back(std::move(file));
  }
  return claimsOf(artifact, queriesOf(*made), job.cache);
}

nir::Result<Artifact> Fpga::emit(const Job &job, const EmitOptions &options) const {
  if (nir::Result<std::string> kind = kindOf(*this, options); !kind) {
    return kind.takeError();
  }
  if (!options.cpu.empty() || !options.triple.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --cpu or --triple, which are about machine code, and target "
                             "'fpga' writes none")
        .note("leave them out");
  }
  nir::Result<Made> made = make(job, options.name);
  if (!made) {
    return made.takeError();
  }
  const Design &design = made->written.circuits.design;
  DiagnosticCollector collector(made->copy.context(), nir::Cause::UnsupportedByTarget);
  FailureOr<Stimulus> stimulus = recordStimulus(made->copy.network(), design);
  if (failed(stimulus)) {
    return collector.takeError().in(job.file);
  }
  SynthesisChoices synthesis = synthesisChoices(*made);
  Artifact artifact;
  for (Artifact::File &file : made->written.files) {
    artifact.files.push_back(std::move(file));
  }
  for (Artifact::File &file : simulationFiles(design, *stimulus)) {
    artifact.files.push_back(std::move(file));
  }
  std::string diagram = made->written.timing ? "" : diagramOf(made->written.plan);
  artifact.summary = factsOf(job, *made, synthesis);
  artifact.files.push_back(
      {"README.md", readmeOf(made->written.plan, design, artifact.summary, !diagram.empty())});
  if (!diagram.empty()) {
    artifact.files.push_back({"diagram.svg", std::move(diagram)});
  }
  artifact.files.push_back({design.top + ".core", coreFileOf(design)});
  for (ModuleQuery &each : queriesOf(*made)) {
    artifact.files.push_back({"formal/" + each.module + ".smt2", std::move(each.query)});
  }
  artifact.files.push_back({"formal/prove.py", proveScript().str()});
  artifact.files.push_back({"formal/streams.txt", made->written.circuits.streams});
  artifact.files.push_back({"formal/streams.py", streamsScript().str()});
  for (Artifact::File &file : synthesisFiles(design, synthesis)) {
    artifact.files.push_back(std::move(file));
  }
  nlohmann::ordered_json more = predictedJson(*made, synthesis);
  for (const Artifact::File &file : artifact.files) {
    more["files"].push_back(file.name);
  }
  artifact.files.insert(artifact.files.begin(),
                        {std::string(reportName), designJson(design, more)});
  return artifact;
}

std::unique_ptr<Target> createTarget() { return std::make_unique<Fpga>(); }

} // namespace nirc::fpga
