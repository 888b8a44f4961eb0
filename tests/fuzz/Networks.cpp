//===- Networks.cpp - networks to damage ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Networks.h"

#include "backends/Target.h"
#include "dialects/nir/Import.h"
#include "ir/choices/Choices.h"
#include "ir/file/Reader.h"
#include "ir/graph/Ports.h"
#include "ir/origin/TimeUnit.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"

#include "mlir/Bytecode/BytecodeWriter.h"

#include <fmt/format.h>

#include <optional>

using namespace mlir;

namespace nir::test {

static std::string bytecodeOf(ModuleOp module) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  bool isWritten = succeeded(writeBytecodeToFile(module, out));
  return isWritten ? bytes : std::string();
}

static std::string imported(const Graph &graph) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  Model model;
  model.graph = graph;
  OwningOpRef<ModuleOp> module = importGraph(model, "sound.nir", context);
  return module ? bytecodeOf(*module) : std::string();
}

/// Nothing where the graph does not go with the options, as few do with Loihi 2.
static std::string clocked(const Graph &graph, const nirc::NetworkOptions &options) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  nirc::DiagnosticCollector collector(context);
  OwningOpRef<ModuleOp> module = nirc::buildNetwork(graph, "sound.nir", options, context);
  return module ? bytecodeOf(*module) : std::string();
}

namespace {
class Collection {
public:
  void add(const std::string &name, const Graph &graph, uint64_t seed);
  std::vector<SoundNetwork> all;

private:
  void add(std::string name, std::string bytes) {
    if (!bytes.empty()) {
      all.push_back({std::move(name), std::move(bytes)});
    }
  }
};
} // namespace

void Collection::add(const std::string &name, const Graph &graph, uint64_t seed) {
  Random random(seed);
  add(name, imported(graph));
  Semantics semantics = seed % 2 ? randomChoices(random) : randomSemantics();
  semantics.dtSeconds = 1e-3;
  for (DType dtype : {DType::F32, DType::F64}) {
    nirc::NetworkOptions options{semantics, dtype, {}};
    add(fmt::format("{} in {}", name, nir::name(dtype)), clocked(graph, options));
  }
  nirc::NetworkOptions options{semantics, DType::F64, {}};
  NumberFormat format = randomFormat(random);
  options.quantization = nirc::QuantizationOptions{format};
  add(fmt::format("{} in {}", name, format.text()), clocked(graph, options));
  options.semantics = *semanticsOf("loihi2");
  options.semantics.dtSeconds = 1e-3;
  options.quantization = nirc::QuantizationOptions{*numberFormatOf("loihi2")};
  add(name + " for Loihi 2", clocked(graph, options));
}

std::vector<SoundNetwork> soundNetworks() {
  Collection collection;
  for (const char *name : {"lif", "two-layers", "recurrent", "coincidence", "moving-bar"}) {
    std::string path = fmt::format("{}/examples/{}.nir", NIRC_SOURCE_DIR, name);
    Result<Model> model = readInProcess(path);
    if (!model) {
      continue;
    }
    Result<Graph> graph = inSeconds(withPorts(model->graph), TimeUnit::Seconds, 1e-3);
    if (graph) {
      collection.add(name, *graph, 1);
    }
  }
  for (uint64_t seed = 0; seed < 12; ++seed) {
    RandomGraphOptions options{.maxNodes = 8, .maxDepth = 1, .maxElements = 24};
    collection.add(fmt::format("random graph {}", seed), randomGraph(seed, options), seed);
  }
  return std::move(collection.all);
}

} // namespace nir::test
