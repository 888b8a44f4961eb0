//===- Target.cpp - SpiNNaker2 as a target ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/FrontEnd.h"
#include "backends/run/Clock.h"
#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/Passes.h"
#include "backends/spinnaker2/emit/Readme.h"
#include "backends/spinnaker2/firmware/Program.h"
#include "backends/spinnaker2/machine/Run.h"
#include "backends/spinnaker2/map/MapNetwork.h"
#include "backends/spinnaker2/model/BuildModel.h"
#include "backends/spinnaker2/proof/Claims.h"
#include "backends/spinnaker2/script/MatchNetwork.h"
#include "backends/spinnaker2/script/WriteScript.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace mlir;

namespace nirc::spinnaker2 {

namespace {

constexpr std::string_view firmwareKind = "firmware", scriptKind = "py-spinnaker2";

class Spinnaker2 : public Target {
public:
  std::string_view name() const override { return "spinnaker2"; }
  std::string_view summary() const override {
    return "SpiNNaker2: programs of its cores, run by QEMU's Cortex-M4; spikes in, --semantics "
           "spinnaker2 --format spinnaker2 or int8";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {
        {"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI", "CubaLIF", "Delay", "Flatten", "I",
         "IF", "Input", "LI", "LIF", "Linear", "NIRGraph", "Output", "Scale", "SumPool2d"},
        {nir::DType::F64},
        /*profiles=*/true,
        /*maps=*/true,
        /*takesSpikes=*/true};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override {
    return {{firmwareKind, "a folder of programs, their sources and what each core holds",
             /*runs=*/true},
            {scriptKind, "a Python script for py-spinnaker2, with an .npz of synapses"}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override;
  bool recognizes(std::string_view head) const override {
    return head.substr(0, 8).ends_with("NRS2");
  }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &options) const override;
  std::string_view fileInFolder() const override { return networkFile; }
  std::vector<std::string> filesWith(const std::string &path) const override;
  std::vector<TargetOption> options() const override;
  nir::Result<Mapping> map(const Job &job, const MapOptions &options) const override;
  nir::Result<std::vector<Claim>> claims(const Job &job) const override;
  void registerPasses() const override { registerSpinnaker2Passes(); }
};

/// A job's model, the mapping that its network has, and what is said of it.
struct Built {
  Model model;
  ProgramInfo info;
  std::optional<Mapping> mapping;
};

} // namespace

std::vector<TargetOption> Spinnaker2::options() const {
  std::vector<TargetOption> all = machineOptionList();
  all.push_back({"board",
                 "1|48",
                 "how many chips there are; 48, of a large board, where nothing is said",
                 {"1", "48"}});
  all.push_back({"neurons-per-core",
                 "N",
                 "the most neurons of a core, for shorter ticks; otherwise as many as fit",
                 {},
                 /*takesNumber=*/true});
  return all;
}

static Site siteOf(const Settings &settings) {
  Site site;
  auto board = settings.find("board"), neurons = settings.find("neurons-per-core");
  for (const Board &each : boards) {
    if (board != settings.end() && board->second == each.name) {
      site.board = each;
    }
  }
  if (neurons != settings.end()) {
    constexpr int digits = 9; // more are more than a core has in any case
    bool isLong = neurons->second.size() > digits;
    site.neuronsPerCore = isLong ? mostPlaces : std::min(mostPlaces, std::stol(neurons->second));
  }
  return site;
}

/// The clocked network of a job that has a number format.
static nir::Result<NetworkCopy> formattedNetwork(const Job &job) {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             "target 'spinnaker2' has weights of integers, and no number format "
                             "was chosen")
        .in(job.file)
        .note(job.semantics.timing == nir::Timing::Pipelined
                  ? "--format spinnaker2, of states in float32, or --format int8"
                  : "--format spinnaker2 or int8, and --semantics spinnaker2 or --schedule "
                    "pipelined: on SpiNNaker2 a spike takes a step");
  }
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (copy) {
    copy->context().loadDialect<arith::ArithDialect>();
  }
  return copy;
}

static nir::Result<Built> build(const Job &job) {
  nir::Result<NetworkCopy> copy = formattedNetwork(job);
  if (!copy) {
    return copy.takeError();
  }
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  FailureOr<Model> model = buildModel(copy->network());
  if (failed(model)) {
    return collector.takeError().in(job.file);
  }
  std::optional<Mapping> mapping = readMapping(copy->network());
  if (mapping && mapping->target != Spinnaker2().name()) {
    mapping.reset();
  }
  return Built{std::move(*model), nirc::infoOf("spinnaker2", job, *copy), std::move(mapping)};
}

/// The mapping that the network has, or else one that is found.
static nir::Result<Mapping> mappingOf(Built &built, const Settings &settings,
                                      const PartitionOptions &options) {
  Site site = siteOf(settings);
  if (!built.mapping) {
    return mapToCores(built.model, site, options);
  }
  if (nir::Status wrong = checkMapping(built.model, site, *built.mapping)) {
    return std::move(*wrong);
  }
  return *std::move(built.mapping);
}

nir::Result<Mapping> Spinnaker2::map(const Job &job, const MapOptions &options) const {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError();
  }
  nir::Result<Mapping> mapping =
      mappingOf(*built, job.settings, {.shareCores = options.shareCores});
  return mapping ? std::move(mapping) : nir::Result<Mapping>(mapping.takeError().in(job.file));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// Gives each core its program, and each program its files.
static void addPrograms(const Model &model, const Mapping &mapping, Image &image,
                        std::vector<Artifact::File> &files) {
  std::vector<ProgramKind> kinds;
  std::vector<std::vector<int32_t>> parts = neuronsOf(graphOf(model), mapping);
  for (size_t i = 0; i < parts.size(); ++i) {
    ProgramKind kind{updatesOf(model, parts[i]), image.cores[i].data.ringBits};
    auto known = std::ranges::find(kinds, kind);
    image.cores[i].program = fmt::format("p{}", known - kinds.begin());
    if (known == kinds.end()) {
      kinds.push_back(std::move(kind));
    }
  }
  for (Artifact::File &file : firmwareFiles()) {
    files.push_back(std::move(file));
  }
  for (size_t i = 0; i < kinds.size(); ++i) {
    for (Artifact::File &file : programFiles(model, kinds[i], fmt::format("p{}", i))) {
      files.push_back(std::move(file));
    }
  }
}

static nir::Status checkRoutes(const NetworkImage &network) {
  for (size_t chip = 0; chip < network.chips.size(); ++chip) {
    auto entries = std::ssize(network.chips[chip]);
    if (entries > multicastEntries) {
      return nir::Error(nir::Cause::DoesNotFit,
                        fmt::format("chip {} needs {} multicast entries, expected at most {}", chip,
                                    entries, multicastEntries))
          .note("--own-cores, or fewer connections between the nodes");
    }
  }
  return {};
}

/// All files but the programs' ELFs.
static nir::Result<std::vector<Artifact::File>> filesOf(const Job &job, bool withElfs) {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError();
  }
  nir::Result<Mapping> mapping = mappingOf(*built, job.settings, {});
  if (!mapping) {
    return mapping.takeError();
  }
  Image image =
      makeImage(built->model, *mapping, built->info.outputs.size(), built->info.records.size());
  image.network.nirc = built->info.nirc;
  image.network.model = built->info.model;
  image.network.semantics = built->info.semantics;
  image.network.format = built->info.format;
  if (nir::Status tooMany = checkRoutes(image.network)) {
    return std::move(*tooMany);
  }
  std::vector<Artifact::File> files;
  addPrograms(built->model, *mapping, image, files);
  for (size_t i = 0; i < image.cores.size(); ++i) {
    files.push_back({image.network.cores[i].file, writeCore(image.cores[i])});
  }
  files.insert(files.begin(), {std::string(networkFile), writeNetwork(image.network)});
  std::vector<std::string> programs;
  for (const CoreImage &core : image.cores) {
    if (std::ranges::find(programs, core.program) == programs.end()) {
      programs.push_back(core.program);
    }
  }
  for (size_t i = 0; i < programs.size() && withElfs; ++i) {
    nir::Result<std::string> elf = buildElf(files, programs[i]);
    if (!elf) {
      return elf.takeError();
    }
    files.push_back({elfOf(programs[i]), *std::move(elf)});
  }
  return files;
}

