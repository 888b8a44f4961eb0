//===- Artifact.cpp - a network as files ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Artifact.h"

#include "backends/c/CText.h"
#include "backends/cpu/emit/Firmware.h"
#include "backends/cpu/emit/Fmu.h"
#include "backends/cpu/emit/MachineCode.h"
#include "backends/cpu/emit/Memory.h"
#include "backends/cpu/emit/Web.h"
#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/run/Description.h"
#include "backends/cpu/run/Machine.h"

#include "ir/equations/Equations.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

std::vector<ArtifactKind> nirc::cpu::artifactKinds() {
  return {{"shared", "a shared library, and a header for C", /*runs=*/true},
          {"object", "an object file, and a header for C"},
          {"llvm", "the same as LLVM IR, and a header for C"},
          {"wasm", "a WebAssembly module, and JavaScript and TypeScript for it"},
          {"fmu", "one file for simulators: a co-simulation unit of FMI 3.0"},
          {"mlir", "the step function in MLIR's arith, memref, scf and vector"},
          {"c", "one C11 file without heap, and its header"}};
}

//===----------------------------------------------------------------------===//
// What is said of the nodes, and read from them
//===----------------------------------------------------------------------===//

namespace {

/// The nodes of a graph by path, subgraphs' included.
class Nodes {
public:
  explicit Nodes(const nir::Graph *graph) {
    if (!graph) { // of a network alone the ops are known, and not what they were
      return;
    }
    flat = nir::FlatGraph::of(*graph, problems);
    for (size_t i = 0; i < flat.nodes.size(); ++i) {
      byPath[flat.path(static_cast<int32_t>(i))] = flat.nodes[i].node;
    }
  }

  /// "'lif1', LIF: v = ..." for the comment at the node's function.
  std::string described(StringRef path, const Job &job) const;

private:
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat;
  std::map<std::string, const nir::Node *, std::less<>> byPath;
};

} // namespace

std::string Nodes::described(StringRef path, const Job &job) const {
  std::string text = "'" + commentText(path) + "'";
  auto found = byPath.find(std::string_view(path));
  if (found == byPath.end()) {
    return text;
  }
  StringRef type = found->second->type();
  text += ", " + type.str();
  auto family = StringSwitch<std::optional<nir::Family>>(type)
                    .Cases({"I", "IF"}, nir::Family::IF)
                    .Cases({"LI", "LIF"}, nir::Family::LIF)
                    .Cases({"CubaLI", "CubaLIF"}, nir::Family::CubaLIF)
                    .Default(std::nullopt);
  if (family && !job.quantization) { // integers have equations of their own
    text += std::string(". ") + std::string(nir::symbols(*family));
    for (const std::string &line : nir::equations(job.semantics, *family)) {
      text += "\n       " + line;
    }
  }
  return text;
}

//===----------------------------------------------------------------------===//
// The kinds
//===----------------------------------------------------------------------===//

/// How C is lowered.
static LowerOptions loweringOfC() {
  LowerOptions lowering;
  lowering.vectorBits = 0;
  lowering.compact = true;
  lowering.leastEqual = lowering.leastListed = 0; // a function a node, for readers
  return lowering;
}

/// The job's functions; with `loweringOfC` also simplified.
static nir::Result<Built> functionsOf(const Job &job, const LowerOptions &lowering) {
  Job observed = job;
  observed.states = true; // reading them costs no step anything
  Stopwatch stopwatch;
  nir::Result<Built> network = build(observed, lowering, stopwatch);
  if (!network || !lowering.compact) {
    return network;
  }
  MLIRContext &context = network->network.context();
  DiagnosticCollector collector(context);
  PassManager pm(&context);
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  if (failed(pm.run(network->module()))) {
    return collector.takeError();
  }
  return network;
}

nir::Result<MemoryUse> nirc::cpu::memoryOfC(const Job &job) {
  nir::Result<Built> network = functionsOf(job, loweringOfC());
  if (!network) {
    return network.takeError();
  }
  return memoryOf(network->lowered, network->module());
}

