//===- Target.cpp - Loihi 2 as a target -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/FrontEnd.h"
#include "backends/loihi2/Passes.h"
#include "backends/loihi2/chip/Account.h"
#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/lava/WriteLava.h"
#include "backends/loihi2/lava/WriteNet.h"
#include "backends/loihi2/map/CheckAxons.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "backends/loihi2/proof/Claims.h"
#include "backends/run/Clock.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace mlir;

namespace nirc::loihi2 {

namespace {

constexpr std::string_view imageKind = "image", netKind = "net", lavaKind = "lava";

/// Runs the image, which is all that it keeps of the network.
class OnChip : public Executable {
public:
  OnChip(Image image, std::string file, double compiling)
      : chip(std::move(image)), description(infoOf(chip.contents())), file(std::move(file)) {
    measured.compilation.push_back({"compile", compiling});
  }

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    auto start = Clock::now();
    nir::Result<nir::Recording> recording = loihi2::run(chip, input, options);
    if (!recording) {
      return recording.takeError().in(file);
    }
    ChipCounts counts = chip.counts();
    measured.steps = counts.steps;
    measured.seconds = secondsSince(start);
    measured.counts = countTable(chip.contents(), counts);
    measured.estimates = estimates(chip.contents(), counts, loihi1Costs);
    return recording;
  }
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    return stepperOf(chip, batch);
  }
  const Profile *profile() const override { return &measured; }

private:
  Chip chip;
  ProgramInfo description;
  std::string file;
  Profile measured;
};

class Loihi2 : public Target {
public:
  std::string_view name() const override { return "loihi2"; }
  std::string_view summary() const override {
    return "Intel's Loihi 2, as a model of the chip that is right to the bit; spikes in, "
           "--semantics "
           "loihi2 --format loihi2";
  }
  const Constraints &describe() const override {
    static const Constraints constraints = {
        {"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI", "CubaLIF", "Delay", "Flatten", "IF",
         "Input", "LI", "LIF", "Linear", "NIRGraph", "Output", "Scale", "SumPool2d"},
        {nir::DType::F64},
        /*profiles=*/true,
        /*maps=*/true,
        /*takesSpikes=*/true};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override {
    return {
        {imageKind, "what the cores hold, as one file (backends/loihi2/image/image.fbs)",
         /*runs=*/true},
        {netKind, "one row of layers, as the HDF5 file that lava-dl's netx loads"},
        {lavaKind, "any network, as a Python script of Lava's processes with an .npz of weights"}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override;
  bool recognizes(std::string_view head) const override {
    return head.substr(0, 8).ends_with("NRL2");
  }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &options) const override;
  nir::Result<Mapping> map(const Job &job, const MapOptions &options) const override;
  nir::Result<std::vector<Claim>> claims(const Job &job) const override;
  void registerPasses() const override { registerLoihi2Passes(); }
};

} // namespace

/// A job's model, what its network says of convolutions, and the mapping that the network has.
struct Built {
  Model model;
  Image::Head head;
  std::vector<std::optional<ConvWindow>> windows;
  std::optional<Mapping> mapping;
};

/// `onCores`: for a mapping, so a neuron may have no more sources than a core has input axons.
static nir::Result<Built> build(const Job &job, bool onCores = true) {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(
               nir::Cause::UnsupportedByTarget,
               "target 'loihi2' computes in integers, and no number format was chosen")
        .in(job.file)
        .note(job.semantics.timing == nir::Timing::Pipelined
                  ? "--format loihi2"
                  : "--format loihi2, and --semantics loihi2 or --schedule pipelined: on Loihi 2 a "
                    "spike takes a step");
  }
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  copy->context().loadDialect<arith::ArithDialect>();
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  snn::NetworkOp network = copy->network();
  if (onCores && failed(checkAxons(network, loihi2Core))) {
    return collector.takeError();
  }
  FailureOr<Model> model = buildModel(network);
  if (failed(model)) {
    return collector.takeError();
  }
  std::optional<Mapping> mapping = readMapping(network);
  if (mapping && mapping->target != Loihi2().name()) {
    mapping.reset();
  }
  ProgramInfo info = nirc::infoOf("loihi2", job, *copy);
  Image::Head head{info.nirc,   info.model,          info.semantics,
                   info.format, info.outputs.size(), info.records.size()};
  return Built{std::move(*model), std::move(head), windowsOf(network), std::move(mapping)};
}

