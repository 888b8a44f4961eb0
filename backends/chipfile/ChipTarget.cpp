//===- ChipTarget.cpp - a chip file as a target ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/ChipTarget.h"

#include "backends/FrontEnd.h"
#include "backends/Target.h"
#include "backends/chipfile/CodeClaims.h"
#include "backends/chipfile/MapNetwork.h"
#include "backends/chipfile/ReadChip.h"
#include "backends/chipfile/Run.h"
#include "backends/run/Clock.h"
#include "ir/graph/FlatGraph.h"
#include "passes/neurons/BuildNeurons.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>

using namespace mlir;
using namespace nirc;
using namespace nirc::chipfile;

namespace {

constexpr std::string_view kind = "cores";

class ChipTarget : public Target {
public:
  explicit ChipTarget(Chip chip);

  std::string_view name() const override { return chip.name; }
  std::string_view summary() const override { return text; }
  const Constraints &describe() const override { return constraints; }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override {
    return {{kind, "one JSON file: the neurons and synapses of each core", /*runs=*/true}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override;
  bool recognizes(std::string_view head) const override {
    return head.starts_with(magicOf(chip.name));
  }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &options) const override;
  nir::Result<Mapping> map(const Job &job, const MapOptions &options) const override;
  nir::Result<std::vector<Claim>> claims(const Job &job) const override;

private:
  /// A job's model, the mapping that its network has, and what is said of it.
  struct Built {
    NeuronModel model;
    ProgramInfo info;
    std::optional<Mapping> mapping;
  };
  nir::Status checkJob(const Job &job) const;
  nir::Result<Built> build(const Job &job) const;
  nir::Result<CoreNetwork> networkFor(const Job &job) const;

  Chip chip;
  std::string text; ///< the summary
  Constraints constraints;
};

} // namespace

ChipTarget::ChipTarget(Chip from) : chip(std::move(from)) {
  text = fmt::format("{}{}a chip file's {} cores, modelled one by one; spikes in, --semantics {} "
                     "--format {}",
                     chip.summary, chip.summary.empty() ? "" : "; ", chip.cores(), chip.name,
                     chip.name);
  constraints.primitives.assign(chip.primitives.begin(), chip.primitives.end());
  constraints.dtypes = {nir::DType::F64};
  constraints.profiles = constraints.maps = constraints.takesSpikes = true;
}

//===----------------------------------------------------------------------===//
// From a job to cores
//===----------------------------------------------------------------------===//

/// What the file says of jobs: the number format, the time step and the primitives.
nir::Status ChipTarget::checkJob(const Job &job) const {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             fmt::format("target '{}' computes in integers, and no number format "
                                         "was chosen",
                                         chip.name))
        .note(fmt::format("--format {0}, and --semantics {0}: a spike takes a step there",
                          chip.name));
  }
  if (job.isClocked() || !job.graph) {
    return {};
  }
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(*job.graph, problems);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    std::string_view type = std::visit(
        [](const auto &params) -> std::string_view { return std::decay_t<decltype(params)>::type; },
        flat.nodes[i].node->params);
    if (std::ranges::find(chip.primitives, type) == chip.primitives.end()) {
      return nir::Error::atNode(nir::Cause::UnsupportedByTarget, flat.path(static_cast<int32_t>(i)),
                                fmt::format("is {}, expected one of {}, which chip '{}' has", type,
                                            fmt::join(chip.primitives, ", "), chip.name))
          .note("another node in its place, or another target: `nirc targets`");
    }
  }
  return {};
}

nir::Result<ChipTarget::Built> ChipTarget::build(const Job &job) const {
  if (nir::Status bad = checkJob(job)) {
    return std::move(*bad);
  }
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  double dt = copy->network().getSemantics().getDtSeconds();
  constexpr double sameTime = 1e-9;
  if (chip.dtSeconds > 0.0 && std::abs(dt - chip.dtSeconds) > sameTime * chip.dtSeconds) {
    return nir::Error::usage(nir::Cause::StepConflict,
                             fmt::format("found steps of {} s, expected {} s, the timestep of chip "
                                         "'{}'",
                                         dt, chip.dtSeconds, chip.name))
        .note(fmt::format("--dt {}", chip.dtSeconds));
  }
  copy->context().loadDialect<arith::ArithDialect>();
  std::string platform = "chip '" + chip.name + "'";
  std::string weights = fmt::format("{} bits", chip.weightBits);
  DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  FailureOr<NeuronModel> model = buildNeurons(
      copy->network(), {platform, chip.name, weights, chip.longestDelay, chip.largestWeight()});
  if (failed(model)) {
    return collector.takeError();
  }
  if (model->inputElements + std::ssize(model->synapses) > mostSources) {
    return nir::Error(nir::Cause::DoesNotFit,
                      fmt::format("has {} inputs and neurons, expected at most {}",
                                  model->inputElements + std::ssize(model->synapses), mostSources));
  }
  if (nir::Status bad = checkNeurons(chip, *model)) {
    return std::move(*bad);
  }
  std::optional<Mapping> mapping = readMapping(copy->network());
  if (mapping && mapping->target != chip.name) {
    mapping.reset();
  }
  return Built{std::move(*model), nirc::infoOf(chip.name, job, *copy), std::move(mapping)};
}

