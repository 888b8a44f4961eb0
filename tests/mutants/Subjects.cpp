//===- Subjects.cpp - code that gets faults -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/mutants/Subjects.h"

#include "backends/FrontEnd.h"
#include "backends/cpu/proof/CClaims.h"
#include "backends/cpu/proof/LaneTerms.h"
#include "backends/loihi2/match/MatchNetwork.h"
#include "backends/loihi2/proof/Claims.h"
#include "backends/spinnaker2/model/BuildModel.h"
#include "backends/spinnaker2/proof/Claims.h"
#include "ir/choices/Choices.h"
#include "tests/backends/fpga/NeuronNetworks.h"
#include "tests/mutants/OpMutants.h"
#include "tests/mutants/RunUpdate.h"
#include "tests/mutants/TextMutants.h"

#include <deque>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::mutants;
using nirc::fpga::test::neuronKinds;
using nirc::fpga::test::Parameters;

namespace {

/// A network, and what a target makes of it.
struct Subject {
  std::string label; ///< "LIF own int8 nir"
  nir::Graph graph;
  Job job;
  std::optional<NetworkCopy> copy;
  std::optional<cpu::CFile> file;
  std::optional<spinnaker2::Model> firmware;
  std::optional<loihi2::Model> model;
};

struct Choice {
  size_t kind; ///< of NeuronNetworks.h
  Parameters parameters;
  const char *format, *semantics;
};

constexpr auto uniform = Parameters::Uniform, own = Parameters::Own;
const std::vector<Choice> choicesOfC = {{3, own, "int8", "nir"},
                                        {5, uniform, "int4", "norse"},
                                        {1, own, "q7.8", "sinabs"},
                                        {2, own, "int16", "nir"},
                                        {4, own, "int8", "norse"},
                                        {3, uniform, "loihi2", "nir"},
                                        {5, own, "int8", "nengo"},
                                        {6, own, "q3.4", "nir"},
                                        {0, own, "int8", "snntorch"},
                                        {3, own, "q3.4", "spikingjelly"},
                                        {3, own, "int8,kept-bits=6", "nir"},
                                        {3, uniform, "int8,membrane-overflow=wrap", "norse"}};
const std::vector<Choice> choicesOfFirmware = {
    {3, own, "int8", "spinnaker2"},     {5, own, "int8", "spinnaker2"},
    {1, uniform, "int4", "spinnaker2"}, {2, own, "q7.8", "spinnaker2"},
    {4, uniform, "int8", "spinnaker2"}, {3, uniform, "int4", "spinnaker2"}};

} // namespace

struct Subjects::Networks {
  std::deque<Subject> all;

  Subject *add(const std::string &label, nir::Graph graph, const std::string &semantics,
               const std::string &format);
  std::vector<Mutant> ofC();
  std::vector<Mutant> ofFirmware();
  std::vector<Mutant> ofRegisters();
  std::vector<Mutant> ofOps(bool hasVectors);
};

/// Null where the network is refused.
Subject *Subjects::Networks::add(const std::string &label, nir::Graph graph,
                                 const std::string &semantics, const std::string &format) {
  Subject &made = all.emplace_back();
  made.label = fmt::format("{} {} {}", label, format, semantics);
  made.graph = std::move(graph);
  made.job.graph = &made.graph;
  made.job.file = "net.nir";
  made.job.semantics = *nir::semanticsOf(semantics);
  made.job.semantics.dtSeconds = 1e-3;
  made.job.dtype = nir::DType::F64;
  made.job.states = true;
  made.job.quantization = QuantizationOptions{*nir::numberFormatOf(format)};
  nir::Result<NetworkCopy> copy = networkOf(made.job);
  if (!copy) {
    fmt::print(stderr, "{}: {}\n", made.label, copy.error().str());
    return nullptr;
  }
  made.copy = *std::move(copy);
  cpu::loadDialects(made.copy->context());
  return &made;
}

static std::string labelOf(const Choice &choice, const std::string &name) {
  return fmt::format("{} {}", name, choice.parameters == own ? "own" : "uniform");
}

