//===- Mychip.cpp - a made-up chip, as a backend of nirc ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mychip has 64 cores. A core has 48 neurons, whose update is a small program, and a list of
// synapses with weights of 6 bits for each source of spikes. A spike takes one step to any core.
// Everything that nirc needs to know of it is here: docs/add-your-chip.md goes through it.
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "backends/FrontEnd.h"
#include "backends/Plugin.h"
#include "passes/bodies/Interval.h"
#include "passes/neurons/BuildNeurons.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace mychip {

// 1. The chip's limits. Of a real one each comes with its source.
constexpr int64_t neuronsOfCore = 48, synapsesOfCore = 4096, stateBits = 16;
constexpr nirc::CoreGrid grid = {8, 8};
constexpr nirc::SynapseLimits limits = {"Mychip", "mychip", "6 bits", /*longestDelay=*/7,
                                        /*largestWeight=*/31};

// 2. What a core has room for: the partitioner asks.
class Core : public nirc::CoreModel {
public:
  explicit Core(const nirc::NeuronModel &model) : model(model) {}
  const std::vector<nirc::Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override {
    int64_t synapses = 0;
    for (int32_t neuron : neurons) {
      synapses += std::ssize(model.synapses[neuron]);
    }
    return {std::ssize(neurons), synapses};
  }
  int64_t mostRoutes() const override { return INT64_MAX; } // spikes go to any number of cores
  std::string routeName() const override { return "routes"; }
  double leastCores(std::span<const int32_t> neurons) const override {
    std::vector<int64_t> needed = load(neurons);
    return std::max(double(needed[0]) / neuronsOfCore, double(needed[1]) / synapsesOfCore);
  }

private:
  const nirc::NeuronModel &model;
  std::vector<nirc::Resource> all = {{"neurons", neuronsOfCore}, {"synapses", synapsesOfCore}};
};

// 3. From the clocked network to neurons and synapses, or a diagnostic at the node that does not
// fit. Here a chip with fixed neurons would look for its own in the updates.
static llvm::FailureOr<nirc::NeuronModel> match(snn::NetworkOp network) {
  llvm::FailureOr<nirc::NeuronModel> model = nirc::buildNeurons(network, limits);
  for (size_t i = 0; succeeded(model) && i < model->populations.size(); ++i) {
    for (const nirc::NeuronState &state : model->populations[i].states) {
      if (!nirc::Interval{state.least, state.most}.fits(stateBits)) {
        return network.emitError()
               << "node '" << model->populations[i].node << "' has a state of " << state.least
               << " to " << state.most << ", expected one of 16 bits: --format mychip has them";
      }
    }
  }
  return model;
}

// 4. A pass of the chip: it writes into the network which core has which neurons.
struct MapPass : mlir::PassWrapper<MapPass, mlir::OperationPass<mlir::ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(MapPass)
  explicit MapPass(bool shareCores = true) : shareCores(shareCores) {}
  llvm::StringRef getArgument() const override { return "mychip-map"; }
  llvm::StringRef getDescription() const override { return "puts neurons on cores of Mychip"; }
  void getDependentDialects(mlir::DialectRegistry &registry) const override {
    registry.insert<mlir::arith::ArithDialect>();
  }
  void runOnOperation() override {
    for (auto network : getOperation().getOps<snn::NetworkOp>()) {
      std::optional<nirc::Mapping> own = nirc::readMapping(network);
      llvm::FailureOr<nirc::NeuronModel> model = match(network);
      if (failed(model) || (own && own->target == "mychip")) {
        return failed(model) ? signalPassFailure() : void();
      }
      nir::Result<nirc::Mapping> mapping = nirc::mapToCores(
          nirc::graphOf(*model), Core(*model), "mychip", grid, {.shareCores = shareCores});
      if (!mapping || std::ssize(mapping->cores) > grid.coresPerChip()) {
        network.emitError() << (mapping ? "needs more than the 64 cores of Mychip"
                                        : mapping.error().message);
        return signalPassFailure();
      }
      nirc::writeMapping(network, *mapping);
    }
  }
  bool shareCores;
};

// 5. What a core is loaded with: nothing is decided here.
static Program programOf(nirc::ProgramInfo info, const nirc::NeuronModel &model,
                         const nirc::Mapping &mapping) {
  Program program{std::move(info), model.codes, std::vector<Neuron>(model.synapses.size()), {}};
  for (const nirc::NeuronPopulation &from : model.populations) {
    for (int32_t i = 0; i < from.count; ++i) {
      Neuron &neuron = program.neurons[from.first + i];
      neuron.code = static_cast<int32_t>(from.code);
      neuron.start = from.start;
      neuron.spikes = from.spikes;
      neuron.synapses = model.synapses[from.first + i];
      for (const nirc::NeuronState &state : from.states) {
        neuron.states.push_back(state.at(i));
      }
      for (const nirc::NeuronColumn &parameter : from.parameters) {
        neuron.parameters.push_back(parameter.at(i));
      }
    }
    for (const nirc::NeuronBias &bias : from.biases) {
      program.neurons[from.first + bias.neuron].biases.push_back(bias);
    }
  }
  std::vector<std::vector<int32_t>> cores = neuronsOf(graphOf(model), mapping);
  for (size_t core = 0; core < cores.size(); ++core) {
    for (int32_t neuron : cores[core]) {
      program.neurons[neuron].core = static_cast<int32_t>(core);
    }
  }
  for (size_t i = 0; i < model.readouts.size(); ++i) {
    const nirc::Readout &from = model.readouts[i];
    bool isOutput = i < program.info.outputs.size();
    Readout &to = program.readouts.emplace_back();
    to.port =
        isOutput ? program.info.outputs[i] : program.info.records[i - program.info.outputs.size()];
    to.neurons = from.neurons;
    for (size_t n = 0; n < from.neurons.size(); ++n) {
      bool isSpikes = from.kind == nirc::Readout::Kind::Spikes;
      to.scales.push_back(isSpikes ? 1.0
                                   : from.scales[n * from.scales.size() / from.neurons.size()]);
    }
    to.state = model.sources[i].state ? static_cast<int32_t>(*model.sources[i].state) : -1;
  }
  return program;
}