/// The mapping that the network has, or else one that is found.
static nir::Result<Mapping> mappingOf(Built &built, const PartitionOptions &options) {
  if (!built.mapping) {
    return mapToCores(built.model, loihi2Core, options);
  }
  if (nir::Status wrong = checkMapping(built.model, loihi2Core, *built.mapping)) {
    return std::move(*wrong);
  }
  return *std::move(built.mapping);
}

static nir::Result<std::string> imageOf(Built &built) {
  nir::Result<Mapping> mapping = mappingOf(built, {});
  return mapping ? nir::Result<std::string>(writeImage(built.model, *mapping, built.head))
                 : mapping.takeError();
}

nir::Result<Mapping> Loihi2::map(const Job &job, const MapOptions &options) const {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError();
  }
  nir::Result<Mapping> mapping = mappingOf(*built, {.shareCores = options.shareCores});
  return mapping ? std::move(mapping) : nir::Result<Mapping>(mapping.takeError().in(job.file));
}

nir::Result<std::unique_ptr<Executable>> Loihi2::compile(const Job &job) const {
  auto start = Clock::now();
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError();
  }
  nir::Result<std::string> bytes = imageOf(*built);
  if (!bytes) {
    return bytes.takeError().in(job.file);
  }
  nir::Result<Image> image = readImage(*bytes);
  if (!image) {
    return image.takeError().in(job.file);
  }
  return std::unique_ptr<Executable>(
      std::make_unique<OnChip>(std::move(*image), job.file, secondsSince(start)));
}

nir::Result<std::unique_ptr<Executable>> Loihi2::load(const std::string &path,
                                                      const LoadOptions &) const {
  auto start = Clock::now();
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return nir::Error(nir::Cause::CannotRead, "cannot be read").in(path);
  }
  nir::Result<Image> image = readImage(bytes);
  if (!image) {
    return image.takeError().in(path);
  }
  return std::unique_ptr<Executable>(
      std::make_unique<OnChip>(std::move(*image), path, secondsSince(start)));
}

nir::Result<Artifact> Loihi2::emit(const Job &job, const EmitOptions &options) const {
  nir::Result<std::string> kind = kindOf(*this, options);
  if (!kind) {
    return kind.takeError();
  }
  if (!options.cpu.empty() || !options.triple.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --cpu or --triple, which are about machine code, and target "
                             "'loihi2' writes none")
        .note("leave them out");
  }
  Job observed = job;
  observed.states = *kind == imageKind; // to be read while it runs
  nir::Result<Built> built = build(observed, /*onCores=*/*kind == imageKind);
  if (!built) {
    return built.takeError();
  }
  std::string name =
      options.name.empty() ? std::filesystem::path(job.file).stem().string() : options.name;
  Artifact artifact;
  if (*kind == lavaKind) {
    nir::Result<LavaScript> lava = writeLava(built->model);
    if (!lava) {
      return lava.takeError().in(job.file);
    }
    artifact.files.push_back({name + ".py", std::move(lava->script)});
    artifact.files.push_back({name + ".npz", std::move(lava->arrays)});
    return artifact;
  }
  bool isNet = *kind == netKind;
  nir::Result<std::string> bytes = isNet ? writeNet(built->model, built->windows) : imageOf(*built);
  if (!bytes) {
    return bytes.takeError().in(job.file);
  }
  artifact.files.push_back({name + (isNet ? ".net" : ".loihi2"), std::move(*bytes)});
  return artifact;
}

/// Of what an image holds, as it is read back.
nir::Result<std::vector<Claim>> Loihi2::claims(const Job &job) const {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError();
  }
  nir::Result<std::string> bytes = imageOf(*built);
  if (!bytes) {
    return bytes.takeError().in(job.file);
  }
  nir::Result<Image> image = readImage(*bytes);
  if (!image) {
    return image.takeError().in(job.file);
  }
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  return claimsOfImage(copy->network(), built->model, *image);
}

std::unique_ptr<Target> createTarget() { return std::make_unique<Loihi2>(); }

} // namespace nirc::loihi2