/// in -> weights with biases -> neuron -> out.
static nir::Graph behindBiases(const nir::test::NamedParams &neuron) {
  using nir::test::array;
  nir::Affine first{array({3, 3}, {0.9, -0.4, 0.31, 0.22, 0.7, -0.15, 0.5, 0.45, 0.6}),
                    nir::test::vec({0.1, -0.05, 0.0})};
  return nir::test::graphOf(
      {{"in", nir::test::input({3})},
       {"first", first},
       {neuron.name + "1", neuron.params},
       {"out", nir::test::output({3})}},
      {{"in", "first"}, {"first", neuron.name + "1"}, {neuron.name + "1", "out"}});
}

static std::vector<TextMutant> withOriginal(const std::string &text, const std::string &function) {
  std::vector<TextMutant> all = mutantsOfC(text, function);
  all.push_back({noFault, "", "", text});
  return all;
}

//===----------------------------------------------------------------------===//
// The targets
//===----------------------------------------------------------------------===//

std::vector<Mutant> Subjects::Networks::ofC() {
  std::vector<Mutant> mutants;
  for (const Choice &choice : choicesOfC) {
    nir::test::NamedParams neuron = neuronKinds(choice.parameters)[choice.kind];
    Subject *subject = add(labelOf(choice, neuron.name), nirc::fpga::test::networkOf(neuron),
                           choice.semantics, choice.format);
    nir::Result<cpu::CFile> file =
        subject ? cpu::cFileOf(subject->job) : nir::Result<cpu::CFile>(nir::Error());
    if (!file) {
      continue;
    }
    subject->file = *std::move(file);
    size_t number = 0;
    for (const std::string &function : subject->file->source.populations) {
      RunOfC run(subject->copy->network(), *subject->file, number);
      for (TextMutant &each : withOriginal(subject->file->source.text, function)) {
        auto text = std::make_shared<std::string>(std::move(each.text));
        auto claim = [subject, text, number] {
          cpu::CFile changed = *subject->file;
          changed.source.text = *text;
          return cpu::claimsOfC(subject->copy->network(), changed)[number];
        };
        mutants.push_back({"C", subject->label + ": " + function, each.kind, each.before,
                           each.after, claim, [run, text] { return run.differs(*text); }});
      }
      ++number;
    }
  }
  return mutants;
}

std::vector<Mutant> Subjects::Networks::ofFirmware() {
  std::vector<Mutant> mutants;
  for (const Choice &choice : choicesOfFirmware) {
    nir::test::NamedParams neuron = neuronKinds(choice.parameters)[choice.kind];
    Subject *subject =
        add(labelOf(choice, neuron.name), behindBiases(neuron), choice.semantics, choice.format);
    if (!subject) {
      continue;
    }
    mlir::FailureOr<spinnaker2::Model> model = spinnaker2::buildModel(subject->copy->network());
    if (mlir::failed(model)) {
      continue;
    }
    subject->firmware = std::move(*model);
    size_t number = 0;
    for (snn::PopulationOp op : subject->copy->network().getBody().getOps<snn::PopulationOp>()) {
      const spinnaker2::Population &population = subject->firmware->populations[number++];
      const spinnaker2::Update &update = subject->firmware->updates[population.update];
      RunOfUpdate run(op, population, update);
      for (TextMutant &each : withOriginal(update.text, "%s")) {
        auto changed = std::make_shared<spinnaker2::Update>(update);
        changed->text = std::move(each.text);
        auto claim = [op, &population, changed] {
          return spinnaker2::claimOfUpdate(op, population, *changed);
        };
        mutants.push_back({"firmware", subject->label + ": " + population.node, each.kind,
                           each.before, each.after, claim,
                           [run, changed] { return run.differs(changed->text); }});
      }
    }
  }
  return mutants;
}