// 6. The target: from a job to the network on cores, to a program, to a file and back.
class Mychip : public nirc::Target {
public:
  std::string_view name() const override { return "mychip"; }
  std::string_view summary() const override {
    return "Mychip, which is made up; spikes in, --semantics mychip --format mychip";
  }
  const nirc::Constraints &describe() const override {
    static const nirc::Constraints constraints = {{"Affine", "Conv2d", "CubaLIF", "Delay",
                                                   "Flatten", "IF", "Input", "LIF", "Linear",
                                                   "NIRGraph", "Output", "SumPool2d"},
                                                  {nir::DType::F64},
                                                  /*profiles=*/true,
                                                  /*maps=*/true,
                                                  /*takesSpikes=*/true};
    return constraints;
  }
  std::vector<nirc::ArtifactKind> artifacts() const override {
    return {{"cores", "a text that lists what each core holds", /*runs=*/true}};
  }
  nir::Result<nirc::Artifact> emit(const nirc::Job &job,
                                   const nirc::EmitOptions &options) const override {
    if (auto kind = kindOf(*this, options); !kind) {
      return kind.takeError();
    }
    nir::Result<Program> program = build(job);
    if (!program) {
      return program.takeError();
    }
    std::string stem = std::filesystem::path(job.file).stem().string();
    return nirc::Artifact{
        {{(options.name.empty() ? stem : options.name) + ".mychip", write(*program)}}};
  }
  // What runs is what was written.
  nir::Result<std::unique_ptr<nirc::Executable>> compile(const nirc::Job &job) const override {
    nir::Result<Program> program = build(job);
    return program ? loadBytes(write(*program), job.file) : program.takeError();
  }
  bool recognizes(std::string_view head) const override { return head.starts_with(magic); }
  nir::Result<std::unique_ptr<nirc::Executable>> load(const std::string &path,
                                                      const nirc::LoadOptions &) const override {
    std::ifstream file(path, std::ios::binary);
    return loadBytes(std::string{std::istreambuf_iterator<char>(file), {}}, path);
  }
  nir::Result<nirc::Mapping> map(const nirc::Job &job,
                                 const nirc::MapOptions &options) const override {
    nirc::Mapping mapping;
    nir::Result<Program> program = build(job, options.shareCores, &mapping);
    return program ? nir::Result<nirc::Mapping>(std::move(mapping)) : program.takeError();
  }
  void registerPasses() const override { mlir::PassRegistration<MapPass>(); }

private:
  static nir::Result<Program> build(const nirc::Job &job, bool shareCores = true,
                                    nirc::Mapping *mapping = nullptr);
  static nir::Result<std::unique_ptr<nirc::Executable>> loadBytes(const std::string &bytes,
                                                                  const std::string &file) {
    nir::Result<Program> program = read(bytes);
    return program ? executableOf(*std::move(program), file) : program.takeError().in(file);
  }
};

nir::Result<Program> Mychip::build(const nirc::Job &job, bool shareCores, nirc::Mapping *mapping) {
  if (!job.isClocked() && !job.quantization) {
    return nir::Error::usage(
               nir::Cause::UnsupportedByTarget,
               "target 'mychip' computes in integers, and no number format was chosen")
        .in(job.file)
        .note("--format mychip, and --semantics mychip");
  }
  nir::Result<nirc::NetworkCopy> copy = nirc::networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  nirc::DiagnosticCollector collector(copy->context(), nir::Cause::UnsupportedByTarget);
  mlir::PassManager passes(&copy->context());
  passes.addPass(std::make_unique<MapPass>(shareCores));
  if (failed(passes.run(*copy->module))) {
    return collector.takeError().in(job.file);
  }
  nirc::NeuronModel model = *match(copy->network());
  std::optional<nirc::Mapping> found = nirc::readMapping(copy->network());
  if (auto wrong = checkMapping(graphOf(model), Core(model), grid, *found)) { // it fills in loads
    return std::move(*wrong).in(job.file);
  }
  found->partitioner = "by mychip-map";
  Program program = programOf(infoOf("mychip", job, *copy), model, *found);
  if (mapping) {
    *mapping = *std::move(found);
  }
  return program;
}

// 7. What the library brings: the target, its number format and its semantics.
static void bring(nirc::Backend &backend) {
  backend.targets.push_back(std::make_shared<Mychip>());
  backend.formats.push_back({"mychip", "Mychip: weights of 6 bits, states of 16",
                             "weight-bits=6,state-bits=16,multiplier-bits=10,rounding=floor",
                             "made up"});
  backend.semantics.push_back({"mychip", "Mychip: a spike takes a step, resets subtract",
                               "schedule=pipelined,reset=subtract,ignore=v_reset", "made up", ""});
}

} // namespace mychip

NIRC_BACKEND(mychip::bring)