nir::Result<Mapping> ChipTarget::map(const Job &job, const MapOptions &options) const {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError().in(job.file);
  }
  nir::Result<Mapping> mapping =
      mapToChip(chip, built->model, std::move(built->mapping), {.shareCores = options.shareCores});
  return mapping ? std::move(mapping) : nir::Result<Mapping>(mapping.takeError().in(job.file));
}

nir::Result<CoreNetwork> ChipTarget::networkFor(const Job &job) const {
  nir::Result<Built> built = build(job);
  if (!built) {
    return built.takeError().in(job.file);
  }
  nir::Result<Mapping> mapping = mapToChip(chip, built->model, std::move(built->mapping), {});
  if (!mapping) {
    return mapping.takeError().in(job.file);
  }
  return coreNetworkOf(built->model, *mapping, built->info);
}

/// Of the file that would be written.
nir::Result<std::vector<Claim>> ChipTarget::claims(const Job &job) const {
  nir::Result<CoreNetwork> network = networkFor(job);
  if (!network) {
    return network.takeError();
  }
  nir::Result<CoreNetwork> read = readNetwork(writeNetwork(*network));
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!read || !copy) {
    return read ? copy.takeError() : read.takeError().as(nir::ErrorKind::Internal).in(job.file);
  }
  copy->context().loadDialect<arith::ArithDialect>();
  return claimsOfCores(copy->network(), *read);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// What runs is what was written.
nir::Result<std::unique_ptr<Executable>> ChipTarget::compile(const Job &job) const {
  auto start = Clock::now();
  nir::Result<CoreNetwork> network = networkFor(job);
  if (!network) {
    return network.takeError();
  }
  nir::Result<CoreNetwork> read = readNetwork(writeNetwork(*network));
  if (!read) {
    return read.takeError().as(nir::ErrorKind::Internal).in(job.file);
  }
  return executableOf(*std::move(read), job.file, secondsSince(start));
}

nir::Result<Artifact> ChipTarget::emit(const Job &job, const EmitOptions &options) const {
  if (nir::Result<std::string> known = kindOf(*this, options); !known) {
    return known.takeError();
  }
  if (!options.cpu.empty() || !options.triple.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("found --cpu or --triple, and target '{}' writes no "
                                         "machine code",
                                         chip.name))
        .note("leave them out");
  }
  Job observed = job;
  observed.states = true; // to be read while it runs
  nir::Result<CoreNetwork> network = networkFor(observed);
  if (!network) {
    return network.takeError();
  }
  std::string name =
      options.name.empty() ? std::filesystem::path(job.file).stem().string() : options.name;
  Artifact artifact;
  artifact.files.push_back({name + ".cores.json", writeNetwork(*network)});
  int64_t synapses = 0;
  for (const Core &core : network->cores) {
    for (const CoreRow &row : core.rows) {
      synapses += std::ssize(row.places);
    }
  }
  artifact.summary.push_back(fmt::format("{} of {} cores, {} neurons, {} synapses",
                                         network->cores.size(), chip.cores(), network->neurons,
                                         synapses));
  return artifact;
}

static nir::Result<std::string> bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    return nir::Error(nir::Cause::CannotRead, "cannot be read").in(path);
  }
  return bytes;
}

nir::Result<std::unique_ptr<Executable>> ChipTarget::load(const std::string &path,
                                                          const LoadOptions &) const {
  auto start = Clock::now();
  nir::Result<std::string> bytes = bytesOf(path);
  if (!bytes) {
    return bytes.takeError();
  }
  nir::Result<CoreNetwork> network = readNetwork(*bytes);
  if (!network) {
    return network.takeError().in(path);
  }
  return executableOf(*std::move(network), path, secondsSince(start));
}

//===----------------------------------------------------------------------===//
// Chip files
//===----------------------------------------------------------------------===//

bool nirc::chipfile::looksLikeAChip(std::string_view head) {
  size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head[first] == '{';
}

nir::Result<Chip> nirc::chipfile::readChipFile(const std::string &path) {
  constexpr uintmax_t most = 1 << 20;
  std::error_code none;
  if (std::filesystem::file_size(path, none) > most && !none) {
    return nir::Error(nir::Cause::Limit,
                      fmt::format("has more than {} bytes, as no chip file does", most));
  }
  nir::Result<std::string> bytes = bytesOf(path);
  return bytes ? readChip(*bytes) : bytes.takeError();
}

std::shared_ptr<const Target> nirc::chipfile::targetOf(Chip chip) {
  return std::make_shared<ChipTarget>(std::move(chip));
}
