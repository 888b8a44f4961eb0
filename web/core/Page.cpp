//===- Page.cpp - a model, opened and checked -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "web/core/Page.h"

#include "api/FileCheck.h"
#include "api/io/Npy.h"
#include "api/io/Totals.h"
#include "ir/file/ReadData.h"
#include "ir/file/ReadGraph.h"
#include "web/core/Describe.h"

namespace nirc::web {

/// What a page may take: WebAssembly has 4 GB, and a browser may give less.
static nir::ReadLimits limitsOfPage() {
  nir::ReadLimits limits;
  limits.maxTensorBytes = int64_t(1) << 30;
  limits.maxTotalBytes = int64_t(3) << 29;
  limits.maxNesting = 200; // as a worker's stack is small
  return limits;
}

static Json refused(const nir::Error &error) { return {{"error", diagnosticsJson({error})[0]}}; }

static std::string textIn(const Json &json, const char *name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A source of what JavaScript has read, or of what it could not read.
static nir::Status openTree(const Json &request, std::shared_ptr<const std::byte> bytes,
                            size_t size, Tree &tree) {
  if (std::string words = textIn(request, "unreadable"); !words.empty()) {
    return nir::Error(nir::Cause::DamagedFile,
                      "is not an HDF5 file that can be read, expected a .nir file")
        .note("the reader says: " + words);
  }
  nir::Result<Tree> made = treeOf(request, std::move(bytes), size);
  if (!made) {
    return made.takeError();
  }
  tree = *std::move(made);
  setTree(&tree);
  return std::nullopt;
}

Json Page::open(const Json &request, std::shared_ptr<const std::byte> bytes, size_t size) {
  runs.clear();
  signals.clear();
  dropped.clear();
  file = ModelFile();
  std::string name = textIn(request, "name");
  if (nir::Status bad = openTree(request, std::move(bytes), size, tree)) {
    return refused(std::move(*bad).in(name));
  }
  nir::hdf5::HeapMemory memory;
  nir::hdf5::Source source(name, limitsOfPage(), memory);
  nir::Status opened = source.open();
  nir::Result<nir::Model> model = opened ? *std::move(opened) : nir::readGraph(source);
  if (!model) {
    return refused(model.takeError().in(name));
  }
  file.path = name;
  file.format = "nir";
  file.model = *std::move(model);
  nir::Checked checked = nir::check(file.model.graph, name);
  return {{"version", file.model.version}, {"graph", graphJson(file.model.graph, checked)}};
}

Json Page::check(const Json &request) const {
  if (!isOpen()) {
    return refused(nir::Error::internal("found no model, expected one that is open"));
  }
  ChoiceOptions choices;
  choices.semantics = textIn(request, "semantics");
  ReadingOptions reading{textIn(request, "dt"), "", textIn(request, "timeUnit"), {}};
  nir::Result<FileCheck> found = checkFile(file, choices, reading);
  if (!found) {
    return refused(found.error());
  }
  Json answer = {{"ok", found->checked.ok()},
                 {"diagnostics", diagnosticsJson(found->checked.diagnostics)},
                 {"reading", Json::array()},
                 {"dt", nullptr},
                 {"dtFrom", found->reading.dtFrom},
                 {"semantics", found->reading.reading.semantics},
                 {"inputs", Json::array()}};
  if (std::optional<double> dt = found->reading.dtSeconds()) {
    answer["dt"] = *dt;
  } else if (std::optional<double> clue = found->reading.origin.impliedDtSeconds) {
    answer["dtClue"] = *clue;
  }
  for (const nir::Diagnostic &note : readingNotes(found->reading, "")) {
    answer["reading"].push_back(note.message);
  }
  if (found->isGraph) {
    Totals totals = totalsOf(file.model.graph, found->checked);
    answer["totals"] = {{"nodes", totals.nodes},           {"edges", totals.edges},
                        {"neurons", totals.neurons},       {"synapses", totals.synapses},
                        {"parameters", totals.parameters}, {"bytes", totals.bytes}};
    Network network = networkOf(file);
    for (const InputPort &port : network.inputs()) {
      answer["inputs"].push_back({{"node", port.node}, {"shape", port.shape}});
    }
  }
  return answer;
}

Json Page::drop(const Json &request, std::shared_ptr<const std::byte> bytes, size_t size) {
  std::string name = textIn(request, "name");
  Json answer = {{"dropped", dropped.size()}};
  if (!request.contains("objects") && !request.contains("unreadable")) {
    nir::Result<nir::Tensor> array = parseNpy({bytes.get(), size}, name);
    if (!array) {
      return refused(array.error());
    }
    answer["shape"] = array->shape();
    answer["dtype"] = nir::name(array->dtype());
    dropped.push_back({name, *std::move(array)});
    return answer;
  }
  Tree own;
  if (nir::Status bad = openTree(request, std::move(bytes), size, own)) {
    return refused(std::move(*bad).in(name));
  }
  nir::hdf5::HeapMemory memory;
  nir::hdf5::Source source(name, limitsOfPage(), memory);
  nir::Status opened = source.open();
  nir::Result<nir::NIRGraphData> data = opened ? *std::move(opened) : nir::readData(source);
  if (!data) {
    return refused(data.takeError().in(name));
  }
  answer["nodes"] = Json::array();
  for (const nir::DataEntry &entry : data->nodes) {
    answer["nodes"].push_back(entry.name);
  }
  dropped.push_back({name, *std::move(data)});
  return answer;
}

} // namespace nirc::web