nir::Result<std::unique_ptr<Executable>> Spinnaker2::compile(const Job &job) const {
  auto start = Clock::now();
  nir::Result<MachineOptions> options = machineOptions(job.settings);
  if (!options) {
    return options.takeError();
  }
  nir::Result<std::vector<Artifact::File>> files = filesOf(job, /*withElfs=*/!options->onHost);
  if (!files) {
    return files.takeError().in(job.file);
  }
  nir::Result<Loaded> loaded = loadFiles(*std::move(files));
  if (!loaded) {
    return loaded.takeError().in(job.file);
  }
  options->cache = job.cache;
  options->file = job.file;
  options->compileSeconds = secondsSince(start);
  return executableOf(*std::move(loaded), *std::move(options));
}

nir::Result<std::unique_ptr<Executable>> Spinnaker2::load(const std::string &path,
                                                          const LoadOptions &given) const {
  auto start = Clock::now();
  nir::Result<MachineOptions> options = machineOptions(given.settings);
  if (!options) {
    return options.takeError();
  }
  nir::Result<Loaded> loaded = loadFolder(path);
  if (!loaded) {
    return loaded.takeError();
  }
  options->cache = given.cache;
  options->file = path;
  options->compileSeconds = secondsSince(start);
  return executableOf(*std::move(loaded), *std::move(options));
}