static nir::Result<Artifact> asC(const Job &job, const EmitOptions &options, const Nodes &nodes,
                                 const Interface &interface, const Built &network) {
  ModuleOp module = network.module();
  DiagnosticCollector collector(*module.getContext());
  FailureOr<CSource> source = emitC(interface, network.lowered, module,
                                    [&](StringRef node) { return nodes.described(node, job); });
  if (failed(source)) {
    return collector.takeError();
  }
  std::string build = fmt::format("cc -std=c11 -O2 main.c {0}.c -o {0} -lm", interface.name);
  Artifact artifact{.files = {{interface.name + ".h", headerText(interface, source->members)},
                              {interface.name + ".c", std::move(source->text)},
                              {"main.c", exampleText(interface, /*opaque=*/false, build)}},
                    .memory = memoryOf(network.lowered, module)};
  if (!options.cpu.empty()) {
    if (nir::Status failed =
            addFirmware(artifact, interface, network, source->states, options.cpu)) {
      return std::move(*failed);
    }
  }
  return artifact;
}

nir::Result<CFile> nirc::cpu::cFileOf(const Job &job) {
  nir::Result<Built> network = functionsOf(job, loweringOfC());
  if (!network) {
    return network.takeError();
  }
  Interface interface = interfaceOf(job, {}, *network);
  DiagnosticCollector collector(network->network.context());
  FailureOr<CSource> source = emitC(interface, network->lowered, network->module(),
                                    [](StringRef) { return std::string(); });
  if (failed(source)) {
    return collector.takeError();
  }
  source->text = headerText(interface, source->members) + source->text;
  return CFile{interface.name + "_network", std::move(*source)};
}

/// The module as text, with the parameters in it.
static nir::Result<Artifact> asMlir(const Interface &interface, const Built &network) {
  ModuleOp module = network.module();
  SymbolTable symbols(module);
  for (const Parameter &parameter : network.lowered.parameters) {
    auto global = symbols.lookup<memref::GlobalOp>(parameter.symbol);
    auto type =
        RankedTensorType::get(global.getType().getShape(), global.getType().getElementType());
    global.setInitialValueAttr(DenseElementsAttr::getFromRawBuffer(type, parameter.data()));
    global.setConstant(true);
    global.setPrivate();
  }
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out);
  return Artifact{{{interface.name + ".mlir", text + "\n"}}};
}

/// What `nirc run` needs of a library.
static std::string descriptionOf(const Interface &interface, const Built &network) {
  const Layout &layout = network.lowered.layout;
  return descriptionText(
      {network.info, interface.name, layout.bytes, network.outputs, layout.inputs, layout.outputs});
}

static nir::Result<Artifact> asMachineCode(const EmitOptions &options, const Interface &interface,
                                           const Built &network, llvm::TargetMachine &machine) {
  if (nir::Status failed = toLLVMDialect(network.module())) {
    return std::move(*failed);
  }
  if (options.kind == "fmu") {
    return asFmu(options, interface, network, machine);
  }
  if (options.kind == "wasm") {
    return asWeb(options.name.empty() ? llvm::sys::path::stem(interface.file).str() : options.name,
                 interface, network, machine);
  }
  llvm::LLVMContext context;
  nir::Result<std::unique_ptr<llvm::Module>> code =
      toLLVM(interface.name, network.lowered, network.module(), context, machine,
             [&](llvm::Module &module) {
               addInterface(module, interface, network.lowered.layout.bytes);
               if (options.kind == "shared") {
                 addDescription(module, interface, descriptionOf(interface, network));
               }
             });
  if (!code) {
    return code.takeError();
  }
  std::string file = interface.name + (options.kind == "llvm" ? ".ll" : ".o");
  std::string build = fmt::format("cc main.c {0} -o {1} -lm", file, interface.name);
  Artifact artifact{{{interface.name + ".h", headerText(interface, "")}}};
  if (options.kind == "llvm") {
    build = fmt::format("clang main.c {0} -o {1} -lm", file, interface.name);
    artifact.files.push_back({file, textOf(**code)});
  } else {
    nir::Result<std::string> object = objectOf(**code, machine);
    if (!object) {
      return object.takeError();
    }
    if (options.kind == "shared") {
      file = "lib" + interface.name + ".so";
      object = linkShared(*object, file, machine.getTargetTriple());
      if (!object) {
        return object.takeError();
      }
      build = fmt::format("cc main.c {0} -o {1} -lm -Wl,-rpath,'$ORIGIN'", file, interface.name);
    }
    artifact.files.push_back({file, *std::move(object)});
  }
  artifact.files.push_back({"main.c", exampleText(interface, /*opaque=*/true, build)});
  return artifact;
}