/// What the code of a population is when it is lowered, with that fault in it.
static Claim claimOfOps(const Job &job, const cpu::LowerOptions &options, size_t number, int fault,
                        std::vector<OpFault> &faults) {
  Claim claim{"", "ops", "is equal to the body"};
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    claim.unasked = copy.error().str();
    return claim;
  }
  cpu::loadDialects(copy->context());
  mlir::OwningOpRef<mlir::ModuleOp> reference(copy->module->clone());
  auto populationOf = [&](mlir::ModuleOp module) {
    snn::NetworkOp network = *module.getOps<snn::NetworkOp>().begin();
    return *std::next(network.getBody().getOps<snn::PopulationOp>().begin(),
                      static_cast<ptrdiff_t>(number));
  };
  snn::PopulationOp wanted = populationOf(*reference);
  claim.node = wanted.getNode().str();
  cpu::LowerOptions chosen = options;
  chosen.onLowered = [&](const cpu::LoweredNetwork &lowered) {
    auto node = llvm::find_if(lowered.nodes, [&](const cpu::NodeFunction &each) {
      return each.kind == "population" && each.node == claim.node;
    });
    auto function = mlir::cast<mlir::func::FuncOp>(
        mlir::SymbolTable::lookupSymbolIn(lowered.module, node->symbol));
    faults = faultsOf(function, fault);
    cpu::PopulationLoop loop(lowered, populationOf(*copy->module), wanted, function);
    std::optional<Question> question = proof::differs(
        wanted,
        [&](proof::Theory &theory, const proof::PopulationTerms &body) {
          return loop.results(theory, body);
        },
        claim.unasked);
    if (question) {
      claim.questions.push_back(*std::move(question));
    }
  };
  if (mlir::failed(cpu::lower(*copy->module, chosen))) {
    claim.unasked = "it is not lowered";
  }
  return claim;
}

std::vector<Mutant> Subjects::Networks::ofOps(bool hasVectors) {
  std::vector<Mutant> mutants;
  cpu::LowerOptions options;
  options.vectorBits = hasVectors ? 512 : 0;
  options.compact = !hasVectors;
  options.leastEqual = options.leastListed = 0;
  const std::string target = hasVectors ? "vectors" : "scalars";
  for (const Choice &choice : choicesOfC) {
    nir::test::NamedParams neuron = neuronKinds(choice.parameters)[choice.kind];
    Subject *subject = add(labelOf(choice, neuron.name), nirc::fpga::test::networkOf(neuron),
                           choice.semantics, choice.format);
    constexpr size_t populations = 2; // of these networks
    for (size_t number = 0; subject && number < populations; ++number) {
      auto claimWith = [subject, options, number](int fault) {
        std::vector<OpFault> ignored;
        return claimOfOps(subject->job, options, number, fault, ignored);
      };
      std::vector<OpFault> faults;
      std::string label =
          subject->label + ": " + claimOfOps(subject->job, options, number, -1, faults).node;
      mutants.push_back({target, label, noFault, "", "", [claimWith] { return claimWith(-1); }});
      for (size_t k = 0; k < faults.size(); ++k) {
        mutants.push_back({target, label, faults[k].kind, faults[k].before,
                           fmt::format("fault {} of the function", k),
                           [claimWith, k] { return claimWith(static_cast<int>(k)); }});
      }
    }
  }
  return mutants;
}

/// Kinds of neurons that the chip has.
static std::vector<nir::test::NamedParams> neuronsOfLoihi() {
  using nir::test::vec;
  nir::Tensor one = vec({1, 1, 1}), none = vec({0, 0, 0}), tau = vec({0.02, 0.013, 0.031});
  nir::Tensor synapse = vec({0.005, 0.007, 0.0041}), leak = vec({0.05, 0.0, -0.02});
  nir::Tensor threshold = vec({1.0, 0.8, 1.25});
  return {{"LIF", nir::LIF{tau, one, leak, threshold, none}},
          {"CubaLIF", nir::CubaLIF{synapse, tau, one, leak, threshold, none, one}},
          {"IF", nir::IF{one, threshold, none}},
          {"LI", nir::LI{tau, one, none}},
          {"CubaLI", nir::CubaLI{vec({0.0012, 0.0011, 0.001}), vec({0.0015, 0.0013, 0.0011}), one,
                                 none, one}}};
}