std::vector<std::string> Spinnaker2::filesWith(const std::string &path) const {
  return filesOfFolder(path);
}

/// The network as py-spinnaker2's, which knows nothing of cores.
static nir::Result<Artifact> emitScript(const Job &job, const std::string &name) {
  if (job.settings.contains("board")) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --board, and a script for py-spinnaker2 is for any board")
        .note("the script takes --hardware or --board, with addresses");
  }
  nir::Result<NetworkCopy> copy = formattedNetwork(job);
  if (!copy) {
    return copy.takeError();
  }
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  FailureOr<ScriptModel> model = matchNetwork(copy->network());
  if (failed(model)) {
    return collector.takeError().in(job.file);
  }
  nir::Result<Script> script =
      writeScript(*model, std::min(siteOf(job.settings).neuronsPerCore, mostNeuronsPerCore));
  if (!script) {
    return script.takeError().in(job.file);
  }
  Artifact artifact;
  artifact.files.push_back({name + ".py", std::move(script->script)});
  artifact.files.push_back({name + ".npz", std::move(script->arrays)});
  return artifact;
}

nir::Result<Artifact> Spinnaker2::emit(const Job &job, const EmitOptions &options) const {
  nir::Result<std::string> kind = kindOf(*this, options);
  if (!kind) {
    return kind.takeError();
  }
  if (!options.cpu.empty() || !options.triple.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --cpu or --triple, and the cores of SpiNNaker2 are Cortex-M4s")
        .note("leave them out");
  }
  if (*kind == scriptKind) {
    return emitScript(job, options.name.empty() ? std::filesystem::path(job.file).stem().string()
                                                : options.name);
  }
  Job observed = job;
  observed.states = true; // to be read while it runs
  nir::Result<std::vector<Artifact::File>> files = filesOf(observed, /*withElfs=*/true);
  if (!files) {
    return files.takeError().in(job.file);
  }
  nir::Result<Loaded> loaded = loadFiles(*files);
  if (!loaded) {
    return loaded.takeError().in(job.file);
  }
  Artifact artifact;
  artifact.summary = summaryOf(*loaded);
  files->push_back(
      {"README.md",
       readmeOf(*loaded, options.name.empty() ? loaded->image.network.model : options.name)});
  files->push_back({std::string(sumsFile), sumsOf(*files)});
  artifact.files = *std::move(files);
  return artifact;
}

nir::Result<std::vector<Claim>> Spinnaker2::claims(const Job &job) const {
  nir::Result<NetworkCopy> copy = formattedNetwork(job);
  if (!copy) {
    return copy.takeError();
  }
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  FailureOr<Model> model = buildModel(copy->network());
  if (failed(model)) {
    return collector.takeError().in(job.file);
  }
  return claimsOfModel(copy->network(), *model);
}

std::unique_ptr<Target> createTarget() { return std::make_unique<Spinnaker2>(); }

} // namespace nirc::spinnaker2