/// C is for every machine, and with a processor also a program for that.
static nir::Status checkPortable(const EmitOptions &options) {
  if (!options.triple.empty()) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("found --triple={} with --emit={}, which is for every "
                                         "machine",
                                         options.triple, options.kind))
        .note("--emit=object and --emit=shared are for one");
  }
  return options.cpu.empty() ? std::nullopt : checkProcessor(options.cpu);
}

/// A module is for every engine.
static nir::Status checkOfWeb(const EmitOptions &options) {
  std::string found = !options.cpu.empty()      ? "--cpu=" + options.cpu
                      : !options.triple.empty() ? "--triple=" + options.triple
                                                : "";
  if (found.empty()) {
    return std::nullopt;
  }
  return nir::Error::usage(nir::Cause::OptionConflict,
                           fmt::format("found {} with --emit=wasm, which is for every engine with "
                                       "SIMD",
                                       found))
      .note("--emit=object --triple=wasm32-unknown-unknown --cpu=mvp is for one without");
}

/// What machine code is for.
static nir::Result<std::unique_ptr<llvm::TargetMachine>> machineOf(const EmitOptions &options) {
  if (options.kind == "wasm") {
    if (nir::Status failed = checkOfWeb(options)) {
      return std::move(*failed);
    }
    return webMachine();
  }
  bool isUnit = options.kind == "fmu";
  EmitOptions chosen = options;
  if (isUnit && options.cpu.empty() && options.triple.empty()) {
    chosen.cpu = cpuOfUnits();
  }
  nir::Result<std::unique_ptr<llvm::TargetMachine>> machine = machineFor(chosen);
  if (machine && isUnit) {
    if (nir::Status failed = checkUnitMachine(options, **machine)) {
      return std::move(*failed);
    }
  }
  return machine;
}

nir::Result<Artifact> nirc::cpu::emit(const Job &job, const EmitOptions &options) {
  assert(!options.kind.empty() && "a kind that is chosen");
  bool portable = options.kind == "c";
  std::unique_ptr<llvm::TargetMachine> machine;
  LowerOptions lowering;
  if (portable) {
    if (nir::Status failed = checkPortable(options)) {
      return std::move(*failed);
    }
    lowering = loweringOfC();
  } else {
    nir::Result<std::unique_ptr<llvm::TargetMachine>> found = machineOf(options);
    if (!found) {
      return found.takeError();
    }
    machine = *std::move(found);
    lowering.vectorsPerTurn = machine->getTargetTriple().isWasm() ? 4 : 1;
    lowering.keepsThresholds = options.kind == "wasm";
    lowering.vectorBits = vectorBitsOf(*machine);
    lowering.prefetches = prefetches(*machine);
    lowering.compresses = compressesVectors(*machine);
    lowering.expands = expandsBytes(*machine);
  }
  Nodes nodes(job.graph);
  nir::Result<Built> network = functionsOf(job, lowering);
  if (!network) {
    return network.takeError();
  }
  Interface interface = interfaceOf(job, options, *network);
  nir::Result<Artifact> artifact = portable ? asC(job, options, nodes, interface, *network)
                                   : options.kind == "mlir"
                                       ? asMlir(interface, *network)
                                       : asMachineCode(options, interface, *network, *machine);
  if (artifact && options.kind != "fmu" && options.kind != "wasm") { // which keep nodes' names
    artifact->renamed = std::move(interface.renamed);
  }
  return artifact;
}