namespace {
struct RegisterFault {
  const char *kind;
  std::function<void(loihi2::Compartment &)> apply;
};
} // namespace

static const std::vector<RegisterFault> &registerFaults() {
  using C = loihi2::Compartment;
  static const std::vector<RegisterFault> all = {
      {noFault.c_str(), [](C &) {}},
      {"du one more", [](C &c) { ++c.du; }},
      {"du one less", [](C &c) { --c.du; }},
      {"du halved", [](C &c) { c.du /= 2; }},
      {"dv one more", [](C &c) { ++c.dv; }},
      {"dv one less", [](C &c) { --c.dv; }},
      {"dv halved", [](C &c) { c.dv /= 2; }},
      {"du and dv swapped", [](C &c) { std::swap(c.du, c.dv); }},
      {"dv without its last bit", [](C &c) { c.dv &= ~1; }},
      {"threshold one more", [](C &c) { ++c.threshold; }},
      {"threshold one less", [](C &c) { --c.threshold; }},
      {"threshold shifted", [](C &c) { c.threshold >>= 1; }},
      {"threshold short of a bit", [](C &c) { c.threshold &= 0xffff; }},
      {"bias one more", [](C &c) { ++c.biasMantissa; }},
      {"bias one less", [](C &c) { --c.biasMantissa; }},
      {"bias without its sign", [](C &c) { c.biasMantissa = std::abs(c.biasMantissa); }},
      {"bias left out", [](C &c) { c.biasMantissa = 0; }},
      {"bias exponent one more", [](C &c) { ++c.biasExponent; }},
      {"bias exponent one less", [](C &c) { c.biasExponent = std::max(0, c.biasExponent - 1); }}};
  return all;
}

static std::string shown(const loihi2::Compartment &c) {
  return fmt::format("du {}, dv {}, threshold {}, bias {} << {}", c.du, c.dv, c.threshold,
                     c.biasMantissa, c.biasExponent);
}

std::vector<Mutant> Subjects::Networks::ofRegisters() {
  std::vector<Mutant> mutants;
  for (const nir::test::NamedParams &neuron : neuronsOfLoihi()) {
    Subject *subject = add(neuron.name, behindBiases(neuron), "loihi2", "loihi2");
    if (!subject) {
      continue;
    }
    mlir::FailureOr<loihi2::Model> model = loihi2::buildModel(subject->copy->network());
    if (mlir::failed(model)) {
      continue;
    }
    subject->model = std::move(*model);
    size_t number = 0;
    for (snn::PopulationOp op : subject->copy->network().getBody().getOps<snn::PopulationOp>()) {
      const loihi2::Population &population = subject->model->populations[number++];
      for (size_t n = 0; n < static_cast<size_t>(snn::elementsOf(op.getType())); ++n) {
        for (const RegisterFault &fault : registerFaults()) {
          auto changed =
              std::make_shared<std::vector<loihi2::Compartment>>(population.compartments);
          fault.apply((*changed)[n]);
          bool isSame = (*changed)[n] == population.compartments[n];
          if (isSame != (fault.kind == noFault)) {
            continue;
          }
          mutants.push_back({"registers",
                             fmt::format("{}: {}[{}]", subject->label, population.node, n),
                             fault.kind, shown(population.compartments[n]), shown((*changed)[n]),
                             [op, changed, &population] {
                               return loihi2::claimOfRegisters(op, *changed, population.bias);
                             }});
        }
      }
    }
  }
  return mutants;
}

//===----------------------------------------------------------------------===//
// All
//===----------------------------------------------------------------------===//

Subjects::Subjects() : networks(std::make_unique<Networks>()) {}
Subjects::~Subjects() = default;

const std::vector<std::string> &Subjects::targets() {
  static const std::vector<std::string> all = {"scalars", "vectors", "C", "firmware", "registers"};
  return all;
}

std::vector<Mutant> Subjects::mutantsOf(const std::string &target) {
  return target == "C"           ? networks->ofC()
         : target == "firmware"  ? networks->ofFirmware()
         : target == "registers" ? networks->ofRegisters()
                                 : networks->ofOps(target == "vectors");
}
